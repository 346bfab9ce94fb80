package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// forms are the ways in which a secret may be written: as it is, and as the standard library would print or encode it.
func forms(secret string) []string {
	all := []string{secret, reversed(secret), html.EscapeString(secret), inner(strconv.Quote(secret))}
	lower := hex.EncodeToString([]byte(secret))
	all = append(all, lower, strings.ToUpper(lower))
	if quoted, err := json.Marshal(secret); err == nil {
		all = append(all, inner(string(quoted)))
	}
	for _, escaped := range []string{url.QueryEscape(secret), url.PathEscape(secret)} {
		all = append(all, escaped, percent.ReplaceAllStringFunc(escaped, strings.ToLower))
	}
	for _, write := range everyByte {
		all = append(all, write(secret))
	}
	if len(secret) >= inOtherCase {
		all = append(all, strings.ToLower(secret), strings.ToUpper(secret))
	}
	for _, alphabet := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		for before := range 3 {
			all = append(all, aligned(alphabet, secret, before))
		}
	}
	if joined := strings.Join(strings.Fields(secret), ""); joined != secret {
		all = append(all, joined)
	}
	if letters.MatchString(secret) {
		all = append(all, strings.Join([]string{secret[:4], secret[4:8], secret[8:12], secret[12:]}, " "))
	}
	all = slices.DeleteFunc(all, func(f string) bool { return len(f) < least })
	slices.Sort(all)
	return slices.Compact(all)
}

// everyByte are forms that spell the secret out nowhere: servers write so what they were sent, to be safe, and a zero-width
// character between any two is seen by nobody.
var everyByte = []func(string) string{
	each("%%%02x"), each("%%%02X"), // percent-encoded throughout
	each("&#%d;"), each("&#x%x;"), each("&#x%X;"), // numeric entities
	each(`\u%04x`), each(`\u%04X`), each(`\x%02x`), // escapes of JSON, JavaScript and Go
	each("%c\x00"), each("\x00%c"), // UTF-16
	each("%c\u200b"), each("%c\u200d"), each("%c\u2060"), each("%c\ufeff"), each("%c\u00ad"),
}

// each writes every byte of a text in a format, which is worked out once.
func each(format string) func(string) string {
	written := sync.OnceValue(func() (all [256]string) {
		for c := range all {
			all[c] = fmt.Sprintf(format, c)
		}
		return all
	})
	return func(s string) string {
		var b strings.Builder
		all := written()
		for i := range len(s) {
			b.WriteString(all[s[i]])
		}
		return b.String()
	}
}

// inOtherCase is from where on a secret is looked for in other letters too: a shorter one may be a name by accident.
const inOtherCase = 12

var (
	percent = regexp.MustCompile(`%[0-9A-F]{2}`)
	letters = regexp.MustCompile(`^[a-z]{16}$`) // an app password
)

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// aligned is what base64 makes of the secret behind so many other bytes, without the characters that depend on them or
// on what follows.
func aligned(alphabet *base64.Encoding, secret string, before int) string {
	text := alphabet.EncodeToString([]byte(strings.Repeat("x", before) + secret))
	return text[(8*before+5)/6 : 8*(before+len(secret))/6]
}
