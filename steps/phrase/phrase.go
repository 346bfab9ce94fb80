// Package phrase puts numbers, lists and times as the sentences of a screen have them.
package phrase

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// JoinAnd lists things as a sentence does: a, b and c.
func JoinAnd(items []string) string { return Spoken().JoinAnd(items) }

// JoinAnd lists things as a sentence in this language does.
func (l Language) JoinAnd(items []string) string { return l.Join(items, "and") }

// Join lists things as a sentence does, with this word before the last: a, b or c.
func Join(items []string, word Format) string { return Spoken().Join(items, word) }

// Join lists things as a sentence in this language does.
func (l Language) Join(items []string, word Format) string {
	if n := len(items); n > 1 {
		return strings.Join(items[:n-1], ", ") + " " + l.T(word) + " " + items[n-1]
	}
	return strings.Join(items, "")
}

// JoinFew is JoinAnd of the first of many things, with how many there are besides.
func JoinFew(items []string) string { return Spoken().JoinFew(items) }

// JoinFew is JoinAnd of the first of many things in this language.
func (l Language) JoinFew(items []string) string {
	const few = 4
	if len(items) <= few+1 {
		return l.JoinAnd(items)
	}
	return l.JoinAnd(append(slices.Clone(items[:few]), l.T("%d more", len(items)-few)))
}

// Count names a number of things: 1 policy, 2 policies.
func Count(n int, one, many Format) string { return Spoken().Count(n, one, many) }

// Count names a number of things in this language.
func (l Language) Count(n int, one, many Format) string {
	if n == 1 {
		return "1 " + l.T(one)
	}
	return strconv.Itoa(n) + " " + l.T(many)
}

// Clock is a time of day in the operator's own zone, to the second, for a screen that is there while the run is. What stays after it, and
// what is told of before it or of elsewhere, has its zone beside it: Zoned, and whatever has a date.
func Clock(t time.Time) string { return t.Local().Format("15:04:05") }

// Zone is the operator's own zone at a time: UTC, UTC+02:00.
func Zone(t time.Time) string { return strings.TrimSuffix(t.Local().Format("UTCZ07:00"), "Z") }

// OwnZone says which zone a time has that has none beside it.
func OwnZone(t time.Time) string { return T("Times without a zone are this computer's: %s.", Zone(t)) }

// Zoned is Clock with its zone.
func Zoned(t time.Time) string { return Clock(t) + " " + Zone(t) }

// Days is how many whole days a duration is, from two on: 21 days. Empty below.
//
//go:noinline // every copy would be carried
func (l Language) Days(d time.Duration) string {
	const day = 24 * time.Hour
	if d < 2*day {
		return ""
	}
	return l.T("%d days", d/day)
}

// DaysUp is a duration of two days or more in days, hours and minutes, rounded up: 21 days 1 min. Empty below.
func (l Language) DaysUp(d time.Duration) string {
	whole := (d + time.Minute - 1).Truncate(time.Minute)
	said := l.Days(whole)
	if said == "" {
		return ""
	}
	minutes := int(whole/time.Minute) % (24 * 60)
	if minutes >= 60 {
		said += fmt.Sprintf(" %d h", minutes/60)
	}
	if minutes%60 > 0 {
		said += fmt.Sprintf(" %d min", minutes%60)
	}
	return said
}

// AtMost says that something was not longer than that: at most 2:00:19, at most 21 days 1 min.
func AtMost(d time.Duration) string { return T("at most %s", cmp.Or(Spoken().DaysUp(d), Span(d))) }

// Span is a duration as a stopwatch shows it: 04:10, with hours before that when there are any, and from two days on in days.
func Span(d time.Duration) string {
	if days := Spoken().Days(d); days != "" {
		return days
	}
	s := int(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// Countdown is what is left of a wait, rounded up: 9 s, or as a stopwatch shows it from a minute on.
func Countdown(left time.Duration) string {
	left = max(left+time.Second-1, 0).Truncate(time.Second)
	if left < time.Minute {
		return fmt.Sprintf("%d s", left/time.Second)
	}
	return Span(left)
}

// Moment is a time of day in the operator's own zone, with its date, and the zone, where it is not on the day of the other time.
func Moment(t, other time.Time) string {
	if sameDay(t, other) {
		return Clock(t)
	}
	return DateTime(t)
}

// Unzoned is a text that ends with a time without the zone that it has now.
func Unzoned(text string) string { return strings.TrimSuffix(text, " "+Zone(time.Now())) }

// Stays is Moment for what is read later or elsewhere: always with the zone.
func Stays(t, other time.Time) string {
	if sameDay(t, other) {
		return Zoned(t)
	}
	return DateTime(t)
}

// FromTo is from when to when, with the zone once where it is one.
func FromTo(from, to time.Time) string {
	begins := Moment(from, to)
	if zone := Zone(from); zone == Zone(to) {
		begins = strings.TrimSuffix(begins, " "+zone)
	}
	return T("%[1]s to %[2]s", begins, Stays(to, from))
}

func sameDay(t, other time.Time) bool {
	y, m, d := t.Local().Date()
	year, month, day := other.Local().Date()
	return !other.IsZero() && y == year && m == month && d == day
}

// Lasted is how long something was: 04:10, from an hour on 2 h 00 min, and from two days on in days.
func Lasted(d time.Duration) string {
	if d < time.Hour {
		return Span(d)
	}
	return hours(d)
}

// Between is how long it was from one time to another, both as a clock shows them.
func Between(from, to time.Time) string {
	return Lasted(max(to.Truncate(time.Second).Sub(from.Truncate(time.Second)), to.Sub(from)))
}

func hours(d time.Duration) string {
	if days := Spoken().Days(d); days != "" {
		return days
	}
	minutes := int(d / time.Minute)
	return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
}

// Roughly is a duration as a plan shows it: 2 min.
func Roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d.Round(time.Minute) < time.Hour:
		return strconv.Itoa(int(d.Round(time.Minute).Minutes())) + " min"
	}
	return hours(d.Round(time.Minute))
}

// YesNo is yes or no.
func YesNo(yes bool) string { return Spoken().YesNo(yes) }

// YesNo is yes or no in this language.
func (l Language) YesNo(yes bool) string {
	if yes {
		return l.T("yes")
	}
	return l.T("no")
}

// Upper begins a sentence.
func Upper(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
