package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// How the exposure window is closed. Per-user MFA is set first, at once and over a new connection, and tried again until it
// is read back; everything else is put back beside it. The state that was set proves that the window is closed: what-if is
// not asked, and no disk is waited for. An account whose state can be set in several ways gets enforced, because enabled
// leaves its password good for old protocols (https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates).

// ClosingBound is how long closing is tried when nobody is there to see it, until it is left to the guard. It is enough for
// some fifty policies at five seconds each.
const ClosingBound = 5 * time.Minute

// closeRetry is the pause between two attempts to set per-user MFA.
const closeRetry = 2 * time.Second

// showsWithin is how long a state that Microsoft accepted may take to be shown, before a closing counts as failed.
const showsWithin = 30 * time.Second

// readBackFor are the pauses before the state is read back after it was set, and again as long as it is not shown.
var readBackFor = []time.Duration{0, time.Second, time.Second, 2 * time.Second}

// closing is one closing of the window.
type closing struct {
	*Run
	client *graph.Client
	user   graph.User
	step   ID
	report func(Event)
}

// restoreMFA sets per-user MFA, takes back everything else that was suspended, and reads it back. What fails does not stop
// the rest: each thing put back makes the account safer.
func restoreMFA(ctx context.Context, r *Run, report func(Event), step ID) error {
	client, user, err := r.account()
	if err != nil {
		return err
	}
	var mu sync.Mutex
	c := &closing{Run: r, client: client, user: user, step: step, report: func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		report(e)
	}}
	c.report(Event{Text: "Putting MFA back for " + user.UserPrincipalName})
	if err := r.requireToRestore(ctx, c.report); err != nil {
		return err
	}
	ctx = graph.Closing(ctx)
	client.LeaveConnections()
	gone, failed := c.round(ctx)
	for _, pause := range afterLostAnswer {
		if failed != nil || r.see().unsure.IsZero() {
			break
		}
		c.report(Event{Wait: &Wait{Text: "A change of this run may still be on its way; looking again", Until: time.Now().Add(pause)}})
		if failed = change.Pause(ctx, pause); failed == nil {
			gone, failed = c.round(ctx)
		}
	}
	if failed != nil {
		return c.unfinished(failed)
	}
	r.set(func(m *memory) { m.undoing, m.unsure = nil, time.Time{} })
	if gone {
		r.closedExposure(noAccount)
		return nil
	}
	r.closedExposure("per-user MFA demands MFA")
	return nil
}

// afterLostAnswer is when everything is looked at again, each time counted from the look before, where the answer to a
// suspension was lost: it may reach the tenant after MFA was put back.
var afterLostAnswer = []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second}

// round puts everything back once. Per-user MFA is tried for as long as the rest takes, and until it is shown. It reports an account that no longer
// exists.
func (c *closing) round(ctx context.Context) (gone bool, failed error) {
	rest, over := error(nil), make(chan struct{})
	go func() {
		defer close(over)
		rest = panics.Do(func() error { return c.rest(ctx) })
	}()
	running, began := over, time.Now()
	for {
		if failed = c.demand(ctx); failed == nil {
			break
		}
		if gone = errors.Is(failed, graph.ErrNotFound) && c.gone(ctx, c.client, c.user); gone {
			failed = nil
			break
		}
		shownLater := errors.Is(failed, change.ErrNotShown) && time.Since(began) < showsWithin
		if final(failed) || running == nil && !shownLater {
			break
		}
		c.report(Event{Wait: &Wait{Text: "Per-user MFA could not be set; trying again", Until: time.Now().Add(closeRetry)}})
		select {
		case <-running:
			if running = nil; !shownLater {
				return false, errors.Join(failed, rest)
			}
		case <-ctx.Done():
			<-over
			return false, errors.Join(failed, rest)
		case <-time.After(closeRetry):
		}
	}
	<-over
	return gone, errors.Join(failed, rest)
}

// final reports a refusal that trying again at once can't change.
func final(err error) bool {
	return errors.Is(err, graph.ErrForbidden) || errors.Is(err, graph.ErrUnauthorized) || errors.Is(err, graph.ErrConsent)
}

// rest puts back everything but per-user MFA, each thing beside the others.
func (c *closing) rest(ctx context.Context) error {
	defer c.claim(ctx)()
	campaign := func() error {
		if !c.see().campaignLeft {
			return nil
		}
		return leaveToCampaign(ctx, c.Run, c.client, c.user, false, c.step, c.report)
	}
	return sideBySide(
		func() error { return c.restoreDefaults(ctx, c.client, c.step, c.report) },
		func() error { return takeExclusionsBack(ctx, c.Run, c.client, c.user, c.step, c.report) },
		campaign,
	)
}

