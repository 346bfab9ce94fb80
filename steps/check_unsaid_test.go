package steps

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// What an answer does not say is no reassurance.
func TestRowsOfWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		row  Fact
		says string
	}{
		"licences, suspended": {sayLicences([]graph.SKU{{PartNumber: "SPB", Status: "Suspended"}}), "Microsoft 365 Business Premium (Suspended)"},
		"licences, no state":  {sayLicences([]graph.SKU{{PartNumber: "SPB"}}), "Microsoft 365 Business Premium (its state is not known)"},
		"licences, nothing":   {sayLicences([]graph.SKU{{}}), "not known"},
		"score of nothing":    {sayScore(graph.SecureScore{}, analysis.Reading[[]graph.SecureScoreControl]{}), "does not say"},
		"tenant, no domain":   {sayTenant(&memory{org: graph.Organization{ID: "1", DisplayName: "Contoso"}}), "does not say"},
		"tenant, no name":     {sayTenant(&memory{org: graph.Organization{ID: "1", DefaultDomain: "contoso.com"}}), "Its id is 1"},
	} {
		if c.row.Mark != MarkNote || !strings.Contains(c.row.Note, c.says) {
			t.Errorf("%s: %+v", name, c.row)
		}
	}
	if f := sayLicences(nil); f.Value != "none" || f.Mark != MarkOK {
		t.Errorf("no licences: %+v", f)
	}
}
