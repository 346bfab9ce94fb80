package steps

import (
	"context"
	"slices"
	"sort"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// check reads everything the later steps depend on, before anything is written, and ends with an accepted plan.
type check struct{}

func (check) Info() Info {
	return Info{
		ID:    Check,
		Title: phrase.T("Check the tenant"),
		Why:   finding.Advice("Everything that could stop the onboarding is read now."),
		Actor: You,
		About: time.Minute,
		Help: []string{
			phrase.T("Each row says ok, note, decide or blocks. Nothing goes on while a row blocks: it says what to mend in the tenant, or to decide on this screen. A row to decide stops nothing yet."),
			phrase.T("A row that could not be read says so. It is never shown as ok."),
			phrase.T("After it comes the plan: what each step will change, who acts, and about how long it takes."),
		},
	}
}

const (
	ansAccount = "account"
	ansDomain  = "domain"
	ansWindow  = "window"
	ansSetup   = "setup"
	actPlan    = "plan"
	actAccept  = "accept"
	actReread  = "reread"
)

// setupChoice is whether Delegate365's setup is to run.
type setupChoice string

const (
	setupAuto setupChoice = ""
	setupRun  setupChoice = "run"
	setupKeep setupChoice = "keep"
)

func (check) Inspect(ctx context.Context, r *Run, report func(Event)) (Finding, error) {
	client, err := r.tenant()
	if err != nil {
		return Finding{}, err
	}
	var named foundUser
	if r.snapshot().posture == nil {
		first, err := readFirst(ctx, r, client, report)
		if err != nil || first.left != nil {
			return first.finding(), err
		}
		named = first.named
		recallWithout(r)
	}
	m := r.snapshot()
	if m.found == nil || m.found.name != m.account {
		if named.name != m.account {
			report(Event{Text: phrase.T("Looking for %s", m.account.String())})
			named = findUser(ctx, client, m.account, m.user.ID)
		}
		if named.err == nil && named.user.ID != "" {
			report(Event{Text: phrase.T("Reading what demands MFA of %s", named.user.UserPrincipalName)})
		}
		found, err := judge(ctx, r, client, named)
		if err != nil {
			return Finding{}, err
		}
		r.update(func(m *memory) { m.found, m.user = &found, found.user })
		m.found, m.user = &found, found.user
	}
	if m.found.user.ID != "" && !m.found.facts.PerUser.Done() { // the step that made the account has not read it
		found := *m.found
		found.facts.PerUser = analysis.Read(client.MFA.PerUserMFA(ctx, found.user.ID))
		r.update(func(m *memory) { m.found = &found })
		m.found = &found
	}
	f := checked(m.posture, r.snapshot(), *m.found)
	if f.Status == Ready && f.Actions[0].ID == ActApply {
		f.Notice = consentComing(r)
	}
	if said := stoppedBefore(r); !said.IsZero() && !r.snapshot().choices.planShown {
		f.Text = append(f.Text, said)
	}
	if said := blockedBefore(ctx, r, client); !said.IsZero() {
		f.Text = append(f.Text, said)
	}
	switch lacking, stepUp := unconsented(r); {
	case f.Status != Done:
	case len(lacking) > 0 || stepUp:
		f = consentScreen(r, lacking, stepUp)
	default:
		keepBefore(ctx, r)
	}
	if doubt := journalDoubt(r); !doubt.IsZero() {
		f.Notice = doubt
	}
	return f, nil
}

// leftoverFirst is what an earlier run left open, which comes before anything else; nil where there is nothing.
func leftoverFirst(ctx context.Context, r *Run, client *graph.Client, report func(Event)) (*Finding, error) {
	found, err := r.window.Look(ctx, window.Search{Client: client, Report: report})
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, r.recorder.Unusable()
	case found.Ask != nil:
		f := asked(*found.Ask)
		f.Notice = journalDoubt(r)
		return &f, nil
	}
	takeOver(r, found)
	f := leftOpen(r, found)
	return &f, nil
}

// refresh takes a new token where the operator wants everything looked at again: a role that they activated meanwhile is not
// in the old one. Without a new one, the check shows what the old one can do.
func refresh(ctx context.Context, r *Run, client *graph.Client, report func(Event)) {
	if !r.snapshot().choices.stale {
		return
	}
	report(Event{Text: phrase.T("Renewing the sign-in, so that roles activated meanwhile count")})
	if err := client.Refresh(ctx); err != nil {
		r.log.Warn("renew the sign-in", "error", err)
		return
	}
	r.update(func(m *memory) { m.choices.stale = false })
}

