// Command delegate365-onboard onboards a Microsoft 365 tenant to Delegate365 in one terminal window: it creates the
// service account, makes it Global Administrator, suspends MFA for it while Delegate365's own setup runs, puts MFA
// back, and captures the app password. This file is the command line; the onboarding itself is in package steps.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"charm.land/fang/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/planted"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/bundle"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/steps/process"
	"github.com/delegate365-onboard/delegate365-onboard/steps/rehearsal"
	"github.com/delegate365-onboard/delegate365-onboard/wizard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/browser"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/cli"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// The exit codes.
const (
	exitDone   = 0
	exitLeft   = 1 // left, or the input ended, before the onboarding was finished
	exitUsage  = 2
	exitBroken = 2 // the program itself panicked, as Go says it
	exitFailed = 3
)

// version is set by the release build.
var version = "development"

var stdout, stderr = cli.Stdout, cli.Stderr

func main() {
	os.Exit(run())
}

func run() (code int) {
	defer confess()
	defer func() {
		if v := recover(); v != nil { // its value might quote a secret
			printError(fmt.Errorf("%w: %T", steps.ErrBroken, v))
			code = exitBroken
		}
	}()
	process.Seal()
	if code, ended, err := process.Quieten(); err != nil || ended {
		if err != nil {
			printError(&steps.Error{Op: "keep secrets off the screen", Hint: "Take the variables out of the environment and start it again.", Err: err})
			return exitFailed
		}
		return code
	}
	// A closed terminal or pipe must not end the program before MFA is back.
	signal.Ignore(syscall.SIGPIPE)
	end := &ending{code: exitUsage}
	root := rootCommand(end)
	root.SetErr(stderr)
	if err := fang.Execute(context.Background(), root, fang.WithVersion(version), fang.WithErrorHandler(func(_ io.Writer, _ fang.Styles, err error) { printError(err) })); err != nil {
		return exitUsage
	}
	if end.err == nil {
		return exitDone
	}
	printError(end.err)
	return end.code
}

// confess says at the very end that the last line of defence was needed.
func confess() {
	if places, times := redact.Found(); times > 0 {
		fmt.Fprintf(stderr, "delegate365-onboard: a secret was about to be shown; please report this. It was replaced by *** (%d times, in: %s)\n", times, places)
	}
}

// ending is how a command ended. It is kept from the command-line library, which would ask the terminal for its
// colours before it printed an error.
type ending struct {
	code int
	err  error
}

// printError says what happened and, where there is one, what to do.
func printError(err error) {
	if errors.Is(err, plain.ErrBlocked) {
		return // the report says it
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		hint := "--help shows every flag"
		if e, ok := errors.AsType[*steps.Error](err); ok && e.Hint != "" {
			hint = e.Hint
		}
		sayError(err.Error(), hint)
		return
	}
	_, open := errors.AsType[*openError](err)
	for _, end := range []error{plain.ErrLeft, plain.ErrInputClosed, plain.ErrCapped, plain.ErrUnguarded} {
		if !open && errors.Is(err, end) {
			fmt.Fprintf(stderr, "delegate365-onboard: %s\ndelegate365-onboard: hint: start it again; it goes on where the tenant stands\n", planted.Into("error", end.Error()))
			return
		}
	}
	p := steps.Explain(err)
	if open, ok := errors.AsType[*openError](err); ok {
		p = open.explain(p)
	}
	sayError(p.What, p.Next)
	for _, line := range p.Raw {
		fmt.Fprintln(stderr, "delegate365-onboard: detail: "+printable.Line(line))
	}
}

// sayError says each on a line of its own, whoever's words are in it.
func sayError(what, next string) {
	fmt.Fprintf(stderr, "delegate365-onboard: error: %s\ndelegate365-onboard: hint: %s\n", printable.Line(what), printable.Line(next))
}

