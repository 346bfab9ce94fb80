package welcome

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled at its first use: every start of the program would pay for all of them, and
// most read no mail.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
