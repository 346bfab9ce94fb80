package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// offboardPlan finds what there is, and shows all of it before anything is written.
type offboardPlan struct{}

func (offboardPlan) Info() Info {
	return Info{
		ID: finding.OffboardPlan, Title: phrase.T("Look at what is there"), Actor: You, About: time.Minute,
		Why: finding.Advice("What the onboarding and Delegate365's setup put into this tenant is looked for, and shown whole before anything is changed."),
		Help: []string{
			phrase.T("Tell the vendor first: its schedules run until it is told, and it was given the account's password. Ask about contract, stored account and app password, schedules and data."),
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
	if objectid.Same(user.ID, client.Identity().ObjectID) {
		return Finding{}, &Error{Op: "take out %s, which is the account that you are signed in as", Of: []any{user.UserPrincipalName}, Hint: phrase.T("Name the service account with --account.")}
	}
	r.update(func(m *memory) { m.user, m.handed.noWitness = user, true }) // the account is to go, and would name nothing
	if err := keepGrantsBefore(ctx, r, client); err != nil {
		return Finding{}, err
	}
	f := Finding{Status: Ready, Actions: []Action{{ID: ActNext, Label: phrase.T("Begin")}, {ID: ActRetry, Label: phrase.T("Look again")}, {ID: ActLeave, Label: phrase.T("Leave")}}}
	f.Text = []Sentence{
		r.snapshot().writtenSoFar().And(finding.Advice("Tell the vendor before you begin: its schedules run until it is told, and it was given the account's password.")),
		finding.Advice("Each step says once more what it changes, and each can be left out."),
	}
	account := Fact{Label: phrase.T("Service account"), Value: user.UserPrincipalName, Mark: MarkOK, Note: phrase.T("It carries this program's mark.")}
	switch {
	case user.ID == "":
		account.Value, account.Mark, account.Note = phrase.T("none"), MarkNote, phrase.T("No account is called %s. If another one is used, leave, and name it with --account.", name)
	case onlyTitled(r, user):
		account.Mark, account.Note = MarkDecide, phrase.T("It carries this program's mark, its job title, and nothing else shows that this program created it: whoever manages users can write that. Look whose it is, or leave, and name the service account with --account.")
	case !ours(user) && roleIsOurs(r, user):
		account.Mark, account.Note = MarkNote, phrase.T("It carries no mark of this program, so that it is kept. The journal on this computer says that the onboarding made it Global Administrator.")
	case !ours(user):
		account.Mark, account.Note = MarkLook, phrase.T("It carries no mark of this program, so that it is kept, with its role. If the onboarding created it and somebody took the mark away, remove both by hand.")
	}
	rows := offboardRows{rows: []Fact{account}}
	for _, t := range takeOuts() {
		report(Event{Text: phrase.T("Reading: %s", t.info.Title)})
		found, err := t.look(ctx, r, client)
		rows.add(t, found, err)
	}
	lacking := mfa.Lacking(client, rows.needed)
	if len(lacking) > 0 {
		rows.consentsToCome()
	}
	f.Sections = []Section{{Title: phrase.T("Plan"), Facts: append(rows.rows, notTakenOut(ctx, r, client, user)...)}}
	f.Details = append([]Section{{Title: phrase.T("Each change"), Facts: rows.changes}}, rows.details...)
	r.update(func(m *memory) { m.choices.offboard.needed = rows.needed })
	switch {
	case len(lacking) > 0:
		facts := permissionFacts(lacking)
		if given := without(mfa.Names(rows.needed), mfa.Names(lacking)); len(given) > 0 {
			facts = append(facts, Fact{Label: phrase.T("Accepted already"), Value: phrase.JoinAnd(given)})
		}
		f.Sections = append(f.Sections, Section{Title: phrase.T("Asked for, to change something"), Facts: facts})
		f.Actions[0] = Action{ID: ActApply, Label: phrase.T("Accept the plan")}
		f.Text = append(f.Text, asksOnAccepting(lacking, mfa.Lacking(client, rows.later)))
	case r.snapshot().choices.offboard.agreed:
		f.Text = append([]Sentence{finding.Accepted.Of("", "yes").In("The plan is accepted: Microsoft gave this program what it needs.")}, f.Text...)
	}
	return f, nil
}

// asksOnAccepting says what Microsoft asks for with the plan, and what it asks for later, where that is chosen.
func asksOnAccepting(now, later []scope) Sentence {
	later = slices.DeleteFunc(slices.Clone(later), func(s scope) bool { return slices.Contains(now, s) })
	if len(later) == 0 {
		return finding.Advice("Accepting it, Microsoft asks you once for everything that it needs.")
	}
	why := mfa.Whys(later)
	return finding.Outside.Of("permissions", why).In("Accepting it, Microsoft asks you for what is listed below, and again where you decide so, to %s.", why)
}

// offboardRows are the plan's rows, and what carrying them out takes.
type offboardRows struct {
	rows, changes []Fact
	details       []Section
	needed        []scope // what the plan's consent is for
	later         []scope // what is asked for only where the operator decides so
}

func (o *offboardRows) add(t takeOut, found outlook, err error) {
	var objects []string
	for _, p := range found.parts {
		c := p.change.Spoken()
		objects = append(objects, c.Object)
		o.changes = append(o.changes, Fact{Label: c.Object, Value: phrase.T("now %s, then %s", c.From, c.To)})
	}
	o.details = append(o.details, found.details...)
	row, takes := Fact{Label: t.info.Title, Mark: MarkNote}, &o.later
	switch {
	case err != nil:
		row.Value, row.Note = phrase.T("could not be read"), Explain(err).What
	case len(objects) > 0:
		row.Value, row.Note = phrase.Count(len(objects), "change", "changes"), phrase.JoinFew(objects)
		if t.asked {
			row.Mark, row.Note = MarkDecide, phrase.T("You are asked: somebody else may need it.")
			break
		}
		if found.asked {
			row.Mark, row.Note = MarkDecide, phrase.T("You are asked: nothing shows whose it is.")
			break
		}
		takes = &o.needed
	case !found.blocked.IsZero():
		row.Value, row.Mark, row.Note = phrase.T("to decide"), MarkDecide, found.blocked.String()
	case slices.ContainsFunc(found.facts, func(f Fact) bool { return f.Mark == MarkLook }):
		row.Value = phrase.T("could not be read")
	case slices.ContainsFunc(found.facts, func(f Fact) bool { return f.Mark == MarkDecide }):
		row.Value, row.Mark, row.Note = phrase.T("to decide"), MarkDecide, phrase.T("You are asked: nothing shows whose it is.")
	case found.stays:
		row.Value, row.Mark, row.Note, takes = found.facts[0].Value, found.facts[0].Mark, found.facts[0].Note, new([]scope)
	default:
		row.Value, row.Mark, takes = phrase.T("nothing"), MarkOK, new([]scope)
	}
	for _, s := range t.scopes {
		*takes = addScope(*takes, s)
	}
	o.rows = append(o.rows, row)
}

// consentsToCome makes the row of the consents, which is the last, of what is lacking: accepting the plan adds it.
func (o *offboardRows) consentsToCome() {
	row := &o.rows[len(o.rows)-1]
	if row.Mark == MarkOK {
		row.Value, row.Mark, row.Note = phrase.T("to decide"), MarkDecide, phrase.T("You are asked at the end: what you accept for this plan can be taken back.")
		o.later = append(o.later, writeGrants)
	}
}

// notTakenOut are the things that no program can take out, or that stay on purpose.
func notTakenOut(ctx context.Context, r *Run, client *graph.Client, user graph.User) []Fact {
	facts := append(mfaStays(ctx, r, client, user), []Fact{
		{Label: phrase.T("At the vendor's"), Value: phrase.T("not in this tenant"), Mark: MarkNote, Note: phrase.T("Ask the vendor about contract, stored account and app password, schedules and data.")},
	}...)
	if user.ID != "" && !ours(user) {
		facts = append(facts,
			appPasswordsStay(r),
			Fact{Label: phrase.T("Its earlier password"), Value: phrase.T("can't be put back"), Mark: MarkNote, Note: phrase.T("The onboarding replaced it by one that does not expire. This program keeps neither.")},
		)
	}
	return facts
}

// appPasswordsStay says of an account that is kept who deletes its app passwords.
func appPasswordsStay(r *Run) Fact {
	return Fact{Label: phrase.T("App passwords of the account"), Value: phrase.T("by hand"), Mark: MarkDecide, Note: phrase.T("No program can delete them: an administrator does in the per-user MFA page, %s", r.opts.Cloud.PerUserMFAURL())}
}

// Plan is empty: this is the plan.
func (offboardPlan) Plan(Situation) Planned { return Planned{} }

// Apply asks for what the plan needs, once. It changes nothing else in the tenant.
func (offboardPlan) Apply(ctx context.Context, r *Run, report func(Event)) error {
	err := r.require(ctx, report, r.snapshot().choices.offboard.needed...)
	r.update(func(m *memory) { m.choices.offboard.agreed = err == nil })
	return err
}

func (offboardPlan) Answer(_ *Run, id string, _ graph.Secret) error { return unknownAnswer(id) }
