package window

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// How the exposure window is closed. Per-user MFA is set first, at once and over a new connection, and tried again until it
// is read back; everything else is put back beside it. The state that was set proves that the window is closed: what-if is
// not asked, and no disk is waited for.

// ClosingBound is how long closing is tried when nobody is there to see it, until it is left to the guard. It is enough for
// some fifty policies at five seconds each.
const ClosingBound = 5 * time.Minute

// closeRetry is the pause between two attempts to set per-user MFA.
const closeRetry = 2 * time.Second

// shownWithin is how long a state that Microsoft accepted may take to be shown, before a closing counts as failed.
const shownWithin = 30 * time.Second

// claimWait is how long whoever closes the window already is waited for. One that was stopped in the middle must not
// keep the window open.
const claimWait = 15 * time.Second

// closing is one closing of the window.
type closing struct {
	window  *Window
	account mfa.Account
	voices  *voices
}

// Close sets per-user MFA, takes back everything else that was suspended, and reads it back. What fails does not stop
// the rest: each thing put back makes the account safer. When it fails the window is still open and it may be called again.
func (w *Window) Close(ctx context.Context, user graph.User, step finding.ID, report func(finding.Event)) error {
	client, err := w.opts.Client()
	if err != nil {
		return err
	}
	said := newVoices(newTelling(report).tell)
	c := &closing{window: w, account: w.Account(client, user, step, said.part().say), voices: said}
	c.account.Report(finding.Event{Text: phrase.T("Putting MFA back for %s", user.UserPrincipalName)})
	noteFound(w)
	if err := c.require(ctx); err != nil {
		return err
	}
	c.account.Require = c.askedOnce(c.account.Require)
	ctx = graph.Closing(ctx)
	client.LeaveConnections()
	owed := w.owed.Owed()
	rest := owed.Defaults || owed.Campaign || len(owed.Exclusions) > 0
	gone, failed := c.rounds(ctx, owed)
	if failed != nil {
		return c.unfinished(failed)
	}
	by := phrase.Both("MFA is demanded by %s", phrase.Both("per-user MFA"))
	if rest {
		by = phrase.Both("MFA is demanded by per-user MFA, and all else is put back")
	}
	w.owed.Update(func(o *mfa.Owed) { o.Exclusions = nil })
	w.update(func(s *state) {
		s.pending = slices.DeleteFunc(slices.Clone(s.pending), func(p suspension) bool { return p.lost })
	})
	if gone {
		w.Stop(phrase.Both(AccountGone))
		return nil
	}
	w.Stop(by)
	w.closedBefore()
	return nil
}

// AccountGone is what closed the window of an account that does not exist any more.
const AccountGone = "the account was deleted. Restoring it by hand, for which there are 30 days, makes it Global Administrator again"

// require asks for everything at once, and, when that is refused, for what closes the gap. Where that was given before, nobody is waited
// for: what else it takes is asked for beside it.
func (c *closing) require(ctx context.Context) error {
	if len(mfa.Lacking(c.account.Client, []finding.Permission{mfa.WriteMFA})) == 0 {
		return nil
	}
	if all := c.window.owed.Owed().Permissions(); len(all) > 1 && c.account.Require(ctx, c.account.Report, all...) == nil {
		return nil
	}
	return c.account.Require(ctx, c.account.Report, mfa.WriteMFA)
}

// rounds puts everything back, and looks at all of it again where a suspension may reach the tenant after that.
func (c *closing) rounds(ctx context.Context, owed mfa.Owed) (gone bool, failed error) {
	gone, failed = c.round(ctx)
	for _, wait := range guard.Aftermath {
		if s := c.window.current(); failed != nil || !s.mayArrive() {
			break
		}
		c.account.Report(finding.Event{Wait: &finding.Wait{Text: phrase.T("A change of this run may still be on its way; looking again"), Until: time.Now().Add(wait)}})
		if failed = pause.For(ctx, wait); failed == nil {
			c.owedAgain(owed)
			gone, failed = c.round(ctx)
		}
	}
	return gone, failed
}

