package simtenant

import (
	"errors"
	"regexp"
	"testing"
)

func TestAppPasswordOffer(t *testing.T) {
	tests := []struct {
		name     string
		state    string
		allowed  bool
		defaults bool
		want     error
	}{
		{"enforced and allowed", mfaEnforced, true, false, nil},
		{"only enabled", mfaEnabled, true, false, errNotEnforced},
		{"disabled", mfaDisabled, true, false, errNotEnforced},
		{"not allowed in the tenant", mfaEnforced, false, false, errAppPasswordsOff},
		{"security defaults", mfaEnforced, true, true, errSecurityDefaults},
	}
	for _, test := range tests {
		w := newWire(t, Options{})
		id := w.tenant.AddUser(demandUPN, "Vendor", demandPassword)
		w.tenant.setAllowAppPasswords("", test.allowed)
		if err := w.tenant.setPerUserMFA("", id, test.state); err != nil {
			t.Fatal(err)
		}
		w.tenant.SetSecurityDefaults(test.defaults)
		secret, err := w.tenant.createAppPassword(id, "Delegate365")
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		if (err == nil) != regexp.MustCompile(`^[a-z]{16}$`).MatchString(secret) {
			t.Errorf("%s: the app password is %q", test.name, secret)
		}
	}
}

func TestAppPasswordSignIn(t *testing.T) {
	w := newWire(t, Options{})
	id := w.tenant.AddUser(demandUPN, "Vendor", demandPassword)
	code := func(password string) int {
		if refusal := w.tenant.checkAppPassword(demandUPN, password); refusal != nil {
			return refusal.Code
		}
		return 0
	}
	if got := code(demandPassword); got != 0 {
		t.Errorf("own password before MFA: %d", got)
	}
	w.tenant.setAllowAppPasswords("", true)
	if err := w.tenant.setPerUserMFA("", id, mfaEnforced); err != nil {
		t.Fatal(err)
	}
	secret, err := w.tenant.createAppPassword(id, "Delegate365")
	if err != nil {
		t.Fatal(err)
	}
	spaced := secret[:4] + " " + secret[4:8] + " " + secret[8:12] + " " + secret[12:]
	for password, want := range map[string]int{secret: 0, spaced: 0, demandPassword: aadBadCredentials, "": aadBadCredentials, secret[1:]: aadBadCredentials} {
		if got := code(password); got != want {
			t.Errorf("password of %d letters: %d, want %d", len(password), got, want)
		}
	}
	w.tenant.SetSecurityDefaults(true)
	if got := code(secret); got != aadBlockedByPolicy {
		t.Errorf("under security defaults: %d", got)
	}
	w.tenant.SetSecurityDefaults(false)
	w.tenant.setAllowAppPasswords("", false)
	if got := code(secret); got != 0 {
		t.Errorf("after the tenant forbade new ones: %d", got)
	}
	u := w.tenant.userByIDLocked(id)
	if err := w.tenant.deleteAppPassword(id, u.appPasswords[0].id); err != nil {
		t.Fatal(err)
	}
	if got := code(secret); got != aadBadCredentials {
		t.Errorf("after deletion: %d", got)
	}
}

func TestFortyAppPasswords(t *testing.T) {
	w := newWire(t, Options{})
	id := w.tenant.AddUser(demandUPN, "Vendor", demandPassword)
	w.tenant.setAllowAppPasswords("", true)
	if err := w.tenant.setPerUserMFA("", id, mfaEnforced); err != nil {
		t.Fatal(err)
	}
	if _, err := w.tenant.createAppPassword(id, " "); !errors.Is(err, errNoName) {
		t.Errorf("without a name: %v", err)
	}
	for range maxAppPasswords {
		if _, err := w.tenant.createAppPassword(id, "one"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.tenant.createAppPassword(id, "one too many"); !errors.Is(err, errTooManyAppPasswords) {
		t.Errorf("the forty-first: %v", err)
	}
}

func TestFirstRegistrationEnforces(t *testing.T) {
	w := newWire(t, Options{})
	id := w.tenant.AddUser(demandUPN, "Vendor", demandPassword)
	state := func() string { return w.tenant.Snapshot().Users[demandUPN].PerUserMFA }
	set := func(s string) {
		if err := w.tenant.setPerUserMFA("", id, s); err != nil {
			t.Fatal(err)
		}
	}
	set(mfaEnabled)
	w.register(id)
	if got := state(); got != mfaEnforced {
		t.Errorf("after the first registration: %s", got)
	}
	set(mfaDisabled)
	set(mfaEnabled)
	if got := state(); got != mfaEnabled {
		t.Errorf("enabled again in the portal: %s", got)
	}
	w.register(id)
	if got := state(); got != mfaEnabled {
		t.Errorf("after a second registration: %s", got)
	}
	w.must(204, "PATCH", "/beta/users/"+id+"/authentication/requirements", `{"perUserMfaState":"disabled"}`)
	w.must(204, "PATCH", "/beta/users/"+id+"/authentication/requirements", `{"perUserMfaState":"enabled"}`)
	if r := w.must(200, "GET", "/beta/users/"+id+"/authentication/requirements", ""); r.body["perUserMfaState"] != mfaEnforced {
		t.Errorf("enabled again through Graph: %s", r.text)
	}
}
