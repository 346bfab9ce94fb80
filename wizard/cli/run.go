package cli

import (
	"cmp"
	"log/slog"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/browser"
)

// start makes a run of the flags, and what has to be done when it is over.
func (f *flags) start(cloud graph.Cloud, s world, by journal.By) (_ *steps.Run, _ *slog.Logger, end func(error), err error) {
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
	log, closeLog, err := openLog(f.log)
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
