package steps_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// decision is an answer of the operator's.
type decision struct{ field, value string }

// profileWalk is how a profile is onboarded.
type profileWalk struct {
	account   string
	decide    map[steps.ID][]decision
	refuses   steps.ID // a refusal that stands until somebody decides
	planned   bool     // it comes once the plan is asked for
	says      string
	meanwhile func(*rehearsal)
}

// defaultsOff is an onboarding in which security defaults are turned off while setup runs.
var defaultsOff = profileWalk{decide: map[steps.ID][]decision{
	steps.Check: {{"security-defaults", "off"}}, steps.SuspendMFA: {{"tenant-name", "contoso.com"}},
}}

// onboardings are those of every profile that no onboarding has begun in, in good weather.
var onboardings = map[string]profileWalk{
	"fresh":                {},
	"business":             {},
	"no-licence":           {},
	"migrated":             {},
	"big":                  {},
	"branch-office":        {},
	"privileged":           {},
	"privileged-alone":     {},
	"protected-actions":    {},
	"security-defaults":    defaultsOff,
	"security-defaults-p1": defaultsOff,
	"lapsed":               {refuses: steps.Check, says: "Conditional Access", meanwhile: func(r *rehearsal) { _ = r.tenant.Settings.BuyPremium("P1") }, decide: map[steps.ID][]decision{steps.Check: {{"reread", ""}}}},
	"federated":            {account: "service.delegate365@contoso.onmicrosoft.com"},
	"taken": {
		refuses: steps.Check, planned: true, says: "It belongs to: \"Help desk robot\"",
		decide: map[steps.ID][]decision{steps.Check: {{"adopt", ""}}},
	},
	"phishing-resistant": {}, // its Delegate365 is a newer one
	"eligible-only": {
		refuses: steps.Check, says: "You",
		meanwhile: func(r *rehearsal) {
			f := r.inspect(steps.Check)
			if f.Task == nil || f.Task.Part != steps.PartActivateRole {
				r.t.Fatalf("nobody can play it: %+v", f.Task)
			}
			if !r.play(steps.Check, f) { // what they saw has it checked again
				r.t.Error("playing it leads nowhere")
			}
		},
	},
}

