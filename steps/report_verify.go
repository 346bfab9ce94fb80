package steps

import (
	"context"
	"errors"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// HoldAgainst holds a report that was found sound against the tenant that this run is signed in to: Microsoft's log and how
// things stand today. Nothing is written.
func (r *Run) HoldAgainst(ctx context.Context, v *report.Verification, said report.Report) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	id := client.Identity().TenantID
	if !objectid.Same(id, said.Tenant.ID) {
		v.Tenant(said, id, report.Reading{}, nil)
		return nil
	}
	p := readPosture(ctx, client, r.snapshot().platform, atOnce, func(*posture) {})
	var now *report.Snapshot
	s, err := readAccount(ctx, client, said.Account.ID)
	if err == nil || errors.Is(err, graph.ErrNotFound) {
		read := snapshotOf(time.Now(), &p, s)
		unreadAccount(ctx, client, &read, said.Account.ID, err)
		now = &read
	}
	v.Tenant(said, id, readAudit(ctx, client, said.From(), licenceName(&p)), now)
	v.Witness(said, witnessed(ctx, client, said.Account.ID))
	return nil
}
