package wizard

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
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

// askRevealDialog is the question before a secret is shown.
type askRevealDialog struct {
	position
	offer
}

// revealDialog is the secret itself.
type revealDialog struct {
	position
	offer
	gen   int
	until time.Time
	lines []string // of the secret, as the frame that is being drawn has them
}

// once is an instruction whose value was shown.
type once struct {
	on     *screen
	part   string
	item   string
	secret graph.Secret
}

func (c *copying) onceOf(m *Model, o offer) once {
	key := once{on: o.on, item: o.item.ID, secret: o.item.Copy}
	if task := m.taskBeneath(); task != nil {
		key.part = task.Part
	}
	return key
}

// placeOf is the same whatever the value is.
func (c *copying) placeOf(m *Model, o offer) once {
	o.item.Copy = graph.Secret{}
	return c.onceOf(m, o)
}

// mayShow reports whether what was copied last is a secret that no clipboard is known to hold, and was not shown yet.
func (c *copying) mayShow(m *Model) bool {
	return c.unsure && !c.running() && c.item.Shown == "" && c.offered(m, c.offer) && !c.shownOnce[c.onceOf(m, c.offer)]
}

// showable reports whether s asks about it now.
func (c *copying) showable(m *Model) bool { return m.over.top() == nil && c.mayShow(m) }

// askToShow puts the question on screen.
func (o *dialogStack) askToShow(m *Model) {
	o.ask(&askRevealDialog{offer: m.copying.offer})
	m.note, m.exit.closeErr = "", nil
}

// showSecret puts the secret on screen.
func (o *dialogStack) showSecret(m *Model, of offer) tea.Cmd {
	text := of.item.Copy.Reveal()
	m.copying.shownOnce[m.copying.onceOf(m, of)] = true
	if text == "" || clean(text) != text {
		o.hide(m, phrase.T("It holds characters that no screen shows faithfully, so it was not shown."))
		return nil
	}
	m.carriedOut(of.on, of.item.ID)
	gen := m.jobs.generation()
	o.ask(&revealDialog{position: position{scroll: byItself}, offer: of, gen: gen, until: m.now.Add(revealFor)})
	return m.jobs.after(revealFor, hideDueMsg{gen})
}

// hide takes the question, or the secret, off the screen.
func (o *dialogStack) hide(m *Model, note string) {
	o.question, m.note = nil, note
}

const (
	hiddenNote   = "The value is hidden again, and is not shown a second time."
	notShownNote = "Nothing was shown."
)

// revealing is the dialog while a secret is on screen, or else nil.
func (o *dialogStack) revealing() *revealDialog {
	d, _ := o.question.(*revealDialog)
	return d
}

func (o *dialogStack) hideDue(m *Model, msg hideDueMsg) {
	if d := o.revealing(); d != nil && msg.gen == d.gen {
		o.hide(m, phrase.T(hiddenNote))
	}
}

// keepHidden hides what must not be on screen any longer: its time is over, or the instruction is.
func (o *dialogStack) keepHidden(m *Model) {
	if d := o.revealing(); d != nil && (!m.now.Before(d.until) || !m.copying.offered(m, d.offer)) {
		o.hide(m, phrase.T(hiddenNote))
	}
	if d, asked := o.question.(*askRevealDialog); asked && !m.copying.offered(m, d.offer) {
		o.hide(m, "")
	}
}

// hideNow hides a secret when the terminal may draw it anew in another way.
func (o *dialogStack) hideNow(m *Model) {
	if o.revealing() != nil {
		o.hide(m, phrase.T(hiddenNote))
	}
}

func (*askRevealDialog) title(*Model) (string, steps.Actor) {
	return phrase.T("Show it once"), steps.You
}

func (d *askRevealDialog) body(p *page) {
	p.add(p.m.look.palette.Strong.Render(phrase.T("Can anybody else see this screen?")))
	p.paragraph(phrase.T("A screen-share, a recording, a projector and somebody behind you all count. Stop sharing first, or don't show it."))
	p.paragraph(phrase.T(`No clipboard is known to hold the value for "%s". It can be shown here once, for %s.`, d.item.Text, phrase.Countdown(revealFor)))
}

func (*askRevealDialog) actions(*Model) []steps.Action {
	return []steps.Action{
		{ID: actKeepHidden, Label: phrase.T("It is shared: don't show it")},
		{ID: actReveal, Label: phrase.T("Nobody else can see this screen")},
	}
}

func (*askRevealDialog) esc(*Model) steps.Action {
	return steps.Action{ID: actKeepHidden, Label: phrase.T("don't show it")}
}

func (d *askRevealDialog) act(m *Model, id string) tea.Cmd {
	if id == actReveal {
		return m.over.showSecret(m, d.offer)
	}
	m.over.hide(m, phrase.T(notShownNote))
	return nil
}

func (*revealDialog) title(*Model) (string, steps.Actor) { return phrase.T("Show it once"), steps.You }

func (d *revealDialog) body(p *page) {
	p.paragraph(d.item.Text + ":")
	p.gap()
	from := len(p.lines)
	d.lines = strings.Split(ansi.Hardwrap(d.item.Copy.Reveal(), p.w-4, true), "\n")
	for i, line := range d.lines {
		p.add("    " + p.m.look.palette.Strong.Render(gap(i, line)))
	}
	p.focal = span{from, len(p.lines)}
	p.paragraph(phrase.T("Hidden in %s, and not shown again.", phrase.Countdown(d.until.Sub(p.m.now))))
}

func (*revealDialog) actions(*Model) []steps.Action {
	return []steps.Action{{ID: actHide, Label: phrase.T("Hide it now")}}
}

func (*revealDialog) esc(*Model) steps.Action {
	return steps.Action{ID: actHide, Label: phrase.T("hide it")}
}

func (*revealDialog) act(m *Model, _ string) tea.Cmd {
	m.over.hide(m, phrase.T(hiddenNote))
	return nil
}

// keys: nothing may lie over a secret that would come off again.
func (*revealDialog) keys(_ *Model, k *keyMap) {
	k.Details.SetEnabled(false)
	k.Help.SetEnabled(false)
}

func (d *revealDialog) traits(*Model) traits {
	return traits{since: d.until.Add(-revealFor), status: phrase.T("esc hides it at once")}
}

// gap stands for a line of the secret until the frame was searched for secrets: the one place where one is meant to be.
func gap(i int, line string) string { return strings.Repeat(string(rune(privateUse+i)), width(line)) }

// privateUse is where Unicode leaves characters to programs.
const privateUse = 0xE000

// fill puts the secret that is being shown into a frame that was just drawn.
func (o *dialogStack) fill(frame string) string {
	d := o.revealing()
	if d == nil {
		return frame
	}
	for i, line := range d.lines {
		frame = strings.Replace(frame, gap(i, line), line, 1)
	}
	d.lines = nil
	return frame
}
