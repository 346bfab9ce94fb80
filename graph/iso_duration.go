package graph

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// isoDuration writes a duration as Privileged Identity Management takes it, in whole minutes: it refuses weeks, which the
// SDK makes of seven days (https://github.com/microsoftgraph/msgraph-sdk-go-core/issues/280).
func isoDuration(d time.Duration) string { return fmt.Sprintf("PT%dM", d/time.Minute) }

var isoForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
})

// isoUnits are those of isoForm; a year and a month are as short as they can be.
var isoUnits = []time.Duration{365 * 24 * time.Hour, 28 * 24 * time.Hour, 7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second}

// parseISODuration reads a duration that Graph wrote; false is one that can't be read, or is none.
func parseISODuration(text string) (time.Duration, bool) {
	m := isoForm().FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	var total time.Duration
	for i, unit := range isoUnits {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.ParseInt(m[i+1], 10, 32)
		if err != nil || n > (1<<62-int64(total))/int64(unit) {
			return 0, false
		}
		total += time.Duration(n) * unit
	}
	return total, total > 0
}

// has reports a word in a set that setOf made, whatever its case.
func has(set map[string]bool, word string) bool { return set[strings.ToLower(word)] }

func joined(words []string) string { return strings.Join(words, " ") }
