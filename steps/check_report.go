package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// CheckSchema names the form of a CheckReport in JSON. Members may be added to it; none changes its meaning or goes
// without a new number.
const CheckSchema = "delegate365-onboard/check/1"

// CheckReport is everything the check found out and the plan it leads to, for people and for other programs. Nothing was
// written to the tenant for it.
type CheckReport struct {
	Schema       string            `json:"schema"`
	CheckedAt    time.Time         `json:"checkedAt"` // UTC
	Tenant       ReportTenant      `json:"tenant"`
	Operator     string            `json:"operator"` // user principal name
	Verdict      string            `json:"verdict"`
	Rows         []ReportRow       `json:"rows"`
	Demands      []ReportDemand    `json:"demands"` // on the account once it is Global Administrator
	NotRead      []ReportNotRead   `json:"demandsNotRead"`
	AppPasswords ReportAppPassword `json:"appPasswords"`
	Plan         ReportPlan        `json:"plan"`
	Seen         []ReportSeen      `json:"seen"` // what no document says, as this tenant answered it
}

// ReportTenant is the tenant that was checked.
type ReportTenant struct {
	ID            string `json:"id"`
	DisplayName   string `json:"displayName"`
	DefaultDomain string `json:"defaultDomain"`
	Cloud         string `json:"cloud"`
}

// ReportRow is one row of the check.
type ReportRow struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Value string `json:"value"`
	Mark  string `json:"mark"` // ok, note, decide or blocks
	Note  string `json:"note,omitempty"`
	Takes string `json:"takes,omitempty"` // of one that blocks, what frees it: mend, reading, choice or restore
}

// MarkWord is the word for its mark as people read it.
func (r ReportRow) MarkWord() string {
	for m := MarkNone; m <= MarkBlocks; m++ {
		if m.String() == r.Mark {
			return m.Word()
		}
	}
	return r.Mark
}

// ReportPlan is the plan.
type ReportPlan struct {
	Account       string       `json:"account"`
	WindowMinutes int          `json:"windowMinutes"`          // 0 where MFA stays on
	SetupMinutes  int          `json:"setupMinutes,omitempty"` // of them, where the role ends before
	Steps         []ReportStep `json:"steps"`
}

// ReportStep is one step of the plan.
type ReportStep struct {
	ID           string         `json:"id"`
	Title        string         `json:"title"`
	Actor        string         `json:"actor"`
	AboutSeconds int            `json:"aboutSeconds"`
	Needed       bool           `json:"needed"`
	LeftOut      bool           `json:"leftOut,omitempty"` // not done, whether or not it is needed
	What         string         `json:"what"`
	Changes      []ReportChange `json:"changes"`
}

// ReportChange is one change, as it is announced before it is made.
type ReportChange struct {
	Op     string `json:"op"` // + ~ -
	Object string `json:"object"`
	From   string `json:"from"`
	To     string `json:"to"`

	Certainty string `json:"certainty"` // sure, or may: only the account itself will show it, once it exists
}

// CheckTenant reads the tenant that the run has signed in to, and writes nothing. Errors mean that it could not be read.
func CheckTenant(ctx context.Context, r *Run, report func(Event)) (CheckReport, error) {
	if _, err := (instrumented{check{}}).Inspect(ctx, r, report); err != nil {
		return CheckReport{}, err
	}
	m := r.snapshot()
	out := CheckReport{
		Schema: CheckSchema, CheckedAt: time.Now().UTC().Truncate(time.Second), Operator: m.identity.UserPrincipalName,
		Tenant: ReportTenant{m.org.ID, m.org.DisplayName, m.org.DefaultDomain, r.opts.Cloud.Name},
		Seen:   []ReportSeen{},
	}
	out.tell(m)
	if m.window.Leftover != nil {
		return out, nil
	}
	client, err := r.tenant()
	if err != nil {
		return CheckReport{}, err
	}
	out.Seen = seen(ctx, client, m.posture, m.platform)
	return out, nil
}

// Retold is the report of this run in the language that is spoken now. Nothing is read for it: what was seen keeps its words.
func (out CheckReport) Retold(r *Run) CheckReport {
	out.tell(r.snapshot())
	return out
}

// tell says what was read.
func (out *CheckReport) tell(m *memory) {
	out.Rows, out.Demands, out.NotRead = []ReportRow{}, []ReportDemand{}, []ReportNotRead{}
	out.AppPasswords, out.Plan = nothingReadOf(m), ReportPlan{Steps: []ReportStep{}}
	if l := m.window.Leftover; l != nil {
		out.Verdict = VerdictBlocked
		out.Rows = append(out.Rows, ReportRow{
			ID: rowWindow, Label: phrase.T("Exposure window"), Value: foundOpen(l), Mark: MarkBlocks.String(), Takes: TakesRestore,
			Note: phrase.T("%s Run restore, or the wizard, which begins with it.", finding.Read(leftoverFinding(l, m).Text)),
		})
		return
	}
	rows, verdict := judged(m.posture, m, *m.found)
	out.Verdict = verdict.word
	for _, row := range rows {
		out.Rows = append(out.Rows, ReportRow{row.ID, row.Label, row.Value, row.Mark.String(), row.Note, takes(row, m)})
	}
	out.Demands, out.AppPasswords = reportDemands(m.posture, m)
	out.NotRead = demandsNotRead(m.posture, m)
	out.Plan = makePlan(m.posture, m).report()
}

// foundOpen is how a leftover is called in the check.
func foundOpen(l *window.Leftover) string {
	switch {
	case !l.Exposed:
		return phrase.T("not all is put back")
	case l.Journaled:
		return phrase.T("left open by an earlier run")
	}
	return phrase.T("found open")
}

// WithoutMFA says for how long at most.
func (p ReportPlan) WithoutMFA() string {
	switch {
	case p.WindowMinutes == 0:
		return phrase.T("MFA stays on.")
	case p.SetupMinutes > 0:
		return phrase.T("It may be without MFA for at most %d minutes, of which setup has %d: then the role ends.", p.WindowMinutes, p.SetupMinutes)
	}
	return phrase.T("It may be without MFA for at most %d minutes.", p.WindowMinutes)
}

func (p Plan) report() ReportPlan {
	out := ReportPlan{Account: p.Account, WindowMinutes: int(p.Window.Minutes()), SetupMinutes: int(p.Setup.Minutes()), Steps: []ReportStep{}}
	for _, s := range p.Steps {
		step := ReportStep{string(s.ID), s.Title, string(s.Actor), int(s.About.Seconds()), s.Needed, s.LeftOut, s.What, []ReportChange{}}
		for _, c := range spoken(s.Changes) {
			step.Changes = append(step.Changes, ReportChange{string(c.Op), c.Object, c.From, c.To, analysis.Sure.String()})
		}
		for _, c := range spoken(s.Perhaps) {
			step.Changes = append(step.Changes, ReportChange{string(c.Op), c.Object, c.From, c.To, analysis.May.String()})
		}
		out.Steps = append(out.Steps, step)
	}
	return out
}

// spoken are changes as they are shown.
func spoken(all []Change) []Change {
	out := make([]Change, len(all))
	for i, c := range all {
		out[i] = c.Spoken()
	}
	return out
}
