package steps_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// An onboarding that turns security defaults off for the whole tenant is left, or killed, before each step after that: its report says
// what the tenant says, they are on again, and no entry of Microsoft's log is an alarm.
func TestReportsWhereSecurityDefaultsAreTurnedOff(t *testing.T) {
	t.Parallel()
	reports, wrong, alarms := 0, 0, 0
	for _, profile := range []string{"security-defaults", "security-defaults-p1"} {
		for _, stop := range fewer(3, steps.All()[4:]) {
			for _, how := range []string{report.Left, report.Killed} {
				t.Run(profile+"/"+string(stop.Info().ID)+"/"+how, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						folder := t.TempDir()
						r, w := watched(t, setup{profile: profile, options: func(o *steps.Options) { o.Reports.Folder = t.TempDir() }}, folder)
						r.letIn = true
						outside := monitored(r.tenant)
						defer outside.stop()
						r.decideUntil(onboardings[profile], stop.Info().ID)
						h := r.endedBy(how, w, folder)
						reports++
						n := truth(t, h, r.tenant) + outside.truth(t, h)
						if !r.tenant.Snapshot().SecurityDefaults {
							n++
							t.Error("security defaults are off")
						}
						for _, d := range h.Difference {
							if d.What == report.WhatDefaults {
								n++
								t.Errorf("the report has them as changed: %+v", d)
							}
						}
						if n > 0 {
							wrong++
						}
						for _, e := range h.Entries {
							if e.Class == report.NoReason {
								alarms++
								t.Errorf("a false alarm: %+v", e)
							}
						}
						if h.Verdict.Onboarding != report.HalfWay || h.Verdict.Windows == report.WindowsOpen {
							t.Errorf("ended %+v, verdict %+v", h.Ended, h.Verdict)
						}
					})
				})
			}
		}
	}
	t.Logf("reports %d, false %d; alarms %d", reports, wrong, alarms)
}

// decideUntil walks on as its operator decides, and ends before a step.
func (r *rehearsal) decideUntil(c profileWalk, stop steps.ID) {
	r.t.Helper()
	for _, s := range steps.All() {
		id := s.Info().ID
		for _, d := range c.decide[id] {
			if id != stop {
				r.answer(id, d.field, d.value)
			}
		}
		if id == stop {
			return
		}
		r.pass(id)
	}
}

// endedBy ends the run, and returns its report: of a run that was killed the command report makes it, once Microsoft's log has arrived.
func (r *rehearsal) endedBy(how string, w *sentry, folder string) steps.HandedReport {
	r.t.Helper()
	if how == report.Left {
		if err := r.run.CloseExposure(r.t.Context(), r.report); err != nil {
			r.t.Fatal(err)
		}
		defer r.run.Close()
		return r.hand(report.Left)
	}
	if !r.open() {
		r.run.Close()
	} else if err := w.kill(r); err != nil {
		r.t.Fatal(err)
	}
	time.Sleep(10 * time.Minute)
	return r.again(folder)
}
