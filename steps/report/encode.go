package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// A file has exactly one spelling, and reading demands it: so the hash of the file is the hash of what it says, and any
// system's own command finds it. There is no canonical form beside the bytes.

// mostBytes is the largest report.
const mostBytes = 4 << 20

// Encode is the report as its file has it.
func (r *Report) Encode() ([]byte, error) { return encode(r) }

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	out := visible(b.Bytes())
	if len(out) > mostBytes {
		return nil, fmt.Errorf("the report takes %d bytes, and may take %d MiB", len(out), mostBytes>>20)
	}
	return out, nil
}

// visible writes every character that an editor might not show, or might obey, as its number. Outside of strings JSON has
// none but the newlines.
func visible(in []byte) []byte {
	if !bytes.ContainsFunc(in, unseen) {
		return in
	}
	out := make([]byte, 0, len(in)+64)
	for _, c := range string(in) {
		switch {
		case !unseen(c):
			out = utf8.AppendRune(out, c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, c)
		}
	}
	return out
}

func unseen(c rune) bool {
	if c < utf8.RuneSelf {
		return c < ' ' && c != '\n' || c == 0x7f
	}
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

// ErrSpelling says that a file holds what a report would hold, but not as this program writes it.
var ErrSpelling = errors.New("the file is not spelt as this program writes it")

// Decode reads a report that was written by Encode. Of one by a newer version it names the members that it does not know.
func Decode(data []byte) (r Report, unknown []string, err error) {
	if len(data) > mostBytes {
		return r, nil, fmt.Errorf("the file is larger than %d MiB", mostBytes>>20)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, nil, err
	}
	if r.Schema != Schema {
		return r, nil, errors.New("the file does not say that it is a report")
	}
	again, err := r.Encode()
	if err != nil {
		return r, nil, err
	}
	if bytes.Equal(again, data) {
		return r, nil, nil
	}
	if unknown = unknownMembers(data, again); len(unknown) == 0 {
		return r, nil, ErrSpelling
	}
	return r, unknown, nil
}

// unknownMembers are the paths that are in data and not in again.
func unknownMembers(data, again []byte) []string {
	var a, b any
	if json.Unmarshal(data, &a) != nil || json.Unmarshal(again, &b) != nil {
		return nil
	}
	known := map[string]bool{}
	walk("", b, func(path string) { known[path] = true })
	var out []string
	walk("", a, func(path string) {
		if !known[path] {
			known[path] = true
			out = append(out, strings.TrimPrefix(path, "."))
		}
	})
	return out
}

// walk calls visit with the path of every member. Members of one list's items are the same.
func walk(path string, v any, visit func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			visit(path + "." + name)
			walk(path+"."+name, below, visit)
		}
	case []any:
		for _, below := range v {
			walk(path+"[]", below, visit)
		}
	}
}

// Hash is the SHA-256 of a file, in hex.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Fingerprint is what a person compares of a hash: its first 24 digits, in six groups of four.
func Fingerprint(hash string) string {
	var groups []string
	for i := 0; i < 24 && i+4 <= len(hash); i += 4 {
		groups = append(groups, hash[i:i+4])
	}
	return strings.Join(groups, " ")
}

// IsFingerprint reports that somebody typed a fingerprint, or the whole hash, of whatever report.
func IsFingerprint(typed string) bool {
	_, is := plainFingerprint(typed)
	return is
}

// plainFingerprint takes a fingerprint as a person typed it, or the whole hash; false where it is neither.
func plainFingerprint(typed string) (string, bool) {
	hex := strings.ToLower(strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '-' || c == ':' {
			return -1
		}
		return c
	}, typed))
	if len(hex) != 24 && len(hex) != 64 {
		return "", false
	}
	return hex, strings.Trim(hex, "0123456789abcdef") == ""
}
