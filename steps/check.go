package steps

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// check reads everything the later steps depend on, before anything is written, and ends with an accepted plan.
type check struct{}

func (check) Info() Info {
	return Info{
		ID:    Check,
		Title: "Check the tenant",
		Why:   "Everything that could stop the onboarding is read now, before anything is changed.",
		Actor: You,
		About: time.Minute,
		Help: []string{
			"Each row says ok, note, decide or blocks. Nothing goes on while a row blocks; the row says what to do about it.",
			"A row that could not be read says so. It is never shown as ok.",
			"Below the rows is the plan: what each step will change, who acts, and about how long it takes. You can change the account's name and domain, and how long the account may be without MFA. Nothing of it is written before you accept it.",
		},
	}
}

const (
	ansAccount = "account"
	ansDomain  = "domain"
	ansWindow  = "window"
	ansSetup   = "setup"
	actPlan    = "plan"
	actRows    = "rows"
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
	p := r.see().posture
	if p == nil {
		r.refresh(ctx, client, report)
		left, err := r.lookForLeftover(ctx, client, report)
		if err != nil {
			return Finding{}, err
		}
		if left != nil && left.ask != nil {
			f := left.ask.finding()
			f.Notice = r.recorder.Doubt()
			return f, nil
		}
		if left != nil {
			r.takeOver(left)
			return r.leftOpen(left), nil
		}
		if err := r.recorder.Unusable(); err != nil {
			return Finding{}, err
		}
		var shown []Fact
		say := func(p posture) {
			rows := tenantRows(p, r.see())
			for i, f := range rows {
				if shown == nil || shown[i] != f {
					report(Event{Fact: &f})
				}
			}
			shown = rows
		}
		say(posture{})
		got := readPosture(ctx, client, r.opts.platform(), say)
		if ctx.Err() != nil {
			return Finding{}, ctx.Err()
		}
		p = &got
		r.set(func(m *memory) {
			m.posture = p
			if m.account.domain == "" {
				m.account.domain = firstOr(usableDomains(p.domains.value), m.org.InitialDomain)
			}
		})
	}
	m := r.see()
	if m.found == nil || m.found.name != m.account {
		report(Event{Text: "Looking for " + m.account.String()})
		found, err := r.lookUp(ctx, client, *p, m)
		if err != nil {
			return Finding{}, err
		}
		r.set(func(m *memory) { m.found, m.user = &found, found.user })
		m.found, m.user = &found, found.user
	}
	f := checked(*p, r.see(), *m.found)
	if said := r.blockedBefore(ctx, client); said != "" {
		f.Text = append(f.Text, said)
	}
	if lacking, stepUp := r.unconsented(); f.Status == Done && (len(lacking) > 0 || stepUp) {
		f = consentScreen(r, lacking, stepUp)
	}
	f.Notice = cmp.Or(r.recorder.Doubt(), f.Notice)
	return f, nil
}

// refresh takes a new token where the operator wants everything looked at again: a role that they activated meanwhile is not
// in the old one. Without a new one, the check shows what the old one can do.
func (r *Run) refresh(ctx context.Context, client *graph.Client, report func(Event)) {
	if !r.see().stale {
		return
	}
	report(Event{Text: "Renewing the sign-in, so that roles activated meanwhile count"})
	if err := client.Refresh(ctx); err != nil {
		r.log.Warn("renew the sign-in", "error", err)
		return
	}
	r.set(func(m *memory) { m.stale = false })
}

// lookUp finds out what has the account's name, and, where that is an account, whether it is an administrator without
// MFA already, as an interrupted onboarding leaves it.
func (r *Run) lookUp(ctx context.Context, client *graph.Client, p posture, m memory) (foundUser, error) {
	if err := checkDomain(m.account.domain, p.domains.value); err != nil && p.domains.err == nil {
		return foundUser{name: m.account, err: err}, nil
	}
	found := findUser(ctx, client, m.account, m.user.ID)
	if ctx.Err() != nil {
		return foundUser{}, ctx.Err()
	}
	if found.err != nil || found.user.ID == "" {
		return found, nil
	}
	facts, err := r.readSetup(ctx, client, found.user)
	if err != nil {
		return foundUser{}, err
	}
	if facts, err = r.advised(ctx, client, facts, append(analysis.Setup(facts.Platform), analysis.LegacyAuthentication())); err != nil {
		return foundUser{}, err
	}
	demands := demandsOn(facts)
	r.set(func(m *memory) { m.user = found.user })
	if mine := ours(found.user) || m.adopt == found.user.ID; mine {
		r.judgeExposure(facts, demands)
		found.exposed = facts.administrator && len(demands) == 0
	}
	found.facts = facts
	return found, nil
}

