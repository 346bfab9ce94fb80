package steps_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Per-user MFA asks nothing from trusted ranges and remembered devices, and Graph does not show which there are: where its state is
// what demands MFA again, that is said.
func TestTrustedIPsAreADoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.ReenableMFA)
		f := r.pass(steps.ReenableMFA)
		if row := rowsOf(f)["Per-user MFA"]; row.Value != "enforced" || !strings.Contains(row.Note, "trust IP ranges") || !strings.Contains(row.Note, "can't be read") {
			t.Errorf("it says %+v", row)
		}
	})
}

// A rehearsal in which the service takes the change for the whole of its settings: what Graph shows is put back and told, and of
// what it does not show the page is named.
func TestMFAResetIsRehearsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		weather, err := simtenant.ParseFaults("mfa-reset", 0)
		if err != nil {
			t.Fatal(err)
		}
		tenant, err := simtest.New(simtenant.Options{Profile: "business", Weather: weather})
		if err != nil {
			t.Fatal(err)
		}
		r := rehearseOn(t, tenant, setup{})
		r.passUntil(steps.EnableAppPasswords)
		before := r.mfaService()
		f := r.pass(steps.EnableAppPasswords)
		before["allowAppPasswords"] = true
		if after := r.mfaService(); !reflect.DeepEqual(before, after) {
			t.Errorf("the settings were %v and are %v", before, after)
		}
		rows := rowsOf(f)
		if _, told := rows["rememberMfaOnTrustedDevice.allowedNumberOfDays"]; !told || rows["Trusted IPs"].Mark != steps.MarkLook {
			t.Errorf("it says %s", said(f))
		}
	})
}
