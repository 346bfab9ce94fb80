package welcome

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func FuzzMail(f *testing.F) {
	for _, text := range shapes() {
		f.Add([]byte(text))
	}
	for _, text := range wrapped() {
		f.Add([]byte("Open " + text + "\nPassword: Abc-12345"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		m, err := parse(data)
		if !bytes.Equal(before, data) {
			t.Fatal("the mail was changed")
		}
		again, errAgain := parse(data)
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
			sound(t, p)
		}
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
