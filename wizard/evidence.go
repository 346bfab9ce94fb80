package wizard

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// evidence is what was read, and then what will change because of it and what is to be said of that. Where not all of it fits, what will
// change comes first: it has to be seen before Enter, and so has what stands above it, and beneath it each row that the changes answer. Where
// that is too much as well, it comes before the text that begins at line top.
func (p *page) evidence(found *steps.Finding, top int) {
	from := len(p.lines)
	for i, section := range found.Sections {
		if i > 0 || found.Task == nil || found.Task.Watched == "" || section.Title != "" {
			p.gap() // what a task watches stands right beneath it
		}
		p.facts(section)
	}
	p.read = span{from, len(p.lines)}
	if len(found.Changes) == 0 {
		p.notice(found)
		return
	}
	p.gap()
	between := len(p.lines)
	p.title(walker.Heading(found))
	p.changes(found.Changes, nil)
	focal := span{between, len(p.lines)}
	p.changed = focal.to
	p.notice(found)
	if p.focal != (span{}) {
		return
	}
	p.focal, p.announces = focal, true
	if h := p.m.frame().body.h; len(p.lines) > h {
		if focal.to-(between-from) > h {
			from = top
		}
		p.swap(from, between)
	}
}

// atLast has to be seen before Enter on the last step: each row that wants something, and where Enter ends the run all of the page, because
// no screen comes after it. It begins at its top all the same: Enter reads on.
func atLast(p *page) {
	walk, s := p.m.flow.walk, p.m.current()
	if !walk.AtLast() || walk.State != walker.Found {
		return
	}
	if len(s.Found.Changes) == 0 && len(s.form.entries) == 0 {
		p.accept = len(p.lines) // nothing is accepted, but Enter ends the run
		return
	}
	if len(p.wants) == 0 {
		return
	}
	p.accept = max(p.accept, p.wants[len(p.wants)-1].to)
}

// notice is what the step says last, of the changes above it.
func (p *page) notice(found *steps.Finding) {
	if !found.Notice.IsZero() {
		p.paragraph(found.Notice.String())
	}
	p.accept = len(p.lines)
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
	for i, row := range p.wants {
		if row.from >= from {
			p.wants[i] = span{row.from + len(changes), row.to + len(changes)}
		}
	}
	up := between - from
	p.read = span{p.read.from + len(changes), len(p.lines)}
	p.focal = span{from, p.focal.to - up}
	p.changed -= up
	p.accept = max(p.accept-up, p.answered+len(changes))
}
