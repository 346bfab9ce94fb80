package wizard

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
)

// largestFrame is the frame of a scene on a large terminal.
func largestFrame(t *testing.T) (content string) {
	s := scenes()[0]
	drive(t, s.opts, s.run, s.list, func(d *driver) {
		s.act(d)
		d.m.paint(true)
		d.send(tea.WindowSizeMsg{Width: 240, Height: 70})
		content = strings.Join(drawing{d.m, d.m.frame()}.lines(), "\n")
	})
	return content
}

// What looking at a frame costs depends neither on how many secrets there are nor on the machine: it is read once and given back as it
// is. What reading it costs is BenchmarkText's to measure.
func TestRedactCostsNoMoreForMoreSecrets(t *testing.T) {
	liveSecrets(t)
	frame := largestFrame(t)
	look := func() { redact.Text(redact.Frame, frame) }
	few := testing.AllocsPerRun(20, look)
	for i := range 60 {
		secret := graph.NewSecret(fmt.Sprintf("another-%02d-Secret_of-a-long=run", i))
		t.Cleanup(secret.Forget)
	}
	if many := testing.AllocsPerRun(20, look); many > few || few > 4 {
		t.Errorf("%.0f allocations for a frame of %d bytes, with more secrets %.0f", few, len(frame), many)
	}
}
