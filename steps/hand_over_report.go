package steps

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// The last screen writes the report, as a change that was announced, and then stands there with it: where it is, its fingerprint
// for both people, and whether the tenant names it. Microsoft's log is read once more two minutes later, where it was behind.

// handed is what this run knows of its report.
type handed struct {
	at         ID                // the step that was looked at last
	kept       bool              // reports are written
	before     bool              // what the tenant was like before is written down
	made       *HandedReport     // by this run; nil before
	replaced   string            // the hash of the report that this run had written before; empty for none
	factorSaid string            // the account of which the operator was told, on leaving, that it has no second factor
	later      *HandedSupplement // what came to light since; nil before
	failed     error             // why the last attempt wrote none
	noWitness  bool              // the tenant is not to name it
	named      string            // the fingerprint of the report that the tenant names before this one, as it was read; empty for none

	asksFactor    bool            // the last step waits for a second factor
	withoutFactor bool            // the account is handed over without a second factor, as somebody chose
	consents      consentDecision // about what was accepted for this program
	reread        bool            // Microsoft's log was read once more, or could not be
}

// logReadAgain is when Microsoft's log is read once more: most entries have arrived by then
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-log-latency).
const logReadAgain = 2 * time.Minute

// actNoWitness leaves the tenant without it.
const actNoWitness = "no-witness"

// OwesReport reports that something was changed on this tenant, by this computer's journal, that no report has yet.
func OwesReport(r *Run) bool {
	tenant := r.recorder.Identity().TenantID
	if r.opts.Reports.Folder == "" || r.opts.Journal == "" || tenant == "" {
		return false
	}
	lines, err := journal.Lines(r.opts.Journal, tenant)
	if err != nil {
		return false
	}
	outline, err := report.Outline(lines)
	return err != nil && len(lines) > 0 || !outline.From.IsZero() && (outline.Previous == "" || outline.Since)
}

// Handed is the report that this run has written, where nothing was changed since.
func Handed(r *Run) (HandedReport, bool) {
	h := r.snapshot().handed
	if h.made == nil || OwesReport(r) {
		return HandedReport{}, false
	}
	return h.newest(), true
}

// newest is the report with what came to light since.
func (h handed) newest() HandedReport {
	made := *h.made
	made.later = h.later
	return made
}

// reported is the last screen with the report: to be written, written, or not to be had.
func reported(ctx context.Context, r *Run, f Finding) Finding {
	h := r.snapshot().handed
	made, done := Handed(r)
	switch {
	case done:
		rereadLog(ctx, r, made)
		return withReport(r.snapshot().handed, f)
	case !OwesReport(r):
		f.Text = append(f.Text, unreported(r, r.snapshot())...)
		return f
	case h.failed != nil:
		p := Explain(h.failed)
		f.Sections = append([]Section{{Title: phrase.T("The report for the customer"), Facts: []Fact{{Label: phrase.T("Not written"), Value: p.What, Mark: MarkLook, Note: p.Next}}}}, f.Sections...)
		f.Actions = append([]Action{{ID: ActNext, Label: phrase.T("Finish without it")}, {ID: ActApply, Label: phrase.T("Try again")}}, f.Actions[1:]...)
		return f
	}
	f.Status = Ready
	f.Actions = append([]Action{{ID: ActApply, Label: phrase.T("Write the report")}}, f.Actions[1:]...)
	f.Text = append(f.Text, finding.Computer.Of("report", r.opts.Reports.Folder).In("Next, the report for the customer is written into the folder %s.", r.opts.Reports.Folder))
	return announceWitness(r, f)
}

// unreported says why no report is written of a run whose plan was accepted; nothing where there is one, or is to be.
func unreported(r *Run, m *memory) []Sentence {
	_, written := Handed(r)
	promised := m.plan != nil || m.choices.offboard.agreed || m.handed.at == HandOver
	none := finding.Computer.Of("report", "none")
	switch {
	case !m.handed.kept || !promised || written:
		return nil
	case !r.Changed():
		return []Sentence{none.In("No report is written: this program has changed nothing in this run.").And(madeBesides(m))}
	case !OwesReport(r):
		return []Sentence{none.In("No report is written: by this computer's journal none is due, or it can't be read.")}
	}
	return nil
}

// announceWitness says what the tenant will be told, and offers to leave it out.
func announceWitness(r *Run, f Finding) Finding {
	if !witnesses(r) {
		return f
	}
	f.Changes = append(f.Changes, namedChanges(r.snapshot())...)
	f.Notice = finding.Advice("With it the tenant itself names the report; report verify compares it.")
	f.Actions = append(f.Actions, Action{ID: actNoWitness, Label: phrase.T("Do not name the report in the tenant")})
	return f
}

// namedChanges are what is written so that the tenant names the report; none where no report is written, or it is not to.
func namedChanges(m *memory) []Change {
	if !m.handed.kept || m.handed.noWitness {
		return nil
	}
	op, from := Add, phrase.Pair{}
	if m.handed.named != "" {
		op, from = Modify, phrase.Same(m.handed.named)
	}
	return []Change{finding.Changed(op, phrase.Both("open extension %s of %s", WitnessName, m.planUser().UserPrincipalName), from, phrase.Both("the SHA-256 of the report"))}
}

// keepNamed keeps which report the tenant names before another is announced. What could not be read is read once more before it is written.
func keepNamed(ctx context.Context, r *Run, client *graph.Client, user graph.User) {
	if !witnesses(r) || !OwesReport(r) {
		return
	}
	before, err := client.Users.UserExtension(ctx, user.ID, WitnessName)
	if err != nil && !errors.Is(err, graph.ErrNotFound) {
		return
	}
	named := ""
	if said, is := before["report"].(string); is {
		named = report.Fingerprint(said)
	}
	r.update(func(m *memory) { m.handed.named = named })
}

