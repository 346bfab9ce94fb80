package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// assignAdmin makes the service account Global Administrator. From here on the account must not stay without MFA.
type assignAdmin struct{}

func (assignAdmin) Info() Info {
	return Info{
		ID:    AssignAdmin,
		Title: phrase.T("Assign Global Admin"),
		Why:   finding.Advice("Delegate365's setup creates its apps in the directory and grants them permissions. Only a Global Administrator can do that."),
		Actor: You,
		About: time.Minute,
		Help: []string{
			phrase.T("The role is assigned directly and for the whole tenant, as the setup needs it. With Privileged Identity Management it ends by itself, and administrators and the account get mails about it; else it stays. The last screen offers to keep it or to remove it."),
			phrase.T("The permission to put MFA back was asked for with the plan, before anything is opened, so that closing never waits for a consent page."),
			phrase.T("From the moment the account is Global Administrator and nothing demands MFA of it, it is said how long that has been so."),
		},
	}
}

func (assignAdmin) Inspect(ctx context.Context, r *Run, _ func(Event)) (Finding, error) {
	client, user, err := r.account()
	if err != nil {
		return Finding{}, err
	}
	var held heldRole
	var fresh bool
	if r.update(func(m *memory) { held, fresh = m.role.shown.take() }); !fresh {
		held, err = roleOf(ctx, r, client, user)
	}
	if err != nil {
		return Finding{}, &Error{Op: "read the roles of %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	if held.held {
		r.update(func(m *memory) { m.role.assigned = user.ID })
		return Finding{
			Status:   Done,
			Text:     []Sentence{finding.Role.Of(user.UserPrincipalName, "yes").In("%s is Global Administrator.", user.UserPrincipalName)},
			Sections: []Section{{Facts: []Fact{held.fact()}}},
			Actions:  []Action{{ID: ActNext, Label: phrase.T("Continue")}},
		}, nil
	}
	if f, asks, err := methodsFirst(ctx, r, client, user); err != nil || asks {
		return f, err
	}
	terms := termsOfRun(r)
	opens := finding.Opened.Of(user.UserPrincipalName, phrase.Roughly(r.snapshot().window.Cap)).In("From then on the account may be without MFA for at most %s.", phrase.Roughly(r.snapshot().window.Cap))
	if m := r.snapshot(); m.posture != nil && staysOn(m.posture, m) {
		opens = Sentence{}
	}
	return withMailFirst(r, beforeOpening(ctx, r, client, Finding{
		Status:  Ready,
		Text:    append([]Sentence{assignAdmin{}.Info().Why}, terms.said(user, r.snapshot().window.Cap)...),
		Changes: []Change{terms.adminChange(user)},
		Task:    openSetupEarly(r.snapshot()),
		Notice:  opens.And(guardedOnlyByState(r)),
		Actions: []Action{{ID: ActApply, Label: phrase.T("Assign Global Administrator")}},
	})), nil
}

// account is the service account as this run knows it. Every step after create-account needs it.
func (r *Run) account() (*graph.Client, graph.User, error) {
	client, err := r.tenant()
	if err != nil {
		return nil, graph.User{}, err
	}
	u := r.snapshot().user
	if u.ID == "" {
		return nil, graph.User{}, &Error{Op: "find the service account", Hint: phrase.T("Go back to Create service account."), Err: graph.ErrNotFound}
	}
	return client, u, nil
}

// Plan says what this step will change.
func (assignAdmin) Plan(s Situation) Planned {
	m := s.memory
	if m.found != nil && m.found.facts.Assigned {
		return notNeeded(phrase.T("it is Global Administrator"))
	}
	terms := termsOf(s.posture, m)
	return needed(terms.what(), terms.adminChange(m.planUser())).taking(writeRoles, mfa.WriteMFA)
}

func (assignAdmin) Apply(ctx context.Context, r *Run, report func(Event)) error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	assigned, asks, err := beforeAssignment(ctx, r, client, user)
	if err != nil || assigned || asks {
		return err
	}
	if err := r.require(ctx, report, closers(r, writeRoles)...); err != nil {
		return err
	}
	if err := r.window.Open(ctx, user, report); err != nil {
		return err
	}
	var looks []assignedRead
	terms := termsOfRun(r)
	write := terms.assignment(client, user, report)
	write.Until = write.Until.Beside(func(ctx context.Context) {
		report(Event{Text: phrase.T("Reading what demands MFA of it now")})
		looks = append(looks, readAssigned(ctx, client, user))
	})
	if err := r.window.Writer().Apply(ctx, report, write); err != nil {
		if change.Refused(err) {
			r.window.NotAssigned()
		}
		return err
	}
	r.update(func(m *memory) { m.role.assigned = user.ID })
	if n := len(looks); n == 0 || looks[n-1].err == nil && !looks[n-1].facts.Administrator { // a server that lags
		looks = append(looks, readAssigned(ctx, client, user))
	}
	now := looks[len(looks)-1]
	if now.err != nil {
		return now.err
	}
	r.window.Judge(&now.facts, now.facts.Demands())
	keepAssigned(r, terms, looks)
	return nil
}

// beforeAssignment reads whether the account is Global Administrator by now, and whether somebody has to say first whose its methods are.
func beforeAssignment(ctx context.Context, r *Run, client *graph.Client, user graph.User) (assigned, asks bool, err error) {
	var methods analysis.Reading[[]graph.AuthMethod]
	err = panics.Each(
		func() (err error) { assigned, err = mfa.IsAdministrator(ctx, client, user.ID); return err },
		func() error { methods = analysis.Read(client.MFA.AuthenticationMethods(ctx, user.ID)); return nil },
	)
	switch {
	case err != nil:
		return false, false, &Error{Op: "read the roles of %s", Of: []any{user.UserPrincipalName}, Err: err}
	case assigned:
		return true, false, nil
	}
	asks, err = methodsInDoubt(r, user, methods)
	return false, asks, err
}

// assignedRead is what a read after the assignment showed, and when it began.
type assignedRead struct {
	facts mfa.Facts
	at    time.Time
	err   error
}

func readAssigned(ctx context.Context, client *graph.Client, user graph.User) assignedRead {
	a := assignedRead{at: window.Now()}
	a.facts, a.err = mfa.Read(ctx, client, user)
	return a
}

// keepAssigned keeps what was read after the assignment, for the looks that follow.
func keepAssigned(r *Run, terms roleTerms, looks []assignedRead) {
	written, now := len(r.window.Writer().Made()), looks[len(looks)-1]
	r.update(func(m *memory) {
		if terms.lasts == 0 && now.facts.Assigned && m.neverEnds() {
			m.role.shown = justRead(heldRole{held: true})
		}
		m.role.keepNoDemand(written, looks)
	})
}

// closers are the permissions that closing the exposure window takes, besides those that a step needs itself.
func closers(r *Run, own ...scope) []scope {
	all := slices.Concat(own, []scope{mfa.WriteMFA})
	if r.snapshot().excludes() {
		all = append(all, mfa.WritePolicies)
	}
	if r.snapshot().defaults.choice == defaultsOff {
		all = append(all, mfa.WriteDefaults)
	}
	return all
}

func (assignAdmin) Answer(r *Run, id string, value graph.Secret) error {
	switch id {
	case actTogether, actRoleLasts:
		answerBeforeOpening(r, id)
	case actTheirs:
		answerTheirs(r)
	default:
		return answerMailFirst(r, id, value)
	}
	return nil
}
