package journal

import (
	"errors"
	"os"
	"strings"
	"testing"
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
