package journal

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
)

// Who holds a tenant is read from a file that anybody with the folder can write: it names nothing but a process and a computer,
// in quotes and on one line, however long it is.
func TestHostileHolder(t *testing.T) {
	for name, text := range map[string]string{
		"escapes":     `{"pid":7,"host":"x\u001b]0;OWNED\u0007\u202e\n\". Nothing is open. Put it back \u200b","since":"2026-11-27T10:00:00Z"}`,
		"long":        `{"pid":7,"host":"` + strings.Repeat("x", 4<<20) + `"}`,
		"no JSON":     "\x1b]0;OWNED\a",
		"other types": `{"pid":"7","host":{},"since":5}`,
		"negative":    `{"pid":-1,"host":""}`,
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			first, err := Open(folder, contoso, Author{By: ByWizard})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(first.files.holder, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err = Open(folder, contoso, Author{By: ByWizard})
			held, ok := errors.AsType[*HeldError](err)
			if !ok {
				t.Fatalf("the second Open = %v", err)
			}
			said := held.Error()
			if len(said) > 500 || strings.ContainsFunc(said, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
				t.Errorf("it says %d bytes: %q", len(said), said[:min(len(said), 200)])
			}
			if strings.Count(said, `"`)-strings.Count(said, `\"`) > 2 {
				t.Errorf("a name ends its quotes: %s", said)
			}
			if err := first.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Names are written so that a terminal obeys nothing of them and reads them as they are. Lines from before that still hold, and are
// gone on from.
func TestHostileNames(t *testing.T) {
	const name = "CA\u009b31m \u202eGLP\u202c \u200b\u007f\x1b]0;x\a \U000e0041 <b>é"
	hostile := func(r rune) bool { return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) }
	change := Change{Op: "modify", Object: name, From: "1", To: "2"}
	old := Entry{Seq: 1, Prev: hashOf(nil), At: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Run: "r", PID: 1, Host: name, By: ByWizard, Operator: operator, Tenant: contoso, Kind: KindIntent, Change: change}
	line, err := lineOf(old)
	if err != nil || !strings.ContainsFunc(string(line), hostile) {
		t.Fatalf("%v: %q", err, line)
	}
	folder := onDisk(t, line)
	j, err := Attach(folder, contoso, Author{By: ByWizard, Operator: name, Screen: func(line string) string { return line }})
	if err != nil {
		t.Fatal(err)
	}
	put(t, j, Entry{Kind: KindIntent, Change: change}, Entry{Kind: KindFinished})
	data := content(t, j.Path())
	if added := string(data[len(line):]); strings.ContainsFunc(added, hostile) || !strings.HasPrefix(string(data), string(line)) {
		t.Errorf("it was written:\n%q", added)
	}
	l := mustRead(t, folder)
	if err := verify(bytes.NewReader(data)); err != nil || l.Broken != nil || len(l.Entries) != 3 {
		t.Fatalf("%v, %+v", err, l)
	}
	for i, e := range l.Entries {
		if i < 2 && e.Change != change || i > 0 && e.Operator != name {
			t.Errorf("line %d is read as %+v", i+1, e)
		}
	}
	if _, err := j.Append(Entry{Kind: KindIntent, Change: Change{Object: strings.Repeat("\u202e", maxLine/5)}}); err == nil {
		t.Error("a line is longer than may be read")
	}
}