// usageError is a command line that can't be used.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func usage(err error) error {
	if err == nil {
		return nil
	}
	return &usageError{err}
}

// flags are those that every mode shares.
type flags struct {
	tenant, cloud, clientID, account, portal, log string
	deviceCode, accessible, noColor               bool
	window                                        time.Duration
}

func rootCommand(end *ending) *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use:   "delegate365-onboard",
		Short: "Onboard a Microsoft 365 tenant to Delegate365",
		Long:  "Onboard a Microsoft 365 tenant to Delegate365, step by step, with the customer watching. Nothing is changed before it was announced.",
		Example: `delegate365-onboard demo              rehearse on a simulated tenant
delegate365-onboard --tenant contoso.com`,
		Args:          noArguments,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cloud, err := graph.LookupCloud(f.cloud)
			if err != nil {
				return end.with(usage(err))
			}
			return end.with(f.onboard(cmd, cloud, setting{}))
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	p := root.PersistentFlags()
	p.StringVar(&f.tenant, "tenant", "", "domain or id of the customer's tenant")
	p.StringVar(&f.cloud, "cloud", "global", "global, usgov, dod, china, or a JSON file with the hosts")
	p.StringVar(&f.clientID, "client-id", "", "application to sign in with (default Microsoft Graph Command Line Tools)")
	p.BoolVar(&f.deviceCode, "device-code", false, "sign in with a code on another device")
	p.StringVar(&f.account, "account", "", "user name of the service account")
	p.StringVar(&f.portal, "portal", "", "address of the Delegate365 portal")
	p.DurationVar(&f.window, "window", steps.DefaultCap, "longest time the account may be without MFA, 5m to 120m")
	p.BoolVar(&f.accessible, "accessible", false, "plain lines, for screen readers and pipes")
	p.BoolVar(&f.noColor, "no-color", false, "no colours (as NO_COLOR)")
	p.StringVar(&f.log, "log", "", "write every request to this file; of bodies, ids and states only")
	root.AddCommand(demoCommand(f, end), guardCommand(end), bundleCommand(f, end), checkCommand(func(cmd *cobra.Command, asJSON bool) error {
		cloud, err := graph.LookupCloud(f.cloud)
		if err != nil {
			return end.with(usage(err))
		}
		return end.with(f.check(cmd, cloud, setting{}, asJSON))
	}), restoreCommand(func(cmd *cobra.Command) error {
		cloud, err := graph.LookupCloud(f.cloud)
		if err != nil {
			return end.with(usage(err))
		}
		return end.with(f.restore(cmd, cloud, setting{}))
	}))
	return root
}

func checkCommand(run func(cmd *cobra.Command, asJSON bool) error) *cobra.Command {
	var asJSON bool
	check := &cobra.Command{
		Use:   "check",
		Short: "Read everything the onboarding depends on, and write nothing",
		Long: "Sign in, read the tenant, and say whether the onboarding can begin and what it will change. Nothing is written. " +
			"Exit code 0 means ready, 1 blocked, 2 a command line that can't be used, 3 that the tenant could not be read.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd, asJSON) },
	}
	check.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON; what is said meanwhile goes to standard error")
	return check
}

func restoreCommand(run func(*cobra.Command) error) *cobra.Command {
	return &cobra.Command{
		Use:   "restore",
		Short: "Put MFA back after an onboarding that was interrupted",
		Long: "Close an exposure window that an interrupted onboarding left open, without the wizard. It works on any computer: " +
			"where there is no journal, it asks the tenant, and then you, which account it is. What will be changed is shown first.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd) },
	}
}

