//go:build !linux && !windows

package secret

// outOfDumps does nothing: there are no dumps without RLIMIT_CORE.
func outOfDumps([]byte) {}
