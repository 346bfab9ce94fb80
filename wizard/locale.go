package wizard

import (
	"cmp"
	"strings"
)

// asciiOnly reports whether the locale names a character set that is not UTF-8, so that no terminal can be trusted with more
// than ASCII. POSIX takes the first of these variables that is set
// (https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_02). Where none is, as on Windows, nothing
// is known against UTF-8.
func asciiOnly(getenv func(string) string) bool {
	locale := strings.ToLower(cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")))
	return locale != "" && !strings.Contains(strings.ReplaceAll(locale, "-", ""), "utf8")
}
