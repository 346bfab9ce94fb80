package steps

import (
	"slices"
	"strconv"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Plan is what the onboarding will do in this tenant: made from the check and the operator's choices, before anything is
// written. Every front end shows this value, and what a step then changes is held against it.
type Plan struct {
	Account string        // user principal name
	Window  time.Duration // the longest time without MFA
	Steps   []Planned     // in order, without the sign-in and the check
}

// Planned is one step of a plan.
type Planned struct {
	ID      ID
	Title   string
	Actor   Actor
	About   time.Duration
	Needed  bool
	What    string   // in a few words; of a step that is not needed: why not
	Changes []Change // in order; what a person does elsewhere is none
	Perhaps []Change // that only the account itself will show to be needed, once it exists

	policies bool // among the changes are those of Conditional Access policies
}

// planned is a step that says, before anything is written, what it will change.
type planned interface {
	plan(p posture, m memory) Planned
}

// makePlan asks every step after the check.
func makePlan(p posture, m memory) Plan {
	plan := Plan{Account: m.account.String(), Window: m.cap}
	for _, s := range All() {
		step := s.(instrumented).Step
		planner, ok := step.(planned)
		if !ok {
			continue
		}
		info := step.Info()
		item := planner.plan(p, m)
		item.ID, item.Title, item.Actor, item.About = info.ID, info.Title, info.Actor, info.About
		plan.Steps = append(plan.Steps, item)
	}
	return plan
}

// rows are the plan as a table.
func (p Plan) rows() []Fact {
	var rows []Fact
	for _, s := range p.Steps {
		row := Fact{Label: s.Title, Value: s.What, Note: string(s.Actor) + ", " + phrase.Roughly(s.About)}
		if !s.Needed {
			row.Note = "not needed"
		}
		rows = append(rows, row)
	}
	return rows
}

func needed(what string, changes ...Change) Planned {
	return Planned{Needed: true, What: what, Changes: changes}
}

func notNeeded(why string) Planned { return Planned{What: why} }

func (createAccount) plan(_ posture, m memory) Planned {
	if m.user.ID == "" {
		return needed("create "+m.account.String(), creation(m.account)...)
	}
	todo := repairs(m.user, !m.password.IsZero())
	if len(todo) == 0 {
		return notNeeded(m.user.UserPrincipalName + " is ready")
	}
	changes := make([]Change, len(todo))
	for i, c := range todo {
		changes[i] = c.Change
	}
	return needed("use "+m.account.String()+"; set a new password", changes...)
}

func (assignAdmin) plan(_ posture, m memory) Planned {
	if m.found != nil && m.found.facts.administrator {
		return notNeeded("it is Global Administrator")
	}
	return needed("assign Global Administrator to it", adminChange(m.planUser()))
}

// planUser is the service account as far as it is known: its name, before it exists.
func (m memory) planUser() graph.User {
	if m.user.ID != "" {
		return m.user
	}
	return graph.User{UserPrincipalName: m.account.String()}
}

// existed reports that the account was there when the check looked for it.
func (m memory) existed() bool { return m.found != nil && m.found.user.ID != "" }

// expected is what is known of the account, as it will be when setup runs: Global Administrator, with per-user MFA as it
// is now.
func expected(p posture, m memory) mfaFacts {
	f := mfaFacts{}
	if m.existed() {
		f = m.found.facts
	} else {
		f.Account = analysis.Account{UPN: m.account.String(), RolesKnown: true, GroupsKnown: true}
		f.PerUser = analysis.Read(graph.MFADisabled, nil)
	}
	f.user, f.administrator = m.planUser(), true
	f.SecurityDefaults = analysis.Read(p.defaults.value, p.defaults.err)
	f.Policies = analysis.Read(p.policies.value, p.policies.err)
	f.Facts = p.known(f.Facts).WithRole(graph.GlobalAdministrator)
	f.Platform = m.platform
	return f
}

// expectedDemands are what will stand between the account and the setup's sign-in, those that do not depend on its groups
// first. Which groups take in an account that does not exist yet shows only when it does: a dynamic one may.
func expectedDemands(p posture, m memory) []analysis.Demand {
	f := expected(p, m)
	if m.existed() {
		return demandsOn(f)
	}
	alone := analysis.Sources(demandsOn(f))
	f.Account.GroupsKnown = false
	all := demandsOn(f)
	byGroups := func(d analysis.Demand) bool { return !slices.Contains(alone, d.Source) }
	return append(slices.DeleteFunc(slices.Clone(all), byGroups), slices.DeleteFunc(all, func(d analysis.Demand) bool { return !byGroups(d) })...)
}

func (suspendMFA) plan(p posture, m memory) Planned {
	if m.setupWanted() == setupKeep {
		return notNeeded("setup has run")
	}
	demands := expectedDemands(p, m)
	if len(demands) == 0 {
		return needed("nothing will demand MFA of it")
	}
	var out Planned
	for _, d := range demands {
		out.policies = out.policies || d.Policy != nil
		switch {
		case isCampaign(d):
			out.Perhaps = append(out.Perhaps, suspensionChange(m.planUser(), m.found.facts.state(), d))
		case d.Kind == analysis.SecurityDefaults:
			out.Changes = append(out.Changes, defaultsChange(m, true, false))
		case d.Certainty == analysis.Sure:
			out.Changes = append(out.Changes, suspensionChange(m.planUser(), m.found.facts.state(), d))
		default:
			out.Perhaps = append(out.Perhaps, suspensionChange(m.planUser(), m.found.facts.state(), d))
		}
	}
	out.Needed, out.What = true, "lift "+phrase.Count(len(out.Changes), "demand", "demands")+" for this account"
	switch {
	case len(out.Changes) == 0:
		out.What = "perhaps lift " + phrase.Count(len(out.Perhaps), "demand", "demands") + " for this account"
	case len(out.Perhaps) > 0:
		out.What += ", and perhaps " + strconv.Itoa(len(out.Perhaps)) + " more"
	}
	if p.defaults.value {
		out.What = "security defaults off, for the whole tenant"
	}
	return out
}

func (runSetup) plan(_ posture, m memory) Planned {
	if m.setupWanted() == setupKeep {
		return notNeeded("setup has run")
	}
	return needed("nothing here; setup adds Delegate365's apps")
}

func (reenableMFA) plan(p posture, m memory) Planned {
	user := m.planUser()
	var changes []Change
	if p.defaults.value {
		changes = append(changes, defaultsChange(m, false, true))
	}
	changes = append(changes, stateChange(user, string(graph.MFADisabled), graph.MFAEnforced))
	out := needed("per-user MFA enforced", changes...)
	for _, d := range expectedDemands(p, m) {
		if isCampaign(d) {
			out.Perhaps = append(out.Perhaps, campaignChange(false))
		}
		if d.Policy == nil {
			continue
		}
		out.policies = true
		n := len(d.Policy.Users.ExcludeUsers)
		c := Change{Op: Modify, Object: "excluded users of " + d.Policy.Name, From: strconv.Itoa(n + 1), To: strconv.Itoa(n)}
		if d.Certainty == analysis.Sure {
			out.Changes = append(out.Changes, c)
		} else {
			out.Perhaps = append(out.Perhaps, c)
		}
	}
	if p.defaults.value {
		out.What = "security defaults on again; " + out.What
	}
	if out.policies {
		out.What += "; take the exclusions back"
	}
	return out
}

func (enableAppPasswords) plan(p posture, m memory) Planned {
	switch {
	case m.office == officeNone, m.office == officeSkipped:
		return notNeeded(withoutPassword(m))
	case p.service.value.AllowAppPasswords:
		return notNeeded("they are allowed")
	case m.office == officeUnknown:
		return Planned{Needed: true, What: onlyIfPage, Perhaps: []Change{settingChange("no", "yes")}}
	}
	return needed("allow app passwords in the whole tenant", settingChange("no", "yes"))
}

func (captureAppPassword) plan(_ posture, m memory) Planned {
	what := "per-user MFA enforced, after its MFA is registered"
	switch m.office {
	case officeNone, officeSkipped:
		return notNeeded(withoutPassword(m))
	case officeUnknown:
		what = onlyIfPage
	}
	return Planned{
		Needed: true, What: what,
		Perhaps: []Change{enforcement(m.planUser(), graph.MFAEnabled)}, // Microsoft may do it by itself then
	}
}

func withoutPassword(m memory) string {
	if m.office == officeSkipped {
		return "no app password, as you chose"
	}
	return "this Delegate365 needs no app password"
}

func (handOver) plan(_ posture, m memory) Planned {
	switch m.office {
	case officeNone, officeSkipped:
		return needed("look at the report")
	case officeUnknown:
		return needed("an app password, " + onlyIfPage)
	}
	return needed("enter the app password in Delegate365, and test it")
}

// surprises are changes that the accepted plan does not have. Counts may differ: somebody else may edit a policy at any time.
func (m memory) surprises(step ID, changes []Change) []Change {
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
