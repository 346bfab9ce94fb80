package steps

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What the operator sees on the setup page when it is refused is known to nobody else. They say which code it was; the
// tenant is looked at again; and where nothing in it explains the code, that is said, with what can't be seen from here.
// The codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes

const (
	actRefused     = "setup-refused"
	actRetrySetup  = "setup-retry"
	actSuspendMore = ActGo + string(SuspendMFA)
)

// settlesWithin is how long a change is waited for that is in the tenant and may not have reached the sign-in service. Microsoft
// gives no figure for Conditional Access; minutes are what is seen.
const settlesWithin = 5 * time.Minute

const settlePoll = 15 * time.Second

// setupRefusal is what the setup page said, as the operator tells it.
type setupRefusal struct {
	at   time.Time // when they said so
	code string    // id of the codes below; empty until they have chosen
}

// refusalCode is one group of codes that a sign-in of the setup can end with.
type refusalCode struct {
	id    string
	label phrase.Format
	means phrase.Format // where it is not about MFA; empty where it is, or may be
}

// refusalCodes are in the order of their likelihood.
var refusalCodes = []refusalCode{
	{"mfa", "AADSTS50076, 50079 or 50072: another factor", ""},
	{"blocked", "AADSTS53003 or another of 530…: blocked", ""},
	{"password", "AADSTS50126: user name or password", "The user name or the password was not taken. Copy both again from here. A password that was set a minute ago may not be known everywhere yet."},
	{"expired", "AADSTS50055 or 50144: the password expired", "The password has to be changed first. Create service account reads whether the account must change it, and sets a new one."},
	{"unknown", "AADSTS50034: no such account", "The account is not known there. Compare the user name with the one on this screen; an account that was made a minute ago may not be known everywhere yet."},
	{"consent", "AADSTS65001 or 90094: permissions", "The application's permissions were not accepted. Sign in as the service account itself, and accept them for the whole organisation."},
	{"other", "Another code, or none", ""},
}

// whichCode asks for what the page shows.
func whichCode() Finding {
	f := Finding{
		Status: Waiting,
		Text:   finding.Advise("Which code does the setup page show? It begins with AADSTS, and may stand under details."),
	}
	for _, c := range refusalCodes {
		f.Actions = append(f.Actions, Action{ID: actRefused + ":" + c.id, Label: phrase.T(c.label)})
	}
	f.Actions = append(f.Actions, Action{ID: actRetrySetup, Label: phrase.T("Back to the setup")})
	return f
}

// answerRefusal takes the code.
func answerRefusal(r *Run, id string) error {
	code, chosen := strings.CutPrefix(id, actRefused+":")
	if !chosen && id != actRefused {
		return unknownAnswer(id)
	}
	if chosen && !slices.ContainsFunc(refusalCodes, func(c refusalCode) bool { return c.id == code }) {
		return unknownAnswer(id)
	}
	r.update(func(m *memory) {
		m.setup.refusal = &setupRefusal{at: time.Now(), code: strings.TrimPrefix(code, actRefused)}
	})
	return nil
}

// refused is what there is to say about the code: what it means, or what asks for another factor, read now.
func (runSetup) refused(ctx context.Context, r *Run, client *graph.Client, user graph.User, report func(Event)) (Finding, error) {
	said := r.snapshot().setup.refusal
	i := slices.IndexFunc(refusalCodes, func(c refusalCode) bool { return c.id == said.code })
	if i < 0 {
		return whichCode(), nil
	}
	if code := refusalCodes[i]; code.means != "" {
		f := Finding{Status: Blocked, Text: []Sentence{finding.Word.Of("code", code.id).In("%s", code.means)}, Actions: []Action{{ID: actRetrySetup, Label: phrase.T("Back to the setup")}}}
		if code.id == "expired" {
			f.Actions = append(f.Actions, Action{ID: ActGo + string(CreateAccount), Label: phrase.T("Go to Create service account")})
		}
		return f, nil
	}
	report(Event{Text: phrase.T("Reading again what demands MFA of %s", user.UserPrincipalName)})
	facts, err := r.advisor.Read(ctx, client, user, r.known())
	if err != nil {
		return Finding{}, err
	}
	m := r.snapshot()
	rows := append(demandRows(&facts, facts.Demands()), refusedSignIns(ctx, client, user, m.setup.from)...)
	return refusalFinding(facts.Demands(), append(rows, unseen(&facts)...), m.lastChange(), time.Now()), nil
}

