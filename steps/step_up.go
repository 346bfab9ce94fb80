package steps

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Where a tenant protects Conditional Access, changing a policy takes a stronger sign-in than the operator's first one. It
// is asked for before the window is opened; where that could not be seen coming, when Microsoft asks. Putting per-user MFA
// back, which closes the window, is not protected anywhere.

// stepUpFor is the authentication context that excluding the account from a policy takes; empty where none is known to.
func (p *posture) stepUpFor() string { return p.protected.Content()[graph.ActionUpdatePolicy] }

// contexts are the authentication contexts that policies in force name, in order. Without one, no action can ask for any; with one,
// which action asks is known only where the protected actions can be read. known is false where the policies were not read whole.
func (p *posture) contexts() (used []string, known bool) {
	for _, policy := range p.policies.Content() {
		if policy.State != graph.StateDisabled && policy.State != graph.StateReportOnly { // unknown is doubt
			used = append(used, policy.Applications.AuthenticationContext...)
		}
	}
	slices.Sort(used)
	return slices.Compact(used), p.policies.Done() && p.policies.Err() == nil && !p.hides
}

// perhapsProtected says, where the protected actions can't be read, why changing a policy may ask for a stronger sign-in; empty where
// it surely does not, or they were read.
func (p *posture) perhapsProtected() string {
	if p.protected.Err() == nil || p.conditionalAccess() == unlicensed {
		return ""
	}
	used, known := p.contexts()
	switch {
	case len(used) > 0:
		return phrase.T("Which actions this tenant protects could not be read. Its policies use %s (%s), so changing a policy may ask you for a stronger sign-in.", phrase.Count(len(used), "authentication context", "authentication contexts"), phrase.JoinAnd(used))
	case known:
		return ""
	}
	return phrase.T("Whether this tenant protects its Conditional Access policies could not be read.")
}

// stepUp asks the operator for the stronger sign-in that Microsoft wants.
func (r *Run) stepUp(ctx context.Context, report func(Event), asked []scope) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	if !client.StepUpAsked() {
		return &Error{Op: "ask you for a stronger sign-in", Err: graph.ErrStepUp} // nobody said what to ask for
	}
	report(Event{Text: phrase.T(problem.StepUp)})
	if err := client.Require(ctx, r.prompt(ctx, report, append(asked, stepUpScope)), mfa.Names(asked)...); err != nil {
		return &Error{Op: "get the stronger sign-in that Microsoft asks for", Hint: phrase.T("Nothing was changed by this. %s", Explain(err).Next), Err: err}
	}
	report(Event{Text: phrase.T("Accepted")})
	r.window.HandOver(ctx, client)
	return nil
}

// stepUpNow asks for it when Microsoft does, in the middle of a write.
func (r *Run) stepUpNow(ctx context.Context, report func(Event)) error {
	return r.stepUp(ctx, report, nil)
}

// policyContext is the authentication context that changing a policy takes; empty where none is known to.
func (r *Run) policyContext() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mem.posture == nil {
		return ""
	}
	return r.mem.posture.stepUpFor()
}

// stepUpFirst asks for it before a policy is changed, where it is known that changing one takes it.
func stepUpFirst(ctx context.Context, r *Run, report func(Event)) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	wanted := stepUpMissing(r, client)
	if wanted == "" {
		return nil
	}
	client.WantStepUp(wanted)
	return r.stepUp(ctx, report, nil)
}

// stepUpMissing is the authentication context that excluding the account takes and that the token lacks, as far as is known.
func stepUpMissing(r *Run, client *graph.Client) string {
	m := r.snapshot()
	if m.posture == nil {
		return ""
	}
	if wanted := m.posture.stepUpFor(); wanted != "" && !client.SteppedUp(wanted) {
		return wanted
	}
	return ""
}

const stepUpComesFirst = problem.StepUp + ". You give it first, and the guard gets it with the token. Without it, nothing is changed."

// stepUpScope stands for the stronger sign-in among what is asked for.
var stepUpScope = scope{Name: "a stronger sign-in", Why: "change Conditional Access (the tenant protects that)"}

// guardedOnlyByState says of a guard that could not take exclusions back, or of which nobody knows; empty where it can.
func guardedOnlyByState(r *Run) Sentence {
	only := finding.Computer.Of("guard", "only the state")
	m := r.snapshot()
	client, err := r.tenant()
	switch {
	case err != nil || m.posture == nil:
		return Sentence{}
	case m.posture.perhapsProtected() != "" && m.excludes():
		return only.In("%s Where it does, the guard "+onlyByState+" It leaves the exclusions, and writes down which. Run restore then.", m.posture.perhapsProtected())
	case stepUpMissing(r, client) == "":
		return Sentence{}
	}
	return only.In("If this program is ended, the guard " + onlyByState + " It can't take the exclusions back: this tenant asks for a stronger sign-in for that, which only you can give. Run restore then.")
}

const onlyByState = "turns per-user MFA on, which closes the window."
