package steps

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// joinAnd lists things as a sentence does: a, b and c.
func joinAnd(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

// joinFew is joinAnd of the first of many things, with how many there are besides.
func joinFew(items []string) string {
	const few = 4
	if len(items) <= few+1 {
		return joinAnd(items)
	}
	return joinAnd(append(slices.Clone(items[:few]), strconv.Itoa(len(items)-few)+" more"))
}

// count names a number of things: 1 policy, 2 policies.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// clock is a time of day in the operator's own zone, to the second.
func clock(t time.Time) string { return t.Local().Format("15:04:05") }

// span is a duration as a stopwatch shows it: 04:10.
func span(d time.Duration) string {
	d = d.Round(time.Second)
	return fmt.Sprintf("%02d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// roughly is a duration as a plan shows it: 2 min.
func roughly(d time.Duration) string {
	if d < time.Minute {
		return strconv.Itoa(int(d.Seconds())) + " s"
	}
	return strconv.Itoa(int(d.Round(time.Minute).Minutes())) + " min"
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// upper begins a sentence.
func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