// Every profile that can be walked in virtual time is onboarded as planned, or refused before the first write.
func TestProfiles(t *testing.T) {
	t.Parallel()
	reports, wrong, alarms := 0, 0, 0
	defer func() { t.Logf("reports %d, false %d; alarms %d", reports, wrong, alarms) }()
	for profile, c := range onboardings {
		t.Run(profile, func(t *testing.T) {
			if profile == "big" && testing.Short() {
				t.Skip("it is business again, with a thousand policies")
			}
			synctest.Test(t, func(t *testing.T) {
				calls := &recorder{}
				folder := t.TempDir()
				r := rehearse(t, setup{profile: profile, wrap: calls.wrap, options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
				r.letIn = true
				account := serviceAccount
				if c.account != "" {
					account = c.account
				}
				before := r.tenant.Snapshot()
				for _, s := range steps.All() {
					id := s.Info().ID
					if id == c.refuses {
						f := r.inspect(id)
						if c.planned {
							r.answer(id, "plan", "")
							f = r.inspect(id)
						}
						if text := finding.Read(f.Text); f.Status != steps.Blocked || !strings.Contains(text, c.says) {
							t.Errorf("%s does not refuse: %+v", id, f)
						}
						if sent := calls.writes(); len(sent) > 0 {
							t.Errorf("written before the refusal: %v", sent)
						}
						if c.meanwhile != nil {
							c.meanwhile(r)
							before = r.tenant.Snapshot()
						}
					}
					for _, d := range c.decide[id] {
						r.answer(id, d.field, d.value)
					}
					if id == steps.HandOver {
						time.Sleep(time.Minute) // Microsoft's log has arrived then
					}
					f := r.pass(id)
					if id == steps.HandOver && before.SecurityDefaults {
						saysDefaultsWereOff(t, r, f)
					}
					if id == steps.Check {
						r.keepPlan()
					}
					if id == steps.ReenableMFA {
						asBefore(t, before, r.tenant.Snapshot(), account)
					}
				}
				r.asPlanned()
				h, written := steps.Handed(r.run)
				if !written {
					t.Fatal("there is no report")
				}
				reports++
				wrong += truthOf(t, h, r.tenant, account)
				due := 0
				if h.Test != nil && h.Test.Said == "failed" {
					due = 1 // as was seen
				}
				if factorsOf(r.tenant, account) == 0 {
					due++
				}
				if alarms += len(h.Verdict.Alarms); len(h.Verdict.Alarms) != due {
					t.Errorf("alarms %q, unexplained %v", h.Verdict.Alarms, h.Unexplained)
				}
				if r.open() {
					t.Error("the window is open at the end")
				}
			})
		})
	}
}

// saysDefaultsWereOff holds that the last screen says, right after what was set up, how the whole tenant's security defaults stand, and that
// the report's verdict says when they were off: it alone, since the end of it is read twice.
func saysDefaultsWereOff(t *testing.T, r *rehearsal, f steps.Finding) {
	t.Helper()
	if said := f.Text[1].String(); said != "Security defaults are on again for everybody in contoso.com." {
		t.Errorf("the last screen says %q", finding.Read(f.Text))
	}
	terminal := finding.Read(steps.Remains(t.Context(), r.run))
	h, _ := steps.Handed(r.run)
	if said := "Security defaults were off for the whole tenant from "; !strings.Contains(h.Verdict.Sentence, said) || !strings.Contains(h.Verdict.Sentence, "they are on again.") {
		t.Errorf("the verdict says %q", h.Verdict.Sentence)
	}
	if !strings.Contains(terminal, f.Text[1].String()) || strings.Contains(terminal, "They were off") || strings.Contains(terminal, "Without MFA in this run") {
		t.Errorf("the terminal says %q", terminal)
	}
}

// keepPlan keeps the plan as other programs get it.
func (r *rehearsal) keepPlan() {
	r.t.Helper()
	report, err := steps.CheckTenant(r.t.Context(), r.run, r.report)
	if err != nil {
		r.t.Fatal(err)
	}
	r.planned = report.Plan
}

// asPlanned holds what was changed against the plan: what was sure to be was, and nothing else but what perhaps would be.
func (r *rehearsal) asPlanned() {
	r.t.Helper()
	var sure, may, made []string
	for _, s := range r.planned.Steps {
		for _, c := range s.Changes {
			if c.Certainty == "sure" {
				sure = append(sure, c.Op+" "+c.Object+" to "+c.To)
			} else {
				may = append(may, c.Op+" "+c.Object+" to "+c.To)
			}
		}
	}
	for _, e := range r.events {
		if e.Applied != nil {
			made = append(made, string(e.Applied.Op)+" "+e.Applied.Object+" to "+e.Applied.To)
		}
	}
	for _, c := range sure {
		if !slices.Contains(made, c) {
			r.t.Errorf("planned and not made: %s", c)
		}
	}
	for _, c := range made {
		if !slices.Contains(sure, c) && !slices.Contains(may, c) && !strings.Contains(c, microsoftManaged) { // nobody knows before which come
			r.t.Errorf("made and not planned: %s", c)
		}
	}
	if len(made) == 0 {
		r.t.Error("nothing was made")
	}
	r.t.Logf("planned %d and perhaps %d, made %d", len(sure), len(may), len(made))
}

// microsofts reports a policy that Microsoft put in the place of security defaults when those were turned off. It can't be deleted, and
// is off again, with nobody left out.
func microsofts(name string, p simtest.PolicySnapshot) bool {
	return strings.HasPrefix(name, microsoftManaged) && p.State == "disabled" && len(p.Users.ExcludeUsers) == 0
}

// microsoftManaged begins their names.
const microsoftManaged = "Microsoft-managed: "

// asBefore holds every object but the intended leftovers against its before-image.
func asBefore(t *testing.T, before, after simtest.Snapshot, account string) {
	t.Helper()
	delete(after.Users, account)
	maps.DeleteFunc(after.Policies, microsofts)
	users := map[string]simtest.UserSnapshot{}
	for upn, u := range before.Users {
		if upn != account {
			users[upn] = u
		}
	}
	before.Users = users
	before.Applications, after.Applications = nil, nil // Delegate365's, and what was signed in to
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("after Re-enable MFA the tenant differs: %s", diff)
	}
}
