package wizard

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// liveSecrets are twelve, as many as a long run has: four tokens of usual length, and passwords of every kind.
func liveSecrets(t testing.TB) {
	for i := range 12 {
		text := fmt.Sprintf("qM7_x=Rk3+vZ9%%wT-pL8#nB!c5%02d", i)
		switch {
		case i < 4:
			text = "eyJ0eXAiOiJKV1QiLCJub25jZSI6." + strings.Repeat(fmt.Sprintf("aB%dE6gH9jK2mN5p", i), 120) + "._tAiL4xYz"
		case i < 8:
			text = fmt.Sprintf("kqzvwxjplmrtbd%c%c", 'a'+i, 'z'-i)
		}
		secret := graph.NewSecret(text)
		t.Cleanup(secret.Forget)
	}
}

// full is the model with the fullest screen there is, in a large window and in colour.
func full(t *testing.T) (m *Model) {
	for _, s := range scenes() {
		if s.name != "check-plan" {
			continue
		}
		sit(t, s.opts, s.run, s.list, func(d *desk) {
			s.act(d)
			d.m.paint(true)
			d.send(tea.WindowSizeMsg{Width: 120, Height: 40})
			m = d.m
		})
	}
	return m
}

// The last line of defence costs less than a hundredth of a frame.
func TestRedactCostsNothing(t *testing.T) {
	liveSecrets(t)
	m := full(t)
	content := strings.Join(drawing{m, m.frame()}.lines(), "\n")
	if redact.Text(redact.Frame, content) != content {
		t.Fatal("a secret is found where none is")
	}
	// What else runs on the machine disturbs one measurement, and hardly the same half of all three.
	for range 3 {
		frame := testing.Benchmark(func(b *testing.B) { benchmarkFrame(b, m) })
		guard := testing.Benchmark(func(b *testing.B) { benchmarkRedact(b, content) })
		t.Logf("frame %s, of %d bytes; last line of defence %s, %.2f %%", each(frame), len(content), each(guard), 100*ratio(guard, frame))
		if ratio(guard, frame) < 0.01 {
			return
		}
	}
	t.Error("it costs more than a hundredth of a frame")
}

func each(r testing.BenchmarkResult) time.Duration { return r.T / time.Duration(r.N) }

func ratio(a, b testing.BenchmarkResult) float64 {
	return a.T.Seconds() / float64(a.N) / (b.T.Seconds() / float64(b.N))
}

func benchmarkFrame(b *testing.B, m *Model) {
	for b.Loop() {
		_ = strings.Join(drawing{m, m.frame()}.lines(), "\n")
	}
}

func benchmarkRedact(b *testing.B, content string) {
	for b.Loop() {
		_ = redact.Text(redact.Frame, content)
	}
}

// A secret that a step says by mistake is not shown, wherever it stands, and is counted.
func TestRedactFrame(t *testing.T) {
	const text = "qM7_x=Rk3+vZ9%wT-pL8#nB!c5*Y"
	secret := graph.NewSecret(text)
	t.Cleanup(secret.Forget)
	_, before := redact.Found()
	list := tenSteps(3, steps.Finding{
		Status: steps.Ready, Text: []string{"The password is " + text + ", and it is " + strings.Repeat("long ", 9) + text},
		Changes: []steps.Change{{Object: text, From: text, To: text}}, Notice: text,
		Actions: []steps.Action{{ID: steps.ActApply, Label: text}},
	})
	sit(t, Options{}, &fakeRun{}, list, func(d *desk) {
		to(3)(d)
		for _, size := range sizes {
			d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
			if view := d.view(); strings.Contains(view, text[:14]) || strings.Contains(view, text[14:]) || !strings.Contains(view, "***") {
				t.Errorf("%s:\n%s", size.name, view)
			}
		}
	})
	if _, after := redact.Found(); after <= before {
		t.Error("it was not counted")
	}
}
