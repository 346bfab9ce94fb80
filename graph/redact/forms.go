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

// forms are the ways in which a secret may be written: as it is, and as the standard library would print or encode it; with how
// many bytes each character takes in it.
func forms(secret string) map[string]int {
	all := map[string]int{}
	add := func(width int, texts ...string) {
		for _, text := range texts {
			if len(text) >= least {
				all[text] = width
			}
		}
	}
	lower := hex.EncodeToString([]byte(secret))
	add(2, lower, strings.ToUpper(lower))
	for _, c := range everyByte {
		add(c.width, c.write(secret))
	}
	add(1, secret, reversed(secret), html.EscapeString(secret), inner(strconv.Quote(secret)))
	if quoted, err := json.Marshal(secret); err == nil {
		add(1, inner(string(quoted)))
	}
	for _, escaped := range []string{url.QueryEscape(secret), url.PathEscape(secret)} {
		add(1, escaped, percent.ReplaceAllStringFunc(escaped, strings.ToLower))
	}
	if len(secret) >= inOtherCase {
		add(1, strings.ToLower(secret), strings.ToUpper(secret))
	}
	for _, alphabet := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		for before := range 3 {
			add(1, aligned(alphabet, secret, before))
		}
	}
	add(1, strings.Join(strings.Fields(secret), ""))
	if letters.MatchString(secret) {
		add(1, strings.Join([]string{secret[:4], secret[4:8], secret[8:12], secret[12:]}, " "))
	}
	return all
}

// spelling writes every byte of a text so that the text itself stands nowhere.
type spelling struct {
	width int // bytes for each, 1 where they differ
	write func(string) string
}

// everyByte are such forms: servers write so what they were sent, to be safe, and a zero-width character between any two is
// seen by nobody.
var everyByte = []spelling{
	each(3, "%%%02x"), each(3, "%%%02X"), // percent-encoded throughout
	each(1, "&#%d;"), each(1, "&#x%x;"), each(1, "&#x%X;"), // numeric entities
	each(6, `\u%04x`), each(6, `\u%04X`), each(4, `\x%02x`), // escapes of JSON, JavaScript and Go
	each(2, "%c\x00"), each(2, "\x00%c"), // UTF-16
	each(1, "%c\u200b"), each(1, "%c\u200d"), each(1, "%c\u2060"), each(1, "%c\ufeff"), each(1, "%c\u00ad"),
}

// each writes every byte in a format, which is worked out once.
func each(width int, format string) spelling {
	written := sync.OnceValue(func() (all [256]string) {
		for c := range all {
			all[c] = fmt.Sprintf(format, c)
		}
		return all
	})
	return spelling{width, func(s string) string {
		var b strings.Builder
		all := written()
		for i := range len(s) {
			b.WriteString(all[s[i]])
		}
		return b.String()
	}}
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
