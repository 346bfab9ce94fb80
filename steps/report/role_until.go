package report

import (
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// assignedUntil begins the value of a role that ends by itself; andLonger follows where Entra keeps it past its end.
const assignedUntil, andLonger = "assigned until ", " and longer"

// UntilValue is the value of a role that ends by itself, or would but for being the last one.
func UntilValue(end time.Time, last bool) string {
	value := assignedUntil + second(end).Format(time.RFC3339)
	if last {
		value += andLonger
	}
	return value
}

// timed takes such a value apart; false of another one.
func timed(value string) (end time.Time, last, is bool) {
	text, is := strings.CutPrefix(value, assignedUntil)
	text, last = strings.CutSuffix(text, andLonger)
	end, err := time.Parse(time.RFC3339, text)
	return end, last, is && err == nil
}

// untilOf is a sentence about such a value; empty of another one.
func untilOf(value string) string {
	end, last, is := timed(value)
	switch {
	case !is:
		return ""
	case last:
		return "It was assigned until " + stamp(phrase.English, end) + ", but Entra keeps the last assigned Global Administrator: remove it by hand."
	}
	return itEnds + stamp(phrase.English, end) + "."
}

// untilShown is such a value as the page has it.
func untilShown(l phrase.Language, end time.Time, last bool) string {
	if last {
		return l.T("assigned until %s, and longer", stamp(l, end))
	}
	return l.T("assigned until %s", stamp(l, end))
}

const itEnds = "It ends by itself: Entra removes it at "

// endsByItself reports a role that nobody has to take away.
func endsByItself(l Leftover) bool { return strings.Contains(l.Why, itEnds) }
