//go:build !planted

// Package planted leaks secrets on purpose, to prove that the leak gate finds them and that the last line of defence holds
// them back. It does so only in a build with the tag planted, which is made by tests alone; in every other build it is
// nothing, and the compiler leaves it out.
package planted

// On says that this build leaks.
const On = false

// Saw tells of a secret that was made.
func Saw(string) {}

// Into is text, with a secret in it where that was asked for.
func Into(_, text string) string { return text }

// Panic panics with a secret where that was asked for.
func Panic(string) {}

// Blind reports that the last line of defence is taken away.
func Blind() bool { return false }