// withReport shows the report that was written.
func withReport(h handed, f Finding) Finding {
	made := h.newest()
	fingerprint := report.Fingerprint(made.SHA256)
	f.Status = Done
	f.Text = append(f.Text, made.alarmsUnsaid(f.Text)...)
	f.Task = &Task{
		Where: phrase.T("In your own browser"), URL: fileURL(made.Page),
		Items: []Item{
			{ID: "page", Text: phrase.T("Look at the report, and give it to the customer"), Opens: true},
			{ID: "fingerprint", Text: phrase.T("Both keep its fingerprint"), Copy: graph.NewText(fingerprint), Shown: fingerprint},
		},
	}
	said := []Fact{{Label: phrase.T("The report says"), Value: made.Verdict.Sentence, Mark: markOf(made.Verdict), Across: true}}
	if !made.Announced() || made.NotWitnessed != nil {
		said = append(said, made.unwitnessedRow())
	}
	if row := made.logRow(); row.Mark != MarkOK || h.later != nil || made.Audit.Settled { // else the report's sentence says it
		said = append(said, row)
	}
	if h.replaced != "" {
		said = slices.Insert(said, 0, Fact{Label: phrase.T("Replaces"), Value: report.Fingerprint(h.replaced), Mark: MarkNote, Note: phrase.T("The report with this fingerprint is older. Keep the new one's instead.")})
	}
	at := 0
	if len(f.Sections) > 0 && f.Sections[0].Left {
		at = 1 // behind what is somebody's to do
	}
	f.Sections = slices.Insert(f.Sections, at, Section{Facts: said})
	if pending(made) && !h.reread {
		f.Poll = logReadAgain
	}
	return f
}

func markOf(v report.Verdict) Mark {
	if len(v.Alarms) > 0 {
		return MarkLook
	}
	return MarkOK
}

// unwitnessedRow says why the tenant does not name the report.
func (h HandedReport) unwitnessedRow() Fact {
	if h.NotWitnessed != nil {
		return Fact{Label: phrase.T("Named by the tenant"), Value: phrase.T("no"), Mark: MarkNote, Note: Explain(h.NotWitnessed).What}
	}
	return Fact{Label: phrase.T("Named by the tenant"), Value: phrase.T("not asked for"), Mark: MarkNote, Note: phrase.T("The fingerprint that both of you keep proves the file all the same.")}
}

// logRow says what Microsoft's log shows by now.
func (h HandedReport) logRow() Fact {
	made, found := h.Made(report.Change.InLog)
	at := h.Audit.ReadAt
	row := Fact{Label: phrase.T("Microsoft's log"), Mark: MarkOK}
	switch {
	case h.later != nil:
		made, found = h.Made(h.later.Found)
		at = h.later.Audit.ReadAt
		row.Note = phrase.T("In supplement %d beside the report.", h.later.Number)
	case h.Audit.Error != "":
		row.Value, row.Mark, row.Note = phrase.T("not read"), MarkNote, report.Retold(phrase.Spoken(), h.Audit.Error)
		return row
	}
	row.Value = phrase.T("%d of the %d changes in the report, read at %s UTC", found, made, at.UTC().Format("15:04"))
	if found < made {
		row.Mark, row.Note = MarkNote, strings.TrimSpace(phrase.T("%s The rest may still arrive: the command report adds it.", row.Note))
	}
	return row
}

// pending reports changes that have no entry of Microsoft's yet.
func pending(h HandedReport) bool {
	made, found := h.Made(report.Change.InLog)
	return found < made
}

// rereadLog reads Microsoft's log once more, two minutes after the report, where it was behind. It changes nothing in the tenant.
func rereadLog(ctx context.Context, r *Run, made HandedReport) {
	if h := r.snapshot().handed; h.reread || !pending(made) || time.Since(made.MadeAt) < logReadAgain {
		return
	}
	later, written, err := r.WriteSupplement(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		r.log.Info("read Microsoft's log once more", "error", err)
	}
	r.update(func(m *memory) {
		if m.handed.reread = true; written {
			m.handed.later = &later
		}
	})
}

// fileURL is a file as a browser opens it.
func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // of a drive
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// Apply carries out what was decided about the role; else it writes the report, and has the tenant name it. That there
// is none ends nothing: the screen says so.
func (handOver) Apply(ctx context.Context, r *Run, say func(Event)) error {
	if r.snapshot().handed.consents == consentsTaken {
		return takeConsentsBack(ctx, r, say)
	}
	m := r.snapshot()
	if m.role.decided() {
		return applyRole(ctx, r, m.user, HandOver, say)
	}
	if endsAnyway(m) {
		r.update(func(m *memory) { m.role.settled = true })
	}
	return writeReport(ctx, r, say, report.Finished)
}

// writeReport writes the report of a run that ends like this, where one is owed.
func writeReport(ctx context.Context, r *Run, say func(Event), how string) error {
	if !OwesReport(r) {
		return nil
	}
	say(Event{Text: phrase.T("Reading the tenant and Microsoft's audit log, and writing the report")})
	made, err := r.WriteReport(ctx, how)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.update(func(m *memory) { m.handed.failed = err })
	if err == nil && made.Announced() && made.NotWitnessed == nil {
		for _, c := range namedChanges(r.snapshot()) {
			say(Event{Applied: &c})
		}
		r.update(func(m *memory) { m.handed.named = report.Fingerprint(made.SHA256) })
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
