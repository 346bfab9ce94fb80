package simtenant

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestDeleteAppPassword(t *testing.T) {
	for _, path := range []string{"/security-info", "/AppPasswords.aspx"} {
		t.Run(path, func(t *testing.T) {
			r, _ := inspected(t, Options{})
			password := r.enforced()
			if refusal := r.tenant.checkAppPassword(serviceUPN, password); refusal != nil {
				t.Fatal(refusal)
			}
			if s := r.submit(r.open(path), "", map[string]string{"id": r.appPasswordID()}); !strings.Contains(s.notice, "deleted") {
				t.Errorf("the page says %q %q", s.notice, s.problem)
			}
			if r.tenant.checkAppPassword(serviceUPN, password) == nil {
				t.Error("the deleted app password still works")
			}
		})
	}
}

func (r *rehearsal) appPasswordID() string {
	r.Helper()
	facts, ok := r.tenant.facts(r.service)
	if !ok || len(facts.AppPasswords) != 1 {
		r.Fatalf("the account has the app passwords %v", facts.AppPasswords)
	}
	return facts.AppPasswords[0].ID
}

// Turning the tenant's switch off leaves app passwords working and out of their owner's hands.
func TestAppPasswordsOutliveTheSwitch(t *testing.T) {
	r, _ := inspected(t, Options{})
	password := r.enforced()
	page := r.open("/security-info")
	r.tenant.setAllowAppPasswords("", false)
	s := r.submit(page, "", map[string]string{"id": r.appPasswordID()})
	if s.status != http.StatusForbidden || r.tenant.checkAppPassword(serviceUPN, password) != nil {
		t.Errorf("the page says %q", s.problem)
	}
	if s := r.open("/security-info/app-password"); s.status != http.StatusForbidden {
		t.Errorf("another can be named at %q", s.title)
	}
}

func TestAppPasswordNames(t *testing.T) {
	r, _ := inspected(t, Options{})
	r.enforced()
	s := r.open("/security-info/app-password")
	if s = r.submit(s, "", map[string]string{"name": " short "}); !strings.Contains(s.problem, "8 characters") {
		t.Errorf("the page says %q", s.problem)
	}
	for i := range maxAppPasswords - 1 {
		if _, err := r.tenant.createAppPassword(r.service, fmt.Sprintf("Number %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if s = r.submit(s, "", map[string]string{"name": "One too many"}); !strings.Contains(s.problem, "40 app passwords already") {
		t.Errorf("the page says %q", s.problem)
	}
}

// A second factor given more than ten minutes ago is asked for again before credentials are shown.
func TestCredentialsNeedAFreshSecondFactor(t *testing.T) {
	r, _ := inspected(t, Options{})
	r.enforced()
	if s := r.open("/security-info"); s.name != "security-info" {
		t.Fatalf("the page is %q", s.title)
	}
	r.tenant.mu.Lock()
	now := r.tenant.now
	r.tenant.now = func() time.Time { return now().Add(11 * time.Minute) }
	r.tenant.mu.Unlock()
	if s := r.open("/security-info"); s.name != string(askCode) {
		t.Errorf("eleven minutes later the page is %q", s.title)
	}
}