// refusalFinding decides what is to be done: suspend what asks now, wait until the last change has reached every server, or
// say that nothing here explains it.
func refusalFinding(demands []analysis.Demand, rows []Fact, changed, now time.Time) Finding {
	f := Finding{
		Status:   Blocked,
		Sections: []Section{{Facts: rows}},
		Actions:  []Action{{ID: actRetrySetup, Label: phrase.T("Try the setup again")}, {ID: actSuspendMore, Label: phrase.T("Go to Suspend MFA")}},
	}
	fresh := !changed.IsZero() && now.Sub(changed) < settlesWithin
	switch {
	case len(demands) > 0:
		f.Text = []Sentence{finding.Demanding.Of("", strconv.Itoa(len(demands))).In("%s the account for another factor now.", phrase.Count(len(demands), "thing asks", "things ask")).And(finding.Advice("Suspend that, then try the setup again."))}
		slices.Reverse(f.Actions)
	case fresh:
		f.Status, f.Poll = Waiting, settlePoll
		f.Text = []Sentence{
			finding.Demanding.Of("", "0").In("Nothing that can be read here asks for another factor any more.").
				And(finding.Written.Of("", "last").In("The last change was made at %s, and may not have reached the servers that sign in.", phrase.Clock(changed))),
			finding.Written.Of("", "last").In("Wait until %s, then try the setup again.", phrase.Clock(changed.Add(settlesWithin))),
		}
	default:
		f.Text = []Sentence{finding.Demanding.Of("", "0").In("Nothing that can be read here asks for another factor, and the last change was made long enough ago.").And(finding.Advice("What can't be seen from here:"))}
	}
	return f
}

// lastChange is when this run last changed something about what demands MFA; zero when it did not.
func (m *memory) lastChange() (at time.Time) {
	for _, e := range m.record {
		if (e.Step == AssignAdmin || e.Step == SuspendMFA) && e.At.After(at) {
			at = e.At
		}
	}
	return at
}

// refusedSignIns are the account's refused sign-ins since setup began, with the policy that refused each where the log tells.
func refusedSignIns(ctx context.Context, client *graph.Client, user graph.User, from *setupStart) []Fact {
	if from == nil {
		return nil
	}
	records, err := client.Tenant.SignIns(ctx, user.ID, from.at)
	if err != nil {
		return []Fact{{Label: phrase.T("Sign-in log"), Value: phrase.T("could not be read"), Mark: MarkNote, Note: Explain(err).What}}
	}
	var rows []Fact
	for _, s := range records {
		if s.ErrorCode == 0 {
			continue
		}
		row := Fact{Label: phrase.T("Refused at %s", phrase.Clock(s.At)), Value: fmt.Sprintf("AADSTS%d", s.ErrorCode), Mark: MarkNote, Note: s.FailureReason}
		if len(s.RefusedBy) > 0 {
			row.Note = phrase.T("By %s. %s", phrase.JoinAnd(phrase.Names(s.RefusedBy)), row.Note)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return []Fact{{Label: phrase.T("Sign-in log"), Value: phrase.T("no refused sign-in yet"), Mark: MarkNote, Note: phrase.T("It follows some minutes late.")}}
	}
	return rows[:min(len(rows), 3)]
}

// unseen names what neither the policies nor what-if can tell.
func unseen(f *mfa.Facts) []Fact {
	var doubts []string
	for _, d := range mfa.OpenDoubts(analysis.SetupDemands(f.Facts)) {
		doubts = append(doubts, d.Named())
	}
	if err := f.WhatIfErr(); err != nil {
		doubts = append(doubts, phrase.T("what-if, which did not answer"))
	}
	row := Fact{Label: phrase.T("Not seen from here"), Mark: MarkNote, Value: phrase.T("risk that Microsoft sees in a sign-in, and pages that are admin portals")}
	if len(doubts) > 0 {
		row.Note = phrase.T("Left in doubt when it was read: %s.", phrase.JoinAnd(doubts))
	}
	return []Fact{row}
}