// bundleCommand packs what a support ticket needs.
func bundleCommand(f *flags, end *ending) *cobra.Command {
	var out, journals string
	var yes bool
	command := &cobra.Command{
		Use:   "bundle",
		Short: "Pack the log and the journal for a support ticket",
		Long: "Pack the log named by --log, the journals, the version and facts about this terminal into a zip, after showing what is in it. " +
			"It holds names of accounts, ids and times, and no secret: what looks like one is refused.",
		Example: "delegate365-onboard bundle --log onboarding.log",
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return end.with(pack(f.log, journals, out, yes)) },
	}
	p := command.Flags()
	p.StringVar(&out, "out", "delegate365-onboard.zip", "the file to make")
	p.StringVar(&journals, "journals", "", "folder of the journals (default the usual one)")
	p.BoolVar(&yes, "yes", false, "don't ask")
	return command
}

func pack(log, journals, out string, yes bool) error {
	if journals == "" {
		var err error
		if journals, err = journal.Folder(); err != nil {
			return err
		}
	}
	files, err := bundle.Collect(log, journals, facts())
	if err != nil {
		return usage(err)
	}
	fmt.Fprintf(stdout, "%s will hold:\n", printable.Line(out))
	for _, file := range files {
		fmt.Fprintf(stdout, "%10d bytes  %s\n", len(file.Data), printable.Line(file.Name))
	}
	if !yes {
		fmt.Fprint(stdout, "Names of accounts, ids and times are in it, no secrets. Make it? [y/N] ")
		answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil || !slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(answer))) {
			return plain.ErrLeft
		}
	}
	if err := bundle.Write(out, files); err != nil {
		if _, secret := errors.AsType[*bundle.SecretError](err); secret {
			return &steps.Error{Op: "make the bundle", Hint: "Please report this, without the file.", Err: err}
		}
		return &steps.Error{Op: "make the bundle", Hint: "Choose another file with --out.", Err: err}
	}
	fmt.Fprintln(stdout, "Made.")
	return nil
}

// facts are what matters of this program and its terminal. Of the environment only these variables are told.
func facts() string {
	var b strings.Builder
	fmt.Fprintf(&b, "version %s\nGo %s\nsystem %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for name, file := range map[string]*os.File{"input": os.Stdin, "output": os.Stdout} {
		fmt.Fprintf(&b, "%s is a terminal: %t\n", name, terminal(file))
	}
	if w, h, err := term.GetSize(os.Stdout.Fd()); err == nil {
		fmt.Fprintf(&b, "size %dx%d\n", w, h)
	}
	fmt.Fprintf(&b, "colours %s\n", colorprofile.Detect(os.Stdout, os.Environ()))
	for _, name := range []string{"TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "NO_COLOR", "LANG", "LC_ALL", "XDG_SESSION_TYPE"} {
		fmt.Fprintf(&b, "%s=%q\n", name, os.Getenv(name))
	}
	for _, name := range []string{"TMUX", "SSH_TTY", "WT_SESSION", "WSL_DISTRO_NAME", "DISPLAY", "WAYLAND_DISPLAY", "HTTPS_PROXY"} {
		fmt.Fprintf(&b, "%s is set: %t\n", name, os.Getenv(name) != "")
	}
	return b.String()
}

// self is this program, looked for before anything else happens: a file put in its place later is not started.
var self, errNoSelf = guard.Running()

// guardName is the command that the program starts itself again with. It is for nobody else.
const guardName = "guard"

func guardCommand(end *ending) *cobra.Command {
	return &cobra.Command{
		Use:    guardName,
		Hidden: true,
		Args:   noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if terminal(os.Stdin) {
				return end.with(usage(errors.New("guard is started by the program itself, and told through a pipe what to do")))
			}
			// An interrupt or a hang-up is meant for the wizard. When the machine goes down, the window is closed at once.
			signal.Ignore(os.Interrupt, syscall.SIGHUP)
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM)
			defer stop()
			return end.with(guard.Serve(ctx, os.Stdin, os.Stdout, steps.Hire(nil)))
		},
	}
}

