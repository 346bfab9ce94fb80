package analysis

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// The way that is named leads past all that is against it for sure, also past what refuses what it leads to.
func TestWayLeadsPastAllThatIsAgainstIt(t *testing.T) {
	t.Parallel()
	policy := func(q Question, leaves Certainty, name, text string) Reason {
		d := Demand{Source: name, Policy: &graph.Policy{Name: name}}
		return Reason{Of: q, Leaves: leaves, Demand: &d, Text: text, WayOut: "exclude the account from " + name}
	}
	one, two := policy(Offered, No, "PR01", "PR01 stands before it"), policy(Offered, No, "PR02", "PR02 stands before it")
	late, perhaps := policy(Usable, No, "CA03", "CA03 refuses it"), policy(Offered, May, "PR04", "PR04 may stand before it")
	for name, c := range map[string]struct {
		reasons []Reason
		want    string
	}{
		"nothing":         {nil, ""},
		"one":             {[]Reason{one}, "PR01 stands before it. A way: exclude the account from PR01."},
		"two":             {[]Reason{one, two, perhaps}, "PR01 stands before it; so does " + two.Demand.Named() + ". A way: exclude the account from PR01; exclude the account from PR02."},
		"refused then":    {[]Reason{one, late}, "PR01 stands before it. A way: exclude the account from PR01; exclude the account from CA03."},
		"perhaps":         {[]Reason{perhaps}, "PR04 may stand before it. A way: exclude the account from PR04."},
		"perhaps, and no": {[]Reason{perhaps, late}, "PR04 may stand before it. A way: exclude the account from PR04; exclude the account from CA03."},
	} {
		if got := (AppPasswordVerdict{Reasons: c.reasons}).Against(Offered); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
