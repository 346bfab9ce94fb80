package steps

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Plan is what the onboarding will do in this tenant: made from the check and the operator's choices, before anything is
// written. Every front end shows this value, and what a step then changes is held against it.
type Plan struct {
	Account string        // user principal name
	Window  time.Duration // the longest time without MFA; 0 where MFA stays on
	Setup   time.Duration // what setup has of it, where the role ends before; else 0
	Steps   []Planned     // in order, without the sign-in and the check
}

// Planned is one step of a plan.
type Planned struct {
	ID      ID
	Title   string
	Actor   Actor
	About   time.Duration
	Needed  bool
	LeftOut bool     // it is not done, whether or not it is needed
	What    string   // in a few words; of a step that is not needed: why not
	Changes []Change // in order; what a person does elsewhere is none
	Perhaps []Change // that only the account itself will show to be needed, once it exists

	lifts, mayLift []string // of Suspend MFA: what demands MFA, by name

	permissions []scope // that the changes take, putting MFA back included
}

// Situation is what a plan is made of: the tenant as the check read it, and the operator's choices.
type Situation struct {
	posture *posture
	memory  *memory
	changes bool // a step before this one changes something
}

// makePlan asks every step after the check.
func makePlan(p *posture, m *memory) Plan {
	plan := Plan{Account: m.account.String(), Window: m.window.Cap}
	if staysOn(p, m) {
		plan.Window = 0
	} else if t := termsToCome(p, m); t.short {
		plan.Setup = t.lasts
	}
	for _, step := range planned() {
		info := step.Info()
		item := step.Plan(Situation{p, m, plan.changes()})
		item.ID, item.Title, item.Actor, item.About = info.ID, info.Title, info.Actor, info.About
		plan.Steps = append(plan.Steps, item)
	}
	return plan
}

// changes reports that something is changed for sure.
func (p Plan) changes() bool {
	return slices.ContainsFunc(p.Steps, func(s Planned) bool { return s.Needed && !s.LeftOut && len(s.Changes) > 0 })
}

// planned are the steps of a plan: all but the sign-in and the check, which change nothing.
func planned() []Step { return All()[2:] }

// setupSaid says how long setup has, where that is shorter than MFA may be off.
func (p Plan) setupSaid(read *posture, m *memory) Sentence {
	if p.Setup == 0 {
		return Sentence{}
	}
	return finding.RoleEnds.Of(p.Account, "at most "+phrase.Roughly(p.Setup)).In("%s", termsOf(read, m).shortSaid(p.Window))
}

// rows are the plan as a table.
func (p Plan) rows() []Fact {
	var rows []Fact
	for _, s := range p.Steps {
		row := Fact{Label: s.Title, Value: s.What, Note: s.Actor.Word() + ", " + phrase.Roughly(s.About)}
		switch {
		case s.LeftOut:
			row.Note = phrase.T("left out")
		case !s.Needed:
			row.Note = phrase.T("not needed")
		}
		rows = append(rows, row)
	}
	return rows
}

// lifted names what the plan's lifting of demands is about.
func (p Plan) lifted() []Section {
	i := slices.IndexFunc(p.Steps, func(s Planned) bool { return s.ID == SuspendMFA })
	var rows []Fact
	if i >= 0 && len(p.Steps[i].lifts) > 0 {
		rows = append(rows, Fact{Label: phrase.T("For sure"), Value: phrase.JoinAnd(p.Steps[i].lifts)})
	}
	if i >= 0 && len(p.Steps[i].mayLift) > 0 {
		rows = append(rows, Fact{Label: phrase.T("Perhaps"), Value: phrase.JoinAnd(p.Steps[i].mayLift)})
	}
	if rows == nil {
		return nil
	}
	return []Section{{Title: phrase.T("What Suspend MFA lifts"), Facts: rows}}
}

func needed(what string, changes ...Change) Planned {
	return Planned{Needed: true, What: what, Changes: changes}
}

