package wizard

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// TestIdleScreenIsStill: without a clock on screen nothing is drawn anew, because no message comes at all.
func TestIdleScreenIsStill(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		before, gens := d.m.View().Content, d.m.jobs.gens
		d.wait(time.Minute)
		if d.m.View().Content != before {
			t.Error("an idle screen changed")
		}
		if d.m.jobs.gens != gens || d.m.clock.ticking.after != 0 {
			t.Error("an idle screen ticks")
		}
	})
}

// TestClockTicksOnceASecond: with the window open a second changes the clock and nothing else, and none is skipped.
func TestClockTicksOnceASecond(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		time.Sleep(370 * time.Millisecond)
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("tab")
		d.wait(200 * time.Millisecond)
		for i := 1; i < 130; i++ {
			d.wait(time.Second)
			want := fmt.Sprintf("MFA OFF %02d:%02d", i/60, i%60)
			if !strings.Contains(d.view(), want) {
				t.Fatalf("after %d s the clock is not %q:\n%s", i, want, d.view())
			}
		}
		if d.m.clock.interval(d.m) != time.Second {
			t.Errorf("the clock ticks every %v", d.m.clock.interval(d.m))
		}
	})
}

// TestSpinnerIsSlow: something under way changes at most eight times a second.
func TestSpinnerIsSlow(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), applyThen(tenSteps(0, suspend), 0), func(d *driver) {
		d.press("enter")
		before := d.m.clock.turns
		d.wait(10 * time.Second)
		if turns := d.m.clock.turns - before; turns < 10 || turns > 80 {
			t.Errorf("the spinner turned %d times in 10 s", turns)
		}
	})
}

func TestSmallWindowSaysSo(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 30*time.Minute)
		for _, size := range [][2]int{{43, 24}, {80, 11}, {20, 5}, {5, 2}, {1, 1}} {
			d.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			checkView(t, d.view(), size[0], size[1])
		}
		d.send(tea.WindowSizeMsg{Width: 30, Height: 11})
		d.shows("MFA OFF")
		d.shows("make this window larger")
		d.wait(5 * time.Second)
		d.shows("MFA OFF 00:05")
	})
}

// TestEverySize: no size breaks a frame.
func TestEverySize(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		if s.name != "wide-names" && s.name != "waiting-rehearsal" && s.name != "check-plan" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			drive(t, s.opts, s.run, s.list, func(d *driver) {
				s.act(d)
				for w := leastWidth; w <= 130; w += 7 {
					for h := leastHeight; h <= 44; h += 3 {
						d.send(tea.WindowSizeMsg{Width: w, Height: h})
						checkFrame(t, d.m)
						if t.Failed() {
							t.Fatalf("at %dx%d:\n%s", w, h, d.view())
						}
					}
				}
			})
		})
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		w    int
		want string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"abcdefghij", 4, "abcd|efgh|ij"},
		{"ab abcdefghij", 4, "ab|abcd|efgh|ij"},
		{"日本語日本語", 5, "日本|語日|本語"},
		{"日", 1, "日"},
		{"/home/ada/report.html", 12, "/home/ada/|report.html"},
		{"/a/very-long-name-of-one", 12, "/a/very-long|-name-of-one"},
		{"https://a.io/#view/a-name-of-one", 20, "https://a.io/#view/|a-name-of-one"},
		{"https://a.io/the-name-of-it/more", 20, "https://a.io/|the-name-of-it/more"},
		{"DelegatedPermissionGrant.ReadWrite.All.", 31, "DelegatedPermissionGrant.|ReadWrite.All."},
		{"https://the-name-of-a-host.example", 20, "https://the-name-of-|a-host.example"},
		{"a\x1b[31mred\x1b[0m\u202eb\x00\nc", 20, "aredb c"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301"},
	} {
		if got := strings.Join(wrap(tt.text, tt.w), "|"); got != tt.want {
			t.Errorf("wrap(%q, %d) is %q, want %q", tt.text, tt.w, got, tt.want)
		}
	}
}

// TestMarksHaveWords: no state is told by a glyph's colour or shape alone.
func TestMarksHaveWords(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(0, suspend), func(d *driver) {
		p := &page{m: d.m, w: 72}
		for mark, word := range map[steps.Mark]string{steps.MarkOK: "ok", steps.MarkNote: "note", steps.MarkToDo: "to do", steps.MarkDecide: "decide", steps.MarkLook: "look", steps.MarkBlocks: "blocks"} {
			p.lines = nil
			p.table([]steps.Fact{{Label: "Row", Mark: mark}}, settled)
			if !strings.Contains(strings.Join(p.lines, ""), word) {
				t.Errorf("mark %d is drawn as %q, without %q", mark, p.lines, word)
			}
		}
	})
}
