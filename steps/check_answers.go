package steps

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// What the operator is asked, and answers, in the check.

func (check) Answer(r *Run, id string, value graph.Secret) error {
	if answerClaim(r, id) {
		return nil
	}
	text := strings.TrimSpace(value.Reveal())
	switch id {
	case ansAccount:
		return answerAccount(r, text)
	case ansDomain:
		return answerDomain(r, text)
	case ansWindow:
		return answerWindow(r, text)
	case ansSetup:
		if text != string(setupKeep) && text != string(setupRun) {
			return unknownAnswer(text)
		}
		r.update(func(m *memory) { m.setup.choice = setupChoice(text) })
	case actRoleLasts:
		r.update(func(m *memory) { m.choices.roleLasts, m.choices.planShown = true, true })
	case actPlan:
		r.update(func(m *memory) { m.choices.planShown = true })
	case ActBack:
		r.update(func(m *memory) { m.choices.planShown, m.plan = false, nil })
	case actAccept:
		acceptPlan(r)
	case actReread:
		if _, open := r.Exposure(); open {
			return &Error{Op: "check again", Hint: phrase.T("The exposure window is open. Go on, and check again after Re-enable MFA.")}
		}
		r.update(func(m *memory) {
			if m.posture != nil && m.posture.domains.Err() != nil { // the domain was a guess
				m.account.domain = r.first.account.domain
			}
			m.posture, m.found, m.choices.planShown, m.plan, m.choices.stale = nil, nil, false, nil, true
			m.choices.roleLasts = false
		})
	case actAdopt, actIgnoreBin:
		r.update(func(m *memory) { m.found, m.choices.planShown = nil, true }) // judged anew, as the account that it now is
		return createAccount{}.Answer(r, id, value)
	case actTheirs:
		answerTheirs(r)
		r.update(func(m *memory) { m.choices.planShown = true })
	case ansDefaults:
		return answerDefaults(r, text)
	case ansPassword:
		return answerPassword(r, text)
	case ansVersion:
		return answerOffice(r, text)
	case ansRole:
		return answerRoleChoice(r, text)
	case actKeepExclusions, actKeepDefaults:
		answerLeftover(r, id)
	default:
		return unknownAnswer(id)
	}
	return nil
}

// acceptPlan keeps the plan that was on screen. A name that was changed is looked up, and shown, first.
func acceptPlan(r *Run) {
	m := r.snapshot() // with the window, which a plan is made of as well
	if m.posture == nil || m.found == nil || m.found.name != m.account {
		return
	}
	plan := makePlan(m.posture, m)
	r.update(func(now *memory) { now.plan = &plan })
}

func answerAccount(r *Run, text string) error {
	name, err := parseAccountName(text)
	if err != nil {
		return err
	}
	m := r.snapshot()
	if m.posture == nil {
		return &Error{Op: "change the account", Hint: phrase.T("The tenant is still being read. Try again in a moment.")}
	}
	if name.domain == "" {
		name.domain = m.account.domain
	} else if err := checkDomain(name.domain, m.posture.domains.Content()); err != nil {
		return err
	}
	if asked := m.plan == nil && m.found != nil && accountFinding(*m.found, m).Status == Blocked; name.String() == m.choices.unfit || asked && name == m.account {
		return &Error{Op: "use %s", Of: []any{name.String()}, Hint: phrase.T("An account has this user name, or had it until it was deleted. Enter another one.")}
	}
	return chooseAccount(r, name)
}

func answerDomain(r *Run, text string) error {
	m := r.snapshot()
	if m.posture == nil {
		return &Error{Op: "change the domain", Hint: phrase.T("The tenant is still being read. Try again in a moment.")}
	}
	if err := checkDomain(text, m.posture.domains.Content()); err != nil {
		return err
	}
	return chooseAccount(r, accountName{local: m.account.local, domain: strings.ToLower(text)})
}

// chooseAccount changes the account unless this run already made one.
func chooseAccount(r *Run, name accountName) error {
	m := r.snapshot()
	if name == m.account {
		return nil
	}
	if _, open := r.Exposure(); open || len(m.window.Owed.Exclusions) > 0 {
		return &Error{Op: "change the account", Hint: phrase.T("The exposure window of %s is open. Re-enable MFA first.", m.account.String())}
	}
	r.update(func(m *memory) {
		m.account, m.user, m.found, m.plan, m.choices.adopt, m.choices.ignoreBin = name, graph.User{}, nil, nil, "", false
		m.choices.password = passwordAsNeeded
		m.secrets.password.Wipe()
		m.secrets.password = graph.Secret{}
	})
	return nil
}

