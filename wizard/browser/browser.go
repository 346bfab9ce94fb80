// Package browser opens a page in a private window of the browser that is there, or in the person's own browser.
//
// Rules:
//   - The command line of a browser can be read by anybody on the machine. It holds the address and nothing else, and an
//     address is refused when it is not a plain http or https one, or carries a user name or password. Only a page of HTML on
//     this computer may stand in its place, in an ordinary window. Where it can be helped, that of a sign-in comes here as a link to
//     this computer that leads on for one user alone: package graph knows where.
//   - No shell and no cmd.exe comes between, so that nothing in an address means anything but itself.
//   - Nobody waits for a browser: it is started in a session of its own and outlives this program. Only one that ends at
//     once with an error counts as not opened.
//   - A private window can be asked for and not verified: an organisation's policy or the browser itself may open an
//     ordinary one. What is said never claims more.
//
// All private windows of one browser share their cookies until the last of them is closed.
package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// ErrNone says that no browser can be started from here, as over ssh.
var ErrNone = errors.New("no browser can be started here")

// settle is how long a browser has to end with an error. One that hands over to a running one ends within it, well.
const settle = 700 * time.Millisecond

// Opened says how a page was opened.
type Opened struct {
	Browser string // its name, for a person
	Private bool   // a private window was asked for
	Own     bool   // an ordinary window was, where the person is signed in as themselves
	Window  string // what the browser's private windows say of themselves; empty where it has none
}

// Sentence is what a screen has to say about it.
func (o Opened) Sentence() string {
	if o.Own {
		return phrase.T("%s was asked to open the page, in an ordinary window.", o.Browser)
	}
	if o.Private {
		return phrase.T("%s was asked for a private window. Check that it says %s before anybody signs in.", o.Browser, o.Window)
	}
	return phrase.T("%s opened an ordinary window, which may be signed in with another account. Copy the address into a private window instead.", o.Browser)
}

// Opener opens pages. The zero value is not ready: use New.
type Opener struct {
	system  System
	machine machine
	log     *slog.Logger
	extra   []string // arguments that only a test needs
}

// New finds out what this program runs on. A nil log discards why a browser was not used.
func New(log *slog.Logger) *Opener {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	m := thisMachine()
	return &Opener{system: m.system(), machine: m, log: log}
}

// Open opens the address, which must be public, in a private window where there is a browser that knows them. The error
// is ErrNone, joined with what went wrong, or says why the address is refused.
func (o *Opener) Open(ctx context.Context, address string) (Opened, error) {
	if err := check(address); err != nil {
		return Opened{}, err
	}
	return o.open(ctx, address, o.Find, Command)
}

// OpenOwn opens the address, which must be public or a page on this computer, in an ordinary window of the browser that the
// person uses. The error is as Open's.
func (o *Opener) OpenOwn(ctx context.Context, address string) (Opened, error) {
	if err := checkOwn(address); err != nil {
		return Opened{}, err
	}
	opened, err := o.open(ctx, address, o.FindOwn, OwnCommand)
	opened.Own = err == nil
	return opened, err
}

func (o *Opener) open(
	ctx context.Context, address string, find func(context.Context) []Browser, command func(System, []Browser, string) (Plan, bool),
) (Opened, error) {
	failed := ErrNone
	for found := find(ctx); ; {
		plan, ok := command(o.system, found, address)
		if !ok {
			return Opened{}, failed
		}
		err := o.start(ctx, plan)
		if err == nil {
			name, window := plan.Browser.Kind.names()
			return Opened{Browser: name, Private: plan.Private, Window: window}, nil
		}
		o.log.Info("browser not used", "browser", plan.Argv[0], "error", err)
		failed = errors.Join(failed, err)
		if ctx.Err() != nil {
			return Opened{}, failed
		}
		found = slices.DeleteFunc(found, func(b Browser) bool { return b == plan.Browser })
	}
}

// start runs the plan in a session of its own. A goroutine stays until the browser ends, so that no zombie does.
func (o *Opener) start(ctx context.Context, plan Plan) error {
	args := slices.Concat(o.extra, plan.Argv[1:])
	cmd := exec.Command(plan.Argv[0], args...) //nolint:noctx // it has to outlive everything here
	cmd.SysProcAttr = detached()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", plan.Argv[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("run %s: %w", plan.Argv[0], err)
		}
	case <-time.After(settle):
	case <-ctx.Done():
	}
	return nil
}

// check refuses what must not be on a command line.
func check(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		// The error of url.Parse quotes the address.
		return errors.New("open a page: its address can't be read")
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("open a page: its address starts with %q instead of https", u.Scheme)
	case u.User != nil:
		return errors.New("open a page: its address carries a user name")
	case u.Hostname() == "":
		return errors.New("open a page: its address names no host")
	case strings.ContainsFunc(address, unusual):
		return errors.New("open a page: its address holds characters that belong in none")
	}
	return nil
}

// checkOwn also lets a page on this computer through: a file of HTML by its whole path, as the report for the customer is.
func checkOwn(address string) error {
	path, local := strings.CutPrefix(address, "file:///")
	switch {
	case !local:
		return check(address)
	case !strings.HasSuffix(path, ".html"):
		return errors.New("open a page: the file is none")
	case strings.ContainsFunc(address, unusual):
		return errors.New("open a page: its address holds characters that belong in none")
	}
	return nil
}

// unusual are the characters that RFC 3986 allows nowhere, of which some command lines make something of their own.
func unusual(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>\\^`{|}", r) }
