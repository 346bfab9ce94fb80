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
		return d.idle(w)
	}
	return m.statusOf(&open, w)
}

// statusOf is the status line of an open window.
func (m *Model) statusOf(open *steps.Exposure, w int) string {
	past := open.Past(m.now)
	clocks := m.look.glyphs.Open + offWord(open) + phrase.T("%s of %s", phrase.Span(past), phrase.Span(open.Cap))
	hints, only := comesBack(open), onlyWhile(open)
	style := m.look.palette.Open
	switch {
	case open.Everybody != "" && open.Demanded:
		clocks = phrase.T("%s SECURITY DEFAULTS OFF FOR EVERYBODY", m.look.glyphs.Open)
		hints = []string{phrase.T("in %s, not back yet", clean(open.Everybody)), phrase.T("not back yet")}
		style = m.look.palette.Urgent
	case open.Everybody != "":
		clocks = phrase.T("%s WHOLE TENANT: SECURITY DEFAULTS OFF %s of %s", m.look.glyphs.Open, phrase.Span(past), phrase.Span(open.Cap))
		hints = []string{phrase.T("for everybody in %s, back by themselves", clean(open.Everybody)), phrase.T("back by themselves")}
		if only != "" {
			clocks = phrase.T("%s TENANT: SECURITY DEFAULTS OFF %s of %s", m.look.glyphs.Open, phrase.Span(past), phrase.Span(open.Cap))
			hints = []string{phrase.T("back by themselves %s", only), phrase.T("back %s", only), phrase.T("keep this program running")}
		}
		style = m.look.palette.Urgent
	case open.Demanded:
		clocks = phrase.T("%s PER-USER MFA IS ON", m.look.glyphs.Open)
		hints = []string{phrase.T("the window is open until all is put back"), phrase.T("not all is put back")}
	case open.Found:
		clocks = phrase.T("%s MFA OFF%s", m.look.glyphs.Open, offFor(open, m.now, " "))
		hints = []string{phrase.T("left open by an earlier run"), phrase.T("left open")}
		if open.Unclaimed {
			hints = []string{phrase.T("found open")}
		}
		style = m.look.palette.Urgent
	case open.NoGuard != "":
		hints = []string{phrase.T("being closed: no second process watches"), phrase.T("being closed")}
		style = m.look.palette.Urgent
	case past >= open.Cap:
		hints = []string{phrase.T("the limit is reached"), ""}
		style = m.look.palette.Urgent
	case open.Unguarded:
		hints = []string{phrase.T("a second process is being started"), phrase.T("not guarded")}
		style = m.look.palette.Urgent
	case urgent(open, m.now):
		hints = []string{phrase.T("only %s left, then it closes by itself", phrase.Span(open.Cap-past)), phrase.T("%s left", phrase.Span(open.Cap-past))}
		if only != "" {
			hints = []string{phrase.T("only %s left, then it closes by itself %s", phrase.Span(open.Cap-past), only), phrase.T("%s left; keep this program running", phrase.Span(open.Cap-past))}
		}
		style = m.look.palette.Urgent
	case open.Unknown() && only != "" && !open.Together:
		hints = []string{phrase.T("Microsoft has not shown it yet; MFA comes back by itself %s", only), phrase.T("not shown yet; keep this program running")}
	case open.Unknown() && !open.Together:
		hints = []string{phrase.T("Microsoft has not shown it yet; MFA comes back by itself"), phrase.T("Microsoft has not shown it yet")}
	case open.RoleEnds.After(m.now):
		until := phrase.T("role until %s", open.RoleEnds.Local().Format("15:04"))
		hints = []string{until + m.look.glyphs.Between + hints[len(hints)-1], until}
	}
	for _, hint := range hints {
		if line := clocks + m.look.glyphs.Between + hint; width(line) <= w {
			return style.Render(line)
		}
	}
	return style.Render(clocks)
}

// comesBack says as long as what MFA comes back by itself, and the same in short.
func comesBack(open *steps.Exposure) []string {
	if only := onlyWhile(open); only != "" {
		return []string{phrase.T("MFA comes back by itself %s", only), phrase.T("keep this program running")}
	}
	return []string{phrase.T("MFA comes back by itself, also if this program is ended"), phrase.T("MFA comes back by itself")}
}

// onlyWhile is as long as what the guard is sure to watch; empty where nothing is known that ends it.
func onlyWhile(open *steps.Exposure) string {
	if open.Together {
		return phrase.T("while this program runs")
	}
	return open.While
}

// idle is the status line while no exposure window is open.
func (d drawing) idle(w int) string {
	m := d.m
	if answer := m.rehearsal.answer; answer != "" && m.over.top() == nil {
		return m.look.fit(answer, w)
	}
	if said := m.over.traits(m).status; said != "" {
		return said
	}
	if why := m.run.Aftermath().Stopped; why != "" && m.over.top() == nil && m.current().Info.ID == steps.SuspendMFA {
		return m.look.fit(phrase.T("MFA is not off: %s", clean(why)), w)
	}
	if m.focus().typing() {
		return phrase.T("F1 help%sctrl+c leave", m.look.glyphs.Between)
	}
	return phrase.T("? help%sd details (requests, ids, errors)", m.look.glyphs.Between)
}

// offWord says that MFA is off, or that nobody knows.
func offWord(open *steps.Exposure) string {
	if open.Unknown() {
		return " " + phrase.T("MFA STATE AWAITED") + " "
	}
	return " " + phrase.T("MFA OFF") + " "
}

// offFor is for how long MFA has been off, after before; empty where nobody knows.
func offFor(open *steps.Exposure, now time.Time, before string) string {
	if open.Opened.IsZero() {
		return ""
	}
	if open.Unclaimed {
		return before + phrase.AtMost(open.Past(now))
	}
	return before + phrase.Span(open.Past(now))
}
