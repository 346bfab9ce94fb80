package simtenant_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// Where the setup has run before, the portal is the one that it left, and the person signs in to it as the account that ran it.
func TestOnboardedPortalIsSetUp(t *testing.T) {
	t.Parallel()
	tenant, err := simtenant.New(simtenant.Options{Profile: "onboarded"})
	if err != nil {
		t.Fatal(err)
	}
	ep := tenant.Endpoints()
	p := tenant.NewPerson(&http.Client{Transport: tenant.Transport()}, ep)
	with := map[string]string{"user-name": simtenant.OnboardedUPN}
	play := func(part string) string {
		t.Helper()
		said, err := p.Play(t.Context(), part, with)
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	for path, want := range map[string]string{
		ep.Delegate365 + "/setup": "Setup has been completed before",
		ep.Portal + "/":           simtenant.OnboardedUPN + " with the password " + ep.ServiceAccount.Password,
	} {
		if s, err := p.Private.Open(t.Context(), path); err != nil || !strings.Contains(person.Text(s.Root), want) {
			t.Errorf("%s does not say %q: %v", path, want, err)
		}
	}
	if said := play("portal-version"); said != person.SaysPage {
		t.Errorf("the person says %q of the portal", said)
	}
	if with["app-password"] = ""; play("test-credentials") != person.SaysValid {
		t.Error("the app password of the onboarding is not saved")
	}
	if with["app-password"] = play("app-password"); len(with["app-password"]) != 16 || play("test-credentials") != person.SaysValid {
		t.Errorf("%q is no app password that works", with["app-password"])
	}

	tenant.State.Directory.UserByUPNLocked(simtenant.OnboardedUPN).Credentials.Password = simtest.VendorPassword
	if s, err := p.Private.Open(t.Context(), ep.Portal+"/"); err != nil || strings.Contains(person.Text(s.Root), "with the password") {
		t.Errorf("a password that was replaced is named: %v", err)
	}
	if other, err := simtenant.New(simtenant.Options{}); err != nil || other.Endpoints().ServiceAccount != nil {
		t.Errorf("a service account before there is one, %v", err)
	}
}
