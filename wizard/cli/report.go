package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// reportFlags are those of report.
type reportFlags struct {
	runFlags
	json bool
}

// reportCommand makes the hand-over report again.
func reportCommand(where place) *cobra.Command {
	var f reportFlags
	command := &cobra.Command{
		Use:     "report",
		Short:   helpText("Make the hand-over report again, or of a run that was killed"),
		Long:    helpText("Sign in, read the tenant and Microsoft's audit log, and write the report of the last onboarding of this tenant into a new file. An earlier report is never changed: where it lies in the folder and nothing was changed since, what came to light later becomes a supplement beside it. It is made from this computer's journal. Nothing is written to the tenant. Exit code 0 means that MFA is on, or nothing was changed, and nothing is to be looked at; 1 that something is; 3 that there is no report."),
		Example: "delegate365-onboard report --tenant contoso.com",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return where.in(func(w world) error { return f.report(cmd.Context(), w) })
		},
	}
	p := command.Flags()
	where.define(p)
	f.define(p)
	f.defineReport(p)
	speaks(p)
	p.BoolVar(&f.json, "json", false, helpText("print where the report is, and its verdict, as JSON"))
	new(screenFlags).define(p)
	annotate(p, once, "json")
	unlisted(p, "portal", "window", "account", "accessible", "no-color", "no-bell")
	return command
}

// errAlarm says that the report has something to be looked at, which it says itself.
var errAlarm = errors.New("the report has something to be looked at")

func (f *reportFlags) report(parent context.Context, w world) (err error) {
	s, err := f.begin(w, journal.ByReport)
	if err != nil {
		return err
	}
	defer func() { s.end(err) }()
	ctx, stop := signal.NotifyContext(parent, signals...)
	defer stop()
	if err := plain.SignIn(ctx, plain.Options{Run: s.run, Columns: columns(os.Stderr)}, steps.All()[0], stderr); err != nil {
		if steps.NeedsTenant(err) {
			return usage(err)
		}
		return err
	}
	sayAside(phrase.T("Reading the tenant and its audit log ..."))
	supplement, written, err := s.run.WriteSupplement(ctx)
	switch {
	case err != nil:
		return err
	case written:
		return f.supplement(supplement)
	}
	sayAside(phrase.T("Writing the report for the customer ..."))
	handed, err := s.run.WriteReport(ctx, "")
	if w.made && errors.Is(err, steps.ErrNothingToReport) {
		return &steps.Error{Op: "make the report", Hint: madeForThis, Err: steps.ErrNothingToReport}
	}
	if err != nil {
		return err
	}
	if err := f.print(handed); err != nil {
		return err
	}
	if len(handed.Verdict.Alarms) > 0 {
		return errors.Join(plain.ErrBlocked, errAlarm)
	}
	return nil
}

// madeForThis is what to do where a rehearsal has a tenant of its own.
const madeForThis = "This rehearsal has a new tenant, in which nothing was done yet. demo --autopilot --report FOLDER ends with a report. To make one later, " +
	"run demo --serve --json > addresses.json, and beside it demo and then demo report, each with --connect addresses.json."

// supplement says what a supplement found.
func (f *reportFlags) supplement(h steps.HandedSupplement) error {
	if f.json {
		out := json.NewEncoder(stdoutJSON)
		out.SetIndent("", "  ")
		if err := out.Encode(struct {
			Supplement string         `json:"supplement"`
			SHA256     string         `json:"sha256"`
			Today      []report.Today `json:"today"`
		}{h.JSON, h.SHA256, h.Today}); err != nil {
			return err
		}
	} else {
		for _, line := range h.Said() {
			say(line)
		}
	}
	if h.Alarming() {
		return errors.Join(plain.ErrBlocked, errAlarm)
	}
	return nil
}

