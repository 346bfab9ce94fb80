//go:build !linux

package guard

// runningImage is empty: there is only the file.
func runningImage() string { return "" }
