package steps

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// closer is what a guard works with. It knows one account and what was suspended for it: it turns per-user MFA of that
// account on and takes those exclusions back, and has no way to do anything else.
type closer struct {
	run    *Run
	client *graph.Client
	order  guard.Order
	owed   func() []journal.Inverse

	left    []journal.Inverse // what was written down as left
	refused bool              // Microsoft asked for a stronger sign-in before an exclusion is taken back
}

// Hire makes the worker of a guard. The transport stands in for the network in tests; nil is the system's, with the
// certificates of the order.
func Hire(transport http.RoundTripper) guard.Hire {
	return func(o guard.Order, tokens *graph.Relay, owed func() []journal.Inverse) (guard.Worker, error) {
		if transport == nil && len(o.Roots) > 0 {
			var err error
			if transport, err = trusting(o.Roots); err != nil {
				return nil, err
			}
		}
		r, err := NewRun(Options{Cloud: o.Cloud, Cap: o.Cap, Journal: o.Journal, By: journal.ByGuard})
		if err != nil {
			return nil, err
		}
		client, err := graph.New(graph.Options{Cloud: o.Cloud, Tenant: o.TenantID, Transport: transport, Credential: tokens, Observe: r.observe})
		if err != nil {
			return nil, err
		}
		client.Expect(o.Account.ID)
		r.client = client
		r.mem.bound = true
		r.mem.identity = graph.Identity{TenantID: o.TenantID, UserPrincipalName: o.Operator}
		r.recorder.Proof.Take(o.Key)
		c := &closer{run: r, client: client, order: o, owed: owed}
		c.arm()
		if err := r.recorder.Attach(r.mem.identity, o.Run); err != nil && !o.Open {
			return nil, err // an open window is closed without a journal as well
		}
		return c, nil
	}
}

// trusting is a transport that trusts these certificates only.
func trusting(roots []byte) (http.RoundTripper, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(roots) {
		return nil, errors.New("the order's certificates can't be read")
	}
	return graph.NewTransport(pool), nil
}

// arm sets the run to an open window with everything that is owed.
func (c *closer) arm() {
	a := c.order.Account
	var undoing []exclusion
	defaults, campaign, able := false, false, c.mayExclude()
	for _, i := range c.owed() {
		switch i.Kind {
		case journal.InversePolicyExclusion:
			if !able {
				continue
			}
			undoing = append(undoing, exclusion{policyID: i.TargetID, name: i.TargetID})
		case journal.InverseSecurityDefaults:
			defaults = true
		case journal.InverseCampaignExclusion:
			campaign = true
		}
	}
	c.run.set(func(m *memory) {
		m.user = graph.User{ID: a.ID, UserPrincipalName: a.UserPrincipalName}
		m.exposure = &Exposure{Account: a.UserPrincipalName, id: a.ID, Opened: c.order.Opened, Cap: c.order.Cap}
		m.undoing, m.defaultsOff, m.campaignLeft = undoing, defaults, campaign
	})
}

// mayExclude reports that exclusions can be taken back with the newest token.
func (c *closer) mayExclude() bool {
	if c.refused {
		return false
	}
	if c.order.StepUp == "" {
		return true
	}
	if err := c.client.Refresh(context.Background()); err != nil { // the newest token is in memory: it waits for nothing
		c.run.log.Info("take the newest token", "error", err)
	}
	return c.client.SteppedUp(c.order.StepUp)
}

// Probe reads the account's per-user MFA with a token that can set it.
func (c *closer) Probe(ctx context.Context) error {
	if err := c.client.Require(ctx, graph.Prompt{}, writeMFA.name); err != nil {
		return err
	}
	_, err := c.client.PerUserMFA(ctx, c.order.Account.ID)
	return err
}

// Close closes the window, and reads in the tenant that it is. No file says so in the tenant's place.
func (c *closer) Close(ctx context.Context) error {
	c.arm()
	err := c.run.CloseExposure(ctx, func(Event) {})
	c.refused = c.refused || errors.Is(err, graph.ErrStepUp) // the next attempt leaves them
	if err == nil {
		c.noteLeft(ctx)
	}
	return err
}

// noteLeft writes down which exclusions stay, by name, once everything else is put back. They stay owed: the next start of the
// wizard, or restore, begins with them, where somebody can give the stronger sign-in.
func (c *closer) noteLeft(ctx context.Context) {
	if c.mayExclude() {
		return
	}
	for _, i := range c.owed() {
		if i.Kind != journal.InversePolicyExclusion || slices.Contains(c.left, i) {
			continue
		}
		name := i.TargetID
		policy, err := c.client.Policy(ctx, i.TargetID)
		switch {
		case errors.Is(err, graph.ErrNotFound), err == nil && !policy.Excludes(c.order.Account.ID):
			continue
		case err == nil:
			name = policy.Name
		}
		c.left = append(c.left, i)
		c.run.recorder.Note(journal.Entry{
			Kind: journal.KindOutcome, Step: string(ReenableMFA), Restores: &i, Outcome: journal.Refused,
			Change: journal.Change{Op: string(Modify), Object: "excluded users of " + name},
			Note:   "left as it is: taking it back asks for a stronger sign-in, which a guard can't give. Run restore",
		})
	}
}

// Stuck writes down that the window stays open, and what of it could not be put back. All of it stays owed: the next start
// begins with it.
func (c *closer) Stuck(err error) {
	c.run.recorder.Note(journal.Entry{Kind: journal.KindWindowStuck, Note: Explain(err).What + " Not put back: " + phrase.JoinAnd(c.notBack()) + "."})
}

// notBack is what the last attempt left. Names of policies can't be read any more by then; the lines of their changes have them.
func (c *closer) notBack() (left []string) {
	m := c.run.see()
	if !m.demanded {
		left = append(left, "per-user MFA of "+c.order.Account.UserPrincipalName)
	}
	if m.defaultsOff {
		left = append(left, "security defaults of the whole tenant")
	}
	if n := len(m.undoing); n > 0 {
		left = append(left, "its exclusion from "+phrase.Count(n, "policy", "policies"))
	}
	if m.campaignLeft {
		left = append(left, "its exclusion from the registration campaign")
	}
	return left
}

// Done closes the journal.
func (c *closer) Done() {
	c.run.recorder.Close()
	c.run.recorder.Proof.Wipe()
}
