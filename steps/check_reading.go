package steps

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What the check reads first: what an earlier run left open, the tenant, and what has the account's name. Nothing waits for anything
// else, but for a window that the journal knows to be open: then that alone is read.

// firstReading is what was read.
type firstReading struct {
	left  *Finding // what is to be put back or asked before anything else; nothing else counts then
	named foundUser
}

func (f firstReading) finding() Finding {
	if f.left == nil {
		return Finding{}
	}
	return *f.left
}

// readFirst reads it, and keeps what it learned of the tenant, unless something was left open.
func readFirst(ctx context.Context, r *Run, client *graph.Client, report func(Event)) (firstReading, error) {
	refresh(ctx, r, client, report)
	log := r.recorder.Read()
	_, open := log.OpenWindow()
	_, owed := log.Owed()
	alone := open || owed
	if alone {
		if left, err := leftoverFirst(ctx, r, client, report); err != nil || left != nil {
			return firstReading{left: left}, err
		}
	}
	var first firstReading
	var p posture
	rest, enough := context.WithCancel(ctx)
	defer enough()
	free := make(chan struct{}) // closed once it is known that nothing comes before the check
	m := r.snapshot()
	err := panics.Each(
		func() (err error) {
			if !alone {
				first.left, err = leftoverFirst(ctx, r, client, report)
			}
			if err != nil || first.left != nil {
				enough()
				return err
			}
			report(Event{Text: phrase.T("Reading the rest of the check")})
			close(free)
			return nil
		},
		func() error {
			p = readPosture(rest, client, r.opts.platform(), free, rowsAsTheyArrive(r, report))
			if p.rolesMayEnd() && rest.Err() == nil {
				report(Event{Text: phrase.T("Reading who has the role, and the rules for assigning it")})
			}
			readPrivileged(rest, client, &p)
			return nil
		},
		func() error { first.named = findUser(rest, client, m.expectedName(), m.user.ID); return nil },
	)
	if err = cmp.Or(err, ctx.Err()); err != nil || first.left != nil {
		return first, err
	}
	p.at, p.privileged.slow = time.Now(), slowBy(r)
	r.update(func(m *memory) {
		m.posture = &p
		if m.account.domain == "" {
			m.account.domain = firstOr(usableDomains(p.domains.Content()), m.org.InitialDomain)
		}
	})
	return first, nil
}

// expectedName is the account's name, in the domain that it most likely will have where none was chosen.
func (m *memory) expectedName() accountName {
	name := m.account
	name.domain = cmp.Or(name.domain, m.org.DefaultDomain)
	return name
}

// rowsAsTheyArrive shows the rows of the check that have changed.
func rowsAsTheyArrive(r *Run, report func(Event)) func(*posture) {
	var shown []Fact
	return func(p *posture) {
		rows := tenantRows(p, r.snapshot())
		for i, f := range rows {
			if shown == nil || shown[i] != f {
				report(Event{Fact: &f})
			}
		}
		shown = rows
	}
}

// readPolicies reads the policies, and then what what-if answers, where there can be any: both are Conditional Access, which takes
// a request a second.
func readPolicies(ctx context.Context, client *graph.Client, platform string, done chan<- func(*posture)) {
	listed := get(done, func() ([]graph.Policy, error) { return client.ConditionalAccess.Policies(ctx) }, func(p *posture) *analysis.Reading[[]graph.Policy] { return &p.policies })
	_ = get(done, func() (int, error) {
		if errors.Is(listed, graph.ErrUnlicensed) {
			return 0, listed
		}
		return probe(ctx, client, platform)
	}, func(p *posture) *analysis.Reading[int] { return &p.whatIf })
}

// probe asks what-if about the operator, so that what this tenant answers is known before anything is written.
func probe(ctx context.Context, client *graph.Client, platform string) (int, error) {
	s := analysis.SetupBrowser(platform)
	verdicts, err := client.ConditionalAccess.Evaluate(ctx, graph.SignInContext{
		UserID: client.Identity().ObjectID, AppID: s.Apps[0], ClientApp: s.Clients[0], Platform: platform,
	})
	return len(verdicts), err
}
