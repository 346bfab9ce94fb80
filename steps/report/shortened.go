package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// mostOfValue is how many characters of a value in Microsoft's log the report keeps, and cutOff how it says that there were more.
const (
	mostOfValue = 2000
	cutOff      = "… (cut: "
)

// Shortened is a value of Microsoft's log as the report keeps it. A policy stands there whole, and can be as long as it likes.
func Shortened(s string) string {
	n := utf8.RuneCountInString(s)
	if n <= mostOfValue {
		return s
	}
	return string([]rune(s)[:mostOfValue]) + fmt.Sprintf(cutOff+"%d characters)", n)
}

// wasCut reports a value of which something was cut.
func wasCut(s string) bool { return strings.Contains(s, cutOff) }