// taking is the plan with the permissions that it takes.
func (p Planned) taking(permissions ...scope) Planned {
	p.permissions = permissions
	return p
}

func notNeeded(why string) Planned { return Planned{What: why} }

// Unneeded reports a step that the accepted plan does without, and in which nothing was done nevertheless.
func Unneeded(r *Run, id ID) bool {
	m := r.snapshot()
	if m.plan == nil || len(m.changes(id)) > 0 || id == RunSetup && !setUpBefore(m) {
		return false
	}
	return slices.ContainsFunc(m.plan.Steps, func(s Planned) bool { return s.ID == id && !s.Needed })
}

// setUpBefore reports that Delegate365's setup is kept as it was run before this run.
func setUpBefore(m *memory) bool { return m.setup.from == nil && m.setupWanted() == setupKeep }

// planUser is the service account as far as it is known: its name, before it exists.
func (m *memory) planUser() graph.User {
	if m.user.ID != "" {
		return m.user
	}
	return graph.User{UserPrincipalName: m.account.String()}
}

// existed reports that the account was there when the check looked for it.
func (m *memory) existed() bool { return m.found != nil && m.found.user.ID != "" }

// expected is what is known of the account, as it will be when setup runs: Global Administrator, with per-user MFA as it
// is now.
func expected(p *posture, m *memory) mfa.Facts {
	f := mfa.Facts{}
	if m.existed() {
		f = m.found.facts
	} else {
		f.Account = analysis.Account{UPN: m.account.String(), RolesKnown: true, GroupsKnown: true}
		f.PerUser = analysis.Read(graph.MFADisabled, nil)
	}
	f.User, f.Administrator = m.planUser(), true
	f.SecurityDefaults = p.defaults
	f.Policies = p.policies
	f.Facts = p.known(f.Facts).WithRole(graph.GlobalAdministrator)
	f.Platform = m.platform
	return f
}

// expectedDemands are what will stand between the account and the setup's sign-in, those that do not depend on its groups
// first. Which groups take in an account that does not exist yet shows only when it does: a dynamic one may.
func expectedDemands(p *posture, m *memory) []analysis.Demand {
	f := expected(p, m)
	if m.existed() {
		return f.Demands()
	}
	alone := analysis.Sources(f.Demands())
	f.Account.GroupsKnown = false
	all := f.Demands()
	byGroups := func(d analysis.Demand) bool { return !slices.Contains(alone, d.Source) }
	return append(slices.DeleteFunc(slices.Clone(all), byGroups), slices.DeleteFunc(all, func(d analysis.Demand) bool { return !byGroups(d) })...)
}

// withoutPassword says why the plan makes no app password; empty where one may be made.
func withoutPassword(m *memory) string {
	switch {
	case m.appPasswords.version == versionSkipped:
		return phrase.T("no app password, as you chose")
	case m.appPasswords.version == versionNewer:
		return phrase.T("this Delegate365 needs no app password")
	case neverOffered(m) != "":
		return phrase.T("no app password can be created here")
	}
	return ""
}

// withoutStep is a step that makes no app password, for this reason.
func withoutStep(m *memory, why string) Planned {
	return Planned{What: why, LeftOut: m.appPasswords.version != versionNewer}
}

// surprises are changes that the accepted plan does not have. Counts may differ: somebody else may edit a policy at any time.
func (m *memory) surprises(step ID, changes []Change) []Change {
	if m.plan == nil {
		return nil
	}
	i := slices.IndexFunc(m.plan.Steps, func(s Planned) bool { return s.ID == step })
	if i < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(changes), func(c Change) bool {
		planned := slices.Concat(m.plan.Steps[i].Changes, m.plan.Steps[i].Perhaps)
		return slices.ContainsFunc(planned, func(p Change) bool { return p.Op == c.Op && p.Object == c.Object })
	})
}
