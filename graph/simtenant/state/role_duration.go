package state

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// durationForm is what Privileged Identity Management takes of ISO 8601: days, hours, minutes and seconds, and neither
// weeks nor months nor years (https://github.com/microsoftgraph/msgraph-sdk-go-core/issues/280).
var durationForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
})

// ParseDuration reads a duration as Graph writes it. It is false for what Privileged Identity Management does not take.
func ParseDuration(text string) (time.Duration, bool) {
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

// MustDuration is a duration of a profile's.
func MustDuration(text string) time.Duration {
	d, ok := ParseDuration(text)
	if !ok {
		panic("no duration: " + text)
	}
	return d
}

// Lasting is the scheduleInfo of a request for so long.
func Lasting(d time.Duration) map[string]any {
	return map[string]any{"expiration": map[string]any{"type": "afterDuration", "duration": fmt.Sprintf("PT%dM", d/time.Minute)}}
}