// checked is the finding for what was read: first the rows, then the plan.
func checked(p posture, m memory, found foundUser) Finding {
	rows := checkRows(p, m, found)
	f := Finding{
		Status:   Ready,
		Text:     []string{m.writtenSoFar()},
		Sections: []Section{{Facts: rows}},
		Actions:  []Action{{ID: actPlan, Label: "Show the plan"}, {ID: actReread, Label: "Check again"}},
	}
	if blocked := blocking(rows); len(blocked) > 0 {
		f.Status = Blocked
		slices.SortStableFunc(rows, func(a, b Fact) int { return urgency(b) - urgency(a) })
		f.Text = []string{"The onboarding can't go on like this: see " + phrase.JoinAnd(blocked) + ". " + m.writtenSoFar()}
		f.Actions = []Action{{ID: actReread, Label: "Check again"}, {ID: ActLeave, Label: "Leave"}}
		if f.Fields = waysOut(p, m, blocked); len(f.Fields) > 0 {
			f.Actions[0] = Action{ID: actPlan, Label: "Use these choices"}
		}
		return f
	}
	if !m.planShown {
		return f
	}
	if m.unfit != "" && m.unfit == m.account.String() {
		return askForName(m)
	}
	plan := makePlan(p, m)
	if m.plan != nil {
		plan = *m.plan
	}
	f.Sections = []Section{{Title: "Plan", Facts: plan.rows()}}
	f.Fields = checkFields(p, m)
	f.Actions = []Action{{ID: actAccept, Label: "Accept the plan"}, {ID: actRows, Label: "Back to the check"}}
	if m.plan != nil {
		f.Status = Done
		f.Text = []string{"The plan is accepted. " + m.writtenSoFar()}
		f.Fields = nil
		f.Actions = []Action{{ID: ActNext, Label: "Start"}, {ID: actRows, Label: "Back to the check"}}
	}
	return f
}

func blocking(rows []Fact) []string {
	var out []string
	for _, f := range rows {
		if f.Mark == MarkBlocks {
			out = append(out, f.Label)
		}
	}
	return out
}

// urgency puts what blocks before everything else, and what is to be decided next.
func urgency(f Fact) int {
	switch f.Mark {
	case MarkBlocks:
		return 2
	case MarkDecide:
		return 1
	default:
		return 0
	}
}

// waysOut are the choices that can free a blocked check; none when something else blocks it as well.
func waysOut(p posture, m memory, blocked []string) []Field {
	choices := map[string][]string{accountLabel: {ansAccount, ansDomain}, defaultsLabel: {ansDefaults}, passwordLabel: {ansOffice, ansDefaults}}
	var ids []string
	for _, label := range blocked {
		if choices[label] == nil {
			return nil
		}
		ids = append(ids, choices[label]...)
	}
	return slices.DeleteFunc(checkFields(p, m), func(f Field) bool { return !slices.Contains(ids, f.ID) })
}

// askForName asks for another user name than the one that the account can't have. Accepting the plan follows it.
func askForName(m memory) Finding {
	return Finding{
		Status: Ready,
		Text:   []string{m.unfit + " is not used. Which user name is the service account to have instead?", m.writtenSoFar()},
		Fields: []Field{{ID: ansAccount, Label: "Service account", Help: "The name before the @, or all of it."}},
		Actions: []Action{
			{ID: actAccept, Label: "Use this name"},
			{ID: actRows, Label: "Back to the check"},
		},
	}
}

func checkFields(p posture, m memory) []Field {
	fields := []Field{
		{ID: ansAccount, Label: "Service account", Value: m.account.local, Help: "The name before the @."},
		{ID: ansDomain, Label: "Domain", Kind: ChoiceField, Value: m.account.domain, Help: "Verified and managed domains only."},
		{ID: ansWindow, Label: "Longest time without MFA", Value: strconv.Itoa(int(m.cap.Minutes())), Help: "Minutes, 5 to 120."},
	}
	for _, d := range usableDomains(p.domains.value) {
		fields[1].Options = append(fields[1].Options, Option{ID: d, Label: d})
	}
	fields = append(fields, officeField(m))
	if p.defaults.value {
		fields = append(fields, defaultsField(m))
	}
	if len(p.apps.value) > 0 {
		fields = append(fields, Field{
			ID: ansSetup, Label: "Delegate365's setup", Kind: ChoiceField, Value: string(m.setupWanted()),
			Options: []Option{
				{ID: string(setupKeep), Label: "has run; keep its apps"},
				{ID: string(setupRun), Label: "run it; it replaces its apps"},
			},
			Help: "Its apps are in the tenant already.",
		})
	}
	return fields
}

// setupWanted is the operator's choice, or, before they made one: run it, unless its apps, with their permissions,
// stand beside an account that this program created.
func (m memory) setupWanted() setupChoice {
	if m.setup != setupAuto {
		return m.setup
	}
	if m.posture != nil && finished(m.posture.apps.value) && ours(m.user) {
		return setupKeep
	}
	return setupRun
}

