package wizard

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// evidence is what was read, and then what will change because of it. Where both don't fit, what will change comes first: it has to be
// seen before Enter, and so has what stands above it.
func (p *page) evidence(found *steps.Finding) {
	from := len(p.lines)
	for i, section := range found.Sections {
		if i > 0 || found.Task == nil || section.Title != "" {
			p.gap() // what a task watches stands right beneath it
		}
		p.facts(section)
	}
	if len(found.Changes) == 0 {
		return
	}
	p.gap()
	between := len(p.lines)
	p.title(phrase.T("What will change"))
	p.changes(found.Changes, nil)
	if p.focal != (span{}) {
		return
	}
	p.focal = span{between, len(p.lines)}
	if len(p.lines) > p.m.frame().body.h {
		p.swap(from, between)
	}
}

// swap puts the changes, from line between on, before what was read, from line from on.
func (p *page) swap(from, between int) {
	for from < between && p.lines[from] == "" {
		from++
	}
	if from == between {
		return
	}
	read, changes := slices.Clone(p.lines[from:between]), slices.Clone(p.lines[between:])
	if n := len(read); n > 0 && read[n-1] == "" {
		read = read[:n-1]
	}
	changes = append(changes, "")
	p.lines = append(append(p.lines[:from], changes...), read...)
	for i, at := range p.wants {
		if at >= from {
			p.wants[i] = at + len(changes)
		}
	}
	p.focal = span{from, from + len(changes) - 1}
}
