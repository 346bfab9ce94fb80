package window

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// The order of a look: the account of the journal, the one that the operator named, and then those that carry this program's mark.
// Anybody who may write job titles decides how many those are and which of them can be read, so what can't be looked at there stops
// nothing: it is kept, and said as a doubt.

// Search is what a look goes by.
type Search struct {
	Client  *graph.Client
	Report  func(finding.Event)
	Named   func(context.Context) (*Leftover, error) // reads the account that the operator named, and is nil where they named none
	PutBack []graph.User                             // accounts that this run has put back: one read of them may lag
}

// Look finds an account that an earlier run left open. It returns nil when none was found, and while a window of this run is open.
// What it could not look at is Missed in the snapshot.
func (w *Window) Look(ctx context.Context, o Search) (*Leftover, error) {
	if open, yes := w.Exposure(); yes && !open.Found {
		return nil, nil
	}
	o.Report(finding.Event{Text: phrase.T("Looking for a window that an earlier run left open")})
	in := search{window: w, client: o.Client, said: w.current().answers, known: o.PutBack}
	began := Now()
	var asked *Leftover
	var failed error
	var missed []miss
	if known, owes := in.journalOwes(); owes && !in.knows(known.Account.ID) {
		l, err := in.journaledLeftover(ctx, known)
		if l != nil && (!l.Foreign || known.Proven) {
			return l, nil
		}
		if asked, failed = l, err; err == nil { // an account of this program comes before what only the journal says
			in.known = append(slices.Clone(in.known), graph.User{ID: known.Account.ID})
		}
	}
	if o.Named != nil {
		l, err := o.Named(ctx)
		if l != nil && (asked == nil || !objectid.Same(asked.Facts.User.ID, l.Facts.User.ID)) {
			missed = append(missed, in.complete(ctx, l)...)
			in.known = append(slices.Clone(in.known), l.Facts.User)
			if l.Owes() || l.Ask != nil {
				in.keep(missed, o.PutBack)
				return l, nil
			}
		}
		failed = cmp.Or(failed, err)
	}
	l, more := in.marked(ctx)
	in.keep(append(more, missed...), o.PutBack)
	switch {
	case ctx.Err() != nil:
		return nil, &problem.Error{Op: "look for accounts of earlier runs", Err: ctx.Err()}
	case l != nil:
		return l, nil
	case asked != nil:
		return asked, nil
	case failed == nil && len(more) == 0:
		in.window.update(func(s *state) { s.looked = began.Add(-Lagging) })
	}
	return nil, failed
}

// Named is an account that the operator named, as it stands.
func Named(ctx context.Context, client *graph.Client, user graph.User) (*Leftover, error) {
	l, err := leftoverOf(ctx, client, user)
	if err != nil {
		return nil, err
	}
	return &l, nil
}

// miss is why something was not looked at.
type miss struct {
	id  string // of the account; empty of their list
	err error
}

// search is one look for a window that an earlier run left open.
type search struct {
	window *Window
	client *graph.Client
	said   answers
	known  []graph.User // accounts that are not looked at again
}

func (in search) knows(id string) bool { return among(in.known, id) }

func among(all []graph.User, id string) bool {
	return slices.ContainsFunc(all, func(u graph.User) bool { return objectid.Same(u.ID, id) })
}

// keep keeps what was missed. Nobody looks again at what this run has put back, and so knows no more of that than before.
func (in search) keep(missed []miss, back []graph.User) {
	in.window.update(func(s *state) {
		for _, m := range s.missed {
			if among(back, m.id) {
				missed = append(missed, m)
			}
		}
		s.missed = missed
	})
}

// marked looks at the accounts of this program, up to the first that owes something. It returns as well what it could not look at.
func (in search) marked(ctx context.Context) (found *Leftover, missed []miss) {
	all, err := in.client.Users.UsersTitled(ctx, in.window.opts.Marker)
	if err != nil {
		missed = append(missed, miss{err: &problem.Error{Op: "look for accounts of earlier runs", Err: err}})
	}
	for _, u := range all {
		if in.knows(u.ID) || ctx.Err() != nil {
			continue
		}
		l, err := leftoverOf(ctx, in.client, u)
		if errors.Is(err, graph.ErrNotFound) && !mfa.Exists(ctx, in.client, u) {
			continue // the list lags
		}
		if err != nil {
			missed = append(missed, miss{u.ID, err})
			continue
		}
		missed = append(missed, in.complete(ctx, &l)...)
		if l.Owes() || l.Ask != nil {
			return &l, missed
		}
	}
	return nil, missed
}

// complete adds what else the tenant shows of an account: of one of this program everything, of another what it is excluded from,
// which may be meant, and is asked (Leftover.Others).
func (in search) complete(ctx context.Context, l *Leftover) (missed []miss) {
	u, unread := l.Facts.User, error(nil)
	switch u.JobTitle {
	case in.window.opts.Marker:
		unread = in.lookEverywhere(ctx, l)
		in.weighLate(l)
		if l.Exposed {
			l.Opened = assignedAt(ctx, in.client, u)
		}
	default:
		unread = in.everyExclusion(ctx, l)
	}
	if unread == nil {
		return nil
	}
	return []miss{{u.ID, &problem.Error{Op: "read what demands MFA of %s", Of: []any{u.UserPrincipalName}, Err: unread}}}
}
