package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestDeleteAppPassword(t *testing.T) {
	for _, path := range []string{"/security-info", "/AppPasswords.aspx"} {
		t.Run(path, func(t *testing.T) {
			r, _ := inspected(t, simtenant.Options{})
			password := enforced(r)
			if refusal := r.Tenant.Entra.SignIn.CheckAppPassword(simtest.ServiceUPN, password); refusal != nil {
				t.Fatal(refusal)
			}
			if s := pressOn(r, r.Open(path), "Delete app password "+person.AppPasswordName); !strings.Contains(s.Notice, "deleted") {
				t.Errorf("the page says %q %q", s.Notice, s.Problem)
			}
			if r.Tenant.Entra.SignIn.CheckAppPassword(simtest.ServiceUPN, password) == nil {
				t.Error("the deleted app password still works")
			}
		})
	}
}

// press sends the form that has the button with this name.
func pressOn(r *simtest.Rehearsal, s *person.Screen, name string) *person.Screen {
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
	password := enforced(r)
	page := r.Open("/security-info")
	r.Tenant.State.MFA.SetAllowAppPasswords("", false)
	s := pressOn(r, page, "Delete app password "+person.AppPasswordName)
	if s.Status != http.StatusForbidden || r.Tenant.Entra.SignIn.CheckAppPassword(simtest.ServiceUPN, password) != nil {
		t.Errorf("the page says %q", s.Problem)
	}
	if s := r.Open("/security-info/app-password"); s.Status != http.StatusForbidden {
		t.Errorf("another can be named at %q", s.Title)
	}
}

func TestAppPasswordNames(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	enforced(r)
	s := r.Open("/security-info/app-password")
	if s = r.Submit(s, "", map[string]string{"name": " short "}); !strings.Contains(s.Problem, "8 characters") {
		t.Errorf("the page says %q", s.Problem)
	}
	for i := range 40 - 1 {
		if _, err := r.Tenant.State.MFA.CreateAppPassword(r.Service, fmt.Sprintf("Number %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if s = r.Submit(s, "", map[string]string{"name": "One too many"}); !strings.Contains(s.Problem, "40 app passwords already") {
		t.Errorf("the page says %q", s.Problem)
	}
}

// A second factor given more than ten minutes ago is asked for again before credentials are shown.
func TestCredentialsNeedAFreshSecondFactor(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	enforced(r)
	if s := r.Open("/security-info"); s.Name != "security-info" {
		t.Fatalf("the page is %q", s.Title)
	}
	r.Tenant.State.Lock()
	now := r.Tenant.State.Now
	r.Tenant.State.Now = func() time.Time { return now().Add(11 * time.Minute) }
	r.Tenant.State.Unlock()
	if s := r.Open("/security-info"); s.Name != "code" {
		t.Errorf("eleven minutes later the page is %q", s.Title)
	}
}

// Whoever deletes the only second factor stays enforced, and registers another at the next sign-in.
func TestDeleteAuthenticatorApp(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	enforced(r)
	page := r.Open("/security-info")
	s := pressOn(r, page, "Delete Authenticator app (code) Authenticator app")
	if !strings.Contains(s.Notice, "deleted") {
		t.Errorf("the page says %q %q", s.Notice, s.Problem)
	}
	if u := r.Tenant.Snapshot().Users[simtest.ServiceUPN]; len(u.Methods) != 0 || u.PerUserMFA != state.MFAEnforced {
		t.Errorf("the account is %+v", u)
	}
	if s = pressOn(r, page, "Delete Authenticator app (code) Authenticator app"); s.Status != http.StatusNotFound {
		t.Errorf("the page says %q", s.Problem)
	}
	r.Person.Private = person.NewWindow(r.Client)
	s = r.Submit(r.Open("/security-info"), "", map[string]string{"account": simtest.ServiceUPN})
	if s = r.Submit(s, "", map[string]string{"password": simtest.ServicePassword}); s.Name != "register" {
		t.Errorf("the page is %q", s.Title)
	}
}

// A rehearsal says why no app password is offered; the page it stands for would not.
func TestAppPasswordNotOfferedSaysWhy(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.SetMFA(state.MFAEnabled)
	r.Play("register-mfa", nil)
	for _, path := range []string{"/security-info/add", "/AppPasswords.aspx", "/security-info/app-password"} {
		if s := r.Open(path); !strings.Contains(person.Text(s.Root), state.ErrAppPasswordsOff.Error()) {
			t.Errorf("%s says %q", path, person.Text(s.Root))
		}
	}
}