func (f *reportFlags) print(h steps.HandedReport) error {
	if !f.json {
		sayReport(h, "")
		return nil
	}
	out := json.NewEncoder(stdoutJSON)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		Page        string         `json:"page"`
		Data        string         `json:"data"`
		SHA256      string         `json:"sha256"`
		Fingerprint string         `json:"fingerprint"`
		Verdict     report.Verdict `json:"verdict"`
	}{h.Page, h.JSON, h.SHA256, report.Fingerprint(h.SHA256), h.Verdict})
}

// sayReport says where a report is and what is in it, but for what was said.
func sayReport(h steps.HandedReport, already string) {
	for _, line := range h.ReportSaid() {
		if line != already {
			say(line)
		}
	}
}

// defineReport adds the flag of every command that writes a report.
func (f *runFlags) defineReport(p *pflag.FlagSet) {
	p.StringVar(&f.reports, "report", "", helpText("`FOLDER` of the report for the customer (default delegate365-onboard in your documents)"))
	_ = cobra.MarkFlagDirname(p, "report")
}

// reportFolder is where reports are kept: the named folder, or the usual one. A rehearsal's are not among the real ones.
func reportFolder(w world, named string) string {
	if whole, err := filepath.Abs(named); named != "" && err == nil {
		return whole // it is shown, and opened, from anywhere
	}
	switch {
	case named != "":
		return named
	case w.person != nil:
		return filepath.Join(os.TempDir(), fmt.Sprintf("delegate365-onboard-rehearsal-%d", os.Getuid()))
	case xdg.UserDirs.Documents != "":
		return filepath.Join(xdg.UserDirs.Documents, "delegate365-onboard")
	}
	return filepath.Join(xdg.Home, "delegate365-onboard")
}

// reportWithin is how long a run that is over goes on for its report.
const reportWithin = 2 * time.Minute

// sayWhatRemains says on the plain terminal how the run ended, with an alarm of its report, and then what was done and how it stands,
// however the run ended. That it was a rehearsal comes before all else. A signal ends the wait for what is read.
func (s *session) sayWhatRemains() {
	who, _ := s.run.Identity()
	var first []steps.Sentence
	if who != "" {
		first = steps.Rehearsed(s.run)
	}
	for _, said := range first {
		say(said.String())
	}
	if s.first.outcome != "" {
		say(s.first.outcome)
	}
	if made, written := steps.Handed(s.run); written && made.AlarmSaid() != "" {
		s.first.alarm = made.AlarmSaid()
		say(s.first.alarm)
	}
	if who == "" {
		return // nothing was read, and nothing done
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	for _, said := range steps.Remains(ctx, s.run)[len(first):] {
		say(said.String())
	}
}

// hand says where the report of a run is that ends now, and writes it where something was changed that none has yet. A report
// that can't be made is said, as an error. A signal ends the wait for it.
func (s *session) hand(how string) {
	if made, written := steps.Handed(s.run); written {
		sayReport(made, s.first.alarm)
		return
	}
	if !s.run.Changed() || !steps.OwesReport(s.run) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), reportWithin)
	defer cancel()
	ctx, stop := signal.NotifyContext(ctx, signals...)
	defer stop()
	say(phrase.T("Writing the report for the customer ..."))
	handed, err := s.run.WriteReport(ctx, how)
	if err != nil {
		for _, said := range steps.WithoutMFA(s.run) { // the report would have said it
			say(said.String())
		}
		printError(&steps.Error{Op: "write the report for the customer", Hint: cmp.Or(steps.Explain(err).Next, phrase.T("Run report: it makes it again.")), Err: err})
		return
	}
	sayReport(handed, "")
}

// thisProgram is the running program as the report names it.
func thisProgram() report.Program {
	p := report.Program{Version: cmp.Or(version, "development"), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				p.Commit = s.Value
			case "vcs.modified":
				p.Modified = s.Value == "true"
			}
		}
	}
	if path, err := os.Executable(); err == nil {
		p.SHA256 = hashOf(path)
	}
	return p
}

// hashOf is the SHA-256 of a file; empty where it can't be read.
func hashOf(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
