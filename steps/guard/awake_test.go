package guard

import (
	"errors"
	"slices"
	"testing"
)

// On a Mac, caffeinate is asked for, by its own path, and for as long as the guard runs; a Mac without it is guarded too.
func TestStayAwake(t *testing.T) {
	for system, want := range map[string][]string{
		"darwin": {"/usr/bin/caffeinate", "-i", "-w", "4711"}, "linux": nil, "windows": nil,
	} {
		var started []string
		stayAwake(system, 4711, func(argv []string) error { started = argv; return errors.New("there is no such file") })
		if !slices.Equal(started, want) {
			t.Errorf("%s starts %q, want %q", system, started, want)
		}
	}
}