// startGuard starts the program again as the guard of an exposure window.
func (s setting) startGuard(ctx context.Context, o guard.Order) (*guard.Guard, error) {
	if errNoSelf != nil {
		return nil, errNoSelf
	}
	o.Roots, o.Patience, o.Environ = s.roots, s.patience, guard.Environ()
	return guard.Start(ctx, o, self, guardName)
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Errorf("%q is no command", args[0]))
	}
	return nil
}

// with keeps how a command ended, and the exit code that goes with it.
func (e *ending) with(err error) error {
	e.err = err
	_, isUsage := errors.AsType[*usageError](err)
	_, isOpen := errors.AsType[*openError](err)
	switch {
	case err == nil:
		e.code = exitDone
	case isOpen:
		e.code = exitFailed
	case isUsage:
		e.code = exitUsage
	case slices.ContainsFunc(broken, func(b error) bool { return errors.Is(err, b) }):
		e.code = exitBroken
	case errors.Is(err, plain.ErrBlocked), errors.Is(err, plain.ErrLeft), errors.Is(err, plain.ErrInputClosed), errors.Is(err, plain.ErrCapped),
		errors.Is(err, plain.ErrUnguarded), errors.Is(err, context.Canceled):
		e.code = exitLeft
	default:
		e.code = exitFailed
	}
	return nil
}

// broken are the errors that say that the program itself panicked.
var broken = []error{wizard.ErrBroken, plain.ErrBroken, guard.ErrBroken, steps.ErrBroken}

// setting is what a rehearsal has instead of the world.
type setting struct {
	journal   string       // folder; empty means the usual one
	keyRing   keyring.Ring // nil means this user's
	tenant    string       // the customer's, where the command line names none
	transport http.RoundTripper
	roots     []byte        // PEM of the only certificates that the guard trusts
	patience  time.Duration // of the guard
	open      steps.OpenPage
	address   func(string) string // of a page, as a browser needs it; nil leaves it as it is
	person    steps.Person
	autopilot bool
	pace      time.Duration
	caption   func(steps.ID) string

	signInChosen bool // the way to sign in is named already, and not asked for
}

// start makes a run of the flags, and what has to be done when it is over.
func (f *flags) start(cloud graph.Cloud, s setting, by journal.By) (_ *steps.Run, _ *slog.Logger, end func(error), err error) {
	if f.window == 0 {
		return nil, nil, nil, usage(&steps.Error{Op: "use a window of nothing", Hint: "Choose between 5 and 120 minutes, for instance --window 30m."})
	}
	if f.clientID == "" && !cloud.HasDefaultClient() {
		return nil, nil, nil, usage(&steps.Error{
			Op:   "sign in to the " + cloud.Name + " cloud without --client-id",
			Hint: "Microsoft Graph Command Line Tools is not known to exist there. Register a public client in the customer's tenant, with http://localhost as its redirect address, and name it with --client-id.",
		})
	}
	if err := graph.CheckProxy(); err != nil {
		return nil, nil, nil, usage(&steps.Error{Op: "go through a proxy", Hint: "Write it as http://host:port, or unset it. Nothing was sent, and nothing goes around it.", Err: err})
	}
	log, closeLog, err := cli.OpenLog(f.log)
	if err != nil {
		return nil, nil, nil, usage(err)
	}
	if s.open == nil {
		s.open = openPages(browser.New(log), s.address)
	}
	if s.journal == "" {
		if s.journal, err = journal.Folder(); err != nil {
			closeLog()
			return nil, nil, nil, err
		}
	}
	if s.keyRing == nil {
		s.keyRing = keyring.System("journal")
	}
	r, err := steps.NewRun(steps.Options{
		Cloud: cloud, Tenant: cmp.Or(f.tenant, s.tenant), ClientID: f.clientID, DeviceCode: f.deviceCode, Account: f.account, Portal: f.portal,
		Cap: f.window, Journal: s.journal, KeyRing: s.keyRing, By: by, Guard: s.startGuard, Around: guard.Look, Transport: s.transport, Open: s.open, Person: s.person,
		Log: log, Bodies: f.log != "",
	})
	if err != nil {
		closeLog()
		return nil, nil, nil, usage(err)
	}
	return r, log, func(err error) {
		r.Close(err == nil)
		if missing := r.Unwritten(); missing != nil {
			printError(missing)
		}
		r.Wipe()
		closeLog()
	}, nil
}

