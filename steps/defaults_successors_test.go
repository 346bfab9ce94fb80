package steps_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// announcedOff are the policies whose turning off is announced.
func announcedOff(f steps.Finding) (names []string) {
	for _, c := range f.Changes {
		if name, is := strings.CutPrefix(c.Object, "state of "); is && c.From == "on" && c.To == "off" {
			names = append(names, name)
		}
	}
	return names
}

// What Microsoft made in place of security defaults is turned off for them, each announced before.
func TestSuccessorsAreAnnounced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "security-defaults-p1"})
		r.letIn = true
		r.decideUntil(defaultsOff, steps.ReenableMFA)
		announced := announcedOff(r.inspect(steps.ReenableMFA))
		r.pass(steps.ReenableMFA)
		s := r.tenant.Snapshot()
		var off []string
		for name, p := range s.Policies {
			if p.State == "disabled" {
				off = append(off, name)
			}
		}
		slices.Sort(off)
		slices.Sort(announced)
		if !s.SecurityDefaults || len(off) == 0 || !slices.Equal(off, announced) {
			t.Errorf("security defaults %v; off %q, announced %q", s.SecurityDefaults, off, announced)
		}
		r.run.Close()
	})
}

// A policy that a colleague made meanwhile is theirs, whatever they named it after. It is left on, and so is what Microsoft made,
// because security defaults can't be on beside it in any case; the screen and the refusal name it.
func TestColleaguesPolicyIsLeftOn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Require phishing resistant authentication for admins - Contoso pilot", "CA10 MFA for all, in place of Baseline Security Mode"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "security-defaults-p1"})
				r.letIn = true
				r.decideUntil(defaultsOff, steps.ReenableMFA)
				_, err := r.tenant.AddPolicyBehindBack(`{"displayName":"` + name + `","conditions":{"users":{"includeRoles":["62e90394-69f5-4237-9190-012177145e10"],"excludeUsers":["` +
					r.tenant.Snapshot().Users[serviceAccount].ID + `"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				f := r.inspect(steps.ReenableMFA)
				if off := announcedOff(f); len(off) > 0 || !strings.Contains(f.Notice.String(), name) {
					t.Errorf("turning off %q is announced; it says %q", off, f.Notice)
				}
				told(t, r.apply(t.Context(), steps.ReenableMFA), name, "Security defaults are still off")
				s := r.tenant.Snapshot()
				for policy, p := range s.Policies {
					if p.State != "enabled" {
						t.Errorf("%s is %s", policy, p.State)
					}
				}
				if s.SecurityDefaults || r.mfa() != "enforced" || r.excluded() > 0 {
					t.Errorf("security defaults %v, MFA %s, %d exclusions", s.SecurityDefaults, r.mfa(), r.excluded())
				}
				r.answer(steps.ReenableMFA, "keep-defaults", "")
				if f = r.pass(steps.ReenableMFA); f.Status != steps.Done || r.open() || r.mfa() != "enforced" {
					t.Errorf("left off, it is %v, the window open: %v, MFA %s: %+v", f.Status, r.open(), r.mfa(), f.Sections)
				}
				if said := finding.Read(steps.Remains(t.Context(), r.run)); !strings.Contains(strings.ToUpper(said), "SECURITY DEFAULTS ARE OFF") {
					t.Errorf("the terminal says %q", said)
				}
				r.run.Close()
			})
		})
	}
}
