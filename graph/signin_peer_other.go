//go:build !linux

package graph

// Whose socket it is can't be told without rights here.

func peersAreKnown(string) bool { return false }

func fromOwnUser(_, _ string) bool { return true }
