package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Offboarding takes out what the onboarding and Delegate365's setup put into the tenant. What is there is read from the tenant, in
// each step anew, so that a run that was stopped goes on where the tenant stands. The order matters, because later steps destroy
// what earlier ones need: an account that is deleted keeps its role and its exclusions, and restoring it brings both back; and with
// the consents this program's own access ends.
// https://learn.microsoft.com/entra/architecture/recover-from-deletions

// Offboard is the offboarding in its order.
func Offboard() []Step {
	list := []Step{instrumented{signIn{next: phrase.T("Look at what is there")}}, instrumented{offboardPlan{}}}
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
	before []clientGrant // before this run asked for anything beyond reading
	read   bool          // before was read
	added  []addition    // by this run, as Microsoft's log has it
	drawn  []withdrawal  // by this run, of what was accepted
	lost   []string      // of others' permissions, with what was taken back, as Microsoft's log has it
	needed []scope       // what the plan takes
	gone   string        // user principal name of the account that this run deleted
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
	blocked Sentence // why nothing of it can be taken out yet
	actions []Action // beside those of every step
}

// takeOut is a step of the offboarding.
type takeOut struct {
	info   Info
	label  string  // of the action that takes it out
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
	f := Finding{Status: Ready, Text: []Sentence{t.info.Why}, Sections: []Section{{Facts: found.facts}}}
	if len(found.facts) == 0 {
		f.Sections = nil
	}
	leave := Action{ID: actLeaveOut, Label: phrase.T("Leave it as it is")}
	switch {
	case slices.Contains(r.snapshot().choices.offboard.left, t.info.ID):
		f.Status, f.Sections = Done, nil
		f.Text = []Sentence{finding.Remaining.Of(t.info.Title, "left").In("%s: left as it is, as you chose.", t.info.Title)}
		f.Actions = []Action{{ID: ActNext, Label: phrase.T("Continue")}, {ID: actReconsider, Label: phrase.T("Decide again")}}
	case !found.blocked.IsZero():
		f.Status, f.Text = Blocked, []Sentence{found.blocked}
		f.Actions = []Action{leave, {ID: ActRetry, Label: phrase.T("Look again")}}
	case len(found.parts) == 0:
		f.Status, f.Text = Done, []Sentence{finding.Remaining.Of(t.info.Title, "").In("%s: nothing was found that this program may take out.", t.info.Title)}
		f.Actions = append([]Action{{ID: ActNext, Label: phrase.T("Continue")}}, found.actions...)
	default:
		for _, p := range found.parts {
			f.Changes = append(f.Changes, p.change)
		}
		f.Actions = append([]Action{{ID: ActApply, Label: t.label}, leave}, found.actions...)
		if t.asked {
			f.Actions[0], f.Actions[1] = f.Actions[1], f.Actions[0]
		}
	}
	return f, nil
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
		r.update(func(m *memory) { m.choices.offboard.all = !m.choices.offboard.all })
	case len(id) > len(actKeep) && id[:len(actKeep)] == actKeep:
		r.update(func(m *memory) { m.choices.offboard.kept = append(m.choices.offboard.kept, id[len(actKeep):]) })
	case len(id) > len(actTake) && id[:len(actTake)] == actTake:
		r.update(func(m *memory) { m.choices.offboard.taken = append(m.choices.offboard.taken, id[len(actTake):]) })
	default:
		return unknownAnswer(id)
	}
	return nil
}

// offboardPlan finds what there is, and shows all of it before anything is written.
type offboardPlan struct{}

func (offboardPlan) Info() Info {
	return Info{
		ID: finding.OffboardPlan, Title: phrase.T("Look at what is there"), Actor: You, About: time.Minute,
		Why: finding.Advice("What the onboarding and Delegate365's setup put into this tenant is looked for, and shown whole before anything is changed."),
		Help: []string{
			phrase.T("Tell the vendor first: its schedules run until it is told, and it has the account's password stored. Ask about contract, stored account and app password, schedules and data."),
			phrase.T("Each step shows what it will change, and each can be left out. An account that was there before the onboarding is never deleted."),
		},
	}
}

