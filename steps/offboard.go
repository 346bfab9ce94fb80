package steps

import (
	"cmp"
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Offboarding takes out what the onboarding and Delegate365's setup put into the tenant. What is there is read from the tenant, in
// each step anew, so that a run that was stopped goes on where the tenant stands. The order matters, because later steps destroy
// what earlier ones need: an account that is deleted keeps its role and its exclusions, and restoring it brings both back; and with
// the consents this program may get no new access.
// https://learn.microsoft.com/entra/architecture/recover-from-deletions

// Offboard is the offboarding in its order.
func Offboard() []Step {
	list := []Step{instrumented{signIn{next: phrase.T("Look at what is there"), begins: offboards}}, instrumented{offboardPlan{}}}
	for _, t := range takeOuts() {
		list = append(list, instrumented{t})
	}
	return append(list, instrumented{offboarded{}})
}

// offboardChoices are the operator's in an offboarding.
type offboardChoices struct {
	left   []ID          // steps whose things stay
	kept   []string      // ids of service principals that stay
	taken  []string      // those that go although nothing is known of who added them
	all    bool          // of the consents, all that this program asks for is taken back, and not only what this run added
	picked bool          // that was chosen, the one or the other
	before []clientGrant // before this run asked for anything beyond reading
	read   bool          // before was read
	added  []addition    // by this run, as Microsoft's log has it
	drawn  []withdrawal  // by this run, of what was accepted
	lost   []string      // of others' permissions, with what was taken back, as Microsoft's log has it
	needed []scope       // what the plan takes
	agreed bool          // the plan was accepted
	stays  bool          // what an earlier offboarding took out is not put back
	back   int           // how much of it this run put back
}

// part is one thing that is taken out.
type part struct {
	change Change
	take   func(ctx context.Context, report func(Event)) error
}

// outlook is what of one kind stands in the tenant.
type outlook struct {
	parts   []part
	facts   []Fact
	stays   bool     // the first of facts says why none of it is taken out
	asked   bool     // leaving it is what Enter does: nothing shows that it is the onboarding's
	blocked Sentence // why nothing of it can be taken out yet
	actions []Action // beside those of every step
	label   string   // of the action that takes it out, in place of the step's own
	details []Section
}

// takeOut is a step of the offboarding.
type takeOut struct {
	info   Info
	label  string  // of the action that takes it out; empty where the outlook has it
	asked  bool    // leaving it is what Enter does: somebody else may need it
	scopes []scope // that taking it out takes
	look   func(ctx context.Context, r *Run, client *graph.Client) (outlook, error)
}

// actLeaveOut leaves it as it is, and actReconsider takes that back.
const (
	actLeaveOut   = "leave-it"
	actReconsider = "reconsider"
)

func (t takeOut) Info() Info { return t.info }

func (t takeOut) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, err := r.tenant()
	if err != nil {
		return Finding{}, err
	}
	found, err := t.look(ctx, r, client)
	if err != nil {
		return Finding{}, err
	}
	f := Finding{Status: Ready, Text: []Sentence{t.info.Why}, Sections: []Section{{Facts: found.facts}}, Details: found.details}
	if len(found.facts) == 0 {
		f.Sections = nil
	}
	leave := Action{ID: actLeaveOut, Label: phrase.T("Leave it as it is")}
	switch {
	case slices.Contains(r.snapshot().choices.offboard.left, t.info.ID):
		f.Status, f.Sections = Done, nil
		f.Text = []Sentence{t.leftAsItIs(r.snapshot())}
		f.Actions = []Action{{ID: ActNext, Label: phrase.T("Continue")}, {ID: actReconsider, Label: phrase.T("Decide again")}}
	case !found.blocked.IsZero():
		f.Status, f.Text = Blocked, []Sentence{found.blocked}
		f.Actions = []Action{leave, {ID: ActRetry, Label: phrase.T("Look again")}}
	case len(found.parts) == 0:
		f.Status, f.Text = Done, []Sentence{t.nothingLeft(r.snapshot())}
		f.Actions = append([]Action{{ID: ActNext, Label: phrase.T("Continue")}}, found.actions...)
	default:
		for _, p := range found.parts {
			f.Changes = append(f.Changes, p.change)
		}
		f.Notice = askedOnceMore(client, t.scopes)
		f.Actions = append([]Action{{ID: ActApply, Label: cmp.Or(found.label, t.label)}, leave}, found.actions...)
		if (t.asked || found.asked) && (len(found.actions) == 0 || !pickedConsents(r)) {
			f.Actions[0], f.Actions[1] = f.Actions[1], f.Actions[0]
		}
	}
	return f, nil
}

