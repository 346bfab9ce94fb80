package report

import (
	"crypto/sha256"
	"encoding/base64"
)

// What pages beside the report's own share with it: the look, what is shown of a stranger's text, and files that are there whole and
// replace none.

// Style is the style sheet of the report's page, and its hash as a Content-Security-Policy names it.
func Style() (css, hash string) {
	sum := sha256.Sum256([]byte(pageStyle))
	return pageStyle, "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Shown is a name with what can't be seen in it named, and no longer than a page has room for.
func Shown(name string) string { return shown(name) }

// mostTold is the most of a sentence that a page has room for, in characters.
const mostTold = 2000

// Told is a sentence of this program's, with names of strangers in it, in the same way.
func Told(sentence string) string { return cut(spelt(sentence), mostTold) }

// SaveNew writes a file for its owner only, whole or not at all, and replaces none: then the error is fs.ErrExist.
func SaveNew(path string, data []byte) error { return whole(path, data) }
