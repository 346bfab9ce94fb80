package wizard

import (
	"slices"
	"strings"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// keyMap is every key of the program. Which of them are enabled depends on what is on screen; bind says so, and both
// the keyboard and the footer go by that.
type keyMap struct {
	Enter, Number, Open, Copy, Reveal, Play, Next, Prev, Right, Left, Down, Up, PageDown, PageUp, Jump key.Binding
	Details, Help, Back, Quit, Interrupt                                                               key.Binding
}

// binding is a key, with what the footer calls it and what it does.
//
//go:noinline // every copy would be carried
func binding(help, desc string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, desc))
}

func newKeyMap() keyMap {
	return keyMap{
		Enter:     binding("enter", phrase.T("choose"), "enter"),
		Number:    binding("1-9", phrase.T("do that line"), "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		Open:      binding("o", phrase.T("open link"), "o"),
		Copy:      binding("c", phrase.T("copy"), "c"),
		Reveal:    binding("s", phrase.T("show it once"), "s"),
		Play:      binding("p", phrase.T("play this part"), "p"),
		Next:      binding("tab", "", "tab"),
		Prev:      binding(phrase.T("shift+tab"), phrase.T("move back"), "shift+tab"),
		Right:     binding("right", phrase.T("next choice"), "right"),
		Left:      binding("left", phrase.T("choice before"), "left"),
		Down:      binding(phrase.T("down"), phrase.T("scroll"), "down"),
		Up:        binding(phrase.T("up"), phrase.T("scroll back"), "up"),
		PageDown:  binding(phrase.T("space"), phrase.T("scroll"), "pgdown", "space"),
		PageUp:    binding(phrase.T("pgup"), phrase.T("scroll back"), "pgup"),
		Jump:      binding("n", phrase.T("next to do"), "n"),
		Details:   binding("d", phrase.T("details"), "d"),
		Help:      binding("?", phrase.T("help"), "?", "f1"),
		Back:      binding("esc", phrase.T("back"), "esc"),
		Quit:      binding("q", phrase.T("leave"), "q"),
		Interrupt: binding("ctrl+c", phrase.T("leave"), "ctrl+c"),
	}
}

// bind enables the keys that do something now and names what they do.
func (k keyMap) bind(m *Model) keyMap {
	typing := m.focus().typing()
	choices := len(m.focus().entries()) + len(m.focus().actions())
	scrolls := m.body().scrolls()

	task := m.task()
	k.Enter.SetEnabled(choices > 0 || m.over.top() == nil || m.links().opens())
	k.Number.SetEnabled(!typing && task != nil && len(task.Items) > 0)
	k.Enter.SetHelp("enter", m.keys.enterDoes(m))
	k.Next.SetEnabled(choices > 1)
	k.Next.SetHelp("tab", m.focus().tabDoes())
	k.Prev.SetEnabled(choices > 1)
	k.Right.SetEnabled(choices > 1 && !typing)
	k.Left.SetEnabled(choices > 1 && !typing)
	down, up := scrolls && !m.body().atEnd(), scrolls && !m.body().atTop()
	k.Down.SetEnabled(down || !scrolls && choices > 1)
	k.Up.SetEnabled(up || !scrolls && choices > 1)
	if !scrolls {
		k.Down.SetHelp(phrase.T("down"), phrase.T("move"))
		k.Up.SetHelp(phrase.T("up"), phrase.T("move back"))
	}
	k.PageDown.SetEnabled(down)
	if typing {
		if !m.focus().entry().unbegun() {
			k.PageDown.SetKeys("pgdown")
		}
		k.PageDown.SetHelp(phrase.T("pgdn"), phrase.T("scroll"))
		k.Details.SetKeys("f2")
		k.Details.SetHelp(detailsKey(m), phrase.T("details"))
		k.Help.SetKeys("f1")
		k.Help.SetHelp("F1", phrase.T("help"))
	}
	below, anywhere := m.body().wants()
	k.Jump.SetEnabled(scrolls && anywhere)
	jump := "n"
	if typing {
		jump = "F3"
		k.Jump.SetKeys("f3")
	}
	if k.Jump.SetHelp(jump, phrase.T("next to do")); !below {
		k.Jump.SetHelp(jump, phrase.T("first to do"))
	}
	k.PageUp.SetEnabled(up)

	k.Open.SetEnabled(!typing && m.links().url() != "")
	k.Open.SetHelp("o", m.links().does())
	copied := m.copying.offers(m)
	k.Copy.SetEnabled(!typing && copied != nil && len(copies(copied)) > 0)
	k.Reveal.SetEnabled(!typing && m.copying.showable(m))
	k.Play.SetEnabled(!typing && m.rehearsal.playable(m))

	k.Quit.SetEnabled(!typing)
	k.Back.SetHelp("esc", m.keys.escDoes(m))
	k.Back.SetEnabled(m.keys.escDoes(m) != "")
	m.over.keys(m, &k)
	return k
}

// detailsKey is the key that opens the details.
func detailsKey(m *Model) string {
	if m.focus().typing() {
		return "F2"
	}
	return "d"
}

func (k keyMap) enterDoes(m *Model) string {
	entries := m.focus().entries()
	focus := m.focus().place()
	if focus < len(entries)-1 {
		return phrase.T("next field")
	}
	action, any := m.focus().action()
	switch {
	case !any && m.links().opens():
		return m.links().does()
	case !any:
		return ""
	case m.body().unread(action):
		return phrase.T("read on")
	case m.body().away(action):
		return phrase.T("go to line %d", m.current().Item(m.task())+1)
	case m.flow.missing(m, action) != "":
		return phrase.T("see what is missing")
	}
	label := []rune(clean(action.Label))
	most, word := max(doneLabel, m.size.w-wayOut), enterWord(action.ID)
	switch {
	case word == "":
		word, most = phrase.T("choose"), max(shortLabel, m.size.w-wayOut)
	case action.ID != steps.ActApply:
		most = doneLabel
	}
	if _, off := m.run.Exposure(); off && m.over.top() == nil {
		most = min(most, m.size.w-wayOutOpen)
	}
	if at := slices.Index(label, ','); action.ID == steps.ActApply && len(label) > most && at > 0 {
		label = label[:at] // what follows is what Enter leaves
	}
	if len(label) < 2 || len(label) > most || action.ID == walker.ActForward {
		return word
	}
	if unicode.IsLower(label[1]) && !strings.HasPrefix(action.Label, "Delegate365") && phrase.Spoken() == phrase.English { // German begins its nouns with a capital anywhere
		label[0] = unicode.ToLower(label[0])
	}
	return string(label)
}

// A label of up to shortLabel characters is named in every footer, of what is applied, or goes on, up to doneLabel, and a longer one where it
// leaves wayOut columns to the other keys; of what only goes on the word says as much. While MFA is off, leaving is named before any label: it
// takes wayOutOpen columns together with Enter and the way back.
const (
	shortLabel = 24
	doneLabel  = 28
	wayOut     = 38
	wayOutOpen = 36
)

// enterWord is the word for an action whose label is too long for the footer, where there is one that says as much.
func enterWord(id string) string {
	switch id {
	case steps.ActApply:
		return phrase.T("apply")
	case steps.ActNext, walker.ActForward:
		return phrase.T("continue")
	}
	return ""
}

// escDoes names what Esc does now; empty means nothing.
func (k keyMap) escDoes(m *Model) string {
	if top := m.over.top(); top != nil {
		return top.esc(m).Label
	}
	switch {
	case m.flow.walk.State == walker.Applying:
		return phrase.T("stop")
	case m.flow.walk.State == walker.Stopping, m.flow.walk.State == walker.Ended:
		return ""
	case m.flow.walk.Viewing() == 0:
		return phrase.T("leave")
	}
	return phrase.T("back")
}

// pressed takes a key: what it does is decided by the frame that it was pressed on.
func (k keyMap) pressed(m *Model, msg tea.KeyPressMsg) tea.Cmd {
	if m.flow.walk.State == walker.Ended {
		return nil
	}
	k = k.bind(m)
	m.body().noteRead()
	m.drawn, m.rehearsal.answer = nil, ""
	switch {
	case key.Matches(msg, k.Interrupt):
		return m.over.interrupt(m)
	case m.flow.justMoved(m) && key.Matches(msg, k.Enter, k.Play):
		m.note = phrase.T("This screen has just come by itself. Read it, then press the key again.")
		return nil
	case m.flow.astray(m) && key.Matches(msg, k.Enter, k.Number, k.Open, k.Copy, k.Reveal, k.Play, k.Quit):
		m.note = phrase.T("Letters that are no keys came just before, as of a text pasted by mistake. If this key was meant, press it again.")
		return nil
	case key.Matches(msg, k.Back):
		return m.keys.escape(m)
	case key.Matches(msg, k.Help):
		m.over.help(m)
	case key.Matches(msg, k.Details):
		m.over.details(m)
	case key.Matches(msg, k.Quit):
		return m.exit.quit(m)
	case key.Matches(msg, k.Enter):
		m.flow.bid()
		return m.flow.enter(m)
	case key.Matches(msg, k.Number):
		return m.flow.follow(m, int(msg.Code-'1'))
	case key.Matches(msg, k.Open):
		return m.links().open()
	case key.Matches(msg, k.Copy):
		return m.copying.copy(m)
	case key.Matches(msg, k.Reveal):
		m.over.askToShow(m)
	case key.Matches(msg, k.Play):
		m.flow.bid()
		return m.rehearsal.playPart(m)
	case m.rehearsal.playsNothing(m, msg):
		m.note = m.rehearsal.nothingToPlay(m)
	case key.Matches(msg, k.PageDown):
		m.body().pageDown()
	case key.Matches(msg, k.PageUp):
		m.body().pageUp()
	case key.Matches(msg, k.Jump):
		m.body().jump()
	case key.Matches(msg, k.Next):
		m.focus().tab(1)
	case key.Matches(msg, k.Prev):
		m.focus().tab(-1)
	default:
		return k.arrow(m, msg)
	}
	return nil
}

// escape goes one step back, whatever that is here.
func (k keyMap) escape(m *Model) tea.Cmd {
	if top := m.over.top(); top != nil {
		return top.act(m, top.esc(m).ID)
	}
	if m.flow.walk.State == walker.Applying {
		m.flow.halt(m)
		return nil
	}
	m.flow.bid()
	return m.flow.carryOut(m, m.flow.walk.Back())
}
