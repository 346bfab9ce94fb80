package report

// What pages beside the report's own share with it: what is shown of a stranger's text, and files that are there whole and
// replace none.

// Shown is a name with what can't be seen in it named, and no longer than a page has room for.
func Shown(name string) string { return shown(name) }

// mostTold is the most of a sentence that a page has room for, in characters.
const mostTold = 2000

// Told is a sentence of this program's, with names of strangers in it, in the same way.
func Told(sentence string) string { return cut(spelt(sentence), mostTold) }

// SaveNew writes a file for its owner only, whole or not at all, and replaces none: then the error is fs.ErrExist.
func SaveNew(path string, data []byte) error { return whole(path, data) }
