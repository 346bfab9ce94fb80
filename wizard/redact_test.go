package wizard

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
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

// On no screen is anything taken for a secret that is none.
func TestRedactLeavesFrames(t *testing.T) {
	liveSecrets(t)
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			drive(t, s.opts, s.run, s.list, func(d *driver) {
				s.act(d)
				d.m.paint(true)
				d.send(tea.WindowSizeMsg{Width: 120, Height: 40})
				content := strings.Join(drawing{d.m, d.m.frame()}.lines(), "\n")
				if redacted := redact.Text(redact.Frame, content); redacted != content {
					t.Errorf("a secret is found where none is:\n%s", redacted)
				}
			})
		})
	}
}

// A secret that a step says by mistake is not shown, wherever it stands, and is counted.
func TestRedactFrame(t *testing.T) {
	const text = "qM7_x=Rk3+vZ9%wT-pL8#nB!c5*Y"
	secret := graph.NewSecret(text)
	t.Cleanup(secret.Forget)
	_, before := redact.Found()
	list := tenSteps(3, steps.Finding{
		Status: steps.Ready, Text: []steps.Sentence{finding.Word.Of("", "").In("The password is %s, and it is %s", text, strings.Repeat("long ", 9)+text)},
		Changes: []steps.Change{{Object: text, From: text, To: text}}, Notice: finding.Advice(text),
		Actions: []steps.Action{{ID: steps.ActApply, Label: text}},
	})
	drive(t, Options{}, &fakeRun{}, list, func(d *driver) {
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