// Apply puts back what an earlier run left open, or asks for what the accepted plan needs. The plan is accepted by an
// answer, and nothing else is written.
func (check) Apply(ctx context.Context, r *Run, report func(Event)) error {
	switch m := r.see(); {
	case m.left:
		return r.putLeftoverBack(ctx, report, Check)
	case m.plan != nil:
		return r.consentToPlan(ctx, report)
	}
	return nil
}

// Undo takes the acceptance back.
func (check) Undo(_ context.Context, r *Run, _ func(Event)) error {
	r.set(func(m *memory) { m.plan = nil })
	return nil
}

func (check) Answer(r *Run, id string, value graph.Secret) error {
	if r.answerClaim(id) {
		return nil
	}
	text := strings.TrimSpace(value.Reveal())
	switch id {
	case ansAccount:
		return r.answerAccount(text)
	case ansDomain:
		return r.answerDomain(text)
	case ansWindow:
		return r.answerWindow(text)
	case ansSetup:
		if text != string(setupKeep) && text != string(setupRun) {
			return unknownAnswer(text)
		}
		r.set(func(m *memory) { m.setup = setupChoice(text) })
	case actPlan:
		r.set(func(m *memory) { m.planShown = true })
	case actRows:
		r.set(func(m *memory) { m.planShown, m.plan = false, nil })
	case actAccept:
		r.acceptPlan()
	case actReread:
		if _, open := r.Exposure(); open {
			return &Error{Op: "check again", Hint: "The exposure window is open. Go on, and check again after Re-enable MFA."}
		}
		r.set(func(m *memory) {
			if m.posture != nil && m.posture.domains.err != nil { // the domain was a guess
				m.account.domain = r.first.account.domain
			}
			m.posture, m.found, m.planShown, m.plan, m.stale = nil, nil, false, nil, true
		})
	case ansDefaults:
		return r.answerDefaults(text)
	case ansOffice:
		return r.answerOffice(text)
	case actKeepExclusions, actKeepDefaults:
		r.answerLeftover(id)
	default:
		return unknownAnswer(id)
	}
	return nil
}

// acceptPlan keeps the plan that was on screen. A name that was changed is looked up, and shown, first.
func (r *Run) acceptPlan() {
	r.set(func(m *memory) {
		if m.posture == nil || m.found == nil || m.found.name != m.account {
			return
		}
		plan := makePlan(*m.posture, *m)
		m.plan = &plan
	})
}

func (r *Run) answerAccount(text string) error {
	name, err := parseAccountName(text)
	if err != nil {
		return err
	}
	m := r.see()
	if m.posture == nil {
		return &Error{Op: "change the account", Hint: "The tenant is still being read. Try again in a moment."}
	}
	if name.domain == "" {
		name.domain = m.account.domain
	} else if err := checkDomain(name.domain, m.posture.domains.value); err != nil {
		return err
	}
	if name.String() == m.unfit {
		return &Error{Op: "use " + m.unfit, Hint: "An account has this user name, or had it until it was deleted. Enter another one."}
	}
	return r.chooseAccount(name)
}

func (r *Run) answerDomain(text string) error {
	m := r.see()
	if m.posture == nil {
		return &Error{Op: "change the domain", Hint: "The tenant is still being read. Try again in a moment."}
	}
	if err := checkDomain(text, m.posture.domains.value); err != nil {
		return err
	}
	return r.chooseAccount(accountName{local: m.account.local, domain: strings.ToLower(text)})
}

// chooseAccount changes the account unless this run already made one.
func (r *Run) chooseAccount(name accountName) error {
	m := r.see()
	if name == m.account {
		return nil
	}
	if _, open := r.Exposure(); open || len(m.undoing) > 0 {
		return &Error{Op: "change the account", Hint: "The exposure window of " + m.account.String() + " is open. Re-enable MFA first."}
	}
	r.set(func(m *memory) {
		m.account, m.user, m.found, m.plan, m.adopt, m.ignoreBin = name, graph.User{}, nil, nil, "", false
		m.password.Wipe()
		m.password = graph.Secret{}
	})
	return nil
}

func (r *Run) answerWindow(text string) error {
	minutes, err := strconv.Atoi(text)
	if err != nil {
		return &Error{Op: "use " + quoteEntered("a window of minutes,", text), Hint: "Enter a number of minutes from 5 to 120.", Err: errors.New("it is not a number")}
	}
	d := time.Duration(minutes) * time.Minute
	if err := checkCap(d); err != nil {
		return err
	}
	if open, yes := r.Exposure(); yes && d != open.Cap {
		return &Error{Op: "change the window", Hint: "It is open, and closes after " + phrase.Roughly(open.Cap) + ". Re-enable MFA first."}
	}
	r.set(func(m *memory) { m.cap = d })
	return nil
}

func firstOr(items []string, or string) string {
	if len(items) > 0 {
		return items[0]
	}
	return or
}
