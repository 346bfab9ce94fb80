package report

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Tenant and clock in words.

// roleName is the role that the onboarding gives.
const roleName phrase.Format = "Global Administrator"

// clouds are what Microsoft calls its clouds.
var clouds = map[string]phrase.Format{
	"global": "Microsoft's worldwide cloud", "usgov": "Microsoft's cloud for the US Government", "dod": "Microsoft's cloud for the US Government (DoD)",
	"china": "Microsoft's cloud in China", "simulated": "simulated, no cloud of Microsoft's",
}

// CloudSaid is a tenant's cloud, by its name, in words.
func CloudSaid(l phrase.Language, name string) string {
	if words := clouds[name]; words != "" {
		return l.T(words)
	}
	return l.T("cloud %s", name)
}

func licenceSaid(l phrase.Language, licence string) string {
	if licence == "unknown" {
		return l.T("licence not known")
	}
	return "Microsoft Entra ID " + strings.ToUpper(licence[:min(len(licence), 1)]) + licence[min(len(licence), 1):]
}

// Told reports a clock that is so far off that whoever compares times has to know.
func (c Clock) Told() bool { return c.OffsetSeconds > 60 || c.OffsetSeconds < -60 }

// Said is how far it is off, in words.
func (c Clock) Said(l phrase.Language) string {
	if c.OffsetSeconds < 0 {
		return l.T("%s behind Microsoft's", length(l, -c.OffsetSeconds))
	}
	return l.T("%s ahead of Microsoft's", length(l, c.OffsetSeconds))
}
