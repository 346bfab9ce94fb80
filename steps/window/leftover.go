package window

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Every start looks for an exposure window that an earlier run left open, and begins there. The journal of this
// computer says which account, since when, and what was suspended; the tenant says whether that is still so, and shows
// accounts of this program that no journal here knows, as after a run on another computer.

// Leftover is an account as an earlier run left it.
type Leftover struct {
	Facts     mfa.Facts
	Journaled bool
	Opened    time.Time // zero where nobody knows it
	Owed      mfa.Owed
	Exposed   bool         // Global Administrator, and nothing demands MFA at every sign-in
	Defaults  *DefaultsOff // security defaults are off, perhaps by an earlier run of which no journal here knows

	Unshown bool // the tenant does not show yet that it is Global Administrator
	Older   bool // that MFA is demanded may be an older state: what demands it was being suspended a moment ago

	arriving []journal.Inverse // suspensions that no read has shown, and so new that they may still reach the tenant
	Foreign  bool              // it does not carry this program's mark
	Ask      *Claim            // what only the journal says, to be asked first
}

// Owes reports that something is to be put back, or asked.
func (l *Leftover) Owes() bool {
	return l.Exposed || l.Journaled || l.Owed.Any() || l.Defaults != nil
}

// unread reports that nobody knows which policies exclude the account.
func (l *Leftover) unread() bool {
	err := l.Facts.Policies.Err()
	return err != nil && !errors.Is(err, graph.ErrUnlicensed)
}

// hides reports that policies may be there that were not read.
func (l *Leftover) hides() bool { return l.unread() || l.Facts.Hides }

// answers are what the operator has said about what was found.
type answers struct {
	believed, declined []string // of what only the journal says
	keepExclusions     bool     // exclusions that were found are somebody's intention
	keepDefaults       bool     // so are security defaults that are off
}

// journalOwes is the window that the journal knows to be open, or what is owed to an account without one.
func (in search) journalOwes() (journal.WindowState, bool) {
	l := in.window.opts.Recorder.Read()
	if open, yes := l.OpenWindow(); yes {
		return open, true
	}
	return l.Owed()
}

// lookEverywhere finds, for an account of this program, what no journal here knows: every exclusion, and security defaults. It returns
// why exclusions may be there that it could not read.
func (in search) lookEverywhere(ctx context.Context, l *Leftover) (unread error) {
	unread = in.everyExclusion(ctx, l)
	if !in.said.keepDefaults && !l.Owed.Defaults {
		l.Defaults = defaultsTurnedOff(ctx, in.client, &l.Facts)
	}
	return unread
}

// everyExclusion finds every exclusion of the account itself, from policies that demand no MFA and from the registration campaign
// too. Where the operator said that they are meant, only those go on being owed that leave an administrator without MFA.
func (in search) everyExclusion(ctx context.Context, l *Leftover) (unread error) {
	keep := in.said.keepExclusions
	policies := l.Facts.PolicyList()
	for i := range policies {
		p := &policies[i]
		if p.Excludes(l.Facts.User.ID) && !l.Owed.Excluded(p) && (!keep || l.Exposed && p.DemandsMFA()) {
			l.Owed.Exclusions = append(l.Owed.Exclusions, mfa.Exclusion{PolicyID: p.ID, Name: p.Name})
		}
	}
	if keep {
		return nil
	}
	p, err := in.client.MFA.AuthenticationMethodsPolicy(ctx)
	l.Owed.Campaign = l.Owed.Campaign || err == nil && mfa.InCampaign(p.Campaign, l.Facts.User.ID)
	switch {
	case l.unread():
		return l.Facts.Policies.Err()
	case l.Facts.Hides, err == nil && !p.Campaign.Known():
		return graph.ErrUnavailable // what is not shown may exclude it
	}
	return err
}

// journaledLeftover compares the window that the journal knows with the tenant, twice where nothing of it is found, because one
// read may lag. A window that somebody else has closed meanwhile is noted.
func (in search) journaledLeftover(ctx context.Context, known journal.WindowState) (*Leftover, error) {
	if time.Since(known.Opened) < knownWithin { // the account may be as new as that
		in.client.Expect(known.Account.ID)
	}
	for _, before := range []time.Duration{0, time.Second} {
		if err := pause.For(ctx, before); err != nil {
			return nil, err
		}
		l, over, err := in.compare(ctx, known)
		if err != nil || l != nil || over {
			return l, err
		}
	}
	in.noteRestored(known, "found closed in the tenant")
	return nil, nil
}

