package steps_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// App passwords were allowed, and then Delegate365 turns out to be a newer one: forbidding them again is offered on the last
// screen, announced, made, read back and recorded; every other setting stays as it is.
func TestAllowedForNothingIsOfferedBack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{options: func(o *steps.Options) { o.Journal = folder }})
		r.tenant.Settings.SetRemembering(60)
		r.passUntil(steps.HandOver)
		r.answer(steps.HandOver, "no-such-page", "")
		f := r.inspect(steps.HandOver)
		if f.Status != steps.Done || !strings.Contains(said(f), steps.ActGo+string(steps.EnableAppPasswords)) {
			t.Fatalf("it is not offered: %s", said(f))
		}
		f = r.inspect(steps.EnableAppPasswords)
		if f.Status != steps.Ready || len(f.Changes) != 1 || f.Changes[0].From != "yes" || f.Changes[0].To != "no" ||
			!strings.Contains(said(f), "This run allowed them") || !strings.Contains(f.Notice.String(), "First delete the app password") {
			t.Fatalf("it announces %s", said(f))
		}
		before := r.mfaService()
		if err := r.apply(t.Context(), steps.EnableAppPasswords); err != nil {
			t.Fatal(err)
		}
		after := r.mfaService()
		if r.tenant.Snapshot().AppPasswords || after["allowAppPasswords"] != false {
			t.Error("they are still allowed")
		}
		before["allowAppPasswords"] = false
		if !reflect.DeepEqual(before, after) {
			t.Errorf("the settings were %v and are %v", before, after)
		}
		if f := r.inspect(steps.EnableAppPasswords); f.Status != steps.NotNeeded {
			t.Errorf("then it says %s", said(f))
		}
		if f := r.inspect(steps.HandOver); strings.Contains(said(f), "App-password setting") || goesBack(f) {
			t.Errorf("the end says %s", said(f))
		}
		r.run.Finish()
		for _, i := range read(t, folder, r.tenant.Endpoints().TenantID).Outstanding() {
			if i.Kind == journal.InverseAppPasswordSetting {
				t.Errorf("the journal still owes %+v", i)
			}
		}
	})
}

// goesBack reports an action that leads to another step.
func goesBack(f steps.Finding) bool {
	return slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return strings.HasPrefix(a.ID, steps.ActGo) })
}

// What was allowed before the onboarding is left alone.
func TestAllowedBeforeIsNotOffered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.asOperator("PATCH", "/beta/policies/mfaServicePolicy", `{"allowAppPasswords":true}`)
		r.passUntil(steps.EnableAppPasswords)
		r.answer(steps.EnableAppPasswords, "office", "none")
		if f := r.inspect(steps.EnableAppPasswords); f.Status != steps.NotNeeded {
			t.Errorf("it says %s", said(f))
		}
		r.pass(steps.CaptureAppPassword)
		if f := r.inspect(steps.HandOver); goesBack(f) {
			t.Errorf("the end offers %+v", f.Actions)
		}
	})
}

// Microsoft refuses the call: the page is shown where it is done by hand, and it is noticed.
func TestForbiddingByHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.HandOver)
		r.answer(steps.HandOver, "no-such-page", "")
		fault(r, "PATCH", "/mfaServicePolicy", 0, forbidden)
		told(t, r.apply(t.Context(), steps.EnableAppPasswords), "portal")
		f := r.inspect(steps.EnableAppPasswords)
		if f.Status != steps.Waiting || f.Task == nil || f.Task.URL == "" || !strings.Contains(said(f), "Do not allow users") {
			t.Fatalf("it says %s", said(f))
		}
		r.tenant.SetFault(nil)
		r.asOperator("PATCH", "/beta/policies/mfaServicePolicy", `{"allowAppPasswords":false}`)
		if f := r.inspect(steps.EnableAppPasswords); f.Status != steps.NotNeeded {
			t.Errorf("then it says %s", said(f))
		}
	})
}
