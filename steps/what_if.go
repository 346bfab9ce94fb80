package steps

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
)

// What-if is advice. It is asked where the text of a policy leaves open what it can settle, one application a call, until
// everything that it can settle is; and where the policies themselves are refused to the operator. No answer of it stops
// anything while they can be read.

// counsel is what what-if said about one account.
type counsel struct {
	userID string
	roles  []string // that it held then
	whatIf map[string]analysis.Reading[[]graph.WhatIf]
}

// readSetup reads what demands MFA of the account at the setup's sign-ins.
func (r *Run) readSetup(ctx context.Context, client *graph.Client, user graph.User) (mfaFacts, error) {
	r.set(func(m *memory) { m.counsel = nil })
	return r.readSetupAgain(ctx, client, user)
}

// readSetupAgain is readSetup with what what-if said before, as far as that is still about the same.
func (r *Run) readSetupAgain(ctx context.Context, client *graph.Client, user graph.User) (mfaFacts, error) {
	f, err := readMFA(ctx, client, user)
	if err != nil {
		return f, err
	}
	if f.groupsErr != nil && graph.OutcomeOf(f.groupsErr) != graph.Refused {
		return f, &Error{Op: "read the groups of " + user.UserPrincipalName, Err: f.groupsErr}
	}
	f = r.known(f)
	if r.see().assigned == user.ID { // one read may not show it yet
		f.Facts = f.WithRole(graph.GlobalAdministrator)
	}
	return r.advised(ctx, client, f, analysis.Setup(f.Platform))
}

// advised adds what-if's answers about these sign-ins. It is an error when neither they nor the policies are known.
func (r *Run) advised(ctx context.Context, client *graph.Client, f mfaFacts, signIns []analysis.SignIn) (mfaFacts, error) {
	refused := f.Policies.Err()
	switch {
	case errors.Is(refused, graph.ErrUnlicensed):
		return f, nil
	case refused != nil && r.withoutPolicies(refused):
		return f, nil
	case refused != nil && !errors.Is(refused, graph.ErrForbidden):
		return f, &Error{Op: "read the Conditional Access policies", Err: refused}
	}
	if a := r.see().counsel; a != nil && a.userID == f.user.ID {
		f.WhatIf, f.WhatIfRoles = maps.Clone(a.whatIf), a.roles
	}
	if settled := func() bool { return refused == nil && !analysis.Undecided(f.Facts, signIns) }; settled() || refused != nil && f.WhatIf != nil {
		return f, nil
	}
	f, err := r.ask(ctx, client, f, signIns)
	switch {
	case ctx.Err() != nil:
		return f, ctx.Err()
	case refused != nil && errors.Is(err, graph.ErrUnlicensed): // it says why; what refuses the policies need not
		f.Policies = analysis.Read([]graph.Policy(nil), err)
	case refused != nil && err != nil:
		return f, &Error{Op: "read what demands MFA of " + f.user.UserPrincipalName, Err: errors.Join(refused, err)}
	}
	r.set(func(m *memory) { m.counsel = &counsel{f.user.ID, f.WhatIfRoles, f.WhatIf} })
	return f, nil
}

// withoutPolicies reports a tenant that refuses to list its policies and, by its licences, can have none. The check has
// said so.
func (r *Run) withoutPolicies(refused error) bool {
	p := r.see().posture
	return p != nil && p.conditionalAccess() == unlicensed && graph.OutcomeOf(refused) == graph.Refused
}

// ask asks what-if until what it can settle is settled. What kept it from answering is kept in its place.
func (r *Run) ask(ctx context.Context, client *graph.Client, f mfaFacts, signIns []analysis.SignIn) (mfaFacts, error) {
	readable := f.Policies.Err() == nil
	f.WhatIf, f.WhatIfRoles = maps.Clone(f.WhatIf), f.Account.Roles
	if f.WhatIf == nil {
		f.WhatIf = map[string]analysis.Reading[[]graph.WhatIf]{}
	}
	keep := func(answers []analysis.Answer, err error) {
		for _, s := range signIns {
			f.WhatIf[s.ID] = analysis.Read(analysis.Settle(s, answers), err)
		}
	}
	if p := r.see().posture; readable && p != nil && p.whatIf.err != nil { // the check has asked it, and knows
		keep(nil, p.whatIf.err)
		return f, nil
	}
	var answers []analysis.Answer
	for _, e := range analysis.Evaluations(signIns) {
		verdicts, err := client.Evaluate(ctx, graph.SignInContext{UserID: f.user.ID, AppID: e.App, ClientApp: e.Client, Platform: e.Platform})
		if err != nil {
			keep(answers, err)
			return f, err
		}
		answers = append(answers, analysis.Answer{Evaluation: e, Verdicts: verdicts})
		keep(answers, nil)
		if readable && !analysis.Undecided(f.Facts, signIns) {
			break
		}
	}
	return f, nil
}

// probe asks what-if about the operator, so that what this tenant answers is known before anything is written.
func probe(ctx context.Context, client *graph.Client, platform string) (int, error) {
	s := analysis.SetupBrowser(platform)
	verdicts, err := client.Evaluate(ctx, graph.SignInContext{
		UserID: client.Identity().ObjectID, AppID: s.Apps[0], ClientApp: s.Clients[0], Platform: platform,
	})
	return len(verdicts), err
}

// platforms are the systems that a browser on this computer may run on, as Conditional Access calls them.
var platforms = map[string]string{"windows": "windows", "darwin": "macOS", "linux": "linux"}

// platform is what the browser that the setup runs in says of itself; empty where nobody knows it.
func (o Options) platform() string { return cmp.Or(o.Platform, platforms[runtime.GOOS]) }

// openDoubts are the demands that may stand, and of which nobody can tell before the sign-in.
func openDoubts(demands []analysis.Demand) []analysis.Demand {
	return slices.DeleteFunc(slices.Clone(demands), func(d analysis.Demand) bool { return !d.Open() })
}
