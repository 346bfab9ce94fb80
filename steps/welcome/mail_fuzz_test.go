package welcome

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// certain fails the test for something that would be used without a question and may be wrong: a portal that is not of the
// usual form, or that an imitation stands beside; a password that the mail does not have in one piece, or that may be a code.
func certain(t *testing.T, data []byte, m Mail) {
	t.Helper()
	p, sure := m.SurePortal()
	if sure && (!usualBase.MatchString(p.Base()) || len(m.Portals) != 1 || len(m.Refused) > 0) {
		t.Fatalf("%s is used without a question", p.Base())
	}
	w, sure := m.SurePassword()
	if !sure {
		return
	}
	value := w.Value.Reveal()
	if len(m.Passwords) != 1 || strings.ContainsFunc(value, func(r rune) bool { return invisible(r) || r == utf8.RuneError }) {
		t.Fatalf("%q is used without a question", value)
	}
	pasted := !bytes.ContainsFunc(data, func(r rune) bool {
		return r == '<' || r == '\x1b' || r == 0 || r == ':' && headerLine().Match(data) || r == '~'
	}) && utf8.Valid(data)
	if pasted && !isUTF16(data) && !strings.Contains(string(data), value) {
		t.Fatalf("%q is not in the text", value)
	}
	if pasted && codes.MatchString(value) {
		t.Fatalf("%q may be a code", value)
	}
}

var codes = regexp.MustCompile(`=[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}|&#[0-9]+;|=$`)

func FuzzMail(f *testing.F) {
	for _, text := range shapes() {
		f.Add([]byte(text))
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		f.Fatal("no mails to begin with: ", err)
	}
	for _, name := range files {
		mail, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(mail)
	}
	for _, text := range wrapped() {
		f.Add([]byte("Open " + text + "\nPassword: Abc-12345"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		m, err := parse(data, "")
		if !bytes.Equal(before, data) {
			t.Fatal("the mail was changed")
		}
		again, errAgain := parse(data, "")
		if (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("%v, and the second time %v", err, errAgain)
		}
		if err != nil {
			if e, ok := errors.AsType[*Error](err); ok && (e.Reason == "" || e.Hint == "") {
				t.Fatalf("%#v does not say what to do", e)
			}
			return
		}
		if !slices.Equal(bases(m), bases(again)) || !slices.Equal(revealed(m), revealed(again)) {
			t.Fatal("it reads differently the second time")
		}
		if len(m.Portals) == 0 || len(m.Portals) > maxFound || len(m.Passwords) > maxFound || len(m.Refused) > maxFound {
			t.Fatalf("%d portals, %d passwords, %d refused", len(m.Portals), len(m.Passwords), len(m.Refused))
		}
		for _, p := range m.Portals {
			sound(t, p.Portal)
		}
		certain(t, data, m)
		for _, r := range m.Refused {
			if !printable(r.Host) {
				t.Fatalf("%q can't be shown", r.Host)
			}
		}
		for i, w := range revealed(m) {
			p := m.Passwords[i]
			if w == "" || strings.ContainsFunc(w, unicode.IsSpace) || strings.ContainsFunc(w, unicode.IsControl) || p.Line < 1 || p.Label == "" {
				t.Fatalf("%q is no password: %+v", w, p)
			}
		}
	})
}
