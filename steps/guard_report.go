package steps

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/guard"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// Of a wizard that was killed, the guard writes the report: after the window is closed, with what the wizard's token reads. It
// writes nothing to the tenant, and nobody saw the fingerprint; the command report adds what is known later.

// guard has every guard told where the report belongs.
func (o Options) guard() window.StartGuard {
	if o.Guard == nil {
		return nil
	}
	return func(ctx context.Context, order guard.Order) (*guard.Guard, error) {
		order.Report = guard.Report{Folder: o.Reports.Folder, ClientID: o.ClientID, Rehearsal: o.rehearses()}
		return o.Guard(ctx, order)
	}
}

// NewGuardWorker makes the worker of a guard: it closes the window, and writes the report of a wizard that is gone. The transport
// stands in for the network in tests.
func NewGuardWorker(transport http.RoundTripper, program func() report.Program) guard.NewWorker {
	hire := window.NewCloser(transport)
	return func(o guard.Order, tokens *graph.Relay, owed func() []journal.Inverse) (guard.Worker, error) {
		worker, err := hire(o, tokens, owed)
		closer, is := worker.(*window.Closer)
		if err != nil || !is || o.Report.Folder == "" || o.Journal == "" {
			return worker, err
		}
		return guardWorker{closer, o, program}, nil
	}
}

type guardWorker struct {
	*window.Closer
	order   guard.Order
	program func() report.Program
}

// Report leaves the report to whoever goes on with the onboarding, where somebody does already.
func (g guardWorker) Report(ctx context.Context) {
	client := g.Client()
	_ = client.Refresh(ctx) // what the token can't do, its readings say
	identity := client.Identity()
	identity.TenantID = g.order.TenantID
	if identity.UserPrincipalName == "" {
		identity.UserPrincipalName = g.order.Operator
	}
	run := &Run{
		opts: Options{Cloud: g.order.Cloud, ClientID: g.order.Report.ClientID, Journal: g.order.Journal, By: journal.ByGuard, Reports: Reports{Folder: g.order.Report.Folder, Program: g.program, Rehearsal: g.order.Report.Rehearsal}},
		log:  slog.New(slog.DiscardHandler), recorder: g.Recorder(), window: g.Window(), requests: g.Requests(), client: client,
	}
	run.mem.identity = identity
	run.mem.signedIn.cloud = g.order.Cloud
	run.mem.org, _ = client.Tenant.Organization(ctx)
	// Without one, the command report makes it.
	_, _ = run.WriteReport(ctx, "")
}

// takenUp reports that another process has begun to work on the tenant since the guard was hired.
func takenUp(r *Run) bool {
	lines, err := journal.Lines(r.opts.Journal, r.recorder.Identity().TenantID)
	if err != nil {
		return true
	}
	var by journal.By
	for _, line := range slices.Backward(lines) {
		e, err := journal.Parse(line)
		if err != nil || e.Kind != journal.KindStarted {
			continue
		}
		by = e.By
		break
	}
	return by != journal.ByGuard
}
