package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Every start looks for an exposure window that an earlier run left open, and begins there. The journal of this
// computer says which account, since when, and what was suspended; the tenant says whether that is still so, and shows
// accounts of this program that no journal here knows, as after a run on another computer.

// leftover is an account as an earlier run left it.
type leftover struct {
	facts       mfaFacts
	journaled   bool
	opened      time.Time // zero where nobody knows it
	owed        []exclusion
	defaultsOff bool              // security defaults are off, and were on
	campaign    bool              // the account was excluded from the registration campaign
	exposed     bool              // Global Administrator, and nothing demands MFA at every sign-in
	defaults    *defaultsOffSince // security defaults are off, perhaps by an earlier run of which no journal here knows

	unshown bool   // the tenant does not show yet that it is Global Administrator
	foreign bool   // it does not carry this program's mark
	ask     *claim // what only the journal says, to be asked first
}

// owes reports that something is to be put back, or asked.
func (l *leftover) owes() bool {
	return l.exposed || l.journaled || len(l.owed) > 0 || l.campaign || l.defaultsOff || l.defaults != nil
}

// unread reports that nobody knows which policies exclude the account.
func (l leftover) unread() bool {
	err := l.facts.Policies.Err()
	return err != nil && !errors.Is(err, graph.ErrUnlicensed)
}

// lookForLeftover finds an account that an earlier run left open. It returns nil when there is none, and while a window
// of this run is open.
func (r *Run) lookForLeftover(ctx context.Context, client *graph.Client, report func(Event)) (*leftover, error) {
	if open, yes := r.Exposure(); yes && !open.Found {
		return nil, nil
	}
	report(Event{Text: "Looking for a window that an earlier run left open"})
	marked, err := client.UsersTitled(ctx, Marker)
	if err != nil {
		return nil, &Error{Op: "look for accounts of earlier runs", Err: err}
	}
	var asked *leftover
	if w, owes := r.journalOwes(); owes {
		l, err := r.journaledLeftover(ctx, client, w, false)
		if err != nil || l != nil && (!l.foreign || w.Proven) {
			return l, err
		}
		asked = l // an account of this program comes first
		marked = slices.DeleteFunc(marked, func(u graph.User) bool { return u.ID == w.Account.ID })
	}
	for _, u := range marked {
		l, err := r.leftoverOf(ctx, client, u)
		if err != nil {
			return nil, err
		}
		r.lookEverywhere(ctx, client, &l)
		r.weighLate(&l)
		if l.exposed {
			l.opened = assignedAt(ctx, client, u)
		}
		if l.owes() || l.ask != nil {
			return &l, nil
		}
	}
	return asked, nil
}

// lookEverywhere finds, for an account of this program, what no journal here knows: every exclusion of every policy, those
// that demand no MFA included, the registration campaign, and security defaults.
func (r *Run) lookEverywhere(ctx context.Context, client *graph.Client, l *leftover) {
	m := r.see()
	if !m.keepExclusions {
		for _, p := range l.facts.list() {
			if p.Excludes(l.facts.user.ID) && !madeBy(l.owed, p) {
				l.owed = append(l.owed, exclusion{p.ID, p.Name})
			}
		}
		p, err := client.AuthenticationMethodsPolicy(ctx)
		l.campaign = l.campaign || err == nil && excludesUser(p.Campaign, l.facts.user.ID)
	}
	if !m.keepDefaults && !l.defaultsOff {
		l.defaults = defaultsTurnedOff(ctx, client, l.facts)
	}
}

