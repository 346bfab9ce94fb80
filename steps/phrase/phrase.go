// Package phrase puts numbers, lists and times as the sentences of a screen have them.
package phrase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// JoinAnd lists things as a sentence does: a, b and c.
func JoinAnd(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

// JoinFew is JoinAnd of the first of many things, with how many there are besides.
func JoinFew(items []string) string {
	const few = 4
	if len(items) <= few+1 {
		return JoinAnd(items)
	}
	return JoinAnd(append(slices.Clone(items[:few]), strconv.Itoa(len(items)-few)+" more"))
}

// Count names a number of things: 1 policy, 2 policies.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Clock is a time of day in the operator's own zone, to the second.
func Clock(t time.Time) string { return t.Local().Format("15:04:05") }

// Span is a duration as a stopwatch shows it: 04:10.
func Span(d time.Duration) string {
	d = d.Round(time.Second)
	return fmt.Sprintf("%02d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Roughly is a duration as a plan shows it: 2 min.
func Roughly(d time.Duration) string {
	if d < time.Minute {
		return strconv.Itoa(int(d.Seconds())) + " s"
	}
	return strconv.Itoa(int(d.Round(time.Minute).Minutes())) + " min"
}

func YesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// Upper begins a sentence.
func Upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
