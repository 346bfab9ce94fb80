package cli

import (
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// In the text of a flag its value is named between backquotes, as pflag has it: `DOMAIN`.

// runFlags are those of every command that reads a tenant.
type runFlags struct {
	tenant, clientID, account, portal, log string
	reports                                string // folder
	deviceCode                             bool
	window                                 time.Duration
	all                                    *pflag.FlagSet // of the command
}

func (f *runFlags) define(p *pflag.FlagSet) {
	f.all = p
	p.StringVar(&f.tenant, "tenant", "", helpText("`DOMAIN` or id of the customer's tenant"))
	p.StringVar(&f.clientID, "client-id", "", helpText("application to sign in with, by its `ID` (default Microsoft Graph Command Line Tools)"))
	p.BoolVar(&f.deviceCode, "device-code", false, helpText("sign in with a code on another device"))
	p.StringVar(&f.account, "account", "", helpText("sign-in `NAME` of the service account"))
	p.StringVar(&f.portal, "portal", "", helpText("`ADDRESS` of the Delegate365 portal"))
	p.DurationVar(&f.window, "window", steps.DefaultCap, helpText("longest `TIME` that the account may be without MFA, 5m to 120m"))
	p.StringVar(&f.log, "log", "", helpText("write every request to this `FILE`; of bodies, ids and states only"))
	annotate(p, once, "tenant", "portal")
	_ = cobra.MarkFlagFilename(p, "log")
	suggest(p, "window", "5m", "10m", "20m", "30m", "45m", "60m", "120m")
}

// screenFlags are those of a command that may have a screen.
type screenFlags struct{ accessible, noColor, noBell bool }

func (f *screenFlags) define(p *pflag.FlagSet) {
	p.BoolVar(&f.accessible, "accessible", false, helpText("plain lines, for screen readers and pipes"))
	p.BoolVar(&f.noColor, "no-color", false, helpText("no colours (as NO_COLOR)"))
	p.BoolVar(&f.noBell, "no-bell", false, helpText("no bell, and no other window title, when a wait is over and you look elsewhere"))
	annotate(p, ofPerson, "accessible", "no-color", "no-bell")
}

// unlisted lets flags stand that a command takes and has no use for: whoever has to put MFA back in a hurry adds one word
// to the line that was typed before.
func unlisted(p *pflag.FlagSet, names ...string) {
	for _, name := range names {
		p.Lookup(name).Hidden = true
	}
}
