package mfa

import (
	"context"
	"errors"
	"maps"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// What-if is advice. It is asked where the text of a policy leaves open what it can settle, one application a call, until
// everything that it can settle is; and where the policies themselves are refused to the operator. No answer of it stops
// anything while they can be read.

// Advisor reads what demands MFA of an account at the setup's sign-ins, and keeps what what-if said of it. The zero value has
// asked nothing. Its methods may be called from any goroutine.
type Advisor struct {
	mu   sync.Mutex
	last *advice
}

// advice is what what-if said about one account.
type advice struct {
	userID string
	roles  []string // that it held then
	whatIf map[string]analysis.Reading[[]graph.WhatIf]
}

// Known is what the check read about the tenant.
type Known struct {
	Facts      func(analysis.Facts) analysis.Facts // adds it to what is known of an account
	Platform   string                              // of the browser that the setup runs in; empty where nobody knows it
	NoPolicies bool                                // by its licences the tenant can have none
	WhatIf     error                               // why what-if does not answer in this tenant; nil where it does
	Assigned   string                              // id of the account that was seen as Global Administrator: one read may not show it yet
}

// Read reads what demands MFA of the account at the setup's sign-ins.
func (a *Advisor) Read(ctx context.Context, client *graph.Client, user graph.User, k Known) (Facts, error) {
	a.Forget()
	return a.ReadAgain(ctx, client, user, k)
}

// Forget drops what what-if has said.
func (a *Advisor) Forget() { a.keep(nil) }

// ReadAgain is Read with what what-if said before, as far as that is still about the same.
func (a *Advisor) ReadAgain(ctx context.Context, client *graph.Client, user graph.User, k Known) (Facts, error) {
	f, err := Read(ctx, client, user)
	if err != nil {
		return f, err
	}
	if f.GroupsErr != nil && graph.OutcomeOf(f.GroupsErr) != graph.Refused {
		return f, &problem.Error{Op: "read the groups of %s", Of: []any{user.UserPrincipalName}, Err: f.GroupsErr}
	}
	f.Facts = k.Facts(f.Facts)
	f.Platform = k.Platform
	if k.Assigned == user.ID {
		f.Facts = f.WithRole(graph.GlobalAdministrator)
	}
	return a.Advise(ctx, client, f, k, analysis.Setup(f.Platform))
}

// Advise adds what-if's answers about these sign-ins. It is an error when neither they nor the policies are known.
func (a *Advisor) Advise(ctx context.Context, client *graph.Client, f Facts, k Known, signIns []analysis.SignIn) (Facts, error) {
	refused := f.Policies.Err()
	switch {
	case errors.Is(refused, graph.ErrUnlicensed):
		return f, nil
	case refused != nil && k.NoPolicies && graph.OutcomeOf(refused) == graph.Refused:
		return f, nil // the check has said so
	case refused != nil && !errors.Is(refused, graph.ErrForbidden):
		return f, &problem.Error{Op: "read the Conditional Access policies", Err: refused}
	}
	if last := a.kept(); last != nil && last.userID == f.User.ID {
		f.WhatIf, f.WhatIfRoles = maps.Clone(last.whatIf), last.roles
	}
	if settled := func() bool { return refused == nil && !analysis.Undecided(f.Facts, signIns) }; settled() || refused != nil && f.WhatIf != nil {
		return f, nil
	}
	f, err := ask(ctx, client, f, k.WhatIf, signIns)
	switch {
	case ctx.Err() != nil:
		return f, ctx.Err()
	case refused != nil && errors.Is(err, graph.ErrUnlicensed): // it says why; what refuses the policies need not
		f.Policies = analysis.Read([]graph.Policy(nil), err)
	case refused != nil && err != nil:
		return f, &problem.Error{Op: "read what demands MFA of %s", Of: []any{f.User.UserPrincipalName}, Err: errors.Join(refused, err)}
	}
	a.keep(&advice{f.User.ID, f.WhatIfRoles, f.WhatIf})
	return f, nil
}

func (a *Advisor) keep(last *advice) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = last
}

func (a *Advisor) kept() *advice {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last
}

// ask asks what-if until what it can settle is settled. What kept it from answering is kept in its place; silent is why it does
// not answer in this tenant at all.
func ask(ctx context.Context, client *graph.Client, f Facts, silent error, signIns []analysis.SignIn) (Facts, error) {
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
	if readable && silent != nil { // the check has asked it, and knows
		keep(nil, silent)
		return f, nil
	}
	var answers []analysis.Answer
	for _, e := range analysis.Evaluations(signIns) {
		verdicts, err := client.ConditionalAccess.Evaluate(ctx, graph.SignInContext{UserID: f.User.ID, AppID: e.App, ClientApp: e.Client, Platform: e.Platform})
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