// restore closes a window that was left open, in plain lines.
func (f *flags) restore(cmd *cobra.Command, cloud graph.Cloud, s setting) (err error) {
	r, log, end, err := f.start(cloud, s, journal.ByRestore)
	if err != nil {
		return err
	}
	defer func() { end(err) }()
	s.signInChosen = f.deviceCode
	return f.plainly(cmd, r, s, log, "Put MFA back", steps.Restore())
}

// check says what the tenant is like. The report goes to the standard output, everything else to the standard error.
func (f *flags) check(cmd *cobra.Command, cloud graph.Cloud, s setting, asJSON bool) (err error) {
	r, _, end, err := f.start(cloud, s, "")
	if err != nil {
		return err
	}
	defer func() { end(err) }()
	ctx, stop := signal.NotifyContext(cmd.Context(), signals...)
	defer stop()
	report, err := plain.Check(ctx, plain.Options{Run: r}, steps.All()[0], stderr)
	if steps.NeedsTenant(err) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	if asJSON {
		out := json.NewEncoder(cli.StdoutJSON)
		out.SetIndent("", "  ")
		err = out.Encode(report)
	} else {
		plain.WriteCheck(stdout, report)
	}
	if err == nil && report.Verdict == steps.VerdictBlocked {
		return plain.ErrBlocked
	}
	return err
}

// onboard runs the wizard, or its plain lines, on a tenant.
func (f *flags) onboard(cmd *cobra.Command, cloud graph.Cloud, s setting) (err error) {
	r, log, end, err := f.start(cloud, s, journal.ByWizard)
	if err != nil {
		return err
	}
	defer func() { end(err) }()
	if f.accessible || !terminal(os.Stdin) || !terminal(os.Stdout) || os.Getenv("TERM") == "dumb" {
		return f.plainly(cmd, r, s, log, "Delegate365 onboarding", steps.All())
	}
	ctx, leave, stop := leaveOnSignal(cmd.Context())
	defer stop()
	screen := &wizard.Terminal{}
	clip := clipboard.New(clipboard.Options{Terminal: screen, Cleared: screen.Cleared, Log: log})
	defer takeBack(clip, log)
	result, err := wizard.Run(ctx, wizard.Options{
		Run: r, Steps: steps.All(), Log: log, NoColor: f.noColor, Copy: copyTo(clip), Terminal: screen,
		Portal: cloud.PerUserMFAURL(), Autopilot: s.autopilot, Pace: s.pace, Caption: s.caption, Leave: leave,
	})
	planted.Panic("main")
	open, yes := r.Exposure()
	switch {
	case yes:
		return stillOpen(r, open, errors.Join(err, plain.ErrLeft))
	case err != nil:
		return err
	case result == wizard.Finished:
		fmt.Fprintln(stdout, "The onboarding is finished.")
		return nil
	}
	if said := r.Parting(context.WithoutCancel(ctx)); said != "" {
		fmt.Fprintln(stdout, printable.Line(said))
	}
	return plain.ErrLeft
}

// signals are those that end a program from outside.
var signals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// leaveOnSignal has the wizard put MFA back and leave at the first signal. The second one ends it at once; what is
// open then is closed after the screen is gone.
func leaveOnSignal(parent context.Context) (context.Context, <-chan wizard.LeaveMsg, func()) {
	ctx, cancel := context.WithCancel(parent)
	got, leave := make(chan os.Signal, 2), make(chan wizard.LeaveMsg, 1)
	signal.Notify(got, signals...)
	go func() {
		defer cancel()
		defer func() { _ = recover() }()
		for first := true; ; first = false {
			select {
			case <-got:
			case <-ctx.Done():
				return
			}
			if !first {
				cancel()
				return
			}
			leave <- wizard.LeaveMsg{Now: true}
		}
	}()
	return ctx, leave, func() { signal.Stop(got); cancel() }
}