// owedAgain has the next round look at what was owed and one of them took for put back, where the suspension may still reach the tenant.
func (c *closing) owedAgain(was mfa.Owed) {
	s := c.window.current()
	c.window.owed.Update(func(o *mfa.Owed) {
		for _, p := range s.pending {
			o.Campaign = o.Campaign || was.Campaign && p.lost && p.inverse.Kind == journal.InverseCampaignExclusion
			o.Defaults = o.Defaults || was.Defaults && p.lost && p.inverse.Kind == journal.InverseSecurityDefaults
		}
	})
}

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
		if failed = c.signedIn(ctx, func(a mfa.Account) error { return a.RestoreState(ctx) }); failed == nil {
			c.lookAgain(ctx, over)
			break
		}
		if gone = errors.Is(failed, graph.ErrNotFound) && !mfa.Exists(ctx, c.account.Client, c.account.User); gone {
			failed = nil
			break
		}
		shownLater := errors.Is(failed, change.ErrNotShown) && time.Since(began) < shownWithin
		if final(failed) || running == nil && !shownLater {
			break
		}
		c.account.Report(finding.Event{Wait: &finding.Wait{Text: phrase.T("Per-user MFA could not be set; trying again"), Until: time.Now().Add(closeRetry)}})
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
	defer c.window.opts.Recorder.Claim(ctx, claimWait)()
	var opened time.Time
	if open, yes := c.window.Exposure(); yes {
		opened = open.Opened
	}
	part := func(restore func(a mfa.Account) error) func() error {
		return func() error { return c.signedIn(ctx, restore) }
	}
	return panics.Each(
		part(func(a mfa.Account) error { return a.RestoreDefaults(ctx, opened) }),
		part(func(a mfa.Account) error { return a.RestoreExclusions(ctx, c.reach()) }),
		part(func(a mfa.Account) error { return a.RestoreCampaign(ctx) }),
	)
}

// reach is what is taken back. Of an account that is not this program's only what was agreed is.
func (c *closing) reach() mfa.Reach {
	if left := c.window.current().left; left != nil && left.Foreign {
		return max(c.window.opts.Reach, mfa.WhatIsOwed)
	}
	return c.window.opts.Reach
}

// unfinished says what could not be put back. Where per-user MFA was read back, MFA is demanded all the same.
func (c *closing) unfinished(failed error) error {
	owed := c.window.owed.Owed()
	if !owed.Demanded {
		return failed
	}
	again, tenant := &problem.Error{Op: "put everything back"}, c.account.Tenant
	if e, ok := errors.AsType[*problem.Error](failed); ok {
		again = e
	}
	hint := phrase.T("Per-user MFA of %s is on, so MFA is demanded of it again. The rest is tried again.", c.account.User.UserPrincipalName)
	if names := owed.Stuck; len(names) > 0 {
		hint += " " + phrase.T("Or take it out of the excluded users of %s by hand: %s", phrase.JoinAnd(phrase.Names(names)), tenant.Cloud.ConditionalAccessURL())
	}
	switch {
	case again.Op == mfa.OpDefaultsOn:
		hint += " " + again.Hint
	case owed.Defaults:
		hint += " " + phrase.T("Security defaults are still off for everybody in %s: %s", tenant.Domain, mfa.DefaultsPage(tenant.Cloud))
	}
	return &problem.Error{Op: again.Op, Of: again.Of, Hint: hint, Err: failed}
}

// NoticeRestored notices exclusions of this run that somebody else has taken back. One read may lag, and shows no exclusion
// yet that was just made: only several in a row are believed.
func (w *Window) NoticeRestored(ctx context.Context, client *graph.Client, f *mfa.Facts, report func(finding.Event)) {
	undone := func(policies []graph.Policy, hides bool) bool {
		owed := w.owed.Owed()
		if len(owed.Untold(policies, hides)) > 0 {
			return false
		}
		for _, p := range policies {
			if owed.Excluded(&p) && p.Excludes(f.User.ID) {
				return false
			}
		}
		return true
	}
	if len(w.owed.Owed().Exclusions) == 0 || f.Policies.Err() != nil || !undone(f.PolicyList(), f.Hides) {
		return
	}
	report(finding.Event{Text: phrase.T("Somebody else seems to have taken the exclusions back. Reading again to be sure")})
	gone := change.Agreed(ctx, report, func(ctx context.Context) (bool, error) {
		policies, err := client.ConditionalAccess.Policies(ctx)
		return err == nil && undone(policies, client.ConditionalAccess.HidesPolicies()), err
	})
	if gone {
		w.owed.Update(func(o *mfa.Owed) { o.Exclusions = nil })
	}
}
