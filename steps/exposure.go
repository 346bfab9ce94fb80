package steps

import (
	"context"
	"time"
)

// The exposure window is open while the service account holds Global Administrator and nothing demands a second
// factor of it. It is opened in memory before the write that opens it in the tenant, and closed in memory only after
// the tenant was read and demands MFA again, so that an error on the way leaves it open here.

// DefaultCap is how long the exposure window may stay open when nothing else was asked for.
const DefaultCap = 30 * time.Minute

// The shortest and longest cap.
const (
	minCap = 5 * time.Minute
	maxCap = 120 * time.Minute
)

// Exposure is the exposure window while it is open.
type Exposure struct {
	Account string // user principal name
	Opened  time.Time
	Cap     time.Duration
	Closed  time.Time // zero while it is open
	By      string    // what closed it
}

func checkCap(d time.Duration) error {
	if d < minCap || d > maxCap {
		return &Error{
			Op:   "use a window of " + d.String(),
			Hint: "Choose between 5 and 120 minutes, for instance --window 30m.",
		}
	}
	return nil
}

// Exposure reports the open exposure window, if there is one. It reads memory only and may be called on every frame.
func (r *Run) Exposure() (Exposure, bool) {
	m := r.see()
	if m.exposure == nil {
		return Exposure{}, false
	}
	return *m.exposure, true
}

// openExposure starts the clock unless it runs already.
func (r *Run) openExposure() {
	r.set(func(m *memory) {
		if m.exposure == nil {
			m.exposure = &Exposure{Account: m.user.UserPrincipalName, Opened: time.Now(), Cap: m.cap}
		}
	})
}

// closedExposure stops the clock: the tenant was read and demands MFA, or the account is no administrator.
func (r *Run) closedExposure(by string) {
	r.set(func(m *memory) {
		if m.exposure == nil {
			return
		}
		e := *m.exposure
		e.Closed, e.By = time.Now(), by
		m.closed = append(m.closed, e)
		m.exposure = nil
	})
}

// judgeExposure sets the clock by what the tenant was just read to say.
func (r *Run) judgeExposure(administrator bool, demands []demand) {
	if administrator && len(demands) == 0 {
		r.openExposure()
		return
	}
	by := "the account is not Global Administrator"
	if len(demands) > 0 {
		by = demands[0].source + " demands MFA"
	}
	r.closedExposure(by)
}

// CloseExposure puts MFA back for the service account and reads it back. It returns nil when no window is open. When
// it fails the window is still open and it may be called again.
func (r *Run) CloseExposure(ctx context.Context, report func(Event)) error {
	if _, open := r.Exposure(); !open {
		return nil
	}
	defer r.listen(report)()
	return restoreMFA(ctx, r, report, ReenableMFA)
}
