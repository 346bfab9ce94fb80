package steps

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// A licence is told by the name it is sold under. Where the name is not certain, or there is none, the id that Graph has for it is there too.
func TestProducts(t *testing.T) {
	t.Parallel()
	for part, want := range map[string]string{
		"SPB": "Microsoft 365 Business Premium", "EMS": "Enterprise Mobility + Security E3 (EMS)", "SOMETHING_NEW": "SOMETHING_NEW", "": "",
	} {
		if got := product(part); got != want {
			t.Errorf("%s is told as %q, want %q", part, got, want)
		}
	}
	for part := range likelyProducts {
		if products[part] != "" {
			t.Errorf("%s is certain and not", part)
		}
	}
	f := sayLicences([]graph.SKU{{PartNumber: "O365_BUSINESS_ESSENTIALS", Enabled: true}, {PartNumber: "OFFICESUBSCRIPTION", Status: "Suspended"}})
	for _, want := range []string{"Microsoft 365 Business Basic", "Microsoft 365 Apps for enterprise (OFFICESUBSCRIPTION)", "Suspended"} {
		if !strings.Contains(f.Note, want) {
			t.Errorf("%q is not told: %s", want, f.Note)
		}
	}
}
