package report

import (
	"slices"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

func (p page) windows() tag.Node {
	out := tag.Group{
		paper.Heading(p.l.T("2 · The exposure window")),
		tag.P(tag.Text(p.l.T("From before the account was Global Administrator with nothing that asks it for a second factor, until the tenant was read to ask again. %s", timesBy(p.Windows, p.l)))),
	}
	for i, w := range p.Windows {
		out = append(out, drawWindow(p.Report, i).svg(p.l), windowTable(&p, w), tag.P(w.lasted(p.l)...))
	}
	switch {
	case lacksWindow(p.Report):
		out = append(out, tag.P(tag.Text(p.l.T(untimedWindow))))
	case len(p.Windows) == 0:
		out = append(out, tag.P(tag.Text(noWindow(p.Report, p.l))))
	}
	return out
}

// timesBy says whose word the times of windows are.
func timesBy(all []Window, l phrase.Language) string {
	if slices.ContainsFunc(all, Window.found) {
		return l.T("Said by the journal, but for since when one is open that was found: Microsoft's audit log says that, or the last reading that showed it closed. In truth it was that long at most.")
	}
	return l.T("Said by the journal; in truth it was that long at most.")
}

// noWindow says of how much of the journal it is that it has no window, and names the last one of the work before.
func noWindow(r *Report, l phrase.Language) string {
	said := l.T("The journal of this onboarding has none: meanwhile the account was at no time Global Administrator with nothing that asks it for a second factor.")
	if r.offboards() {
		said = l.T("The journal of this offboarding has none: nothing in it turned MFA off for the account.")
	}
	all, err := chain(r.Journal.Lines)
	if earlier := windowsOf(all, r.MadeAt); err == nil && len(earlier) > 0 {
		said += " " + l.T("It has %s from before, opened last on %s: see the report of that onboarding.", l.Count(len(earlier), "window", "windows"), stamp(l, earlier[len(earlier)-1].OpenedAt))
	}
	return said
}

func windowTable(p *page, w Window) tag.Node {
	l := p.l
	columns := append([]paper.Head{paper.Tight(l.T("When (UTC)"), l.T("When"))}, heads(l, "What", "What", "Of", "Of", "Journal line", "Journal line")...)
	var rows [][]tag.Node
	for _, e := range w.Events {
		said := eventSaid(p, e)
		if e.What == EventOpened && w.found() {
			said = l.T("noted that it was found open")
		}
		rows = append(rows, []tag.Node{tag.Text(clock(e.At)), tag.Text(said), name(Retold(l, e.Object)), tag.Text(strconv.Itoa(e.Line))})
	}
	return paper.Table(columns, rows)
}

// happened are events, in words.
var happened = map[string]phrase.Format{
	EventOpened: "opened", EventSuspended: "suspended", EventRestored: "restored", EventAssigned: "assigned", EventRemoved: "removed",
	EventStuck: "stuck", EventClosed: "closed",
}

// eventSaid is what an event is, in words. Per-user MFA that this onboarding had not taken away was not restored.
func eventSaid(p *page, e Event) string {
	if e.What == EventRestored {
		for i := range p.Changes {
			switch c := &p.Changes[i]; {
			case c.Object.Kind != string(journal.InversePerUserMFA):
			case !c.Restores:
				return p.l.T(happened[e.What])
			case c.Verified != nil && c.Verified.Line == e.Line:
				return p.l.T("set")
			}
		}
	}
	return p.l.T(happened[e.What])
}

// foundUnknown is what is not known of a window that was found open.
const foundUnknown phrase.Format = "who opened it, and how long it was allowed to be open, this journal does not say"

// lasted is how long the window was open, in words.
func (w Window) lasted(l phrase.Language) (said tag.Group) {
	switch {
	case w.Unmeasured && !w.ClosedAt.IsZero():
		said = tag.Group{
			tag.Text(l.T("%s to %s, by a clock that was set back meanwhile:", stamp(l, w.OpenedAt), stamp(l, w.ClosedAt)) + " "),
			paper.Strong("alarm", l.T("nobody knows for how long")), tag.Text(". " + l.T(closedBy(w), writer(l, w.ClosedBy))),
		}
	case w.found() && !w.ClosedAt.IsZero():
		said = tag.Group{
			tag.Text(l.T("%s to %s: at most %s.", stamp(l, w.OpenedAt), stamp(l, w.ClosedAt), length(l, w.AtMostSeconds)) + " "),
			tag.Text(l.T("Found open: since when, Microsoft's audit log says, or the last reading that showed it closed; %s.", l.T(foundUnknown))),
			tag.Text(" " + l.T(closedBy(w), writer(l, w.ClosedBy))),
		}
	case w.ClosedAt.IsZero():
		said = tag.Group{tag.Text(l.T("Opened %s; the journal does not say that it was closed.", stamp(l, w.OpenedAt)))}
	default:
		said = tag.Group{
			tag.Text(l.T("%s to %s: at most %s of the %s allowed", stamp(l, w.OpenedAt), stamp(l, w.ClosedAt), length(l, w.AtMostSeconds), length(l, w.CapSeconds))),
			tag.If(w.late(), tag.Group{tag.Text(", "), paper.Strong("alarm", l.T("longer than allowed"))}),
			tag.Text(". " + l.T(closedBy(w), writer(l, w.ClosedBy))),
		}
	}
	if w.setBack() && !w.Unmeasured {
		said = append(said, tag.Text(" "+l.T("The two times are by a clock that was set back meanwhile.")))
	}
	return append(said, tag.If(w.ByAuditSeconds > 0, tag.Text(" "+l.T("By Microsoft's own entries it was %s.", length(l, w.ByAuditSeconds)))))
}

// closedBy says who closed a window, and that nothing exposed anybody in it, where that is so.
func closedBy(w Window) phrase.Format {
	if w.Unexposed {
		return "Closed by the %s, which had read that MFA was demanded, or that the role was refused: nothing shows that MFA was off in it."
	}
	return "Closed by the %s."
}

// attributes are a drawing's, by name and value in turn.
func attributes(pairs ...string) (out tag.Group) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, tag.Attr(pairs[i], pairs[i+1]))
	}
	return out
}

