package report

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The drawing of a window: time from left to right in UTC, one lane for the window, one for the role, one for each demand that
// was suspended, and one for Microsoft's entries. What it shows stands in the table after it as well.

const (
	laneHeight = 22
	laneTop    = 24
	chartLeft  = 112.0
	chartRight = 660.0
	mostLanes  = 8
	shortest   = 3.0 // of a bar
)

// timeline is the drawing of one window.
type timeline struct {
	Number, Height, Bottom int
	Title, Desc            string
	Grid                   []tick
	Lanes                  []lane
	Marks                  []tick
	MarksY                 int
	MarksTop               int
	Cap                    tick
}

type tick struct {
	X     float64
	Label string
	Found bool
}

type lane struct {
	Y, TextY       int
	X, Width, Note float64
	Label, Text    string
	Class          string // window, role, suspended or more
	End            bool   // the note ends at Note
}

// drawWindow draws a window. Lanes beyond the eighth are one, and are all in the table.
func drawWindow(r *Report, number int) timeline {
	l, w := r.spoken(), r.Windows[number]
	end := w.end(r.MadeAt)
	limit := w.OpenedAt.Add(time.Duration(w.CapSeconds) * time.Second)
	from := w.OpenedAt.Truncate(time.Minute).Add(-time.Minute)
	to := end.Add(2 * time.Minute)
	if !w.found() && limit.After(to) && limit.Sub(from) < 4*time.Hour {
		to = limit.Add(time.Minute)
	}
	at := func(t time.Time) float64 {
		x := chartLeft + (chartRight-chartLeft)*float64(t.Sub(from))/float64(to.Sub(from))
		return float64(int(min(max(x, chartLeft), chartRight)*10)) / 10
	}
	d := timeline{Number: number + 1, Title: l.T("Exposure window %d, from %s for at most %s.", number+1, stamp(l, w.OpenedAt), length(l, w.AtMostSeconds))}
	if w.Unmeasured {
		d.Title = l.T("Exposure window %d, from %s, nobody knows for how long.", number+1, stamp(l, w.OpenedAt))
	}
	step := 5 * time.Minute
	for to.Sub(from)/step > 12 {
		step *= 2
	}
	for t := from.Truncate(step).Add(step); t.Before(to); t = t.Add(step) {
		d.Grid = append(d.Grid, tick{X: at(t), Label: t.Format("15:04")})
	}
	note := l.T("still open")
	if !w.ClosedAt.IsZero() {
		note = l.T("closed by the %s %s", writer(l, w.ClosedBy), clock(w.ClosedAt))
	}
	if w.Unexposed {
		note = l.T("MFA not seen off; %s", note)
	}
	d.add("window", l.T("window"), note, at(w.OpenedAt), at(end))
	d.role(l, w, at, to)
	d.suspended(l, w, at, end)
	d.marks(r, from, to, at)
	if !w.found() { // nobody here knows what was agreed for it
		d.Cap = tick{X: at(limit), Label: l.T("cap %s", clock(limit))}
	}
	d.Bottom = laneTop + len(d.Lanes)*laneHeight
	d.MarksTop, d.MarksY = d.Bottom+3, d.Bottom+14
	d.Height = d.Bottom + 36
	d.Desc = d.Title + " " + sentenceOf(l, w) + " " + l.T("The table after this drawing says the same.")
	return d
}

func (d *timeline) add(class, label, note string, from, to float64) {
	y := laneTop + len(d.Lanes)*laneHeight
	l := lane{Y: y, TextY: y + 12, X: from, Width: max(to-from, shortest), Label: cut(shown(label), 17), Text: note, Class: class, Note: to + 6}
	if l.Note > chartRight-170 {
		l.Note, l.End = from+l.Width-6, true
	}
	if l.End && l.Width < 180 {
		l.Note = from - 6
	}
	d.Lanes = append(d.Lanes, l)
}

func (d *timeline) role(l phrase.Language, w Window, at func(time.Time) float64, to time.Time) {
	for _, e := range w.Events {
		if e.What != EventAssigned {
			continue
		}
		end, note := to, l.T("stays")
		for _, later := range w.Events {
			if later.What == EventRemoved && later.At.After(e.At) {
				end, note = later.At, l.T("removed %s", clock(later.At))
			}
		}
		d.add("role", l.T("role"), note, at(e.At), at(end))
		return
	}
}

// suspended draws each demand from its removal to its return.
func (d *timeline) suspended(l phrase.Language, w Window, at func(time.Time) float64, end time.Time) {
	var names []string
	for _, e := range w.Events {
		if e.What == EventSuspended && !slices.Contains(names, e.Object) {
			names = append(names, e.Object)
		}
	}
	for i, name := range names {
		if len(d.Lanes) == mostLanes-1 && len(names) > i+1 {
			d.add("more", l.T("%d more", len(names)-i), l.T("in the table"), at(w.OpenedAt), at(end))
			return
		}
		from, to := time.Time{}, end
		for _, e := range w.Events {
			switch {
			case e.Object != name:
			case e.What == EventSuspended && from.IsZero():
				from = e.At
			case e.What == EventRestored:
				to = e.At
			}
		}
		policy, is := strings.CutPrefix(name, "excluded users of ")
		if !is {
			policy = Retold(l, name)
		}
		d.add("suspended", policy, "", at(from), at(to))
	}
}

// marks are Microsoft's entries of the changes in the window's time; hollow where none has come.
func (d *timeline) marks(r *Report, from, to time.Time, at func(time.Time) float64) {
	for _, c := range r.Changes {
		if c.Audit == nil || c.At.Before(from) || c.At.After(to) {
			continue
		}
		when := c.At
		for _, e := range r.Entries {
			if slices.Contains(c.Audit.Entries, e.ID) {
				when = e.At
			}
		}
		d.Marks = append(d.Marks, tick{X: at(when), Found: c.Audit.State == Found})
	}
}

func sentenceOf(l phrase.Language, w Window) string {
	if w.ClosedAt.IsZero() {
		return l.T("It has not been closed, as far as the journal says.")
	}
	if w.found() {
		return l.T(closedBy(w), writer(l, w.ClosedBy))
	}
	return l.T("It was closed by the %s on %s; %s were allowed.", writer(l, w.ClosedBy), stamp(l, w.ClosedAt), length(l, w.CapSeconds))
}
