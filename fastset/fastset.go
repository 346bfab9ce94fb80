// Package fastset says what go test -short leaves out, so that it runs one test of each kind.
package fastset

import (
	"flag"
	"slices"
	"strings"
	"testing"
)

// Among skips a subtest that is none of these.
func Among(t *testing.T, name string, these ...string) {
	t.Helper()
	if testing.Short() && !slices.Contains(these, name) {
		t.Skip("it is not in the fast set: one like it is")
	}
}

// Without leaves out what is named in the words of the flag -skip. Like Only, it is for a TestMain, and whoever names tests on the
// command line gets those.
func Without(patterns ...string) { preset("test.skip", strings.Join(patterns, "|")) }

// Only runs nothing but what is named in the words of the flag -run.
func Only(pattern string) { preset("test.run", pattern) }

func preset(name, value string) {
	if !flag.Parsed() {
		flag.Parse()
	}
	if !testing.Short() {
		return
	}
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.run" || f.Name == "test.skip" })
	if chosen {
		return
	}
	if err := flag.Set(name, value); err != nil {
		panic(err)
	}
}
