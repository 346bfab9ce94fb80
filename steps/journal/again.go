package journal

import (
	"cmp"
	"strconv"
	"strings"
)

// Again is which of so many earlier changes this one is another try of: the last one of its object, where it is the same; -1 where
// there is none. What a screen, the terminal and the report count are changes, each once, however often it was sent.
func (c Change) Again(n int, earlier func(int) Change) int {
	for i := n - 1; i >= 0; i-- {
		if e := earlier(i); e.Object == c.Object {
			if c.Same(e) {
				return i
			}
			return -1
		}
	}
	return -1
}

// Unreadable reports a change of which Microsoft's answer is all that shows it: a password. No read returns one.
func (c Change) Unreadable() bool { return strings.HasPrefix(c.Object, "password of ") }

// Same reports the same change of the same object. How many users a policy excludes may be others by now: what counts is whether they
// become more or less.
func (c Change) Same(o Change) bool {
	return c.Op == o.Op && c.Object == o.Object && (c.To == o.To || c.grows() != 0 && c.grows() == o.grows())
}

// grows is 1 where a number becomes larger, -1 where it becomes smaller, and 0 of anything else.
func (c Change) grows() int {
	from, err := strconv.Atoi(c.From)
	to, bad := strconv.Atoi(c.To)
	if err != nil || bad != nil {
		return 0
	}
	return cmp.Compare(to, from)
}
