package window

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Closer is what a guard works with. It knows one account and what was suspended for it: it turns per-user MFA of that
// account on and takes those exclusions back, and has no way to do anything else.
type Closer struct {
	window   *Window
	client   *graph.Client
	recorder *change.Recorder
	requests *change.Requests
	order    guard.Order
	owed     func() []journal.Inverse
	lapse    *lapse

	left    []journal.Inverse // what was written down as left
	refused bool              // Microsoft asked for a stronger sign-in before an exclusion is taken back
}

// NewCloser makes the worker of a guard. The transport stands in for the network in tests; nil is the system's, with the
// certificates of the order.
func NewCloser(transport http.RoundTripper) guard.NewWorker {
	return func(o guard.Order, tokens *graph.Relay, owed func() []journal.Inverse) (guard.Worker, error) {
		if transport == nil && len(o.Network.Roots) > 0 {
			var err error
			if transport, err = graph.NewTransportTrusting(o.Network.Roots); err != nil {
				return nil, fmt.Errorf("trust the order's certificates: %w", err)
			}
		}
		requests, log := &change.Requests{}, slog.New(slog.DiscardHandler)
		client, err := graph.New(graph.Options{Cloud: o.Cloud, Tenant: o.TenantID, Transport: transport, Credential: tokens, Observe: requests.Keep})
		if err != nil {
			return nil, err
		}
		client.Expect(o.Account.ID)
		c := &Closer{client: client, requests: requests, order: o, owed: owed, lapse: ordered(o)}
		c.recorder = change.NewRecorder(change.RecorderOptions{
			Folder: o.Journal, By: journal.ByGuard, Account: func() journal.Account { return o.Account }, Log: log,
		})
		c.recorder.Proof.Take(o.Key)
		c.window, err = New(Options{
			Client:  func() (*graph.Client, error) { return client, nil },
			Tenant:  func() mfa.Tenant { return mfa.Tenant{ID: o.TenantID, Cloud: o.Cloud} },
			Require: c.require, Recorder: c.recorder, Requests: requests, Cap: o.Cap, Reach: mfa.WhatIsOwed, Log: log,
		})
		if err != nil {
			return nil, err
		}
		c.load()
		who := graph.Identity{TenantID: o.TenantID, UserPrincipalName: o.Operator}
		if err := c.recorder.Attach(who, o.Run); err != nil && !o.Open {
			return nil, err // an open window is closed without a journal as well
		}
		return c, nil
	}
}

// require makes sure that the newest token carries permissions. There is nobody to ask for more.
func (c *Closer) require(ctx context.Context, _ func(finding.Event), permissions ...finding.Permission) error {
	lacking := mfa.Lacking(c.client, permissions)
	if len(lacking) == 0 {
		return nil
	}
	return mfa.NotGiven(lacking, c.client.Require(ctx, graph.Prompt{}, mfa.Names(lacking)...))
}

// load sets the window to an open one with everything that is owed. How its per-user MFA stood, and whether that was set to
// disabled, nobody tells a guard: so the state is always set before it is read.
func (c *Closer) load() {
	var owed mfa.Owed
	able := c.mayExclude()
	for _, i := range c.owed() {
		switch i.Kind {
		case journal.InversePolicyExclusion:
			if able {
				owed.Exclusions = append(owed.Exclusions, mfa.Exclusion{PolicyID: i.TargetID, Name: i.TargetID})
			}
		case journal.InverseSecurityDefaults:
			owed.Defaults = true
		case journal.InverseCampaignExclusion:
			owed.Campaign = true
		}
	}
	c.window.owed.Update(func(o *mfa.Owed) {
		if owed.Campaign && o.CampaignSince.IsZero() {
			o.CampaignSince = time.Now() // at the latest
		}
		o.Exclusions, o.Defaults, o.Campaign, o.StateSuspended = owed.Exclusions, owed.Defaults, owed.Campaign, true
	})
	a := c.order.Account
	c.window.update(func(s *state) {
		s.open = &Exposure{Account: a.UserPrincipalName, id: a.ID, Opened: c.order.Opened, Cap: c.order.Cap, lapse: c.lapse}
	})
}

