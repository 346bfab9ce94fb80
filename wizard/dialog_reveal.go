package wizard

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A secret that no clipboard is known to hold can be shown, under these rules:
//   - Only after the question whether anybody else sees this screen, to which the first answer is that it is shared.
//   - For revealFor, each instruction's value once in a run. Esc, Enter, leaving, another size of the window, a suspended
//     program and a step that goes on hide it at once.
//   - On the alternate screen only, which has no scrollback; neither in the window's title nor in the log.

// revealFor is how long a secret is shown.
const revealFor = 10 * time.Second

// The actions of the question and of what follows it.
const (
	actKeepHidden = "wizard:keep-hidden"
	actReveal     = "wizard:reveal"
	actHide       = "wizard:hide"
)

// hideDueMsg says that a secret has been shown for long enough.
type hideDueMsg struct{ gen int }

// showing is the secret that is asked about or on screen.
type showing struct {
	offer
	gen   int
	until time.Time
	lines []string // of the secret, as the last frame has them
}

// once is an instruction whose value was shown.
type once struct {
	on     *screen
	part   string
	item   string
	secret graph.Secret
}

func (m *Model) onceOf(o offer) once {
	key := once{on: o.on, item: o.item.ID, secret: o.item.Copy}
	if task := m.taskBeneath(); task != nil {
		key.part = task.Part
	}
	return key
}

// mayShow reports whether what was copied last is a secret that no clipboard is known to hold, and was not shown yet.
func (m *Model) mayShow() bool {
	h := m.handing
	return h.unsure && !h.running() && h.item.Shown == "" && m.offered(h.offer) && !m.shownOnce[m.onceOf(h.offer)]
}

// showable reports whether s asks about it now.
func (m *Model) showable() bool { return !m.covered() && m.layer == bare && m.mayShow() }

// askToShow puts the question on screen.
func (m *Model) askToShow() {
	m.layer, m.closing, m.note = confirming, closure{}, ""
	m.showing = showing{offer: m.handing.offer}
}

// showSecret puts the secret on screen.
func (m *Model) showSecret() tea.Cmd {
	text := m.showing.item.Copy.Reveal()
	m.shownOnce[m.onceOf(m.showing.offer)] = true
	if text == "" || clean(text) != text {
		m.hide("It holds characters that no screen shows faithfully, so it was not shown.")
		return nil
	}
	m.showing.on.carried[m.showing.item.ID] = true
	m.gens++
	m.showing.gen, m.showing.until = m.gens, m.now.Add(revealFor)
	m.layer, m.closing = revealing, closure{scroll: byItself}
	return m.after(revealFor, hideDueMsg{m.gens})
}

// hide takes the question, or the secret, off the screen.
func (m *Model) hide(note string) {
	if m.layer == confirming || m.layer == revealing {
		m.layer, m.note = bare, note
	}
	m.showing = showing{}
}

const hiddenNote = "The value is hidden again, and is not shown a second time."

func (m *Model) hideDue(msg hideDueMsg) {
	if msg.gen == m.showing.gen {
		m.hide(hiddenNote)
	}
}

// keepHidden hides what must not be on screen any longer: its time is over, or the instruction is.
func (m *Model) keepHidden() {
	switch {
	case m.layer == revealing && (!m.now.Before(m.showing.until) || !m.offered(m.showing.offer)):
		m.hide(hiddenNote)
	case m.layer == confirming && !m.offered(m.showing.offer):
		m.hide("")
	}
}

// hideNow hides a secret when the terminal may draw it anew in another way.
func (m *Model) hideNow() {
	if m.layer == revealing {
		m.hide(hiddenNote)
	}
}

func confirmingActions() []steps.Action {
	return []steps.Action{
		{ID: actKeepHidden, Label: "It is shared: don't show it"},
		{ID: actReveal, Label: "Nobody else can see this screen"},
	}
}

// confirming is the question before a secret is shown.
func (p *page) confirming() {
	p.add(p.m.palette.Strong.Render("Can anybody else see this screen?"))
	p.paragraph("A screen-share, a recording, a projector and somebody behind you all count. Stop sharing first, or don't show it.")
	p.paragraph("No clipboard is known to hold the value for \"" + p.m.showing.item.Text + "\". It can be shown here once, for " +
		countdown(revealFor) + ".")
}

// revealing is the secret itself.
func (p *page) revealing() {
	m := p.m
	p.paragraph(m.showing.item.Text + ":")
	p.gap()
	from := len(p.lines)
	m.showing.lines = strings.Split(ansi.Hardwrap(m.showing.item.Copy.Reveal(), p.w-4, true), "\n")
	for i, line := range m.showing.lines {
		p.add("    " + m.palette.Strong.Render(gap(i, line)))
	}
	p.focal = span{from, len(p.lines)}
	p.paragraph("Hidden in " + countdown(m.showing.until.Sub(m.now)) + ", and not shown again.")
}

// gap stands for a line of the secret until the frame was searched for secrets: the one place where one is meant to be.
func gap(i int, line string) string { return strings.Repeat(string(rune(privateUse+i)), width(line)) }

// privateUse is where Unicode leaves characters to programs.
const privateUse = 0xE000

// fill puts the secret that is being shown into a frame.
func (m *Model) fill(frame string) string {
	for i, line := range m.showing.lines {
		frame = strings.Replace(frame, gap(i, line), line, 1)
	}
	return frame
}