// plainly runs the plain lines, and closes the exposure window whatever ended them.
func (f *flags) plainly(cmd *cobra.Command, r *steps.Run, s setting, log *slog.Logger, title string, list []steps.Step) error {
	ctx, stop := signal.NotifyContext(cmd.Context(), signals...)
	defer stop()
	clip := plainClipboard(log)
	defer takeBack(clip, log)
	err := plain.Run(ctx, plain.Options{
		Run: r, Title: title, Steps: list, In: os.Stdin, Out: os.Stdout, Copy: copyTo(clip), Autopilot: s.autopilot, Pace: s.pace,
		SignInChosen: s.signInChosen,
	})
	if errors.Is(err, plain.ErrInputClosed) && !r.TenantNamed() {
		return usage(&steps.Error{Op: "ask for the customer's tenant: the input has ended", Hint: "Name it with --tenant, by a domain or by its id."})
	}
	open, yes := r.Exposure()
	if !yes {
		return err
	}
	if open.Found { // it was open before, and nobody said that it may be closed
		return stillOpen(r, open, errors.Join(err, plain.ErrLeft))
	}
	fmt.Fprintf(stdout, "Putting MFA back for %s ...\n", printable.Line(open.Account))
	closing, cancel := context.WithTimeout(cmd.Context(), steps.ClosingBound)
	defer cancel()
	if failed := r.CloseExposure(closing, sayEvent); failed != nil {
		return stillOpen(r, open, failed)
	}
	fmt.Fprintln(stdout, "MFA is back.")
	if said := r.Parting(context.WithoutCancel(ctx)); said != "" {
		fmt.Fprintln(stdout, printable.Line(said))
	}
	return err
}

// sayEvent says what a person has to know while MFA is put back after everything else has ended.
func sayEvent(e steps.Event) {
	switch {
	case e.Text != "":
		fmt.Fprintln(stdout, printable.Line(e.Text)+" ...")
	case e.Task != nil:
		fmt.Fprintln(stdout, "Open this page: "+printable.Line(e.Task.URL+" "+e.Task.Code))
	}
}

// openError is the worst end: MFA is still off.
type openError struct {
	account, page string
	guarded       bool // a guard goes on trying
	demanded      bool // per-user MFA is back, and something else is not
	err           error
}

// stillOpen is that end, as the run knows it now.
func stillOpen(r *steps.Run, open steps.Exposure, err error) *openError {
	if now, yes := r.Exposure(); yes {
		open = now
	}
	return &openError{open.Account, r.PerUserMFAURL(), r.Guarded(), open.Demanded, err}
}

// explain says what is open, and what closes it.
func (e *openError) explain(p steps.Problem) steps.Problem {
	if e.demanded {
		p.What = "Per-user MFA is on for " + e.account + " again, but not everything is put back. " + p.What
		p.Next += " Or start again, or run restore: what is left is put back first."
		return p
	}
	p.What = "MFA is still off for " + e.account + ". " + p.What
	p.Next = "Turn per-user MFA on for it at once, in the portal under Per-user MFA: " + e.page + " Then start again, or run restore: what is left is put back first."
	if e.guarded {
		p.Next = "The guard, a second process, goes on trying. Don't wait for it: " + p.Next
	}
	return p
}

func (e *openError) Error() string {
	if e.demanded {
		return "not everything is put back for " + e.account + ": " + e.err.Error()
	}
	return "MFA is still off for " + e.account + ": " + e.err.Error()
}
func (e *openError) Unwrap() error { return e.err }