// mayExclude reports that exclusions can be taken back with the newest token.
func (c *Closer) mayExclude() bool {
	if c.refused {
		return false
	}
	if c.order.StepUp == "" {
		return true
	}
	_ = c.client.Refresh(context.Background()) // the newest token is in memory: it waits for nothing
	return c.client.SteppedUp(c.order.StepUp)
}

// Probe reads the account's per-user MFA with a token that can set it.
func (c *Closer) Probe(ctx context.Context) error {
	if err := c.client.Require(ctx, graph.Prompt{}, mfa.WriteMFA.Name); err != nil {
		return err
	}
	_, err := c.client.MFA.PerUserMFA(ctx, c.order.Account.ID)
	return err
}

// Close closes the window, and reads in the tenant that it is. No file says so in the tenant's place.
func (c *Closer) Close(ctx context.Context) error {
	c.load()
	user := graph.User{ID: c.order.Account.ID, UserPrincipalName: c.order.Account.UserPrincipalName}
	err := c.window.Close(ctx, user, finding.ReenableMFA, func(finding.Event) {})
	c.refused = c.refused || errors.Is(err, graph.ErrStepUp) // the next attempt leaves them
	if err == nil {
		c.noteLeft(ctx)
	}
	return err
}

// noteLeft writes down which exclusions stay, by name, once everything else is put back. They stay owed: the next start of the
// wizard, or restore, begins with them, where somebody can give the stronger sign-in.
func (c *Closer) noteLeft(ctx context.Context) {
	if c.mayExclude() {
		return
	}
	for _, i := range c.owed() {
		if i.Kind != journal.InversePolicyExclusion || slices.Contains(c.left, i) {
			continue
		}
		name := i.TargetID
		policy, err := c.client.ConditionalAccess.Policy(ctx, i.TargetID)
		switch {
		case errors.Is(err, graph.ErrNotFound), err == nil && !policy.Excludes(c.order.Account.ID):
			continue
		case err == nil:
			name = policy.Name
		}
		c.left = append(c.left, i)
		c.recorder.Note(journal.Entry{
			Kind: journal.KindOutcome, Step: string(finding.ReenableMFA), Restores: &i, Outcome: journal.Refused,
			Change: journal.Change{Op: string(finding.Modify), Object: "excluded users of " + name},
			Note:   phrase.T("left as it is: taking it back asks for a stronger sign-in, which a guard can't give. Run restore"),
		})
	}
}

// Stuck writes down that the window stays open, and what of it could not be put back. All of it stays owed: the next start
// begins with it.
func (c *Closer) Stuck(err error) {
	c.recorder.Note(journal.Entry{Kind: journal.KindWindowStuck, Note: phrase.T("%s Not put back: %s.", problem.Explain(err).What, phrase.JoinAnd(c.notBack()))})
}

// Gone writes down when the wizard ended without a goodbye.
func (c *Closer) Gone(at time.Time) {
	c.recorder.Note(journal.Entry{Kind: journal.KindGone, Note: at.UTC().Format(time.RFC3339)})
}

// notBack is what the last attempt left. Names of policies can't be read any more by then; the lines of their changes have them.
func (c *Closer) notBack() (left []string) {
	owed := c.window.owed.Owed()
	if !owed.Demanded {
		left = append(left, phrase.T("per-user MFA of %s", c.order.Account.UserPrincipalName))
	}
	if owed.Defaults {
		left = append(left, phrase.T("security defaults of the whole tenant"))
	}
	if n := len(owed.Exclusions); n > 0 {
		left = append(left, phrase.T("its exclusion from %s", phrase.Count(n, "policy", "policies")))
	}
	if owed.Campaign {
		left = append(left, phrase.T("its exclusion from the registration campaign"))
	}
	return left
}

// Window is what is closed.
func (c *Closer) Window() *Window { return c.window }

// Client is the tenant, as the newest token of the wizard opens it.
func (c *Closer) Client() *graph.Client { return c.client }

// Requests are those that it made.
func (c *Closer) Requests() *change.Requests { return c.requests }

// Recorder writes the journal.
func (c *Closer) Recorder() *change.Recorder { return c.recorder }

// Done closes the journal.
func (c *Closer) Done() {
	c.recorder.Close()
	c.recorder.Proof.Wipe()
}
