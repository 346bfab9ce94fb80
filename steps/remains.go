package steps

import (
	"context"
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// remainsWithin is how long a run that is over reads the tenant for what stays on the terminal.
const remainsWithin = 10 * time.Second

// Remains is what stays on the terminal, however a run ended: what it changed, whether MFA is on as the tenant is read now, for how
// long it was off, and what is left there.
func Remains(ctx context.Context, r *Run) []Sentence {
	m := r.snapshot()
	made, out := m.changes(""), Rehearsed(r)
	nothing := len(made) == 0 && m.window.Open == nil && len(m.window.Exposed()) == 0
	handed, written := Handed(r)
	if nothing {
		out = append(out, changedNothing(r, m))
	} else {
		out = append(append(out, hasMade(m, made, handed.byRun)), madeLines(made)...)
	}
	out = append(out, unreported(r, m)...)
	switch {
	case nothing && m.handed.at != HandOver:
		return out
	case m.choices.offboard.agreed:
		return append(out, staysSaid(ctx, r, m)...)
	}
	if m.appPasswords.untested && !written {
		out = append(out, testFailed(m))
	}
	if m.appPasswords.version == versionSkipped {
		out = append(out, skippedBecause(m))
	}
	client, user, err := r.account()
	if err != nil {
		return out
	}
	ctx, cancel := context.WithTimeout(graph.Closing(ctx), remainsWithin)
	defer cancel()
	out = append(out, isMFAOn(ctx, r, client, user, m)...)
	if !nothing {
		out = append(out, exposed(m, written || r.Changed() && OwesReport(r))...)
	}
	now := readLeft(ctx, r, client, user)
	if len(made) > 0 {
		for _, said := range noFactor(r, user, now) {
			if !written || handed.AlarmSaid() != phrase.T(oneAlarm, said.String()) { // that was said first
				out = append(out, said)
			}
		}
	}
	out = append(out, leftSaid(r, m, now)...)
	if m.handed.at == HandOver && !OwesReport(r) {
		return append(out, nextLines(r, m, now)...)
	}
	return append(out, leftToGive(m)...)
}

// changedNothing says so, and what a person made besides.
func changedNothing(r *Run, m *memory) Sentence {
	if len(unreported(r, m)) > 0 { // which says what was made besides
		return nothingChanged(r, m)
	}
	return nothingChanged(r, m).And(madeBesides(m))
}

// nothingChanged says so, but for what was accepted: of the plan's consent that is known, of the sign-in's it is not.
func nothingChanged(r *Run, m *memory) Sentence {
	claim := Tally{}.claim()
	client, err := r.tenant()
	if err != nil {
		return claim.In("This run has changed nothing in the tenant.")
	}
	if m.choices.offboard.read {
		var before []string
		for _, g := range m.choices.offboard.before {
			before = append(before, g.scopes...)
		}
		if added := without(client.Granted(), before); len(added) > 0 {
			return claim.In("This run has changed nothing in the tenant but the permissions that were accepted for it: %s.", phrase.JoinFew(added))
		}
	}
	return claim.In("This run has changed nothing in the tenant, but for permissions that may have been accepted when signing in.")
}

// madeBesides says of an app password who made it; nothing where none was entered.
func madeBesides(m *memory) Sentence {
	if m.secrets.appPassword.IsZero() {
		return Sentence{}
	}
	return finding.Word.Of("app password", "made").In(personMade)
}

const personMade = "The app password that was entered here was made by a person."

// hasMade says how many changes a run has made: so many that its report has them, where there is one, and how many came after it was
// closed, as that which names it.
func hasMade(m *memory, all []made, reported int) Sentence {
	claim, tenant, zone := m.tally().claim(), phrase.Name(m.org.DisplayName), timesIn()
	if reported == 0 || reported >= len(all) {
		return claim.In("This run has made %s in %s (%s):", m.tally(), tenant, zone)
	}
	return claim.In("This run has made %s in %s, and %s once its report was closed (%s):", tallyOf(all[:reported]), tenant, tallyOf(all[reported:]), zone)
}

// madeLines are the changes.
func madeLines(all []made) (out []Sentence) {
	for _, c := range all {
		kind, shown := finding.Made, ReadBack(c.Change)
		if !c.shown {
			kind, shown = finding.Sent, phrase.T("shown by no read")
		}
		out = append(out, kind.Of(c.Change.Object, c.Change.To).In("  %s %s %s: %s to %s, %s", phrase.Moment(c.At, time.Now()), string(c.Change.Op), c.Change.Spoken().Object, orNone(c.Change.Spoken().From), c.Change.Spoken().To, shown))
	}
	return out
}

// staysSaid is what stays after an offboarding.
func staysSaid(ctx context.Context, r *Run, m *memory) (out []Sentence) {
	client, err := r.tenant()
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(graph.Closing(ctx), remainsWithin)
	defer cancel()
	for _, row := range staying(ctx, r, client, m) {
		said := row.Label + ": " + row.Value + "."
		if row.Note != "" {
			said += " " + row.Note
		}
		out = append(out, finding.Remaining.Of(row.Label, row.Value).In("What stays, and what to know: %s", said))
	}
	if made, written := Handed(r); written {
		out = append(out, nextSaid(made.Next)...)
	}
	return out
}

// rowSaid is when MFA was off, and for how long.
func rowSaid(row Fact) string {
	if row.Note == "" {
		return phrase.T("never")
	}
	return row.Label + ", " + row.Value
}

// Rehearsed says of a rehearsal that it was one. What stays on the terminal begins with it.
func Rehearsed(r *Run) []Sentence {
	if !r.opts.rehearses() {
		return nil
	}
	return []Sentence{finding.Computer.Of("rehearsal", "yes").In("REHEARSAL on a simulated tenant. Nothing here is about a real one.")}
}

// readDemanded reads what demands MFA of the account: what stays on the terminal and the report both judge by it. That the account is
// Global Administrator, one read may not show yet.
func readDemanded(ctx context.Context, r *Run, client *graph.Client, user graph.User) (mfa.Facts, error) {
	f, err := mfa.ReadEach(ctx, client, user)
	if r.known().Assigned == user.ID {
		f.Facts = f.WithRole(graph.GlobalAdministrator)
	}
	return f, err
}

// isMFAOn says whether MFA is demanded of the account, as it is read now; where it is not, with the page that turns it on.
func isMFAOn(ctx context.Context, r *Run, client *graph.Client, user graph.User, m *memory) []Sentence {
	upn, page := user.UserPrincipalName, lasting(r, r.opts.Cloud.PerUserMFAURL())
	facts, err := readDemanded(ctx, r, client, user)
	state := analysis.StateWord(facts.State()).Spoken
	if errors.Is(err, graph.ErrNotFound) && !mfa.Exists(ctx, client, user) {
		return []Sentence{finding.Exists.Of(upn, "deleted").In("The account %s is gone: %s.", upn, phrase.T(window.AccountGone))}
	}
	if err != nil {
		return []Sentence{finding.Unread.Of("per-user MFA", "").In("Whether MFA is on for %s could not be read now. Look here: %s", upn, page)}
	}
	var out []Sentence
	_, shown := mfa.Everywhere(facts.Demands())
	switch d, always := m.window.Owed.Everywhere(facts.Demands()); {
	case shown && !always:
		out = append(out, finding.Unread.Of("per-user MFA", "").In("Whether MFA is on for %s is not known: per-user MFA is read as %s, which may be older than what this run set. Look here: %s", upn, state, page))
	case always:
		out = append(out, finding.Demanded.Of(upn, "yes").In("MFA is on for %s: %s, read at %s.", upn, d.Demanding(), phrase.Zoned(time.Now())))
	case !facts.Account.RolesKnown:
		out = append(out, finding.Unread.Of("roles", "").In("Per-user MFA is %s for %s, and its roles could not be read. Look here: %s", state, upn, page))
	case !facts.Administrator:
		out = append(out, finding.Role.Of(upn, "no").In("%s is no Global Administrator; per-user MFA is %s.", upn, state))
	case !facts.Whole():
		out = append(out, finding.Unread.Of("per-user MFA", "").In("Whether MFA is on for %s is not known: per-user MFA is %s, and not all else that may demand it could be read. Look here: %s", upn, state, page))
	default:
		out = append(out, finding.Demanded.Of(upn, "no").In("MFA IS NOT ON for %s: per-user MFA is %s, and nothing else demands it at every sign-in, read at %s. Turn it on here: %s", upn, state, phrase.Zoned(time.Now()), page))
	}
	return append(out, defaultsNow(r, m, facts.SecurityDefaults)...)
}
