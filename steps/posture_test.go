package steps

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
)

// Graph may write an id in capitals, of a group as well as of a user.
func TestCampaignExcludesWithoutCase(t *testing.T) {
	t.Parallel()
	const user, group = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
	account := analysis.Account{ID: user, Groups: []string{group}}
	for id, want := range map[string]bool{
		"AAAAAAAA-0000-4000-8000-000000000001": true, "BBBBBBBB-0000-4000-8000-000000000002": true,
		"cccccccc-0000-4000-8000-000000000003": false, "": false,
	} {
		if got := excludes(graph.Campaign{Exclude: []graph.CampaignTarget{{ID: id}}}, account); got != want {
			t.Errorf("%q: %v", id, got)
		}
	}
}
