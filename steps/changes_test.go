package steps

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
)

// A change counts once, however often it was sent; one that was taken back and made again counts as often as that.
func TestChangesAreCountedAndNotTries(t *testing.T) {
	t.Parallel()
	entry := func(object, from, to string, o graph.Outcome, verified bool) change.Entry {
		return change.Entry{Step: SuspendMFA, Change: Change{Op: Modify, Object: object, From: from, To: to}, Outcome: o, Verified: verified, Reads: 3}
	}
	for name, c := range map[string]struct {
		record []change.Entry
		want   []int // tries of each change
	}{
		"nothing":                 {nil, nil},
		"sent four times":         {slices.Repeat([]change.Entry{entry("setting", "no", "yes", graph.Applied, true)}, 4), []int{4}},
		"refused":                 {[]change.Entry{entry("setting", "no", "yes", graph.Refused, false)}, nil},
		"the answer was lost":     {[]change.Entry{entry("setting", "no", "yes", graph.Unknown, false), entry("setting", "no", "yes", graph.Applied, true)}, []int{2}},
		"two objects":             {[]change.Entry{entry("CA01", "0", "1", graph.Applied, true), entry("CA02", "0", "1", graph.Applied, true), entry("CA01", "0", "1", graph.Applied, true)}, []int{2, 1}},
		"a colleague adds one":    {[]change.Entry{entry("CA01", "0", "1", graph.Applied, true), entry("CA01", "1", "2", graph.Applied, true)}, []int{2}},
		"taken back and repeated": {[]change.Entry{entry("CA01", "0", "1", graph.Applied, true), entry("CA01", "1", "0", graph.Applied, true), entry("CA01", "0", "1", graph.Applied, true)}, []int{1, 1, 1}},
	} {
		var got []int
		for _, m := range (&memory{record: c.record}).changes("") {
			got = append(got, m.tries)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: changes by their tries %v, want %v", name, got, c.want)
		}
	}
}

// What is announced a second time says what became of the first.
func TestSentBeforeIsSaid(t *testing.T) {
	t.Parallel()
	c := Change{Op: Modify, Object: "setting", From: "no", To: "yes"}
	f := Finding{Status: Ready, Text: finding.Advise("Why."), Changes: []Change{c}, Actions: []Action{{ID: ActApply, Label: "Allow"}}}
	at := time.Date(2026, 11, 27, 14, 9, 35, 0, time.Local)
	for name, t9 := range map[string]struct {
		entry change.Entry
		says  string
		label string
	}{
		"shown once":  {change.Entry{At: at, Change: c, Outcome: graph.Applied, Verified: true, Reads: 3}, `Sent once, last at 14:09:35, and read back 3 times: "setting". It was shown then; read now, it is "no". Microsoft's`, "Send it again"},
		"never shown": {change.Entry{At: at, Change: c, Outcome: graph.Applied, Reads: 40}, `read back 40 times: "setting". No read has shown it; read now, it is "no".`, "Send it again"},
		"refused":     {change.Entry{At: at, Change: c, Outcome: graph.Refused}, `Sent at 14:09:35, and refused by Microsoft: "setting".`, "Send it again"},
		"another":     {change.Entry{At: at, Change: Change{Op: Modify, Object: "setting", From: "yes", To: "no"}, Outcome: graph.Applied, Verified: true}, "Why.", "Allow"},
	} {
		got := (&memory{record: []change.Entry{t9.entry}}).sayingSent(f)
		if text := finding.Read(got.Text); !strings.Contains(text, t9.says) || got.Actions[0].Label != t9.label {
			t.Errorf("%s: it says %q, and offers %q", name, text, got.Actions[0].Label)
		}
	}
	if len(f.Text) != 1 || f.Actions[0].Label != "Allow" {
		t.Error("the finding itself was changed")
	}
}

// Security defaults were off until they were read to be on, not until that was asked for.
func TestDefaultsWereOffUntilTheyWereRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 27, 14, 0, 0, 0, time.UTC)
	m := memory{}
	m.org.DefaultDomain = "contoso.com"
	turned := func(c Change, sent, readBack time.Duration) change.Entry {
		e := change.Entry{At: at.Add(sent), Change: c, Outcome: graph.Applied}
		if readBack > 0 {
			e.Verified, e.ReadBack = true, at.Add(readBack)
		}
		return e
	}
	for name, c := range map[string]struct {
		record []change.Entry
		on     time.Time
		moved  bool
	}{
		"never":             {nil, time.Time{}, false},
		"off":               {[]change.Entry{turned(mfa.DefaultsOff("contoso.com"), 0, time.Second)}, time.Time{}, true},
		"off and on":        {[]change.Entry{turned(mfa.DefaultsOff("contoso.com"), 0, time.Second), turned(mfa.DefaultsOn("contoso.com"), 15*time.Second, 17*time.Second)}, at.Add(17 * time.Second), true},
		"on, and not shown": {[]change.Entry{turned(mfa.DefaultsOff("contoso.com"), 0, time.Second), turned(mfa.DefaultsOn("contoso.com"), 15*time.Second, 0)}, time.Time{}, true},
	} {
		m.record = c.record
		if off, on, moved := m.defaultsMoved(); on != c.on || moved != c.moved || off.IsZero() == moved {
			t.Errorf("%s: off %v, on %v, moved %t", name, off, on, moved)
		}
	}
}