// judge finds out, where what has the account's name is an account, whether it is an administrator without MFA already, as an
// interrupted onboarding leaves it.
func judge(ctx context.Context, r *Run, client *graph.Client, found foundUser) (foundUser, error) {
	m := r.snapshot()
	if domains := m.posture.domains; domains.Err() == nil {
		if err := checkDomain(m.account.domain, domains.Content()); err != nil {
			return foundUser{name: m.account, err: err}, nil
		}
	}
	if ctx.Err() != nil {
		return foundUser{}, ctx.Err()
	}
	if found.err != nil || found.user.ID == "" {
		return found, nil
	}
	var facts mfa.Facts
	var methods analysis.Reading[[]graph.AuthMethod]
	if err := panics.Each(
		func() (err error) { facts, err = r.advisor.Read(ctx, client, found.user, r.known()); return err },
		func() error {
			methods = analysis.Read(client.MFA.AuthenticationMethods(ctx, found.user.ID))
			return nil
		},
		func() error {
			if !m.neverEnds() {
				found.waiting = analysis.Read(client.Roles.EligibleRoles(ctx, found.user.ID))
			}
			return nil
		},
	); err != nil {
		return foundUser{}, err
	}
	var err error
	if facts, err = r.advisor.Advise(ctx, client, facts, r.known(), append(analysis.Setup(facts.Platform), analysis.LegacyAuthentication())); err != nil {
		return foundUser{}, err
	}
	demands := facts.Demands()
	r.update(func(m *memory) { m.user = found.user })
	if mine := ours(found.user) || m.choices.adopt == found.user.ID; mine {
		r.window.Judge(&facts, demands)
		found.exposed = facts.Administrator && len(demands) == 0
	}
	found.facts, found.elsewhere = facts, newElsewhere(r, found.user)
	noteMethods(r, found.user, methods, facts.Assigned)
	return found, nil
}

// checked is the finding for what was read: first the rows, then the plan.
func checked(p *posture, m *memory, found foundUser) Finding {
	rows, verdict := judged(p, m, found)
	sort.SliceStable(rows, func(i, j int) bool { return urgency(rows[i]) > urgency(rows[j]) })
	f := Finding{
		Status:   Ready,
		Text:     append(putBackSaid(m.restored), verdict.sentence().And(m.writtenSoFar())),
		Sections: []Section{{Facts: rows, Folds: true}},
		Actions:  []Action{{ID: actPlan, Label: phrase.T("Show the plan")}, {ID: actReread, Label: phrase.T("Check again"), Last: p.at}},
	}
	switch ways, _ := waysOut(p, m, verdict.stops); {
	case verdict.word == VerdictDecide && len(ways) == 0:
		return askBeforePlan(f, accountFinding(found, m))
	case verdict.word != VerdictReady:
		f.Status = Blocked
		f.Actions = []Action{{ID: actReread, Label: phrase.T("Check again"), Last: p.at}, {ID: ActLeave, Label: phrase.T("Leave")}}
		if f.Fields = ways; len(f.Fields) > 0 {
			f.Actions = append([]Action{{ID: actPlan, Label: phrase.T("Use these choices")}}, f.Actions...)
		}
		if activatable(p) {
			f.Task = &Task{Part: PartActivateRole}
		}
		return f
	}
	if !m.choices.planShown {
		return askOwnRole(f, p, m)
	}
	if m.choices.unfit != "" && m.choices.unfit == m.account.String() {
		return askForName(m)
	}
	plan := makePlan(p, m)
	if m.plan != nil {
		plan = *m.plan
	}
	f.Text = []Sentence{finding.Advice("This is what each step will do.").And(m.writtenSoFar()).And(plan.setupSaid(p, m))}
	f.Help = []string{phrase.T("The plan is what each step will change, who acts, and about how long it takes. Nothing of it is written before you accept it.")}
	f.Sections = append([]Section{{Title: phrase.T("Plan"), Facts: plan.rows()}}, plan.lifted()...)
	f.Fields = checkFields(p, m)
	f.Actions = []Action{{ID: ActApply, Label: phrase.T("Accept the plan")}, {ID: ActBack, Label: phrase.T("Back to the check")}}
	if m.plan != nil {
		f.Status, f.Help = Done, []string{phrase.T("The plan is what each step will change, who acts, and about how long it takes.")}
		f.Text = []Sentence{finding.Accepted.Of("", "yes").In("The plan is accepted.").And(m.writtenSoFar())}
		f.Fields = nil
		f.Actions = []Action{{ID: ActNext, Label: phrase.T("Start")}, {ID: ActBack, Label: phrase.T("Back to the check")}}
	}
	return f
}

// urgency puts what blocks before everything else, and what is to be decided or looked at next.
func urgency(f Fact) int {
	switch f.Mark {
	case MarkBlocks:
		return 2
	case MarkDecide, MarkLook:
		return 1
	default:
		return 0
	}
}

// setupWanted is the operator's choice, or, before they made one: run it, unless its apps, with their permissions,
// stand beside an account that this program created.
func (m *memory) setupWanted() setupChoice {
	if m.setup.choice != setupAuto {
		return m.setup.choice
	}
	if m.posture != nil && finished(m.posture.apps.Content()) && ours(m.user) {
		return setupKeep
	}
	return setupRun
}

// Plan is empty: the check makes the plan.
func (check) Plan(Situation) Planned { return Planned{} }

// Apply puts back what an earlier run left open, or accepts the plan and asks for what it needs. Nothing else is written.
func (check) Apply(ctx context.Context, r *Run, report func(Event)) error {
	m := r.snapshot()
	if m.window.Leftover != nil {
		if err := putLeftoverBack(ctx, r, report, Check); err != nil {
			return err
		}
		r.update(func(now *memory) { now.restored = append(slices.Clone(now.restored), m.user) })
		return nil
	}
	if m.plan == nil && m.choices.planShown {
		acceptPlan(r)
	}
	if r.snapshot().plan == nil {
		return nil
	}
	return consentToPlan(ctx, r, report)
}

func firstOr(items []string, or string) string {
	if len(items) > 0 {
		return items[0]
	}
	return or
}
