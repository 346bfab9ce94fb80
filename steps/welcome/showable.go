package welcome

import (
	"regexp"
	"strings"
)

// What may be drawn of a field that a mail is entered into. The mail holds a password, and so may whatever is pasted
// instead of it, on a screen that others see. An address with a query or a user name can hold one too, and a password may
// have a dot or a slash in it: what is not surely an address or a path is not drawn.
var showable = []func() *regexp.Regexp{
	pattern(`(?i)^https?://([a-z0-9.-]*|\[[0-9a-f:]*\]?)(:[0-9]*)?(/[a-z0-9._~/-]*)?$`),
	pattern(`(?i)^[a-z0-9-]+\.delegate365\.com(/[a-z0-9._~/-]*)?$`),
	pattern(`^/[^\s/"'<>|*?]+/[^\s"'<>|*?]*$`),
	pattern(`^(~|\.\.?)/[^\s"'<>|*?]*$`),
	pattern(`(?i)^([a-z]:\\|\\\\[a-z0-9._-]+\\|file:///)[^\s"'<>|*?]*$`),
}

// beginsScheme reports the first letters of https://, as they are typed.
func beginsScheme(text string) bool {
	const scheme = "https://"
	return len(text) <= len(scheme) && strings.EqualFold(scheme[:len(text)], text)
}

// Showable reports that a text is surely no secret: it is one address or one path, or the beginning of one as it is typed,
// with nothing beside it.
func Showable(text string) bool {
	if text == "" || beginsScheme(text) {
		return true
	}
	for _, form := range showable {
		if form().MatchString(text) {
			return true
		}
	}
	return false
}
