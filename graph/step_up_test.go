package graph

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// signedIn is a client whose operator signed in with a code, and a prompt by which they do so again; asked counts.
func (s *simulated) signedIn(scopes ...string) (c *Client, again Prompt, asked *int) {
	s.t.Helper()
	ep, asked := s.Endpoints(), new(int)
	person := s.NewPerson(&http.Client{Transport: s.Transport()}, ep)
	again = Prompt{ShowCode: func(code Code) {
		*asked++
		go func() {
			if _, err := person.Play(s.t.Context(), "device-login", map[string]string{"url": code.URL, "code": code.UserCode}); err != nil {
				s.t.Error(err)
			}
		}()
	}}
	c, err := New(Options{
		Cloud:     Cloud{Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: ep.Portal, Custom: true},
		Transport: s.Transport(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := c.SignIn(s.t.Context(), DeviceCode, again, scopes...); err != nil {
		s.t.Fatal(err)
	}
	return c, again, asked
}

// Changing a Conditional Access policy asks for a stronger sign-in. That is no sign-in that has ended: everything else goes
// on, and once the person has stepped up, the change is made, also with the tokens that follow.
func TestStepUp(t *testing.T) {
	for _, way := range []string{"when Graph asks", "before"} {
		t.Run(way, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulate(t, "protected-actions")
				s.SetLag(0)
				c, again, asked := s.signedIn("User.Read", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess", "Application.Read.All", "RoleManagement.Read.Directory")
				protected, err := c.Roles.ProtectedActions(t.Context())
				if err != nil || len(protected) != 1 || protected[ActionUpdatePolicy] == "" {
					t.Fatalf("protected are %v, %v", protected, err)
				}
				needed := protected[ActionUpdatePolicy]
				policy := s.PolicyIDs("CA01")[0]
				change := func() error {
					time.Sleep(2 * time.Second) // one request a second
					return c.ConditionalAccess.SetPolicyState(t.Context(), policy, "disabled")
				}
				if way == "before" {
					c.WantStepUp(needed)
				} else {
					err := change()
					if !errors.Is(err, ErrStepUp) || errors.Is(err, ErrUnauthorized) || OutcomeOf(err) != Refused {
						t.Fatalf("without a stronger sign-in: %v", err)
					}
					if _, err := c.Users.Me(t.Context()); err != nil || c.Lapsed() || !c.Renewable() {
						t.Errorf("the sign-in is over: %v", err)
					}
				}
				if !c.StepUpAsked() || c.SteppedUp(needed) {
					t.Error("no stronger sign-in is wanted")
				}
				if err := c.Require(t.Context(), again, "User.Read"); err != nil || *asked != 2 {
					t.Fatalf("stepping up: %v, after %d sign-ins", err, *asked)
				}
				if c.StepUpAsked() || !c.SteppedUp(needed) {
					t.Error("the stronger sign-in is not noticed")
				}
				if err := change(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Hour)
				if _, err := c.Users.Me(t.Context()); err != nil || !c.SteppedUp(needed) {
					t.Errorf("a renewed token lost it: %v", err)
				}
				if err := c.Require(t.Context(), again, "User.Read"); err != nil || *asked != 2 {
					t.Errorf("it is asked for again: %v", err)
				}
			})
		})
	}
}

// A token that can't answer a challenge is refused in other words, which mean the same.
func TestStepUpOfATokenThatWasGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "protected-actions")
		err := s.as(globalAdmin).ConditionalAccess.SetPolicyState(t.Context(), s.PolicyIDs("CA01")[0], "disabled")
		if !errors.Is(err, ErrStepUp) || errors.Is(err, ErrForbidden) {
			t.Errorf("got %v", err)
		}
	})
}

// A stronger sign-in that is no longer met does not take the rest away: MFA can still be put back.
func TestLostStepUpKeepsTheSignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "protected-actions")
		c, again, _ := s.signedIn("User.Read")
		c.WantStepUp("c1")
		if err := c.Require(t.Context(), again, "User.Read"); err != nil || !c.SteppedUp("c1") {
			t.Fatal(err)
		}
		s.SignIns.ForgetStepUps()
		time.Sleep(2 * time.Hour)
		if _, err := c.Users.Me(t.Context()); err != nil || c.SteppedUp("c1") || !c.Renewable() {
			t.Errorf("the sign-in is lost as well: %v", err)
		}
	})
}