func answerWindow(r *Run, text string) error {
	minutes, err := strconv.Atoi(text)
	if err != nil {
		return &Error{Op: "use %s", Of: []any{quoteEntered(phrase.T("a window of minutes,"), text)}, Hint: phrase.T("Enter a number of minutes from 5 to 120."), Err: problem.ValueError(phrase.T("it is no whole number"))}
	}
	return r.window.SetCap(time.Duration(minutes) * time.Minute)
}

// waysOut are the choices that can free a blocked check. It reports false when something blocks that none which is offered frees. An account
// that is asked about by itself has none here.
func waysOut(p *posture, m *memory, blocked []string) ([]Field, bool) {
	choices := map[string][]string{phrase.T(accountLabel): {ansAccount, ansDomain}, phrase.T(defaultsLabel): {ansDefaults}, phrase.T(passwordLabel): {ansVersion, ansDefaults}}
	var ids []string
	for _, label := range blocked {
		if label == phrase.T(accountLabel) && m.found != nil && asksAccount(*m.found, m) {
			continue
		}
		frees := func(f Field) bool { return slices.Contains(choices[label], f.ID) }
		if !slices.ContainsFunc(checkFields(p, m), frees) {
			return nil, false
		}
		ids = append(ids, choices[label]...)
	}
	return slices.DeleteFunc(checkFields(p, m), func(f Field) bool { return !slices.Contains(ids, f.ID) }), true
}

// rehearsedName is the user name that a rehearsal takes where the usual one can't be had.
const rehearsedName = "delegate365.service"

// askForName asks for another user name than the one that the account can't have. Accepting the plan follows it.
func askForName(m *memory) Finding {
	return Finding{
		Status: Ready,
		Text:   []Sentence{finding.Word.Of(m.choices.unfit, "not used").In("%s is not used.", m.choices.unfit).And(finding.Advice("Which user name is the service account to have instead?")), m.writtenSoFar()},
		Fields: []Field{{ID: ansAccount, Label: phrase.T("Service account"), Help: phrase.T("The name before the @, or all of it."), Rehearsed: rehearsedName}},
		Actions: []Action{
			{ID: actAccept, Label: phrase.T("Use this name")},
			{ID: ActBack, Label: phrase.T("Back to the check")},
		},
	}
}

// askBeforePlan has the check ask what is to become of an account that has the name already. No plan is made before somebody said so.
func askBeforePlan(f, account Finding) Finding {
	f.Status = Blocked
	for i, row := range f.Sections[0].Facts {
		if row.ID == rowAccount {
			f.Sections[0].Facts[i].Note = "" // the text says it
		}
	}
	f.Text = slices.Concat(f.Text, account.Text)
	f.Fields = []Field{{ID: ansAccount, Label: phrase.T("Another user name"), Help: phrase.T("The name before the @, or all of it."), Rehearsed: rehearsedName}}
	f.Actions = slices.Concat([]Action{{ID: actPlan, Label: phrase.T("Use this name")}}, slices.DeleteFunc(slices.Clone(account.Actions), func(a Action) bool { return a.ID == actChooseOther }), f.Actions[1:])
	return f
}

func checkFields(p *posture, m *memory) []Field {
	fields := []Field{
		{ID: ansAccount, Label: phrase.T("Service account"), Value: m.account.local, Help: phrase.T("The name before the @.")},
		{ID: ansDomain, Label: phrase.T("Domain"), Kind: ChoiceField, Value: m.account.domain, Help: phrase.T("Verified and managed domains only.")},
	}
	for _, d := range usableDomains(p.domains.Content()) {
		fields[1].Options = append(fields[1].Options, Option{ID: d, Label: d})
	}
	if !staysOn(p, m) {
		fields = append(fields, Field{ID: ansWindow, Label: phrase.T("Minutes without MFA, at most"), Value: strconv.Itoa(int(m.window.Cap.Minutes())), Help: phrase.T("From 5 to 120.")})
	}
	fields = slices.Concat(fields, roleFields(p, m), passwordFields(m), []Field{versionField(m)})
	if p.defaults.Content() {
		fields = append(fields, defaultsField(m))
	}
	if len(p.apps.Content()) > 0 {
		fields = append(fields, Field{
			ID: ansSetup, Label: phrase.T("Delegate365's setup"), Kind: ChoiceField, Value: string(m.setupWanted()),
			Options: []Option{
				{ID: string(setupKeep), Label: phrase.T("has run; keep its apps")},
				{ID: string(setupRun), Label: phrase.T("run it; it replaces its apps")},
			},
			Help: phrase.T("Its apps are in the tenant already."),
		})
	}
	return fields
}
