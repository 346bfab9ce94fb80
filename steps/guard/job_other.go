//go:build !windows

package guard

func ownJob() Job { return NoJob }
