package steps

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// HandedSupplement is a supplement that was written.
type HandedSupplement struct {
	report.Supplement
	report.Written
}

// WriteSupplement writes what came to light since the last report of this onboarding was closed, beside that report. It reports
// false, and writes nothing, where there is no such report in the folder of the reports, or where something was changed since:
// then a new report is to be made.
func (r *Run) WriteSupplement(ctx context.Context) (HandedSupplement, bool, error) {
	none := HandedSupplement{}
	client, err := r.tenant()
	if err != nil {
		return none, false, err
	}
	lines, err := journal.Lines(r.opts.Journal, client.Identity().TenantID)
	if err != nil {
		return none, false, nil //nolint:nilerr // making a report says so
	}
	outline, err := report.Outline(lines)
	if err != nil || outline.Previous == "" || outline.Since {
		return none, false, nil //nolint:nilerr // making a report says so
	}
	path, said, number, last, found := report.Find(r.opts.Reports.Folder, outline.Previous)
	if !found {
		return none, false, nil
	}
	var f report.Facts
	readForReport(ctx, r, client, outline, &f)
	s, err := said.Supplement(report.Later{
		ID: uuid.NewString(), Of: outline.Previous, Number: number + 1, Previous: last, MadeAt: time.Now(), Operator: operatorOf(r, client), Program: r.opts.program(),
		Log: f.Log, Lines: lines, SignIns: f.SignIns, Now: f.After, Demanded: f.Around.Demanded, Witness: witnessed(ctx, client, said.Account.ID),
	})
	if err != nil {
		return none, false, &Error{Op: "make the supplement", Err: err}
	}
	sealed, err := report.CloseSupplement(s, said)
	if err != nil {
		return none, false, &Error{Op: "make the supplement", Err: err}
	}
	if text := string(sealed.JSON); redact.Values(redact.Report, text) != text {
		return none, false, &Error{Op: "write the supplement", Hint: "Something in it looks like a secret of this run, and no report may hold one. Please report this, without the file."}
	}
	written, err := sealed.SaveSupplement(path, s.Number)
	if err != nil {
		return none, false, &Error{Op: "write the supplement", Hint: "It belongs beside its report: " + path, Err: err}
	}
	r.recorder.Note(journal.Entry{Kind: journal.KindSealed, SHA256: sealed.SHA256, Note: report.NoteSupplement})
	return HandedSupplement{s, written}, true, nil
}

// Said are the lines that stay on the terminal.
func (h HandedSupplement) Said() []string {
	found := 0
	for _, c := range h.Changes {
		if c.Audit.State == report.Found {
			found++
		}
	}
	out := []string{phrase.T("Microsoft's log has an entry for %d of %d changes by now; %d of its entries are not explained.", found, len(h.Changes), len(h.Unexplained))}
	for _, t := range h.Today {
		in := phrase.Spoken()
		line := phrase.T("%s: the report said %s, today %s", report.Retold(in, t.What), report.Retold(in, t.Said), report.Retold(in, t.Now))
		if t.ChangedBy != "" {
			line += ", " + phrase.T("changed by %s on %s UTC", t.ChangedBy, phrase.Day(t.At)+t.At.Format(" 15:04"))
		}
		out = append(out, line+".")
	}
	return append(out, phrase.T("Supplement %d to the report, which stays as it is:", h.Number), h.Page, phrase.T("Its fingerprint:")+" "+report.Fingerprint(h.SHA256))
}

// Alarming reports something that is to be looked at.
func (h HandedSupplement) Alarming() bool {
	return len(h.Unexplained) > 0 || len(h.Today) == 0 || h.Today[0].Now != report.MFAOn
}
