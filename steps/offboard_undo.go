package steps

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// An offboarding that was stopped can be gone on with, or undone: restore puts back what the journal of this computer says that it
// took out. The tenant says what of it is still out. Exclusions are never put back, and nobody becomes Global Administrator again
// without MFA.

// actLeaveTakenOut leaves it out.
const actLeaveTakenOut = "leave-taken-out"

// undoing is one thing that an offboarding took out.
type undoing struct {
	part
	out    journal.TakenOut
	scopes []scope
	there  bool // the tenant has it: nothing is to be done
	fact   Fact
	lost   string // why it can't be put back; empty where it can
}

// undoers look at what was taken out, by its kind, in the order in which it is put back: an account before its role.
var undoers = []struct {
	kind journal.InverseKind
	look func(ctx context.Context, r *Run, client *graph.Client, i journal.Inverse) (undoing, error)
}{
	{journal.InverseDeletedUser, userOut},
	{journal.InverseRemovedRole, roleOut},
	{journal.InverseDeletedApp, appOut},
	{journal.InverseAppPasswordSetting, settingOut},
	{journal.InverseConsent, consentOut},
}

// takenOut is what is still out. What is there again is written down as put back.
func takenOut(ctx context.Context, r *Run, client *graph.Client) ([]undoing, error) {
	var all []undoing
	out := r.recorder.Read().TakenOut()
	for _, u := range undoers {
		for _, o := range out {
			if o.Inverse.Kind != u.kind {
				continue
			}
			found, err := u.look(ctx, r, client, o.Inverse)
			if err != nil {
				return nil, err
			}
			if found.there {
				r.window.Writer().NoteRestored(PutMFABack, o.Inverse)
				continue
			}
			found.out = o
			all = append(all, found)
		}
	}
	return all, nil
}

// halfOffboarded is the finding where an offboarding was stopped before its end; false where none was.
func halfOffboarded(ctx context.Context, r *Run, client *graph.Client) (Finding, bool, error) {
	o := r.snapshot().choices.offboard
	if o.stays {
		return Finding{}, false, nil
	}
	all, err := takenOut(ctx, r, client)
	if err != nil {
		return Finding{}, false, err
	}
	if len(all) == 0 {
		if o.back == 0 {
			return Finding{}, false, nil
		}
		return nothingLeft(finding.Restored.Of("offboarding", phrase.Count(o.back, "thing", "things")).In("What an offboarding took out is back: %s. It was read back.", phrase.Count(o.back, "thing", "things"))), true, nil
	}
	f := Finding{
		Status: Ready,
		Text: []Sentence{
			finding.Computer.Of("journal", "offboarding").In("The journal on this computer says that an offboarding was stopped before its end: %s out.", phrase.Count(len(all), "thing is", "things are")),
			finding.Advice("Put back what it took out, or leave it out and go on with offboard. The account is not excluded from policies again."),
		},
	}
	leave := Action{ID: actLeaveTakenOut, Label: phrase.T("Leave it out")}
	proven, facts := true, []Fact(nil)
	for _, u := range all {
		if u.lost != "" {
			facts = append(facts, Fact{Label: u.change.Spoken().Object, Value: phrase.T("can't be put back"), Mark: MarkNote, Note: u.lost})
			continue
		}
		proven = proven && u.out.Proven
		f.Changes = append(f.Changes, u.change)
		if u.fact.Label != "" {
			facts = append(facts, u.fact)
		}
	}
	if len(facts) > 0 {
		f.Sections = []Section{{Facts: facts}}
	}
	back := Action{ID: ActApply, Label: phrase.T("Put it back")}
	switch {
	case len(f.Changes) == 0:
		f.Actions = []Action{leave, {ID: ActRetry, Label: phrase.T("Look again")}}
	case !proven:
		f.Actions = []Action{leave, back}
		f.Text = append(f.Text, finding.Computer.Of("journal", "unproven").In("Nothing proves that this program wrote those lines of the journal. Look at each change: whoever can write the file can have written it."))
	default:
		f.Actions = []Action{back, leave}
	}
	f.Actions = append(f.Actions, Action{ID: ActLeave, Label: phrase.T("Leave")})
	return f, true, nil
}

// putTakenBack puts back what is out and can be, one after the other. What is back stays so when a later one fails.
func putTakenBack(ctx context.Context, r *Run, report func(Event)) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	all, err := takenOut(ctx, r, client)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(u undoing) bool { return u.lost != "" })
	var needed []scope
	for _, u := range all {
		for _, s := range u.scopes {
			needed = addScope(needed, s)
		}
	}
	if err := r.require(ctx, report, needed...); err != nil {
		return err
	}
	for _, u := range all {
		if err := u.take(ctx, report); err != nil {
			return err
		}
		r.update(func(m *memory) { m.choices.offboard.back++ })
	}
	return nil
}

const goneForGood phrase.Format = "It is not among Entra's deleted objects any more: it was deleted for good, or more than 30 days have gone by."

// userState is where an account is: there, among the deleted ones, or neither.
func userState(ctx context.Context, client *graph.Client, id string) (user graph.User, deleted bool, err error) {
	user, err = client.Users.User(ctx, id)
	if !errors.Is(err, graph.ErrNotFound) {
		return user, false, err
	}
	user, err = client.Users.Deleted(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		return graph.User{}, false, nil
	}
	return user, true, err
}

// clientID is the application that this run signs in with.
func clientID(r *Run) string { return cmp.Or(r.opts.ClientID, graph.DefaultClientID) }