// compare is one look. It returns nil where nothing is left of it, with over where that needs no other look.
func (in search) compare(ctx context.Context, known journal.WindowState) (found *Leftover, over bool, err error) {
	user := graph.User{ID: known.Account.ID, UserPrincipalName: known.Account.UserPrincipalName}
	l, err := in.byID(ctx, user.ID)
	if errors.Is(err, graph.ErrNotFound) && !mfa.Exists(ctx, in.client, user) {
		in.noteRestored(known, AccountGone)
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	l.addJournaled(known, in.window.opts.Requests.Now())
	if in.weigh(&l, known) {
		return nil, true, nil
	}
	owed, _ := mfa.OwedExclusions(l.Facts.PolicyList(), l.Owed, user.ID)
	recent := l.Owed.Any() && time.Since(known.Suspended) < knownWithin
	if l.Ask != nil || l.Exposed || l.Owed.Defaults || l.Owed.Campaign || len(owed) > 0 || recent || len(l.Owed.Untold(l.Facts.PolicyList(), l.hides())) > 0 {
		return &l, false, nil
	}
	return nil, false, nil
}

// byID reads an account that the journal names, as the tenant names it.
func (in search) byID(ctx context.Context, id string) (Leftover, error) {
	user, err := in.client.Users.User(ctx, id)
	if err != nil {
		return Leftover{}, &problem.Error{Op: "read the account that the journal names", Err: err}
	}
	return leftoverOf(ctx, in.client, user)
}

// addJournaled adds what the journal knows. Its times are by a clock that may have been set since: an account that is new by Microsoft's is
// new all the same.
func (l *Leftover) addJournaled(known journal.WindowState, now time.Time) {
	l.Journaled, l.Opened = true, known.Opened
	ago := time.Since(known.Suspended)
	for _, i := range known.Inverses {
		switch i.Kind {
		case journal.InverseCampaignExclusion:
			l.Owed.Campaign, l.Owed.CampaignSince = true, known.Suspended
		case journal.InverseSecurityDefaults:
			l.Owed.Defaults = l.Owed.Defaults || !l.Facts.DefaultsOn() || ago < shownLateWithin
		case journal.InversePolicyExclusion:
			if name, there := l.policyName(i.TargetID); there {
				l.Owed.Exclusions = append(l.Owed.Exclusions, mfa.Exclusion{PolicyID: i.TargetID, Name: name})
			}
		case journal.InversePerUserMFA: // it is put back whatever the journal says
			l.Owed.StateSuspended = true
		default: // nothing else is put back by closing
		}
	}
	if ago < knownWithin {
		l.arriving = known.Unseen
	}
	demands := l.Facts.Demands()
	_, shown := mfa.Everywhere(demands)
	_, always := l.Owed.Everywhere(demands)
	l.Older = shown && !always && ago < shownLateWithin
	recent := time.Since(known.Opened) < shownLateWithin || MayShowRole(l.Facts.User, now)
	l.Unshown = !l.Facts.Administrator && (!shown && recent || l.Older)
	l.Exposed = l.Exposed || l.Unshown || l.Older
}

// policyName is what a policy is called, and whether it may be there. One that may not have been read is called by its id.
func (l *Leftover) policyName(id string) (name string, there bool) {
	i := slices.IndexFunc(l.Facts.PolicyList(), func(p graph.Policy) bool { return objectid.Same(p.ID, id) })
	if i < 0 {
		return id, l.hides()
	}
	return l.Facts.PolicyList()[i].Name, true
}

// noteRestored writes down that what the journal knew is over.
func (in search) noteRestored(known journal.WindowState, why string) {
	in.window.opts.Recorder.NoteClosed(journal.Entry{Account: known.Account, Note: why})
	for _, i := range known.Inverses {
		in.window.writer.NoteRestored(finding.Check, i)
	}
}

// knownWithin is how long a new account, or what was suspended for it, may not be known everywhere.
const knownWithin = 2 * time.Minute

// shownLateWithin is how long a role may be assigned, or a demand suspended, and not shown. In that time a window that was opened is open.
const shownLateWithin = 15 * time.Minute

// leftoverOf reads whether an account is an administrator without MFA.
func leftoverOf(ctx context.Context, client *graph.Client, user graph.User) (Leftover, error) {
	facts, err := mfa.Read(ctx, client, user)
	if err != nil {
		return Leftover{}, err
	}
	_, always := mfa.Everywhere(facts.Demands())
	return Leftover{Facts: facts, Exposed: facts.Administrator && !always}, nil
}

// assignedAt is when the account was last made Global Administrator, as far as the audit log reaches and names it; zero where it does not.
func assignedAt(ctx context.Context, client *graph.Client, user graph.User) time.Time {
	records, err := client.Tenant.RoleAdditions(ctx, user.Created)
	if err != nil {
		return time.Time{}
	}
	for _, rec := range records {
		if rec.Result == "success" && slices.ContainsFunc(rec.Targets, func(t graph.AuditTarget) bool { return objectid.Same(t.ID, user.ID) && becomesGlobal(t) }) {
			return rec.At
		}
	}
	return time.Time{}
}

// becomesGlobal reports a target that is given Global Administrator. The log writes the role's template as JSON, and names the
// role's object, which has an id of its own in each tenant, beside it.
func becomesGlobal(t graph.AuditTarget) bool {
	return slices.ContainsFunc(t.Changes, func(c graph.AuditChange) bool {
		return c.Name == "Role.TemplateId" && objectid.Same(strings.Trim(c.New, `"`), graph.GlobalAdministrator)
	})
}