func terminal(f *os.File) bool { return term.IsTerminal(f.Fd()) }

// plainClipboard is the clipboard of the plain lines, which say by themselves when a copied value was taken away.
func plainClipboard(log *slog.Logger) *clipboard.Clipboard {
	o := clipboard.Options{Cleared: sayCleared, Log: log}
	if terminal(os.Stdout) && os.Getenv("TERM") != "dumb" {
		o.Terminal = os.Stdout
	}
	return clipboard.New(o)
}

func copyTo(clip *clipboard.Clipboard) func(context.Context, graph.Secret) (clipboard.Report, error) {
	return func(ctx context.Context, s graph.Secret) (clipboard.Report, error) { return clip.Copy(ctx, s) }
}

// clearWithin bounds taking the last value off the clipboard, whatever has ended the program.
const clearWithin = 5 * time.Second

// takeBack takes what was copied off the clipboard. Signals are still caught then, so that nothing comes between.
func takeBack(clip *clipboard.Clipboard, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), clearWithin)
	defer cancel()
	gone, err := clip.Close(ctx)
	if err != nil {
		log.Warn("clipboard not closed", "error", err)
		fmt.Fprintln(stdout, "What was copied may still be on the clipboard. Copy something else.")
	}
	sayCleared(gone)
}

func sayCleared(gone clipboard.Cleared) {
	for _, sentence := range gone.Sentences() {
		fmt.Fprintln(stdout, sentence)
	}
}

// openPages opens pages in the browsers of this machine.
func openPages(o *browser.Opener, address func(string) string) steps.OpenPage {
	return func(ctx context.Context, page string, private bool) (string, error) {
		if address != nil {
			page = address(page)
		}
		open := o.OpenOwn
		if private {
			open = o.Open
		}
		opened, err := open(ctx, page)
		switch {
		case errors.Is(err, browser.ErrNone):
			return "", errors.Join(steps.ErrNoBrowser, err)
		case err != nil:
			return "", err
		}
		return opened.Sentence(), nil
	}
}

// rehearsing are the flags of demo.
type rehearsing struct {
	profile, connect, fault string
	without                 string
	autopilot, serve        bool
	json, newer             bool
	pace                    time.Duration
	seed                    int64
}

func demoCommand(f *flags, end *ending) *cobra.Command {
	var d rehearsing
	demo := &cobra.Command{
		Use:   "demo",
		Short: "Rehearse on a simulated tenant: no account, no network",
		Long: "Rehearse the whole onboarding on a simulated tenant inside this process. Its web pages run on this machine; " +
			"where a person would act, the program offers to play that part.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return end.with(d.run(cmd, f))
		},
	}
	d.flags(demo, "fresh")
	p := demo.Flags()
	p.BoolVar(&d.serve, "serve", false, "only run the tenant, until it is stopped")
	p.BoolVar(&d.json, "json", false, "with --serve: print its addresses as JSON, on one line")
	var looking, again rehearsing
	look := checkCommand(func(cmd *cobra.Command, asJSON bool) error {
		return end.with(looking.on(func(s setting, c graph.Cloud) error { return f.check(cmd, c, s, asJSON) }))
	})
	looking.flags(look, "fresh")
	restore := restoreCommand(func(cmd *cobra.Command) error {
		return end.with(again.on(func(s setting, c graph.Cloud) error { return f.restore(cmd, c, s) }))
	})
	again.flags(restore, "half-done")
	demo.AddCommand(look, restore)
	return demo
}

