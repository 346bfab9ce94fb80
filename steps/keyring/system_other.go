//go:build !linux

package keyring

// System is the key ring of this computer's user. What is kept there goes by name.
func System(name string) Ring { return stored(name) }
