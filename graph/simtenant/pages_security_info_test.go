package simtenant_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestDeleteAppPassword(t *testing.T) {
	for _, path := range []string{"/security-info", "/AppPasswords.aspx"} {
		t.Run(path, func(t *testing.T) {
			r, _ := inspected(t, simtenant.Options{})
			password := r.enforced()
			if refusal := r.tenant.Entra.SignIn.CheckAppPassword(serviceUPN, password); refusal != nil {
				t.Fatal(refusal)
			}
			if s := r.press(r.open(path), "Delete app password "+person.AppPasswordName); !strings.Contains(s.Notice, "deleted") {
				t.Errorf("the page says %q %q", s.Notice, s.Problem)
			}
			if r.tenant.Entra.SignIn.CheckAppPassword(serviceUPN, password) == nil {
				t.Error("the deleted app password still works")
			}
		})
	}
}

// press sends the form that has the button with this name.
func (r *rehearsal) press(s *person.Screen, name string) *person.Screen {
	r.Helper()
	for _, form := range person.FindAll(s.Root, person.Element("form")) {
		if person.Find(form, func(n *html.Node) bool { return n.Data == "button" && person.Attribute(n, "aria-label") == name }) == nil {
			continue
		}
		values, _ := person.FillForm(form, "", nil)
		next, err := s.Send(r.Context(), form, values)
		if err != nil {
			r.Fatal(err)
		}
		return next
	}
	r.Fatalf("the page %q has no button %q", s.Title, name)
	return nil
}

// Turning the tenant's switch off leaves app passwords working and out of their owner's hands.
func TestAppPasswordsOutliveTheSwitch(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	password := r.enforced()
	page := r.open("/security-info")
	r.tenant.State.MFA.SetAllowAppPasswords("", false)
	s := r.press(page, "Delete app password "+person.AppPasswordName)
	if s.Status != http.StatusForbidden || r.tenant.Entra.SignIn.CheckAppPassword(serviceUPN, password) != nil {
		t.Errorf("the page says %q", s.Problem)
	}
	if s := r.open("/security-info/app-password"); s.Status != http.StatusForbidden {
		t.Errorf("another can be named at %q", s.Title)
	}
}

func TestAppPasswordNames(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.enforced()
	s := r.open("/security-info/app-password")
	if s = r.submit(s, "", map[string]string{"name": " short "}); !strings.Contains(s.Problem, "8 characters") {
		t.Errorf("the page says %q", s.Problem)
	}
	for i := range 40 - 1 {
		if _, err := r.tenant.State.MFA.CreateAppPassword(r.service, fmt.Sprintf("Number %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if s = r.submit(s, "", map[string]string{"name": "One too many"}); !strings.Contains(s.Problem, "40 app passwords already") {
		t.Errorf("the page says %q", s.Problem)
	}
}

// A second factor given more than ten minutes ago is asked for again before credentials are shown.
func TestCredentialsNeedAFreshSecondFactor(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.enforced()
	if s := r.open("/security-info"); s.Name != "security-info" {
		t.Fatalf("the page is %q", s.Title)
	}
	r.tenant.State.Lock()
	now := r.tenant.State.Now
	r.tenant.State.Now = func() time.Time { return now().Add(11 * time.Minute) }
	r.tenant.State.Unlock()
	if s := r.open("/security-info"); s.Name != "code" {
		t.Errorf("eleven minutes later the page is %q", s.Title)
	}
}

// Whoever deletes the only second factor stays enforced, and registers another at the next sign-in.
func TestDeleteAuthenticatorApp(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.enforced()
	page := r.open("/security-info")
	s := r.press(page, "Delete Authenticator app (code) Authenticator app")
	if !strings.Contains(s.Notice, "deleted") {
		t.Errorf("the page says %q %q", s.Notice, s.Problem)
	}
	if u := r.tenant.Snapshot().Users[serviceUPN]; len(u.Methods) != 0 || u.PerUserMFA != state.MFAEnforced {
		t.Errorf("the account is %+v", u)
	}
	if s = r.press(page, "Delete Authenticator app (code) Authenticator app"); s.Status != http.StatusNotFound {
		t.Errorf("the page says %q", s.Problem)
	}
	r.person.Private = person.NewWindow(r.client)
	s = r.submit(r.open("/security-info"), "", map[string]string{"account": serviceUPN})
	if s = r.submit(s, "", map[string]string{"password": servicePassword}); s.Name != "register" {
		t.Errorf("the page is %q", s.Title)
	}
}

// A rehearsal says why no app password is offered; the page it stands for would not.
func TestAppPasswordNotOfferedSaysWhy(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.setMFA(state.MFAEnabled)
	r.play("register-mfa", nil)
	for _, path := range []string{"/security-info/add", "/AppPasswords.aspx", "/security-info/app-password"} {
		if s := r.open(path); !strings.Contains(person.Text(s.Root), state.ErrAppPasswordsOff.Error()) {
			t.Errorf("%s says %q", path, person.Text(s.Root))
		}
	}
}
