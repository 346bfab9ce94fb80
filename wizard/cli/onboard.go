package cli

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/wizard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// onboardFlags are those of the onboarding, the real one and the rehearsed one.
type onboardFlags struct {
	runFlags
	screenFlags
	mail string // path
}

func (f *onboardFlags) define(p *pflag.FlagSet) {
	f.runFlags.define(p)
	f.screenFlags.define(p)
	speaks(p)
	f.defineReport(p)
	p.StringVar(&f.mail, "mail", "", helpText("`FILE` of the saved welcome mail: .eml, .msg, .html or .txt"))
	annotate(p, once, "mail")
	_ = cobra.MarkFlagFilename(p, "mail", "eml", "msg", "mht", "mhtml", "html", "htm", "txt")
}

// readMail takes what --mail names. It is read before anybody signs in.
func (f *onboardFlags) readMail(r *steps.Run) error {
	switch {
	case f.mail == "":
		return nil
	case f.portal != "":
		return usage(&misuse{phrase.T("--mail goes without --portal"), phrase.T("The mail has the address of the portal in it.")})
	}
	if err := steps.ReadMail(r, f.mail); err != nil {
		return usage(err)
	}
	return nil
}

// ended is how a run ends, as its report has it.
func ended(err error) string {
	if err == nil {
		return report.Finished
	}
	return report.Left
}

func onboardCommand(where place) *cobra.Command {
	var f onboardFlags
	onboard := &cobra.Command{
		Use:     "delegate365-onboard",
		Short:   helpText("Onboard a Microsoft 365 tenant to Delegate365"),
		Long:    helpText("Onboard a Microsoft 365 tenant to Delegate365, step by step, with the customer watching. Nothing is changed before it was announced."),
		Example: "# " + helpText("rehearse on a simulated tenant") + "\ndelegate365-onboard demo\ndelegate365-onboard --tenant contoso.com",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return where.in(func(w world) error { return f.onboard(cmd.Context(), w) })
		},
	}
	where.define(onboard.Flags())
	f.define(onboard.Flags())
	return onboard
}

// onboard runs the wizard, or its plain lines, on a tenant.
func (f *onboardFlags) onboard(ctx context.Context, w world) (err error) {
	s, err := f.begin(w, journal.ByWizard)
	if err != nil {
		return err
	}
	if err := f.readMail(s.run); err != nil {
		s.end(err)
		return err
	}
	defer func() {
		s.sayWhatRemains()
		s.hand(ended(err))
		err = s.unlessFinished(err)
		s.end(err)
	}()
	if f.plain() {
		return w.endsWithIt(s.plainly(ctx, phrase.T("Delegate365 onboarding"), steps.All()))
	}
	return w.endsWithIt(s.wizard(ctx, f.screenFlags, "", steps.All()))
}

// plain reports that lines are written, because they were asked for or because there is no terminal for anything else.
func (f *screenFlags) plain() bool {
	return f.accessible || !terminal(os.Stdin) || !terminal(os.Stdout) || os.Getenv("TERM") == "dumb"
}

// wizard runs the full screen over these steps. An empty title is the onboarding's.
func (s *session) wizard(parent context.Context, f screenFlags, title string, list []steps.Step) error {
	var told atomic.Bool
	ctx, leave, stop := leaveOnSignal(parent, &told)
	defer stop()
	on := &wizard.Terminal{}
	out, drawn := s.draws(&told, on)
	defer drawn()
	clip := clipboard.New(clipboard.Options{Terminal: on, Cleared: on.Cleared, Log: s.log})
	defer takeBack(clip, s.log)
	result, err := wizard.Run(ctx, wizard.Options{
		Run: s.run, Steps: list, Title: title, Log: s.log, NoColor: f.noColor, NoBell: f.noBell, Copy: copyTo(clip), Terminal: on,
		Output: out, Portal: s.cloud.PerUserMFAURL(), Autopilot: s.autopilot, Pace: s.pace, Caption: s.caption, Leave: leave,
	})
	open, yes := s.run.Exposure()
	switch {
	case yes:
		return stillOpen(s.run, open, errors.Join(err, plain.ErrLeft))
	case err != nil:
		return err
	case result == wizard.Finished:
		h, _ := steps.Handed(s.run)
		s.first.outcome = finished(title != "", h.Verdict.Sentence)
		return nil
	}
	s.first.outcome = steps.Parting(context.WithoutCancel(ctx), s.run)
	return plain.ErrLeft
}

// unlessFinished is how the run ended by its report, which says of one that was left after its end that it is finished.
func (s *session) unlessFinished(err error) error {
	if h, written := steps.Handed(s.run); written && h.Ended.How == report.Finished && errors.Is(err, plain.ErrLeft) {
		return nil
	}
	return err
}

// finished is the line of a run that came to its end; empty where its report, which is told next, begins with that.
func finished(offboarding bool, verdict string) string {
	said := phrase.T("The onboarding is finished.")
	if offboarding {
		said = phrase.T("The offboarding is finished.")
	}
	if strings.Contains(verdict, strings.TrimSuffix(said, ".")) {
		return ""
	}
	return said
}
