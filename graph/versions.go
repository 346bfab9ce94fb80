package graph

import (
	"errors"
	"net/http"
	"sync/atomic"
)

// versions remembers which version of Graph answers where there are two to ask.
type versions struct{ second atomic.Bool }

// policyVersions are those of Conditional Access.
type policyVersions struct {
	evaluations versions
	pages       versions    // first with a page's size, then without
	hidden      atomic.Bool // the last list came from a version that leaves policies out
}

// ask calls with the first address and, where that version does not know the path (404) or refuses the question (400),
// with the second. Where the second one answered, it is asked at once from then on, by the same versions. The first one's
// error is the one that is told. Where the second one knows less, nothing is to be remembered: one answer may be odd.
func (v *versions) ask(first, second string, call func(address string) error) error {
	if v.second.Load() {
		return call(second)
	}
	err := call(first)
	if !refusesQuestion(err) || call(second) != nil {
		return err
	}
	v.second.Store(true)
	return nil
}

func refusesQuestion(err error) bool {
	e, is := errors.AsType[*Error](err)
	return is && (e.Status == http.StatusBadRequest || e.Status == http.StatusNotFound)
}
