package steps

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// One consent for the plan: when it is accepted, Microsoft is asked once for everything that exactly this plan needs,
// putting MFA back included. What only turns up later is asked for when it is needed.

// scopes are the permissions to change something that a plan needs, in the order of the steps.
func (p Plan) scopes() []scope {
	var all []scope
	for _, s := range p.Steps {
		for _, permission := range s.permissions {
			if s.Needed {
				all = addScope(all, permission)
			}
		}
	}
	return all
}

// addScope adds a permission once, with the reason that takes in the other's.
//
//go:noinline // every copy would be carried
func addScope(all []scope, add scope) []scope {
	i := slices.IndexFunc(all, func(s scope) bool { return s.Name == add.Name })
	switch {
	case i < 0:
		return append(all, add)
	case add == mfa.WriteService:
		all[i] = add
	}
	return all
}

// windowPermissions are what lifting these demands takes, and restoring them.
func windowPermissions(m *memory, demands []analysis.Demand) []scope {
	all := []scope{mfa.WriteMFA}
	if excluding(demands) {
		all = append(all, mfa.WritePolicies)
	}
	if m.defaults.choice == defaultsOff {
		all = append(all, mfa.WriteDefaults)
	}
	return all
}

// accountScopes are what making the service account, or making one that exists fit, takes.
func accountScopes(u graph.User, administrator, passwordStays bool) []scope {
	if u.ID == "" {
		return []scope{writeUsers}
	}
	all := []scope{changeUsers}
	sets := slices.ContainsFunc(repairs(u, passwordStays), func(c repair) bool { return c.kind == setPassword })
	switch {
	case administrator:
		return append(all, writeAsUser)
	case sets:
		return append(all, writePassword)
	}
	return all
}

// excludes reports that an accepted plan excludes the account from policies; true before there is one.
func (m *memory) excludes() bool {
	if m.plan == nil {
		return m.posture == nil || licensedForPolicies(m.posture)
	}
	return slices.ContainsFunc(m.plan.Steps, func(s Planned) bool { return slices.Contains(s.permissions, mfa.WritePolicies) })
}

// consentComing says, before a plan is accepted, that Microsoft asks for what it takes; nothing where all of it is granted.
func consentComing(r *Run) Sentence {
	m := r.snapshot()
	plan := makePlan(m.posture, m)
	lacking, stepUp := unconsentedTo(r, plan)
	switch {
	case len(lacking) == 0 && !stepUp:
		return Sentence{}
	case plan.Window == 0:
		return finding.Advice("Microsoft then asks you, once, for the permissions that this plan takes.")
	}
	return finding.Advice("Microsoft then asks you, once, for the permissions that this plan takes, putting MFA back included.")
}

// unconsented is what of the accepted plan's permissions the token lacks, and whether a stronger sign-in is missing as well.
func unconsented(r *Run) (lacking []scope, stepUp bool) {
	if m := r.snapshot(); m.plan != nil {
		return unconsentedTo(r, *m.plan)
	}
	return nil, false
}

func unconsentedTo(r *Run, plan Plan) (lacking []scope, stepUp bool) {
	m := r.snapshot()
	client, err := r.tenant()
	if err != nil {
		return nil, false
	}
	granted := client.Granted()
	all := plan.scopes()
	lacking = slices.DeleteFunc(slices.Clone(all), func(s scope) bool { return slices.Contains(granted, s.Name) })
	if m.posture != nil && slices.Contains(all, mfa.WritePolicies) {
		context := m.posture.stepUpFor()
		stepUp = context != "" && !client.SteppedUp(context)
	}
	return lacking, stepUp
}

// consentScreen says what is asked for, and why, before Microsoft's page does.
func consentScreen(r *Run, lacking []scope, stepUp bool) Finding {
	m, asked := r.snapshot(), finding.Advice("Microsoft now asks you, once, for everything that this plan needs, putting MFA back included.")
	if m.plan.Window == 0 {
		asked = finding.Advice("Microsoft now asks you, once, for everything that this plan needs.")
	}
	f := Finding{
		Status: Ready,
		Text: []Sentence{
			finding.Accepted.Of("", "yes").In("The plan is accepted.").And(m.writtenSoFar()), asked,
		},
		Notice:  clientNotice(r),
		Actions: []Action{{ID: ActApply, Label: phrase.T("Sign in and accept")}, {ID: ActBack, Label: phrase.T("Back to the check")}},
	}
	if len(lacking) > 0 {
		f.Sections = append(f.Sections, Section{Title: phrase.T("Asked for, to change something"), Facts: permissionFacts(lacking)})
	}
	if stepUp {
		f.Text = append(f.Text, finding.Outside.Of("step-up", "asked").In(problem.StepUp+". You give it now, before the account is a Global Administrator."))
	}
	return f
}

// consentToPlan asks for what the plan needs.
func consentToPlan(ctx context.Context, r *Run, report func(Event)) error {
	lacking, stepUp := unconsented(r)
	keepGrantsIfRead(ctx, r)
	if !stepUp {
		return r.require(ctx, report, lacking...)
	}
	client, err := r.tenant()
	if err != nil {
		return err
	}
	client.WantStepUp(r.snapshot().posture.stepUpFor())
	return r.stepUp(ctx, report, lacking)
}
