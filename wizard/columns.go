package wizard

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Where the window has room for two columns, a plan has its choices in the second, and a folded table the rows that are ok with what each
// says. Both begin at the top and are scrolled as one.

// fewFields is how many choices stand beneath the text all the same.
const fewFields = 2

// inTwo reports a finding that is shown in two columns where there is room.
func inTwo(f *steps.Finding) bool {
	switch {
	case f == nil || len(f.Sections) == 0 || f.Task != nil:
		return false
	case f.Sections[0].Folds:
		return len(f.Sections) == 1 && f.Status != steps.Blocked
	}
	return len(f.Fields) > fewFields
}

// fine lists the rows that are ok, with what each says.
func (p *page) fine(facts []steps.Fact) {
	p.add(p.mark(steps.MarkOK, markColumn))
	for _, f := range facts {
		if f.Mark == steps.MarkOK {
			p.add(indent(" ", wrap(f.Label+": "+p.value(f), p.w-1))...)
		}
	}
}

// join puts the second column beside the first.
func (p *page) join() {
	if p.aside == nil {
		return
	}
	second := p.aside
	p.aside, p.two = nil, true
	for len(second.lines) > 0 && second.lines[0] == "" {
		second.lines = second.lines[1:]
	}
	p.lines = append(p.lines, slices.Repeat([]string{""}, max(len(second.lines)-len(p.lines), 0))...)
	for i, line := range second.lines {
		p.lines[i] = strings.TrimRight(pad(p.lines[i], p.w+columnGap)+line, " ")
	}
	if second.pin != (span{}) {
		p.pin = second.pin
	}
	p.accept = max(p.accept, second.accept)
	p.trouble = max(p.trouble, second.trouble)
	p.w += columnGap + second.w
}
