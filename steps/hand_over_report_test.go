package steps_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// atReport is a run that stands before the writing of its report.
func atReport(t *testing.T, profile string, reports string) (*rehearsal, steps.Finding) {
	t.Helper()
	r := rehearse(t, setup{profile: profile, options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), reports }})
	return r, r.toReport()
}

// toReport walks on until the report is to be written.
func (r *rehearsal) toReport() steps.Finding {
	r.t.Helper()
	r.passUntil(steps.HandOver)
	for {
		f := r.inspect(steps.HandOver)
		switch {
		case f.Status == steps.Ready && f.Actions[0].ID == steps.ActApply:
			return f
		case f.Status == steps.Ready:
			r.answer(steps.HandOver, f.Actions[0].ID, "")
		case f.Task != nil && f.Task.Part != "":
			r.play(steps.HandOver, f)
			r.answer(steps.HandOver, "tested", "")
		default:
			r.t.Fatalf("%+v", f)
		}
	}
}

// The last screen announces the report and what the tenant is told, and then stands there with it: o opens it, c copies the
// fingerprint.
func TestLastScreenHasTheReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reports := t.TempDir()
		r, f := atReport(t, "business", reports)
		if f.Actions[0].ID != steps.ActApply || len(f.Changes) != 1 || !strings.Contains(said(f), reports) {
			t.Fatalf("%+v", f)
		}
		r.tenant.SetLag(90 * time.Second)
		if err := r.apply(t.Context(), steps.HandOver); err != nil {
			t.Fatal(err)
		}
		f = r.inspect(steps.HandOver)
		made, written := steps.Handed(r.run)
		if !written || f.Status != steps.Done || f.Actions[0].ID != steps.ActNext || f.Task == nil {
			t.Fatalf("written %v: %+v", written, f)
		}
		if want := "file://" + filepath.ToSlash(made.Page); f.Task.URL != want {
			t.Errorf("o opens %q, not %q", f.Task.URL, want)
		}
		var copied []string
		for _, item := range f.Task.Items {
			if !item.Copy.IsZero() {
				copied = append(copied, item.Copy.Reveal())
			}
		}
		if !slices.Equal(copied, []string{report.Fingerprint(made.SHA256)}) {
			t.Errorf("c copies %q", copied)
		}
		rows := rowsOf(f)
		if rows["Open extension"].Label == "" || rows["The report says"].Value != made.Verdict.Sentence || f.Poll == 0 {
			t.Errorf("rows %+v, looks again after %s", rows, f.Poll)
		}
		before, err := os.ReadFile(made.JSON)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(f.Poll)
		f = r.inspect(steps.HandOver)
		if row := rowsOf(f)["Microsoft's log"]; row.Mark != steps.MarkOK || !strings.Contains(row.Note, "supplement 1") || f.Poll != 0 {
			t.Errorf("two minutes later: %+v", row)
		}
		made, _ = steps.Handed(r.run)
		if said := strings.Join(made.ReportSaid(), "\n"); !strings.Contains(said, "Read once more, Microsoft's log has "+rowsOf(f)["Microsoft's log"].Value+". In supplement 1 beside the report.\n"+reports) {
			t.Errorf("the terminal says %s", said)
		}
		if after, err := os.ReadFile(made.JSON); err != nil || string(after) != string(before) {
			t.Error("the report was written again")
		}
	})
}

// A report that can't be written ends nothing, and is said with the way out.
func TestLastScreenWithoutAReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reports := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(reports, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		r, _ := atReport(t, "fresh", reports)
		if err := r.apply(t.Context(), steps.HandOver); err != nil {
			t.Fatal(err)
		}
		f := r.inspect(steps.HandOver)
		row := rowsOf(f)["Not written"]
		if f.Actions[0].ID != steps.ActNext || f.Actions[1].ID != steps.ActApply || row.Mark != steps.MarkLook || !strings.Contains(row.Note, "--report") {
			t.Errorf("%+v", f)
		}
		if err := os.Remove(reports); err != nil {
			t.Fatal(err)
		}
		if err := r.apply(t.Context(), steps.HandOver); err != nil {
			t.Fatal(err)
		}
		if _, written := steps.Handed(r.run); !written {
			t.Error("it is not written the second time")
		}
	})
}

// A program that is told to end while it reads for the report writes none: what was not read would be said to be unknown. The
// onboarding is finished by then, and the report that is made after it says so.
func TestEndWhileTheReportIsMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reports := t.TempDir()
		r, _ := atReport(t, "fresh", reports)
		ctx, cancel := context.WithCancel(t.Context())
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if strings.Contains(q.URL.Path, "mfaServicePolicy") {
				cancel()
			}
			return nil
		})
		if err := r.apply(ctx, steps.HandOver); err == nil {
			t.Error("it was told to end, and did not say so")
		}
		r.tenant.SetFault(nil)
		if written, err := filepath.Glob(filepath.Join(reports, "*")); err != nil || len(written) > 0 {
			t.Errorf("written %v, %v", written, err)
		}
		h, err := r.run.WriteReport(t.Context(), report.Left)
		if err != nil || h.Ended.How != report.Finished || h.Verdict.MFA != report.MFAOn {
			t.Errorf("ended %+v, verdict %+v, %v", h.Ended, h.Verdict, err)
		}
	})
}