// nothingLeft says that nothing is there to take out, and what this run took out before.
func (t takeOut) nothingLeft(m *memory) Sentence {
	claim := finding.Remaining.Of(t.info.Title, "")
	if made := m.changes(t.info.ID); len(made) > 0 {
		return claim.In("%s: this run has made %s. Nothing else was found that this program may take out.", t.info.Title, tallyOf(made))
	}
	return claim.In("%s: nothing was found that this program may take out.", t.info.Title)
}

// leftAsItIs says that somebody chose to take nothing out, or nothing more than this run did before.
func (t takeOut) leftAsItIs(m *memory) Sentence {
	claim := finding.Remaining.Of(t.info.Title, "left")
	if made := m.changes(t.info.ID); len(made) > 0 {
		return claim.In("%s: this run has made %s. The rest is left as it is, as you chose.", t.info.Title, tallyOf(made))
	}
	return claim.In("%s: left as it is, as you chose.", t.info.Title)
}

// askedOnceMore says that Microsoft asks for these permissions first, where the token lacks any.
func askedOnceMore(client *graph.Client, scopes []scope) Sentence {
	lacking := mfa.Lacking(client, scopes)
	if len(lacking) == 0 {
		return Sentence{}
	}
	why := mfa.Whys(lacking)
	return finding.Outside.Of("permissions", why).In("Microsoft asks you to sign in once more first, so that this program can: %s.", why)
}

// Plan is empty: the offboarding's own plan is read from the tenant.
func (takeOut) Plan(Situation) Planned { return Planned{} }

// Apply takes out what is there now, one after the other. What was taken out stays so when a later one fails.
func (t takeOut) Apply(ctx context.Context, r *Run, report func(Event)) error {
	client, err := r.tenant()
	if err != nil || slices.Contains(r.snapshot().choices.offboard.left, t.info.ID) {
		return err
	}
	found, err := t.look(ctx, r, client)
	if err != nil || !found.blocked.IsZero() || len(found.parts) == 0 {
		return err
	}
	if err := r.require(ctx, report, t.scopes...); err != nil {
		return err
	}
	keepBeforeOffboarding(ctx, r, client, report)
	for _, p := range found.parts {
		if err := p.take(ctx, report); err != nil {
			return err
		}
	}
	return nil
}

func (t takeOut) Answer(r *Run, id string, _ graph.Secret) error {
	switch {
	case id == actLeaveOut:
		r.update(func(m *memory) { m.choices.offboard.left = append(m.choices.offboard.left, t.info.ID) })
	case id == actReconsider:
		r.update(func(m *memory) {
			left := m.choices.offboard.left
			m.choices.offboard.left = slices.DeleteFunc(slices.Clone(left), func(id ID) bool { return id == t.info.ID })
		})
	case id == actAllConsents:
		r.update((*memory).pickConsents)
	case len(id) > len(actKeep) && id[:len(actKeep)] == actKeep:
		r.update(func(m *memory) { m.choices.offboard.kept = append(m.choices.offboard.kept, id[len(actKeep):]) })
	case len(id) > len(actTake) && id[:len(actTake)] == actTake:
		r.update(func(m *memory) { m.choices.offboard.taken = append(m.choices.offboard.taken, id[len(actTake):]) })
	default:
		return unknownAnswer(id)
	}
	return nil
}
