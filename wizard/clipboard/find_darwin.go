package clipboard

// system are the clipboards of this machine.
func system(func(string) string) []way { return []way{&pasteboard{run: run}} }
