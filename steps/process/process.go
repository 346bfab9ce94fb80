// Package process closes this process to onlookers: no core dump, no reading of its memory and environment by other
// programs of the same user where the system can refuse that, and none of the libraries' own trace files.
//
// A panic is caught and told by its type alone, everywhere. What the Go runtime itself ends a program with (memory used up,
// a map written by two goroutines) can't be caught: it prints a sentence of its own and the names and addresses of
// functions, no contents, whatever GOTRACEBACK says; and with GOTRACEBACK=crash there is still no core.
package process

import "os"

// Seal does what can be done, and reports only that a variable could not be taken away.
func Seal() error {
	seal()
	// Bubble Tea writes keystrokes and frames to files when these are set.
	for _, name := range []string{"TEA_TRACE", "TEA_DEBUG"} {
		if err := os.Unsetenv(name); err != nil {
			return err
		}
	}
	return nil
}
