package wizard

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// changes adds what will be changed. While it is being done, each one that was read back is marked; one that was read
// back without having been announced is added at the end.
func (p *page) changes(changes, made []steps.Change) {
	working := p.m.flow.walk.State == walker.Applying || p.m.flow.walk.State == walker.Stopping
	if !working {
		for _, c := range changes {
			p.change("  ", c)
		}
		return
	}
	rest := slices.Clone(made)
	for _, c := range changes {
		i := slices.IndexFunc(rest, func(r steps.Change) bool { return r.Op == c.Op && r.Object == c.Object })
		if i < 0 {
			p.change("  "+p.m.look.glyphs.Todo+" ", c)
			continue
		}
		p.made(rest[i : i+1])
		rest = slices.Delete(rest, i, i+1)
	}
	p.made(rest)
}

// changed is the title of changes that were made.
func changed(all []steps.Change) string {
	if steps.ReadBack(all...) != steps.ReadBack() {
		return phrase.T("Changed and accepted")
	}
	return phrase.T("Changed and read back")
}

// changedBefore is the same where something failed after them.
func changedBefore(all []steps.Change) string {
	if steps.ReadBack(all...) != steps.ReadBack() {
		return phrase.T("Changed and accepted before that")
	}
	return phrase.T("Changed and read back before that")
}

// made adds changes that were read back.
func (p *page) made(changes []steps.Change) {
	for _, c := range changes {
		p.change("  "+p.m.look.palette.Good.Render(p.m.look.glyphs.Done)+" ", c)
	}
}

// change adds one change: on one line where it fits, otherwise wrapped, and never cut.
func (p *page) change(lead string, c steps.Change) {
	c = c.Spoken()
	values := p.m.look.values(c)
	lead += string(c.Op) + " "
	object := clean(c.Object)
	inner := p.w - width(lead)
	if line, ok := ends(object, values, inner); ok && latin(object) && latin(c.From+c.To) {
		p.add(lead + line)
		return
	}
	lines := hang(lead, wrap(object, inner))
	last := len(lines) - 1
	if line, ok := ends(lines[last], values, p.w); ok && latin(object) {
		lines[last] = line
		values = ""
	}
	p.add(lines...)
	if values != "" {
		under := strings.Repeat(" ", width(lead)+2)
		p.add(indent(under, wrap(values, inner-2))...)
	}
}
