package wizard

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// status belongs to the exposure window while it is open, and says where help and details are otherwise.
func (d drawing) status(w int) string {
	m := d.m
	open, yes := m.run.Exposure()
	if !yes {
		if said := m.over.traits(m).status; said != "" {
			return said
		}
		if m.focus().typing() {
			return "F1 help" + m.look.glyphs.Between + "ctrl+c leave"
		}
		return "? help" + m.look.glyphs.Between + "d details (requests, ids, errors)"
	}
	past := open.Past(m.now)
	clocks := m.look.glyphs.Open + offWord(open) + phrase.Span(past) + " of " + phrase.Span(open.Cap)
	hints := []string{"MFA comes back by itself, also if this program is ended", "MFA comes back by itself"}
	if open.Together {
		hints = []string{"MFA comes back by itself while this program runs", "keep this program running"}
	}
	style := m.look.palette.Open
	switch {
	case open.Everybody != "" && open.Demanded:
		clocks = m.look.glyphs.Open + " SECURITY DEFAULTS OFF FOR EVERYBODY"
		hints = []string{"in " + clean(open.Everybody) + ", not back yet", "not back yet"}
		style = m.look.palette.Urgent
	case open.Everybody != "":
		clocks = m.look.glyphs.Open + " WHOLE TENANT: SECURITY DEFAULTS OFF " + phrase.Span(past) + " of " + phrase.Span(open.Cap)
		hints = []string{"for everybody in " + clean(open.Everybody), "everybody"}
		style = m.look.palette.Urgent
	case open.Demanded:
		clocks = m.look.glyphs.Open + " MFA is on again"
		hints = []string{"not everything is put back yet", "not all is put back"}
	case open.Found:
		clocks = m.look.glyphs.Open + " MFA OFF" + offFor(open, m.now, " ")
		hints = []string{"left open by an earlier run", "left open"}
		style = m.look.palette.Urgent
	case open.NoGuard != "":
		hints = []string{"being closed: no second process watches", "being closed"}
		style = m.look.palette.Urgent
	case past >= open.Cap:
		hints = []string{"the limit is reached", ""}
		style = m.look.palette.Urgent
	case open.Unguarded:
		hints = []string{"a second process is being started", "not guarded"}
		style = m.look.palette.Urgent
	case urgent(open, m.now):
		hints = []string{"only " + phrase.Span(open.Cap-past) + " left, then it closes by itself", phrase.Span(open.Cap-past) + " left"}
		style = m.look.palette.Urgent
	}
	for _, hint := range hints {
		if line := clocks + m.look.glyphs.Between + hint; width(line) <= w {
			return style.Render(line)
		}
	}
	return style.Render(clocks)
}

// offWord says that MFA is off, or that nobody knows.
func offWord(open steps.Exposure) string {
	if open.Unknown() {
		return " MFA UNKNOWN "
	}
	return " MFA OFF "
}

// offFor is for how long MFA has been off, after before; empty where nobody knows.
func offFor(open steps.Exposure, now time.Time, before string) string {
	if open.Opened.IsZero() {
		return ""
	}
	return before + phrase.Span(open.Past(now))
}
