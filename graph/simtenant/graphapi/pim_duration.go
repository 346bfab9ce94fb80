package graphapi

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// durationOf is how long a schedule lasts; zero is without an end.
func durationOf(schedule map[string]any) (time.Duration, *odata.Error) {
	invalid := requestRefused("InvalidRoleAssignmentRequest", "The schedule of the role assignment request is invalid.")
	expiration, _ := schedule["expiration"].(map[string]any)
	text, _ := expiration["duration"].(string)
	switch expiration["type"] {
	case "noExpiration":
		return 0, nil
	case "afterDuration":
		if d, ok := state.ParseDuration(text); ok && d > 0 {
			return d, nil
		}
	}
	return 0, invalid
}