func shape(kind string, pairs ...string) tag.Node { return tag.El(kind, attributes(pairs...)) }

func label(words string, pairs ...string) tag.Node {
	return tag.El("text", attributes(pairs...), tag.Text(words))
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// svg is the drawing.
func (d timeline) svg(in phrase.Language) tag.Node {
	n, bottom, height := strconv.Itoa(d.Number), strconv.Itoa(d.Bottom), strconv.Itoa(d.Height)
	out := tag.Group{
		tag.El("title", tag.ID("t"+n), tag.Text(d.Title)),
		tag.El("desc", tag.ID("d"+n), tag.Text(d.Desc)),
		patterns(n),
		tag.Map(d.Grid, func(t tick) tag.Node {
			x := number(t.X)
			return tag.Group{shape("line", "class", "grid", "x1", x, "y1", "18", "x2", x, "y2", bottom), label(t.Label, "class", "when", "x", x, "y", "12")}
		}),
		tag.Map(d.Lanes, func(l lane) tag.Node { return l.drawn(n) }),
		label("Microsoft", "x", "0", "y", strconv.Itoa(d.MarksY)),
		tag.Map(d.Marks, func(t tick) tag.Node {
			class := "entry"
			if t.Found {
				class = "entry found"
			}
			return shape("circle", "class", class, "cx", number(t.X), "cy", strconv.Itoa(d.MarksTop), "r", "4", "transform", "translate(0 7)")
		}),
		tag.If(d.Cap.Label != "", tag.Group{
			shape("line", "class", "cap", "x1", number(d.Cap.X), "y1", "18", "x2", number(d.Cap.X), "y2", bottom),
			label(d.Cap.Label, "class", "end", "x", number(d.Cap.X), "y", height, "transform", "translate(0 -4)"),
		}),
		label("● "+in.T("Microsoft's entry")+"  ○ "+in.T("not arrived"), "x", "112", "y", height, "transform", "translate(0 -4)"),
	}
	return tag.SVG(tag.Attr("viewBox", "0 0 680 "+height), tag.Role("img"), tag.Aria("labelledby", "t"+n+" d"+n), tag.Lines(out...))
}

// patterns fill the bars, so that they differ without colour.
func patterns(n string) tag.Node {
	square := []string{"width", "6", "height", "6", "patternUnits", "userSpaceOnUse"}
	ground := shape("rect", "class", "ground", "width", "6", "height", "6")
	return tag.El("defs",
		tag.El("pattern", tag.ID("dots"+n), attributes(square...), ground, shape("circle", "class", "dots", "cx", "3", "cy", "3", "r", "1.1")),
		tag.El("pattern", tag.ID("hatch"+n), attributes(square...), tag.Attr("patternTransform", "rotate(45)"), ground,
			shape("line", "class", "hatch", "x1", "0", "y1", "0", "x2", "0", "y2", "6")),
	)
}

// drawn is a lane: its label, its bar, and what is said beside the bar of the window.
func (l lane) drawn(n string) tag.Node {
	y := strconv.Itoa(l.TextY)
	fill := tag.Attr("fill", "url(#hatch"+n+")")
	var note tag.Node
	switch l.Class {
	case "role":
		fill = tag.Attr("fill", "url(#dots"+n+")")
	case "window":
		fill = nil
		class := ""
		if l.End {
			class = "end inside"
		}
		note = label(l.Text, "class", class, "x", number(l.Note), "y", y)
	}
	return tag.Group{
		label(l.Label, "x", "0", "y", y),
		tag.El("rect", attributes("class", "bar "+l.Class, "x", number(l.X), "y", strconv.Itoa(l.Y), "width", number(l.Width), "height", "16"), fill),
		note,
	}
}
