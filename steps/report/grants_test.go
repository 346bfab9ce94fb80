package report_test

import (
	"slices"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// A consent that makes a grant longer is logged as removed and as added. That the first half takes nothing out is read from its values: it
// is what the operator accepted. One that takes something out is not.
func TestGrantThatGrowsIsLoggedTwice(t *testing.T) {
	for scopes, class := range map[[2]string]string{
		{`"User.Read"`, `"User.Read Policy.Read.All"`}: report.Asked,
		{`"User.Read Policy.Read.All"`, `"User.Read"`}: "",
		{`"User.Read"`, `""`}:                          "",
	} {
		f := facts(t)
		e := f.Log.Entries[0]
		e.ID, e.Activity, e.At, e.CorrelationID = "Directory_9", "Remove delegated permission grant", at("14:26:00"), ""
		e.Targets = []report.Target{{ID: "80000000-0000-4000-8000-000000000008", Name: f.Operator.ClientName, Changes: []report.Property{{Name: "DelegatedPermissionGrant.Scope", Old: scopes[0], New: scopes[1]}}}}
		f.Log.Entries = append(f.Log.Entries, e)
		r := made(t, f)
		i := slices.IndexFunc(r.Entries, func(e report.Entry) bool { return e.ID == "Directory_9" })
		if got := i >= 0 && r.Entries[i].Class == report.Asked; got != (class == report.Asked) {
			t.Errorf("%v: asked %v, entries %+v, others %+v", scopes, got, r.Entries, r.Others)
		}
	}
}