// demand sets per-user MFA and reads it back, unless a read shows that it is enforced and none of this run's own changes can
// be on its way to what was read.
func (c *closing) demand(ctx context.Context) error {
	m := c.see()
	from := "not read"
	if m.perUser != "" {
		from = string(m.perUser)
	}
	if m.demanded || m.perUser == graph.MFAEnforced && !m.bound && !m.stateSuspended {
		now, err := c.client.PerUserMFA(ctx, c.user.ID)
		if err != nil {
			return &Error{Op: "read per-user MFA of " + c.user.UserPrincipalName, Err: err}
		}
		if from = string(now); now == graph.MFAEnforced || m.demanded && now == graph.MFAEnabled {
			c.set(func(m *memory) { m.demanded = true })
			return nil
		}
	}
	err := c.setDemand(ctx, from, graph.MFAEnforced)
	if errors.Is(err, graph.ErrInvalid) { // a tenant that takes no such state still takes the weaker one
		err = c.setDemand(ctx, from, graph.MFAEnabled)
	}
	return err
}

// setDemand sends the state without waiting for anything, and reads it back.
func (c *closing) setDemand(ctx context.Context, from string, to graph.MFAState) error {
	return c.writer.ApplyAtOnce(ctx, c.report, change.Write{
		Step: c.step, Change: stateChange(c.user, from, to),
		Send:     func(ctx context.Context) error { return c.client.SetPerUserMFA(ctx, c.user.ID, to) },
		Restores: &journal.Inverse{Kind: journal.InversePerUserMFA, TargetID: c.user.ID, Value: string(to)},
	}, func(ctx context.Context) error {
		if err := c.readBack(ctx, to); err != nil {
			c.turned(func(e *Exposure) { e.sent = true })
			return err
		}
		c.set(func(m *memory) { m.demanded, m.perUser = true, to })
		c.turned(func(e *Exposure) { e.Demanded = true })
		return nil
	})
}

// turned changes the open window, if there is one.
func (r *Run) turned(how func(*Exposure)) {
	r.set(func(m *memory) {
		if m.exposure != nil {
			now := *m.exposure
			how(&now)
			m.exposure = &now
		}
	})
}

func stateChange(u graph.User, from string, to graph.MFAState) Change {
	return Change{Op: Modify, Object: "per-user MFA of " + u.UserPrincipalName, From: from, To: string(to)}
}

// readBack reads the state until it is shown.
func (c *closing) readBack(ctx context.Context, to graph.MFAState) error {
	last := change.ErrNotShown
	for _, pause := range readBackFor {
		if err := change.Pause(ctx, pause); err != nil {
			return err
		}
		now, err := c.client.PerUserMFA(ctx, c.user.ID)
		switch {
		case err != nil:
			return err // another attempt, over another connection, begins with the write
		case now == to || now == graph.MFAEnforced:
			return nil
		}
		last = fmt.Errorf("%w: per-user MFA reads %q", change.ErrNotShown, string(now))
	}
	return last
}

// gone reports an account that was surely deleted: two new connections don't know it, and it is among the deleted ones.
// Where it is not, as after it was deleted for good, several reads in a row decide.
func (r *Run) gone(ctx context.Context, client *graph.Client, user graph.User) bool {
	ctx = graph.Closing(ctx)
	for range 2 {
		client.LeaveConnections()
		if _, err := client.User(ctx, user.ID); !errors.Is(err, graph.ErrNotFound) {
			return false
		}
	}
	if deleted, err := client.Deleted(ctx, user.ID); err == nil && objectid.Same(deleted.ID, user.ID) {
		return true
	}
	return change.Agreed(ctx, func(Event) {}, func(ctx context.Context) (bool, error) {
		_, err := client.User(ctx, user.ID) // it may be so new that a replica does not know it
		return errors.Is(err, graph.ErrNotFound) && !client.Expected(user.ID), nil
	})
}

// unfinished says what could not be put back. Where per-user MFA was read back, MFA is demanded all the same.
func (c *closing) unfinished(failed error) error {
	m := c.see()
	if !m.demanded {
		return failed
	}
	op := "put everything back"
	if e, ok := errors.AsType[*Error](failed); ok {
		op = e.Op
	}
	hint := "Per-user MFA of " + c.user.UserPrincipalName + " is on, so MFA is demanded of it again. The rest is tried again."
	if names := namesOf(m.undoing); len(names) > 0 {
		hint += " Or take it out of the excluded users of " + phrase.JoinAnd(phrase.Names(names)) + " by hand: " + c.opts.Cloud.ConditionalAccessURL()
	}
	if m.defaultsOff {
		hint += " Security defaults are still off for everybody in " + m.org.DefaultDomain + ": " + defaultsPage(c.opts.Cloud)
	}
	return &Error{Op: op, Hint: hint, Err: failed}
}

func namesOf(todo []exclusion) []string {
	var names []string
	for _, p := range todo {
		names = append(names, p.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