// flags are those of every rehearsal.
func (d *rehearsing) flags(cmd *cobra.Command, profile string) {
	p := cmd.Flags()
	p.StringVar(&d.profile, "profile", profile, "the tenant to rehearse on: "+strings.Join(simtenant.Profiles(), ", "))
	p.BoolVar(&d.autopilot, "autopilot", false, "play every part by itself")
	p.DurationVar(&d.pace, "pace", 1500*time.Millisecond, "between the autopilot's keys; 0 for none")
	p.StringVar(&d.connect, "connect", "", "rehearse on the tenant whose addresses are in this file, as demo --serve --json prints them")
	p.StringVar(&d.fault, "fault", "", "what goes wrong, joined by commas, or all: "+strings.Join(faultNames(), ", "))
	p.StringVar(&d.without, "without", "", "what the tenant always refuses to read, joined by commas, each with =400, =403 or =404 (the default): "+strings.Join(simtenant.LackingNames(), ", "))
	p.BoolVar(&d.newer, "newer", false, "with a newer Delegate365, which needs no app password")
	p.Int64Var(&d.seed, "seed", 0, "makes another tenant of the same kind, with other bad luck")
}

func faultNames() []string {
	var names []string
	for _, k := range simtenant.FaultKinds() {
		names = append(names, string(k))
	}
	return names
}

// tenant is what is asked for.
func (d rehearsing) tenant() (simtenant.Options, error) {
	weather, err := simtenant.ParseFaults(d.fault, d.seed)
	if err != nil {
		return simtenant.Options{}, usage(err)
	}
	without, err := simtenant.ParseWithout(d.without)
	if err != nil {
		return simtenant.Options{}, usage(err)
	}
	return simtenant.Options{Profile: d.profile, Seed: d.seed, Weather: weather, Without: without, NewerDelegate365: d.newer}, nil
}

func (d rehearsing) run(cmd *cobra.Command, f *flags) error {
	switch {
	case d.json && !d.serve:
		return usage(errors.New("--json goes with --serve"))
	case d.serve && (d.connect != "" || d.autopilot):
		return usage(errors.New("--serve only runs the tenant: it goes with neither --connect nor --autopilot"))
	case d.serve:
		return d.wait(cmd)
	}
	return d.on(func(s setting, c graph.Cloud) error { return f.onboard(cmd, c, s) })
}

// stage is where the rehearsal takes place.
func (d rehearsing) stage() (*rehearsal.Stage, error) {
	o, err := d.tenant()
	switch {
	case err != nil:
		return nil, err
	case d.connect != "" && (d.fault != "" || d.without != "" || d.newer):
		return nil, usage(errors.New("--fault, --without and --newer go with a tenant of this process: give them to demo --serve instead of --connect"))
	case d.connect != "":
		return rehearsal.Visit(d.connect)
	}
	return rehearsal.Open(o)
}

// on opens the stage of a rehearsal for as long as play takes.
func (d rehearsing) on(play func(setting, graph.Cloud) error) error {
	stage, err := d.stage()
	if errors.Is(err, rehearsal.ErrUnusable) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	defer stage.Close() //nolint:errcheck // a rehearsal that is over has nothing to lose
	s := setting{
		journal: stage.Journal, tenant: stage.Tenant, transport: stage.Transport, roots: stage.Roots, patience: stage.Patience,
		keyRing: stage.KeyRing, person: stage.Person, address: stage.BrowserURL, autopilot: d.autopilot, pace: d.pace, caption: rehearsal.Caption,
	}
	if d.autopilot {
		s.open = func(context.Context, string, bool) (string, error) { return "", steps.ErrNoBrowser }
	}
	return play(s, stage.Cloud)
}

// wait runs a tenant, prints where it is and returns when the program is stopped.
func (d rehearsing) wait(cmd *cobra.Command) error {
	o, err := d.tenant()
	if err != nil {
		return err
	}
	_, server, err := rehearsal.Serve(o)
	if errors.Is(err, rehearsal.ErrUnusable) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	defer server.Close()
	out := json.NewEncoder(cli.StdoutJSON)
	if !d.json {
		out.SetIndent("", "  ")
	}
	if err := out.Encode(server.Endpoints()); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), signals...)
	defer stop()
	<-ctx.Done()
	return nil
}
