package welcome

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	mailcharset "github.com/emersion/go-message/charset"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// decodeText appends a body in UTF-8. The charset is the one named, or the one that the text itself shows; certain is false
// where letters beyond ASCII were read on a guess. What is left as it is, known says.
func decodeText(out *scratch, data []byte, label string) (known, certain bool) {
	label = strings.ToLower(strings.Trim(label, " \t\"';"))
	if shown := sevenBit(data, label); shown != "" {
		label = shown
	}
	switch label {
	case "utf-7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "csunicode11utf7":
		return true, utf7(out, data)
	case "iso-2022-kr", "csiso2022kr":
		shifted := shiftOut(data)
		defer shifted.wipe()
		_, _ = out.ReadFrom(korean.EUCKR.NewDecoder().Reader(bytes.NewReader(shifted.b)))
		return true, true
	case "hz-gb-2312":
		_, _ = out.ReadFrom(simplifiedchinese.HZGB2312.NewDecoder().Reader(bytes.NewReader(data)))
		return true, true
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		_, _ = out.Write(data)
		return false, utf8.Valid(data)
	}
	converted, err := mailcharset.Reader(label, bytes.NewReader(data))
	if err != nil {
		_, _ = out.Write(data)
		return false, false
	}
	_, _ = out.ReadFrom(converted)
	// Letters that are whole UTF-8 are hardly anything else, whatever is named.
	return true, strings.HasPrefix(label, "utf-16") || ascii(data) || !utf8.Valid(data)
}

func ascii(data []byte) bool {
	return !bytes.ContainsFunc(data, func(r rune) bool { return r >= utf8.RuneSelf })
}

// sevenBit names the charset whose escape sequences a text of seven bits has (RFC 1468, RFC 1557, RFC 1843), where another
// or none is named.
func sevenBit(data []byte, label string) string {
	switch {
	case label != "" && label != "us-ascii" && label != "ascii" && label != "utf-8" && !strings.HasPrefix(label, "iso-8859") && !strings.HasPrefix(label, "windows-"):
		return ""
	case bytes.Contains(data, []byte("\x1b$)C")):
		return "iso-2022-kr"
	case bytes.Contains(data, []byte("\x1b$B")), bytes.Contains(data, []byte("\x1b$@")), bytes.Contains(data, []byte("\x1b(J")), bytes.Contains(data, []byte("\x1b(I")):
		return "iso-2022-jp"
	case bytes.Contains(data, []byte("~{")) && bytes.Contains(data, []byte("~}")) && label == "":
		return "hz-gb-2312"
	}
	return ""
}

// shiftOut turns ISO-2022-KR into EUC-KR: what is shifted out has its high bits set.
func shiftOut(data []byte) *scratch {
	const shiftedOut, shiftedIn = 0x0e, 0x0f
	out := &scratch{}
	data = bytes.ReplaceAll(data, []byte("\x1b$)C"), nil)
	out.room(len(data))
	high := byte(0)
	for _, c := range data {
		switch {
		case c == shiftedOut:
			high = 0x80
		case c == shiftedIn || c == '\n':
			high = 0
			if c == '\n' {
				_ = out.WriteByte(c)
			}
		case c > ' ':
			_ = out.WriteByte(c | high)
		default:
			_ = out.WriteByte(c)
		}
	}
	return out
}

// utf7 appends a text in UTF-7 (RFC 2152) and reports whether it was whole.
func utf7(out *scratch, data []byte) (whole bool) {
	whole = true
	out.room(len(data))
	for i := 0; i < len(data); {
		c := data[i]
		i++
		if c != '+' {
			whole = whole && c < utf8.RuneSelf
			_ = out.WriteByte(c)
			continue
		}
		end := i
		for end < len(data) && inBase64(data[end]) {
			end++
		}
		if end == i {
			_ = out.WriteByte('+')
			if end < len(data) && data[end] == '-' {
				i++
			} else {
				whole = false
			}
			continue
		}
		whole = utf7Run(out, data[i:end]) && whole
		i = end
		if i < len(data) && data[i] == '-' {
			i++
		}
	}
	return whole
}

// utf7Run appends one run of UTF-16 in base64.
func utf7Run(out *scratch, code []byte) bool {
	raw := make([]byte, base64.RawStdEncoding.DecodedLen(len(code)))
	defer clear(raw)
	n, err := base64.RawStdEncoding.Decode(raw, code)
	b := raw[:n&^1]
	for len(b) > 0 {
		r := rune(binary.BigEndian.Uint16(b))
		b = b[2:]
		if utf16.IsSurrogate(r) && len(b) >= 2 {
			r = utf16.DecodeRune(r, rune(binary.BigEndian.Uint16(b)))
			b = b[2:]
		}
		out.room(utf8.UTFMax)
		out.b = utf8.AppendRune(out.b, r)
	}
	return err == nil
}

// toUTF8 appends data, converted from the charset where it is not UTF-8 as it stands.
func toUTF8(out *scratch, data []byte, label string) {
	enc, _ := charset.Lookup(label)
	if enc == nil || utf8.Valid(data) {
		_, _ = out.Write(data)
		return
	}
	// The error can only be the reader's, which has none.
	_, _ = out.ReadFrom(enc.NewDecoder().Reader(bytes.NewReader(data)))
}