// journaledLeftover compares the window that the journal knows with the tenant. A window that somebody else has closed
// meanwhile is noted.
func (r *Run) journaledLeftover(ctx context.Context, client *graph.Client, w journal.WindowState, again bool) (*leftover, error) {
	user := graph.User{ID: w.Account.ID, UserPrincipalName: w.Account.UserPrincipalName}
	if time.Since(w.Opened) < knownWithin { // the account may be as new as that
		client.Expect(user.ID)
	}
	l, err := r.leftoverByID(ctx, client, user.ID)
	if errors.Is(err, graph.ErrNotFound) && r.gone(ctx, client, user) {
		r.recorder.NoteClosed(w.Account, noAccount)
		for _, i := range w.Inverses {
			r.writer.NoteRestored(Check, i)
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l.journaled, l.opened = true, w.Opened
	if _, always := everywhere(demandsOn(l.facts)); !always && !l.exposed && time.Since(w.Opened) < roleShownWithin {
		l.exposed, l.unshown = true, true
	}
	l.owed = nil
	for _, i := range w.Inverses {
		l.campaign = l.campaign || i.Kind == journal.InverseCampaignExclusion
		l.defaultsOff = l.defaultsOff || i.Kind == journal.InverseSecurityDefaults && !l.facts.defaults()
		if i.Kind == journal.InversePolicyExclusion && l.unread() {
			l.owed = append(l.owed, exclusion{i.TargetID, i.TargetID})
		}
		if p := slices.IndexFunc(l.facts.list(), func(p graph.Policy) bool { return p.ID == i.TargetID }); p >= 0 {
			l.owed = append(l.owed, exclusion{i.TargetID, l.facts.list()[p].Name})
		}
	}
	if r.weigh(&l, w) {
		return nil, nil
	}
	if l.ask != nil {
		return &l, nil
	}
	if owed, _ := owedExclusions(l.facts.list(), l.owed, user.ID); l.exposed || l.defaultsOff || l.campaign || len(owed) > 0 || l.unread() && len(l.owed) > 0 {
		return &l, nil
	}
	if !again { // one read may lag
		if err := change.Pause(ctx, time.Second); err != nil {
			return nil, err
		}
		return r.journaledLeftover(ctx, client, w, true)
	}
	r.recorder.NoteClosed(w.Account, "found closed in the tenant")
	for _, i := range w.Inverses {
		r.writer.NoteRestored(Check, i)
	}
	return nil, nil
}

// knownWithin is how long a new account may not be known everywhere.
const knownWithin = 2 * time.Minute

// roleShownWithin is how long a role may be assigned and not shown. In that time a window that was opened is open.
const roleShownWithin = 15 * time.Minute

const noAccount = "the account was deleted. Restoring it by hand, for which there are 30 days, makes it Global Administrator again"

// leftoverOf reads whether an account is an administrator without MFA.
func (r *Run) leftoverOf(ctx context.Context, client *graph.Client, user graph.User) (leftover, error) {
	facts, err := readMFA(ctx, client, user)
	if err != nil {
		return leftover{}, err
	}
	_, always := everywhere(demandsOn(facts))
	return leftover{facts: facts, exposed: facts.administrator && !always}, nil
}

// assignedAt is when the account last became a member of a role, as far as the audit log reaches; zero when it does not.
func assignedAt(ctx context.Context, client *graph.Client, user graph.User) time.Time {
	audits, err := client.DirectoryAudits(ctx, graph.AuditFilter{Since: user.Created, Activity: "Add member to role"})
	if err != nil {
		return time.Time{}
	}
	for _, a := range audits {
		if slices.Contains(a.Targets, user.UserPrincipalName) || slices.Contains(a.Targets, user.ID) {
			return a.At
		}
	}
	return time.Time{}
}

// The two answers by which what was found is somebody's intention.
const actKeepExclusions, actKeepDefaults = "keep-exclusions", "keep-defaults"

// answerLeftover takes them.
func (r *Run) answerLeftover(id string) bool {
	switch id {
	case actKeepExclusions:
		r.set(func(m *memory) { m.keepExclusions = true; m.forgetLeftover() })
	case actKeepDefaults:
		r.set(func(m *memory) { m.keepDefaults = true; m.forgetLeftover() })
	default:
		return false
	}
	return true
}

// forgetLeftover lets the next look decide.
func (m *memory) forgetLeftover() {
	if m.exposure == nil {
		m.left, m.user, m.found = false, graph.User{}, nil
	}
	m.undoing, m.defaultsOff, m.campaignLeft = nil, false, false
}

// takeOver makes the leftover what this run works on until it is closed.
func (r *Run) takeOver(l *leftover) {
	r.set(func(m *memory) {
		m.left, m.user, m.found, m.undoing, m.defaultsOff, m.campaignLeft = true, l.facts.user, nil, l.owed, l.defaultsOff, l.campaign
		m.perUser, m.stateSuspended, m.demanded = l.facts.state(), false, false
		m.foreignLeft = l.foreign
		if l.defaults != nil {
			m.defaultsOff, m.defaultsSince = true, l.defaults.at
		}
		if l.exposed {
			m.exposure = &Exposure{Account: l.facts.user.UserPrincipalName, id: l.facts.user.ID, Opened: l.opened, Cap: m.cap, Found: true}
		}
	})
}

// leftOpen says it with what has to be said of the journal.
func (r *Run) leftOpen(l *leftover) Finding {
	f := leftOpen(l, r.see())
	f.Notice = r.recorder.Doubt()
	return f
}

// leftOpen is what there is to say and do about a leftover.
func leftOpen(l *leftover, m memory) (f Finding) {
	upn := l.facts.user.UserPrincipalName
	f = restoration(l.facts, m)
	f.Status, f.Sections, f.Notice = Ready, nil, ""
	f.Actions = []Action{{ID: ActApply, Label: "Put MFA back"}, {ID: ActLeave, Label: "Leave"}}
	if l.defaults != nil {
		defer func() {
			f.Text = append(f.Text, l.defaults.words(m.org.DefaultDomain))
		}()
	}
	f.Actions = l.actions()
	switch {
	case !l.exposed && len(l.owed) == 0 && !l.campaign:
		f.Text = []string{"MFA is demanded of " + upn + ", but not everything is as it was before the onboarding."}
		return f
	case !l.exposed:
		f.Text = []string{"An earlier run left " + upn + " excluded from policies" + l.among() + ". That is put back before anything else."}
		return f
	case l.opened.IsZero():
		f.Text = []string{"MFA has been off for " + upn + ", and nobody here knows since when. " + l.role() + ": an earlier run was interrupted."}
	default:
		since := l.opened.Local().Format("2 January 15:04")
		f.Text = []string{fmt.Sprintf("MFA has been off for %s since %s, for %s. %s: an earlier run was interrupted.", upn, since, phrase.Roughly(time.Since(l.opened)), l.role())}
		source := "The audit log says since when."
		if l.journaled {
			source = "The journal on this computer says since when."
		}
		f.Text = append(f.Text, source)
	}
	f.Text = append(f.Text, "That is put back before anything else.")
	return f
}

func (l *leftover) role() string {
	if l.unshown {
		return "It was being made Global Administrator, which the tenant may show later"
	}
	return "It is Global Administrator"
}

// actions are what can be done about a leftover. What a colleague may have meant can be left as it is.
func (l *leftover) actions() []Action {
	out := []Action{{ID: ActApply, Label: "Put MFA back"}}
	if !l.exposed && !l.journaled && (len(l.owed) > 0 || l.campaign) {
		out[0].Label = "Take the exclusions back"
		out = append(out, Action{ID: actKeepExclusions, Label: "Keep the exclusions"})
	}
	if l.defaults != nil {
		out[0].Label = "Put all of it back"
		out = append(out, Action{ID: actKeepDefaults, Label: "Leave security defaults off"})
	}
	return append(out, Action{ID: ActLeave, Label: "Leave"})
}

// among says where nobody here knows who made the exclusions.
func (l *leftover) among() string {
	if l.journaled {
		return " that demand MFA"
	}
	return ", or a colleague meant it"
}

// putLeftoverBack closes what was left open.
func (r *Run) putLeftoverBack(ctx context.Context, report func(Event), step ID) error {
	if err := restoreMFA(ctx, r, report, step); err != nil {
		return err
	}
	m := r.see()
	r.recorder.NoteClosed(journal.Account{ID: m.user.ID, UserPrincipalName: m.user.UserPrincipalName}, "what was left is put back")
	r.set(func(m *memory) { m.left, m.user, m.found, m.foreignLeft = false, graph.User{}, nil, false })
	return nil
}
