package simtenant_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Per-user MFA asks nothing of requests from a trusted range. Only the page of the service settings has them: saving it keeps them,
// and what is no range is refused.
func TestTrustedIPs(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
	page := func(path string) string { return w.must(http.StatusOK, "GET", path, "").text }
	if text := page("/beta/policies/mfaServicePolicy"); strings.Contains(text, "198.51.100") {
		t.Errorf("Graph shows the ranges: %s", text)
	}
	settings := w.tenant.State.MFA.Service.Latest()
	for address, trusted := range map[string]bool{"198.51.100.7": true, state.UsualIP: false, "": false, "::1": false} {
		if settings.Trusts(address) != trusted {
			t.Errorf("%q is trusted: %v", address, !trusted)
		}
	}
	if err := w.tenant.State.MFA.SetTrustedIPs("", []string{"198.51.100.0/33"}); err == nil {
		t.Error("what is no range is taken")
	}
	w.tenant.State.MFA.SetAllowAppPasswords("", true)
	if got := w.tenant.State.MFA.TrustedIPs(); len(got) != 1 {
		t.Errorf("the ranges are %v", got)
	}
	fresh := newWire(t, simtenant.Options{Profile: "no-licence"})
	id := fresh.tenant.AddUser("trusted@contoso.com", "Trusted", "Long-enough-1")
	if err := errors.Join(fresh.tenant.State.MFA.SetPerUserMFA("", id, state.MFAEnforced), fresh.tenant.State.MFA.SetTrustedIPs("", []string{"198.51.100.0/24"})); err != nil {
		t.Fatal(err)
	}
	for address, asked := range map[string]bool{"198.51.100.7": false, "": true} {
		_, refusal := fresh.tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: "trusted@contoso.com", Password: "Long-enough-1", AppID: state.AppGraph, IP: address})
		if (refusal != nil) != asked {
			t.Errorf("from %q: %v", address, refusal)
		}
	}
}
