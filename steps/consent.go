package steps

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// One consent for the plan: when it is accepted, Microsoft is asked once for everything that exactly this plan needs,
// putting MFA back included. What only turns up later is asked for when it is needed.

// scopes are the permissions to change something that a plan needs, in the order of the steps.
func (p Plan) scopes(m memory) []scope {
	var all []scope
	add := func(more ...scope) {
		for _, s := range more {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	for _, s := range p.Steps {
		if !s.Needed {
			continue
		}
		switch s.ID {
		case CreateAccount:
			add(accountScopes(m.user, m.existed() && m.found.facts.administrator, !m.password.IsZero())...)
		case AssignAdmin:
			add(writeRoles)
		case SuspendMFA, ReenableMFA:
			add(writeMFA)
			if s.policies {
				add(writePolicies)
			}
			if m.defaults == defaultsOff {
				add(writeDefaults)
			}
		case EnableAppPasswords, CaptureAppPassword:
			add(writeMFA)
		}
	}
	return all
}

// accountScopes are what making the service account, or making one that exists fit, takes.
func accountScopes(u graph.User, administrator, passwordKnown bool) []scope {
	all := []scope{writeUsers}
	if u.ID == "" {
		return all
	}
	sets := slices.ContainsFunc(repairs(u, passwordKnown), func(c repair) bool { return c.kind == setPassword })
	switch {
	case administrator:
		return append(all, writeAsUser)
	case sets:
		return append(all, writePassword)
	}
	return all
}

// excludes reports that an accepted plan excludes the account from policies; true before there is one.
func (m memory) excludes() bool {
	if m.plan == nil {
		return m.posture == nil || licensedForPolicies(*m.posture)
	}
	return slices.ContainsFunc(m.plan.Steps, func(s Planned) bool { return s.policies })
}

// unconsented is what of a plan's permissions the token lacks, and whether a stronger sign-in is missing as well.
func (r *Run) unconsented() (lacking []scope, stepUp bool) {
	m := r.see()
	client, err := r.tenant()
	if err != nil || m.plan == nil {
		return nil, false
	}
	granted := client.Granted()
	all := m.plan.scopes(m)
	lacking = slices.DeleteFunc(slices.Clone(all), func(s scope) bool { return slices.Contains(granted, s.name) })
	if m.posture != nil && slices.Contains(all, writePolicies) {
		context := m.posture.stepUpFor()
		stepUp = context != "" && !client.SteppedUp(context)
	}
	return lacking, stepUp
}

// consentScreen says what is asked for, and why, before Microsoft's page does.
func consentScreen(r *Run, lacking []scope, stepUp bool) Finding {
	f := Finding{
		Status: Ready,
		Text: []string{
			"The plan is accepted. " + r.see().writtenSoFar(),
			"Microsoft now asks you, once, for everything that this plan needs, putting MFA back included.",
		},
		Notice:  r.clientNotice(),
		Actions: []Action{{ID: ActApply, Label: "Sign in and accept"}, {ID: actRows, Label: "Back to the check"}},
	}
	if len(lacking) > 0 {
		f.Sections = append(f.Sections, Section{Title: "Asked for, to change something", Facts: permissionFacts(lacking)})
	}
	if stepUp {
		f.Text = append(f.Text, problem.StepUp+". You give it now, before the account is a Global Administrator.")
	}
	return f
}

// consentToPlan asks for what the plan needs.
func (r *Run) consentToPlan(ctx context.Context, report func(Event)) error {
	lacking, stepUp := r.unconsented()
	if !stepUp {
		return r.require(ctx, report, lacking...)
	}
	client, err := r.tenant()
	if err != nil {
		return err
	}
	client.WantStepUp(r.see().posture.stepUpFor())
	return r.stepUp(ctx, report, lacking)
}
