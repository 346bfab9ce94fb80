package cli

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/browser"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// place is where a command acts, as flags of its own say.
type place interface {
	define(*pflag.FlagSet)
	// in calls act with the world there. Errors are usage errors where the flags can't be used, and those of act.
	in(act func(world) error) error
}

// realTenant is a place in one of the clouds of Microsoft.
type realTenant struct{ cloud string }

func (t *realTenant) define(p *pflag.FlagSet) {
	p.StringVar(&t.cloud, "cloud", "global", helpText("`CLOUD` of the tenant: global, usgov, dod, china, or a JSON file with the hosts"))
	choose(p, "cloud", graph.CloudNames(), orFile)
}

func (t *realTenant) in(act func(world) error) error {
	cloud, err := graph.LookupCloud(t.cloud)
	if err != nil {
		return usage(err)
	}
	return act(world{cloud: cloud})
}

// world is what a command acts upon. All but the cloud may be left out: it is this machine's and this user's then.
type world struct {
	cloud     graph.Cloud
	journal   string       // folder; empty means the usual one
	keyRing   keyring.Ring // nil means this user's
	tenant    string       // the customer's, where the command line names none
	transport http.RoundTripper
	roots     []byte        // PEM of the only certificates that the guard trusts
	retryFor  time.Duration // of the guard
	open      steps.OpenPage
	address   func(string) string // of a page, as a browser needs it; nil leaves it as it is
	person    steps.Person
	made      bool // the tenant was made for this command, and nothing was done in it
	autopilot bool
	pace      time.Duration
	caption   func(steps.ID) string

	decide       plain.Decider // answers in place of the operator; nil asks
	signInChosen bool          // the way to sign in is named already, and not asked for
}

// ends reports the tenant of a rehearsal that ends with this process.
func (w world) ends() bool { return w.made && w.person != nil }

// openPages opens pages in the browsers of this machine.
func openPages(o *browser.Opener, address func(string) string) steps.OpenPage {
	return func(ctx context.Context, page string, private bool) (string, error) {
		if address != nil && !strings.HasPrefix(page, "file:") {
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

func terminal(f *os.File) bool { return term.IsTerminal(f.Fd()) }

// columns is how wide a terminal is at the moment; nothing for what is none.
func columns(f *os.File) func() int {
	return func() int {
		if !terminal(f) {
			return 0
		}
		if w, _, err := term.GetSize(f.Fd()); err == nil && w > 0 {
			return w
		}
		return usualWidth
	}
}
