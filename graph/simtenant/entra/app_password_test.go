package entra_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestAppPasswordOffer(t *testing.T) {
	tests := []struct {
		name     string
		state    string
		allowed  bool
		defaults bool
		want     error
	}{
		{"enforced and allowed", state.MFAEnforced, true, false, nil},
		{"only enabled", state.MFAEnabled, true, false, state.ErrNotEnforced},
		{"disabled", state.MFADisabled, true, false, state.ErrNotEnforced},
		{"not allowed in the tenant", state.MFAEnforced, false, false, state.ErrAppPasswordsOff},
		{"security defaults", state.MFAEnforced, true, true, state.ErrSecurityDefaults},
	}
	for _, test := range tests {
		w := simtest.NewWire(t, simtenant.Options{})
		id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
		w.Tenant.State.MFA.SetAllowAppPasswords("", test.allowed)
		if err := w.Tenant.State.MFA.SetPerUserMFA("", id, test.state); err != nil {
			t.Fatal(err)
		}
		w.Tenant.SetSecurityDefaults(test.defaults)
		secret, err := w.Tenant.State.MFA.CreateAppPassword(id, "Delegate365")
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		if (err == nil) != regexp.MustCompile(`^[a-z]{16}$`).MatchString(secret) {
			t.Errorf("%s: the app password is %q", test.name, secret)
		}
	}
}

func TestAppPasswordSignIn(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	code := func(password string) int {
		if refusal := w.Tenant.Entra.SignIn.CheckAppPassword(simtest.VendorUPN, password); refusal != nil {
			return refusal.Code
		}
		return 0
	}
	if got := code(simtest.VendorPassword); got != 0 {
		t.Errorf("own password before MFA: %d", got)
	}
	w.Tenant.State.MFA.SetAllowAppPasswords("", true)
	if err := w.Tenant.State.MFA.SetPerUserMFA("", id, state.MFAEnforced); err != nil {
		t.Fatal(err)
	}
	secret, err := w.Tenant.State.MFA.CreateAppPassword(id, "Delegate365")
	if err != nil {
		t.Fatal(err)
	}
	spaced := secret[:4] + " " + secret[4:8] + " " + secret[8:12] + " " + secret[12:]
	for password, want := range map[string]int{secret: 0, spaced: 0, simtest.VendorPassword: entra.AADBadCredentials, "": entra.AADBadCredentials, secret[1:]: entra.AADBadCredentials} {
		if got := code(password); got != want {
			t.Errorf("password of %d letters: %d, want %d", len(password), got, want)
		}
	}
	w.Tenant.SetSecurityDefaults(true)
	if got := code(secret); got != entra.AADBlockedByPolicy {
		t.Errorf("under security defaults: %d", got)
	}
	w.Tenant.SetSecurityDefaults(false)
	w.Tenant.State.MFA.SetAllowAppPasswords("", false)
	if got := code(secret); got != 0 {
		t.Errorf("after the tenant forbade new ones: %d", got)
	}
	u := w.Tenant.State.Directory.UserByIDLocked(id)
	if err := w.Tenant.State.MFA.DeleteAppPassword(id, u.Factors.AppPasswords[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := code(secret); got != entra.AADBadCredentials {
		t.Errorf("after deletion: %d", got)
	}
}

func TestFortyAppPasswords(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	w.Tenant.State.MFA.SetAllowAppPasswords("", true)
	if err := w.Tenant.State.MFA.SetPerUserMFA("", id, state.MFAEnforced); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Tenant.State.MFA.CreateAppPassword(id, " "); !errors.Is(err, state.ErrNoName) {
		t.Errorf("without a name: %v", err)
	}
	for range 40 {
		if _, err := w.Tenant.State.MFA.CreateAppPassword(id, "one"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Tenant.State.MFA.CreateAppPassword(id, "one too many"); !errors.Is(err, state.ErrTooManyAppPasswords) {
		t.Errorf("the forty-first: %v", err)
	}
}

func TestFirstRegistrationEnforces(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	id := w.Tenant.AddUser(simtest.VendorUPN, "Vendor", simtest.VendorPassword)
	mfaState := func() string { return w.Tenant.Snapshot().Users[simtest.VendorUPN].PerUserMFA }
	set := func(s string) {
		if err := w.Tenant.State.MFA.SetPerUserMFA("", id, s); err != nil {
			t.Fatal(err)
		}
	}
	set(state.MFAEnabled)
	w.Register(id)
	if got := mfaState(); got != state.MFAEnforced {
		t.Errorf("after the first registration: %s", got)
	}
	set(state.MFADisabled)
	set(state.MFAEnabled)
	if got := mfaState(); got != state.MFAEnabled {
		t.Errorf("enabled again in the portal: %s", got)
	}
	w.Register(id)
	if got := mfaState(); got != state.MFAEnabled {
		t.Errorf("after a second registration: %s", got)
	}
	w.Must(204, "PATCH", "/beta/users/"+id+"/authentication/requirements", `{"perUserMfaState":"disabled"}`)
	w.Must(204, "PATCH", "/beta/users/"+id+"/authentication/requirements", `{"perUserMfaState":"enabled"}`)
	if r := w.Must(200, "GET", "/beta/users/"+id+"/authentication/requirements", ""); r.Body["perUserMfaState"] != state.MFAEnforced {
		t.Errorf("enabled again through Graph: %s", r.Text)
	}
}