func (offboardPlan) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, err := r.tenant()
	if err != nil {
		return Finding{}, err
	}
	report(Event{Text: phrase.T("Looking for the service account")})
	user, name, err := reviewedAccount(ctx, r, client, nil)
	if err != nil {
		return Finding{}, err
	}
	r.update(func(m *memory) { m.user, m.handed.noWitness = user, true }) // the account is to go, and would name nothing
	if err := keepGrantsBefore(ctx, r, client); err != nil {
		return Finding{}, err
	}
	f := Finding{Status: Ready, Actions: []Action{{ID: ActNext, Label: phrase.T("Begin")}, {ID: ActRetry, Label: phrase.T("Look again")}, {ID: ActLeave, Label: phrase.T("Leave")}}}
	f.Text = []Sentence{
		r.snapshot().writtenSoFar().And(finding.Advice("Tell the vendor before you begin: its schedules run until it is told, and it has the account stored.")),
		finding.Advice("Each step says once more what it changes, and each can be left out."),
	}
	account := Fact{Label: phrase.T("Service account"), Value: user.UserPrincipalName, Mark: MarkOK, Note: phrase.T("This program created it.")}
	switch {
	case user.ID == "":
		account.Value, account.Mark, account.Note = phrase.T("none"), MarkNote, phrase.T("No account is called %s. If another one is used, leave, and name it with --account.", name)
	case !ours(user) && roleIsOurs(r, user):
		account.Mark, account.Note = MarkNote, phrase.T("It was there before the onboarding, so that it is kept. The journal on this computer says that the onboarding made it Global Administrator.")
	case !ours(user):
		account.Mark, account.Note = MarkNote, phrase.T("It was there before the onboarding, so that it is kept, with its role.")
	}
	rows := []Fact{account}
	var needed []scope
	for _, t := range takeOuts() {
		report(Event{Text: phrase.T("Reading: %s", t.info.Title)})
		found, err := t.look(ctx, r, client)
		row := Fact{Label: t.info.Title, Value: phrase.T("nothing"), Mark: MarkOK}
		switch {
		case err != nil:
			row.Value, row.Mark, row.Note = phrase.T("could not be read"), MarkNote, Explain(err).What
		case len(found.parts) > 0:
			row.Value, row.Mark = phrase.Count(len(found.parts), "change", "changes"), MarkNote
			if t.asked {
				row.Mark, row.Note = MarkDecide, phrase.T("You are asked: somebody else may need it.")
				break
			}
			needed = append(needed, t.scopes...)
		case slices.ContainsFunc(found.facts, func(f Fact) bool { return f.Mark == MarkDecide }):
			row.Value, row.Mark, row.Note = phrase.T("to decide"), MarkDecide, phrase.T("You are asked: nothing shows whose it is.")
		}
		rows = append(rows, row)
	}
	lacking := mfa.Lacking(client, needed)
	rows[len(rows)-1] = consentsToCome(rows[len(rows)-1], lacking)
	f.Sections = []Section{{Title: phrase.T("Plan"), Facts: append(rows, notTakenOut(ctx, r, client, user)...)}}
	r.update(func(m *memory) { m.choices.offboard.needed = needed })
	if len(lacking) > 0 {
		f.Sections = append(f.Sections, Section{Title: phrase.T("Asked for, to change something"), Facts: permissionFacts(lacking)})
		f.Actions[0] = Action{ID: ActApply, Label: phrase.T("Accept the plan")}
		f.Text = append(f.Text, finding.Advice("Accepting it, Microsoft asks you once for everything that it needs."))
	}
	return f, nil
}

// consentsToCome is the row of the consents, where accepting the plan adds what is lacking.
func consentsToCome(row Fact, lacking []scope) Fact {
	if len(lacking) > 0 && row.Mark == MarkOK {
		row.Value, row.Mark, row.Note = phrase.T("to decide"), MarkDecide, phrase.T("You are asked at the end: what you accept for this plan can be taken back.")
	}
	return row
}

// notTakenOut are the things that no program can take out, or that stay on purpose.
func notTakenOut(ctx context.Context, r *Run, client *graph.Client, user graph.User) []Fact {
	facts := append(mfaStays(ctx, r, client, user), []Fact{
		{Label: phrase.T("At the vendor's"), Value: phrase.T("not in this tenant"), Mark: MarkNote, Note: phrase.T("Ask the vendor about contract, stored account and app password, schedules and data.")},
	}...)
	if user.ID != "" && !ours(user) {
		facts = append(facts,
			Fact{Label: phrase.T("App passwords of the account"), Value: phrase.T("by hand"), Mark: MarkDecide, Note: phrase.T("No program can delete them: an administrator does in the per-user MFA page, %s", r.opts.Cloud.PerUserMFAURL())},
			Fact{Label: phrase.T("Its earlier password"), Value: phrase.T("can't be put back"), Mark: MarkNote, Note: phrase.T("The onboarding replaced it by one that does not expire, and nobody has it any more.")},
		)
	}
	return facts
}

// Plan is empty: this is the plan.
func (offboardPlan) Plan(Situation) Planned { return Planned{} }

// Apply asks for what the plan needs, once. It changes nothing else in the tenant.
func (offboardPlan) Apply(ctx context.Context, r *Run, report func(Event)) error {
	return r.require(ctx, report, r.snapshot().choices.offboard.needed...)
}

func (offboardPlan) Answer(_ *Run, id string, _ graph.Secret) error { return unknownAnswer(id) }
