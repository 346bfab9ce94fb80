package graph

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// What Privileged Identity Management answers an administrator, over the life of one assignment.
func TestRoleForATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "privileged")
		c, id := s.as(globalAdmin), s.id(nobodyMuch)
		ask := RoleRequest{PrincipalID: id, RoleID: GlobalAdministrator, Lasts: 20 * time.Minute, Justification: "Onboarding"}
		rules, err := c.Roles.RoleRules(t.Context(), GlobalAdministrator)
		if err != nil || rules != (RoleRules{Longest: 20 * time.Minute, LongestText: "PT20M", EndRequired: true, Justification: true, MFA: true}) {
			t.Errorf("the rules are %+v, %v", rules, err)
		}
		tooLong := ask
		tooLong.Lasts += time.Minute
		for name, err := range map[string]error{"too long": c.Roles.AssignRoleFor(t.Context(), tooLong), "for good": c.Roles.AssignRoleFor(t.Context(), RoleRequest{PrincipalID: id, RoleID: GlobalAdministrator, Justification: "x"})} {
			if !errors.Is(err, ErrRoleRules) || OutcomeOf(err) != Refused {
				t.Errorf("%s: %v", name, err)
			}
		}
		mine := func() (out []RoleHolding) {
			all, err := c.Roles.RoleHoldings(t.Context(), GlobalAdministrator)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range all {
				if h.PrincipalID == id {
					out = append(out, h)
				}
			}
			return out
		}
		if err := c.Roles.AssignRoleFor(t.Context(), ask); err != nil || len(mine()) != 0 {
			t.Errorf("it is there before it is carried out, or %v", err)
		}
		if err := c.Roles.AssignRoleFor(t.Context(), ask); !errors.Is(err, ErrPending) {
			t.Errorf("an equal request: %v", err)
		}
		if err := c.Roles.EndRole(t.Context(), ask); !errors.Is(err, ErrNotFound) {
			t.Errorf("before it is carried out: %v", err)
		}
		time.Sleep(10 * time.Second)
		if got := mine(); len(got) != 1 || got[0].Kind != RoleAssigned || got[0].End.Sub(got[0].Start) != ask.Lasts || !got[0].Holder.Enabled {
			t.Errorf("it shows %+v", got)
		}
		if err := c.Roles.AssignRoleFor(t.Context(), ask); !errors.Is(err, ErrConflict) {
			t.Errorf("a second time: %v", err)
		}
		if err := c.Roles.EndRole(t.Context(), ask); !errors.Is(err, ErrTooSoon) {
			t.Errorf("in its first five minutes: %v", err)
		}
		time.Sleep(5 * time.Minute)
		if err := c.Roles.EndRole(t.Context(), ask); err != nil {
			t.Errorf("after them: %v", err)
		}
		time.Sleep(5 * time.Second)
		if got := mine(); len(got) != 0 {
			t.Errorf("it is still there: %+v", got)
		}
	})
}

// A request that was taken and refused is refused, whatever the answer's status; one that waits is neither.
func TestStatusOfARoleRequest(t *testing.T) {
	for status, refused := range map[string]bool{"Denied": true, "Failed": true, "Canceled": true, "Granted": false, "PendingApproval": false, "PendingProvisioning": false, "Provisioned": false, "": false} {
		synctest.Test(t, func(t *testing.T) {
			s := simulate(t, "privileged")
			s.Settings.SetProvisioning(0, status)
			err := s.as(globalAdmin).Roles.AssignRoleFor(t.Context(), RoleRequest{PrincipalID: s.id(nobodyMuch), RoleID: state.RoleGlobalAdministrator, Lasts: 10 * time.Minute, Justification: "x"})
			if (err != nil) != refused || refused && OutcomeOf(err) != Refused {
				t.Errorf("%q: %v, %v", status, err, OutcomeOf(err))
			}
		})
	}
}
