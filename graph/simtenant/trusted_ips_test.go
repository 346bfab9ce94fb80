package simtenant_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Per-user MFA asks nothing of requests from a trusted range. Only the page of the service settings has them: saving it keeps them,
// and what is no range is refused.
func TestTrustedIPs(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	page := func(path string) string { return w.Must(http.StatusOK, "GET", path, "").Text }
	if text := page("/beta/policies/mfaServicePolicy"); strings.Contains(text, "198.51.100") {
		t.Errorf("Graph shows the ranges: %s", text)
	}
	settings := w.Tenant.State.MFA.Service.Latest()
	for address, trusted := range map[string]bool{"198.51.100.7": true, state.UsualIP: false, "": false, "::1": false} {
		if settings.Trusts(address) != trusted {
			t.Errorf("%q is trusted: %v", address, !trusted)
		}
	}
	if err := w.Tenant.State.MFA.SetTrustedIPs("", []string{"198.51.100.0/33"}); err == nil {
		t.Error("what is no range is taken")
	}
	w.Tenant.State.MFA.SetAllowAppPasswords("", true)
	if got := w.Tenant.State.MFA.TrustedIPs(); len(got) != 1 {
		t.Errorf("the ranges are %v", got)
	}
	fresh := simtest.NewWire(t, simtenant.Options{Profile: "no-licence"})
	id := fresh.Tenant.AddUser("trusted@contoso.com", "Trusted", "Long-enough-1")
	if err := errors.Join(fresh.Tenant.State.MFA.SetPerUserMFA("", id, state.MFAEnforced), fresh.Tenant.State.MFA.SetTrustedIPs("", []string{"198.51.100.0/24"})); err != nil {
		t.Fatal(err)
	}
	for address, asked := range map[string]bool{"198.51.100.7": false, "": true} {
		_, refusal := fresh.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: "trusted@contoso.com", Password: "Long-enough-1", AppID: state.AppGraph, IP: address})
		if (refusal != nil) != asked {
			t.Errorf("from %q: %v", address, refusal)
		}
	}
}
