package graph

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestNamedLocations(t *testing.T) {
	s := simulate(t, "business")
	id, err := s.AddLocation("Head office", true, "203.0.113.0/24")
	if err != nil {
		t.Fatal(err)
	}
	names, err := s.as(globalReader).ConditionalAccess.NamedLocations(t.Context())
	if err != nil || len(names) != 2 || names[id] != "Head office" {
		t.Errorf("%v, %v", names, err)
	}
}

func TestAuthenticationStrengths(t *testing.T) {
	all, err := simulate(t, "fresh").as(globalReader).ConditionalAccess.AuthenticationStrengths(t.Context())
	i := slices.IndexFunc(all, func(s AuthenticationStrength) bool { return s.ID == "00000000-0000-0000-0000-000000000004" })
	if err != nil || i < 0 || all[i].Name != "Phishing-resistant MFA" || all[i].PolicyType != "builtIn" ||
		strings.Join(all[i].AllowedCombinations, " ") != "windowsHelloForBusiness fido2 x509CertificateMultiFactor" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestAuthorizationPolicy(t *testing.T) {
	s := simulate(t, "fresh")
	c := s.as(globalReader)
	for _, on := range []bool{true, false} {
		s.Settings.SetSelfServiceReset(on)
		if p, err := c.Tenant.AuthorizationPolicy(t.Context()); err != nil || p.AdministratorsReset != on {
			t.Errorf("%v reads as %+v, %v", on, p, err)
		}
	}
	if _, err := answering(t, `{"allowedToUseSSPR":null}`).Tenant.AuthorizationPolicy(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("no allowedToUseSSPR is %v", err)
	}
}

// Every score belongs to a control, so that the controls that are not met can be told.
func TestSecureScoreControls(t *testing.T) {
	c := simulate(t, "fresh").as(globalReader)
	score, err := c.Tenant.SecureScore(t.Context())
	if err != nil || score.Date.IsZero() || score.Max == 0 || len(score.Averages) != 3 {
		t.Fatalf("%+v, %v", score, err)
	}
	controls, err := c.Tenant.SecureScoreControls(t.Context())
	if err != nil || len(controls) == 0 {
		t.Fatal(controls, err)
	}
	unmet := 0
	for _, k := range controls {
		i := slices.IndexFunc(score.Controls, func(s ControlScore) bool { return s.Name == k.ID })
		if i < 0 || score.Controls[i].Category != k.Category || k.Title == "" || k.ActionURL == "" || k.Max <= 0 || k.Deprecated {
			t.Errorf("%+v has no score", k)
			continue
		}
		if k.Category == "Identity" && score.Controls[i].Score < k.Max {
			unmet++
		}
	}
	if unmet == 0 {
		t.Error("every identity control is met")
	}
}

// Conditional Access takes one request a second, whatever is asked of it; strengths and the other policies are not
// among what Microsoft lists.
func TestOnlyConditionalAccessIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "business")
		c := s.as(globalAdmin)
		started := time.Now()
		took := func(f func() error) time.Duration {
			t.Helper()
			began := time.Now()
			if err := f(); err != nil {
				t.Fatal(err)
			}
			return time.Since(began)
		}
		for name, call := range map[string]func() error{
			"strengths":      func() error { _, err := c.ConditionalAccess.AuthenticationStrengths(t.Context()); return err },
			"methods policy": func() error { _, err := c.MFA.AuthenticationMethodsPolicy(t.Context()); return err },
			"authorization":  func() error { _, err := c.Tenant.AuthorizationPolicy(t.Context()); return err },
			"score controls": func() error { _, err := c.Tenant.SecureScoreControls(t.Context()); return err },
			"defaults":       func() error { _, err := c.MFA.SecurityDefaults(t.Context()); return err },
			"groups":         func() error { _, err := c.Users.MemberGroups(t.Context(), s.id(nobodyMuch)); return err },
		} {
			if d := took(call); d != 0 {
				t.Errorf("%s took %v", name, d)
			}
		}
		id := s.PolicyIDs("CA05")[0]
		for _, call := range []func() error{
			func() error { _, err := c.ConditionalAccess.NamedLocations(t.Context()); return err },
			func() error { _, err := c.ConditionalAccess.Policies(t.Context()); return err },
			func() error {
				_, err := c.ConditionalAccess.Evaluate(t.Context(), SignInContext{UserID: s.id(nobodyMuch), AppID: appGraph})
				return err
			},
			func() error { return c.ConditionalAccess.SetPolicyState(t.Context(), id, StateDisabled) },
			func() error { _, err := c.ConditionalAccess.NamedLocations(t.Context()); return err },
		} {
			took(call)
		}
		if d := time.Since(started); d != 4*1100*time.Millisecond {
			t.Errorf("five requests took %v", d)
		}
		for _, x := range s.sent {
			if x.Status == http.StatusTooManyRequests {
				t.Errorf("%s %s was one too many", x.Method, x.Path)
			}
		}
	})
}
