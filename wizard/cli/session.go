package cli

import (
	"cmp"
	"log/slog"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/browser"
)

// session is one run of the steps in a world.
type session struct {
	world
	run      *steps.Run
	log      *slog.Logger
	closeLog func()
	first    said
}

// said is what stays on the terminal first.
type said struct {
	outcome string // how the run ended
	alarm   string // of its report
}

// begin makes a run of the flags. It is over with end.
func (f *runFlags) begin(w world, by journal.By) (*session, error) {
	if err := f.usable(w.cloud); err != nil {
		return nil, usage(err)
	}
	log, closeLog, err := openLog(f.log)
	if err != nil {
		return nil, usage(&steps.Error{Op: "write a log", Hint: phrase.T("Name with --log an ordinary file of your own, or a new one in a folder that is there."), Err: err})
	}
	if w.open == nil {
		w.open = openPages(browser.New(log), w.address)
	}
	if w.journal == "" {
		if w.journal, err = journal.Folder(); err != nil {
			closeLog()
			return nil, err
		}
	}
	if w.keyRing == nil {
		w.keyRing = keyring.System("journal")
	}
	run, err := steps.NewRun(steps.Options{
		Cloud: w.cloud, Tenant: cmp.Or(f.tenant, w.tenant), ClientID: f.clientID, DeviceCode: f.deviceCode, Account: f.account, Portal: f.portal,
		Cap: f.window, Journal: w.journal, KeyRing: w.keyRing, By: by, Guard: w.startGuard, Around: around, Transport: w.transport, Open: w.open, Person: w.person,
		Log: log, Bodies: f.log != "", Reports: steps.Reports{Folder: reportFolder(w, f.reports), Program: thisProgram, Rehearsal: w.person != nil, Ends: w.ends()},
	})
	if err != nil {
		closeLog()
		return nil, usage(err)
	}
	steps.Untyped(run, f.untyped())
	return &session{world: w, run: run, log: log, closeLog: closeLog}, nil
}

// usable says why a run can't be made of the flags, before anything is opened or read.
func (f *runFlags) usable(cloud graph.Cloud) error {
	if f.window < steps.LeastCap || f.window > steps.MostCap {
		return &misuse{phrase.T("--window takes 5m to 120m, not %s", shortTime(f.window)), phrase.T("MFA is off for at most so long, between 5 and 120 minutes: for instance --window 30m.")}
	}
	if f.clientID != "" && !objectid.Is(f.clientID) { // not quoted: a secret may have been pasted there
		return &misuse{phrase.T("--client-id takes the id of an application, and that is none"), phrase.T("Entra shows it as Application (client) ID, for instance 5f5b5c0e-3f0a-4f0e-9b43-1f6f6c0f2a11.")}
	}
	if f.clientID == "" && !cloud.HasDefaultClient() {
		return &steps.Error{
			Op: "sign in to the %s cloud without --client-id", Of: []any{cloud.Name},
			Hint: phrase.T("Microsoft Graph Command Line Tools is not known to exist there. Register a public client in the customer's tenant, with http://localhost as its redirect address, and name it with --client-id."),
		}
	}
	if err := graph.CheckProxy(); err != nil {
		return &steps.Error{Op: "go through a proxy", Hint: phrase.T("Write it as http://host:port, or unset it. Nothing was sent, and nothing goes around it."), Err: err}
	}
	return nil
}

// end closes the run, which err ended.
func (s *session) end(err error) {
	if err == nil {
		s.run.Finish()
	} else {
		s.run.Close()
	}
	if missing := s.run.Unwritten(); missing != nil {
		printError(missing)
	}
	s.run.Wipe()
	s.closeLog()
}
