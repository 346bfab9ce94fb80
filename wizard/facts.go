package wizard

import (
	"math"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The widths of a table of facts, in columns.
const (
	usualLabel = 20
	leastNote  = 22 // a note in fewer columns goes beneath its value
	leastValue = 22 // a value in fewer columns goes beneath its label
	markColumn = 9  // glyph, word
	barColumn  = 20
)

// facts adds a section: mark, label, value, note, as far as there are any.
func (p *page) facts(section steps.Section) {
	if section.Title != "" {
		p.title(section.Title)
		p.heads = append(p.heads, span{len(p.lines) - 1, len(p.lines) + 1})
	}
	if section.Folds {
		p.folded(section.Facts)
		return
	}
	if section.Left {
		p.table(section.Facts, left)
		return
	}
	p.table(section.Facts, settled)
}

// folded tells what is to be decided whole, what is worth knowing without its reason, and names what is ok. Details have all of it.
func (p *page) folded(facts []steps.Fact) {
	var whole, noted []steps.Fact
	var ok []string
	for _, f := range facts {
		switch f.Mark {
		case steps.MarkOK:
			ok = append(ok, f.Label)
		case steps.MarkNote, steps.MarkNone:
			if !p.reasons {
				f.Note = ""
			}
			noted = append(noted, f)
		default:
			whole = append(whole, f)
		}
	}
	if len(ok) == 1 {
		noted, ok = append(noted, facts[slices.IndexFunc(facts, func(f steps.Fact) bool { return f.Mark == steps.MarkOK })]), nil
	}
	for _, f := range whole {
		p.wanting(f)
	}
	if p.m.current().Found.Status == steps.Blocked { // the choices come next
		p.add("  " + phrase.T("%s has the other rows, with their reasons", detailsKey(p.m)))
		return
	}
	if n := len(p.wants) - 1; len(whole) > 0 && len(noted) > 0 && p.wants[n].to-p.wants[n].from > 1 {
		p.gap()
	}
	p.table(noted, settled)
	if p.aside != nil && len(p.m.current().Found.Fields) == 0 {
		p.aside.fine(facts)
		return
	}
	if len(ok) > 0 {
		p.add(hang("  "+p.mark(steps.MarkOK, markColumn), wrap(phrase.T("%s; %s has the reasons", phrase.JoinAnd(ok), detailsKey(p.m)), p.w-markColumn-2))...)
	}
}

// wanting tells a row that wants something, with its reason and its page across the whole width.
func (p *page) wanting(f steps.Fact) {
	const under = "    "
	from := len(p.lines)
	p.add(hang("  "+p.mark(f.Mark, markColumn), wrap(f.Label+": "+p.value(f), p.w-markColumn-2))...)
	p.add(indent(under, wrap(f.Note, p.w-len(under)))...)
	p.add(indent(under, p.portal(f.Page, p.w-len(under)))...)
	p.wants = append(p.wants, span{from, len(p.lines)})
}

// order says how the rows of a table stand.
type order int

const (
	settled  order = iota
	arriving       // columns that do not move as rows come in
	left           // each is somebody's to do
)

// across tells a row as a paragraph of its own.
func across(p *page, f steps.Fact) {
	text := strings.Join(strings.Fields(f.Label+": "+p.value(f)), " ")
	first := wrap(text, p.w-markColumn-2)[0]
	p.add("  " + p.mark(f.Mark, markColumn) + first)
	p.add(indent("    ", wrap(strings.TrimPrefix(text, first), p.w-4))...)
	p.add(indent("    ", wrap(f.Note, p.w-4))...)
}

func (p *page) table(facts []steps.Fact, o order) {
	t := p.columns(facts, o)
	for _, fact := range facts {
		from := len(p.lines)
		if fact.Across {
			across(p, fact)
		} else {
			p.fact(fact, t)
		}
		switch {
		case o == left || open(p.m.current().Found, fact):
			p.wants = append(p.wants, span{from, len(p.lines)})
		case fact.Mark == steps.MarkPending || fact.Mark == steps.MarkToDo || fact.Mark == steps.MarkNote && fact.Note != "":
			p.unsettled = true
		}
		if fact.Mark >= steps.MarkToDo {
			p.answered = len(p.lines)
		}
	}
}

// open reports a row that wants something of somebody. What is to be done, the changes do that are announced.
func open(found *steps.Finding, f steps.Fact) bool {
	return f.Mark >= steps.MarkDecide || f.Mark == steps.MarkToDo && found != nil && len(found.Changes) == 0
}

// columns are the widths of one table; 0 means no such column.
type columns struct{ indent, mark, label, value, note int }

func (p *page) columns(facts []steps.Fact, o order) columns {
	t := columns{indent: 2}
	if o == arriving {
		t.label, t.value, t.mark = usualLabel, p.w, markColumn
	}
	notes, note, word := false, 0, 0 // word is the longest of a label, which is not broken
	for _, f := range facts {
		if f.Across {
			continue
		}
		for w := range strings.FieldsSeq(clean(f.Label)) {
			word = max(word, width(w))
		}
		t.label = max(t.label, width(clean(f.Label)))
		t.value = max(t.value, width(p.value(f)))
		notes, note = notes || f.Note != "", max(note, width(clean(f.Note)))
		if f.Mark != steps.MarkNone {
			t.mark = markColumn
		}
	}
	t.label = min(t.label, max(p.w/2, word))
	rest := p.w - t.indent - t.mark - t.label - 2
	switch {
	case rest < leastValue:
		t.label = 0
		t.value = p.w - t.indent - t.mark
	case notes && note <= leastNote && rest-note-2 >= leastValue:
		t.note = note
		t.value = min(t.value, rest-note-2)
	case notes && rest-t.value-2 >= leastNote:
		t.note = rest - t.value - 2
	default:
		t.value = rest
	}
	return t
}

func (p *page) fact(f steps.Fact, t columns) {
	lead := strings.Repeat(" ", t.indent)
	if t.mark > 0 {
		lead += p.mark(f.Mark, t.mark)
	}
	value := wrap(p.value(f), t.value)
	if t.label == 0 {
		p.add(hang(lead, wrap(f.Label, t.value))...)
		under := strings.Repeat(" ", t.indent+t.mark)
		p.add(indent(under+"  ", wrap(p.value(f), t.value-2))...)
		p.add(indent(under+"  ", wrap(f.Note, t.value-2))...)
		p.add(indent(under+"  ", p.portal(f.Page, t.value-2))...)
		return
	}
	label := wrap(f.Label, t.label)
	if p.aside != nil && t.mark == 0 && width(clean(f.Note)) <= t.label { // beneath the step, where the choices leave no room beside it
		label, f.Note = append(label, wrap(f.Note, t.label)...), ""
	}
	if t.note == 0 || !latin(f.Value) {
		w := p.w - width(lead) - t.label - 2
		value = append(wrap(p.value(f), w), wrap(f.Note, w)...)
		p.add(beside(lead, t.label+2, label, append(value, p.portal(f.Page, w)...))...)
		return
	}
	p.add(beside(lead, t.label+2, label, beside("", t.value+2, value, append(wrap(f.Note, t.note), p.portal(f.Page, t.note)...)))...)
}

// portal names the page where a row is mended, and the key that opens it next.
func (p *page) portal(where steps.Page, w int) []string {
	if where.URL == "" {
		return nil
	}
	lead := "   "
	if where == p.m.links().page() {
		lead = p.m.look.palette.Accent.Render("o") + "  "
	}
	return hang(lead, wrap(where.Name, w-3))
}

// beside puts two columns next to each other, the first one of w columns, after lead.
func beside(lead string, w int, left, right []string) []string {
	var out []string
	for i := range max(len(left), len(right), 1) {
		line := lead
		if i > 0 {
			line = strings.Repeat(" ", width(lead))
		}
		cell := ""
		if i < len(left) {
			cell = left[i]
		}
		if i < len(right) {
			cell = pad(cell, w) + right[i]
		}
		out = append(out, strings.TrimRight(line+cell, " "))
	}
	return out
}

// mark is a glyph with its word, in w columns.
func (p *page) mark(mark steps.Mark, w int) string {
	g, c := p.m.look.glyphs, p.m.look.palette
	var glyph string
	var style lipgloss.Style
	switch mark {
	case steps.MarkNone:
		return strings.Repeat(" ", w)
	case steps.MarkPending:
		glyph = g.Todo
	case steps.MarkOK:
		glyph, style = g.Done, c.Good
	case steps.MarkNote:
		glyph = g.Note
	case steps.MarkToDo:
		glyph = string(steps.Modify)
	case steps.MarkDecide, steps.MarkLook:
		glyph, style = g.Decide, c.Warn
	case steps.MarkBlocks:
		glyph, style = g.Failed, c.Bad
	}
	if mark == steps.MarkPending {
		return pad(glyph, w) // the value says what is awaited
	}
	return pad(style.Render(glyph+" "+mark.Word()), w)
}

// value is what a fact says, with its ratio drawn as a bar.
func (p *page) value(f steps.Fact) string {
	if f.Value == "" && f.Mark == steps.MarkPending {
		return f.Mark.Word()
	}
	if f.Of <= 0 {
		return clean(f.Value)
	}
	full := clamp(int(math.Round(f.Ratio/f.Of*barColumn)), 0, barColumn)
	bar := strings.Repeat(p.m.look.glyphs.Full, full) + strings.Repeat(p.m.look.glyphs.Empty, barColumn-full)
	text := f.Value
	if text == "" {
		text = phrase.T("%s of %s", phrase.Spoken().Points(f.Ratio), phrase.Spoken().Points(f.Of))
	}
	return bar + " " + clean(text)
}
