package welcome

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Large and hostile mails take time and memory in proportion to their size.
func TestLarge(t *testing.T) {
	size := 2 << 20 // time that grows with the square would be minutes
	if testing.Short() {
		size >>= 5
	}
	fill := func(unit string) string { return strings.Repeat(unit, size/len(unit)) }
	var nested strings.Builder
	nested.WriteString("MIME-Version: 1.0\r\n")
	for i := 0; nested.Len() < size; i++ {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	var attached strings.Builder
	for attached.Len() < size {
		attached.WriteString("Content-Type: message/rfc822\r\nMIME-Version: 1.0\r\n\r\n")
	}
	msg := outlook(map[string][]byte{streamPrefix + "1000001F": wide(strings.Repeat("Password: a1 https://a.delegate365.com ", 60_000))})
	loops := bytes.Clone(msg)
	for i := len(loops) / 2; i+4 < len(loops); i += 4 { // every second sector leads to the same one
		if i%8 == 0 {
			copy(loops[i:], []byte{1, 0, 0, 0})
		}
	}
	for name, mail := range map[string]string{
		"addresses":        "\n" + fill("https://contoso.delegate365.com/setup "),
		"other addresses":  "a " + fill("https://x.example/setup# "),
		"one address":      "a https://contoso.delegate365.com/" + fill("a"),
		"one host":         "a https://" + fill("delegate365."),
		"one word":         "a " + fill("delegate365"),
		"labels":           home + "\n" + fill("Password: a1 "),
		"lines of labels":  home + "\n" + fill("Password:\n"),
		"passwords":        home + "\n" + fill("password"),
		"tabs":             home + "\nPassword" + fill("\t"),
		"tables":           home + "\n" + fill("x\tpassword\n"),
		"blank lines":      home + "\n" + fill("Password:\n\n\n\n\n\n\n\n"),
		"brackets":         "<html> " + fill("<"),
		"tags":             "<html> " + fill("<td><p>"),
		"cells":            "<html> " + fill("<td>\n</td>"),
		"attributes":       "<html><a " + fill("a=b "),
		"links":            "<html> " + fill("<a href=https://x.delegate365.com/setup>"),
		"entities":         "<html> " + fill("&lt;&#1234;"),
		"comment":          "<html><!--" + fill("-"),
		"quote marks":      home + "\n" + fill("> "),
		"nested parts":     nested.String(),
		"attached mails":   attached.String(),
		"many parts":       headed("multipart/mixed; boundary=b", "7bit", fill("--b\r\n\r\n\r\n")),
		"boundaries":       headed("multipart/mixed; boundary=b", "7bit", fill("\r\n--b")),
		"long header":      "Content-Type: text/plain;" + fill(" a=b;") + "\r\n\r\nx",
		"header fields":    fill("Received: x\r\n"),
		"quoted-printable": headed("text/plain", "quoted-printable", fill("=\r\n")),
		"base64":           headed("text/html; charset=utf-16", "base64", fill("AAAA")),
		"iso-2022-jp":      headed("text/plain; charset=iso-2022-jp", "8bit", fill("\x1b$B!!")),
		"UTF-16":           "\xff\xfe" + fill("a\x00"),
		".msg":             string(msg),
		".msg in loops":    string(loops),
		"safe links":       "a https://a.safelinks.protection.outlook.com/?url=" + fill("https%3a%2f%2fa.safelinks.protection.outlook.com%2f%3furl="),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := parse([]byte(mail), "")
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
		t.Logf("%-17s %8s %5d MB %v", name, took.Round(time.Millisecond), allocated, err)
		if took > 15*time.Second { // a second or two; the rest is for slow and busy machines
			t.Errorf("%s: takes %s", name, took)
		}
		if allocated > 1<<10 { // a tenth of it; the race detector empties pools
			t.Errorf("%s: takes %d MB in all", name, allocated)
		}
	}
}
