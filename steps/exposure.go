package steps

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// Exposure is window.Exposure.
type Exposure = window.Exposure

// DefaultCap is how long the exposure window may stay open when nothing else was asked for.
const DefaultCap = window.DefaultCap

// The shortest and the longest cap.
const (
	LeastCap = window.LeastCap
	MostCap  = window.MostCap
)

// Exposure reports the open exposure window, if there is one. It reads memory only and may be called on every frame.
func (r *Run) Exposure() (Exposure, bool) {
	open, yes := r.window.Exposure()
	r.update(func(m *memory) {
		if yes && !m.role.stays && m.role.until.Before(open.Opened.Add(open.Cap)) {
			open.RoleEnds = m.role.until
		}
	})
	return open, yes
}

// Guarded reports that a guard goes on trying to close the window when this process ends.
func (r *Run) Guarded() bool { return r.window.Guarded() }

// CloseExposure puts MFA back for the service account, takes every exclusion of this run back, and reads that. It
// returns nil when no window is open. When it fails the window is still open and it may be called again.
func (r *Run) CloseExposure(ctx context.Context, report func(Event)) error {
	open, yes := r.Exposure()
	if !yes {
		return nil
	}
	r.update(func(m *memory) {
		if m.user.ID == "" { // a look-up that lagged must not keep the window open
			m.user = open.User()
		}
	})
	defer r.listen(report)()
	return putBack(ctx, r, report, CloseWindow)
}

// ClosingBound is how long closing is tried when nobody is there to see it.
const ClosingBound = window.ClosingBound
