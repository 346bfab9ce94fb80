// Package process closes this process to onlookers: no core dump, no reading of its memory and environment by other
// programs of the same user where the system can refuse that, and no library that prints or keeps what it sends.
//
// A panic is caught and told by its type alone, everywhere. What the Go runtime itself ends a program with (memory used up,
// a map written by two goroutines) can't be caught: it prints a sentence of its own and the names and addresses of
// functions, no contents, whatever GOTRACEBACK says; and with GOTRACEBACK=crash there is still no core.
package process

import (
	"io"
	"log"
)

// Seal does what can be done. What libraries say through the standard log goes nowhere from then on.
func Seal() {
	log.SetOutput(io.Discard)
	seal()
}
