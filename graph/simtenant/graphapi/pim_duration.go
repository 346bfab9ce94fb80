package graphapi

import (
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// durationForm is what Privileged Identity Management takes of ISO 8601: days, hours, minutes and seconds, and neither
// weeks nor months nor years (https://github.com/microsoftgraph/msgraph-sdk-go-core/issues/280).
var durationForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
})

func parseDuration(text string) (time.Duration, bool) {
	m := durationForm().FindStringSubmatch(text)
	if m == nil || text == "P" || text[len(text)-1] == 'T' {
		return 0, false
	}
	var total time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(m[i+1])
		total += time.Duration(n) * unit
	}
	return total, true
}

// mustDuration is a duration of a profile's.
func mustDuration(text string) time.Duration {
	d, ok := parseDuration(text)
	if !ok {
		panic("no duration: " + text)
	}
	return d
}

// durationOf is how long a schedule lasts; zero is without an end.
func durationOf(schedule map[string]any) (time.Duration, *odata.Error) {
	invalid := requestRefused("InvalidRoleAssignmentRequest", "The schedule of the role assignment request is invalid.")
	expiration, _ := schedule["expiration"].(map[string]any)
	text, _ := expiration["duration"].(string)
	switch expiration["type"] {
	case "noExpiration":
		return 0, nil
	case "afterDuration":
		if d, ok := parseDuration(text); ok && d > 0 {
			return d, nil
		}
	}
	return 0, invalid
}
