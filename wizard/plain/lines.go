package plain

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// say writes one line, whatever is in it: what a stranger chose can't write lines of its own, nor anything that a terminal
// obeys. On a terminal it is several, which end between words, and what follows the first is indented by as much.
func (s *session) say(text string) {
	inner := strings.TrimLeft(text, " ")
	lead := text[:len(text)-len(inner)]
	fmt.Fprintln(s.Out, printable.Wrapped(lead, lead, inner, columns(s.Options)))
}

// columns is how wide the terminal is at the moment; nothing where there is none.
func columns(o Options) int {
	if o.Columns == nil {
		return 0
	}
	return o.Columns()
}

// hang writes a line that begins with lead; on a terminal what follows the first is indented by as much.
func hang(o Options, lead, text string) {
	fmt.Fprintln(o.Out, printable.Wrapped(lead, strings.Repeat(" ", ansi.StringWidth(lead)), text, columns(o)))
}

// choices lists what can be chosen, by number.
func choices(o Options, actions []steps.Action) {
	for i, a := range actions {
		hang(o, strconv.Itoa(i+1)+"  ", a.Label+checked(a))
	}
}

func (s *session) sayf(format string, args ...any) { s.say(fmt.Sprintf(format, args...)) }

// show says what a finding says, in reading order.
func (s *session) show(info steps.Info, f steps.Finding) {
	actor := f.Actor
	if actor == "" {
		actor = info.Actor
	}
	s.sayf(phrase.T("%s. Acting now: %s."), status(f.Status), actor.Word())
	if e, open := s.Run.Exposure(); open {
		s.say(exposed(e))
	}
	for _, said := range f.Text {
		s.say(said.String())
	}
	sections(s, f.Sections)
	if len(f.Changes) > 0 {
		s.say(walker.Heading(&f) + ":")
		for _, c := range f.Changes {
			s.say(string(c.Op) + " " + changeLine(c))
		}
	}
	if !f.Notice.IsZero() {
		s.say(f.Notice.String())
	}
	if f.Task != nil {
		s.sayTask(*f.Task)
	}
}

// sections says tables.
func sections(s *session, all []steps.Section) {
	for _, section := range all {
		if section.Title != "" {
			s.say(section.Title + ":")
		}
		for _, fact := range section.Facts {
			s.say(factLine(fact))
		}
	}
}

// exposed says that MFA is off, for how long, and what is to be known beside it.
func exposed(e steps.Exposure) string {
	off := phrase.T("MFA is off for") + " "
	if e.Unknown() {
		off = phrase.T("It is not known whether MFA is off for") + " "
	}
	switch {
	case e.Unclaimed && e.Opened.IsZero():
		return off + e.Account + "."
	case e.Unclaimed:
		return off + e.Account + " (" + phrase.AtMost(e.Past(time.Now())) + ")."
	case e.Found && e.Opened.IsZero():
		return phrase.T("MFA is off for %s, left by an earlier run.", e.Account)
	case e.Found:
		return phrase.T("MFA is off for %s, for %s, left by an earlier run.", e.Account, phrase.Span(e.Past(time.Now())))
	}
	if e.Everybody != "" {
		off = phrase.T("Security defaults are off for everybody in %s, and MFA for", e.Everybody) + " "
	}
	text := off + phrase.T("%s, for %s of at most %s.", e.Account, phrase.Span(e.Past(time.Now())), phrase.Span(e.Cap))
	if e.Unguarded {
		text += " " + phrase.T("No second process watches just now: one is being started.")
	}
	return text
}

func status(st steps.Status) string {
	return [...]string{phrase.T("Done"), phrase.T("Ready"), phrase.T("Waiting for a person"), phrase.T("Blocked"), phrase.T("Not needed")}[st]
}

func factLine(f steps.Fact) string {
	out := f.Label
	if f.Value != "" {
		out += ": " + f.Value
	}
	if f.Mark != steps.MarkNone {
		out += " (" + f.Mark.Word() + ")"
	}
	if f.Note != "" {
		out += ". " + f.Note
	}
	if f.Page.URL != "" {
		out = phrase.T("%s. Page in the portal, %s: %s", strings.TrimSuffix(out, "."), f.Page.Name, f.Page.URL)
	}
	return out
}

func changeLine(c steps.Change) string {
	c = c.Spoken()
	if c.From == "" { // what it was before says nothing
		return c.Object + ": " + c.To
	}
	return phrase.T("%s: from %s to %s", c.Object, c.From, c.To)
}

// mostAddress is the longest address that is said by itself. Of a longer one, as a sign-in has it, a listener learns nothing.
const mostAddress = 100

// address says which page it is.
func (s *session) address(t steps.Task) {
	page, err := url.Parse(t.URL)
	switch {
	case len(t.URL) <= mostAddress || err != nil:
		s.say(phrase.T("Page: %s", t.URL))
	case s.asks():
		s.say(phrase.T("Page: on %s; d says its whole address", page.Host))
	default:
		s.say(phrase.T("Page: %s", t.URL))
	}
}

// asks reports that somebody can type d.
func (s *session) asks() bool { return s.in != nil && !s.Autopilot && s.Decide == nil }

// sayTask says what a person does, item by item. A secret is named, never said.
func (s *session) sayTask(t steps.Task) {
	s.last.task, s.last.copied = &t, 0
	if t.Where != "" {
		s.say(t.Where + ":")
	}
	if t.URL != "" {
		s.address(t)
	}
	if t.Opened != "" {
		s.say(t.Opened)
	}
	if t.Code != "" {
		s.say(phrase.T("Code: %s", t.Code))
	}
	for i, item := range t.Items {
		out := phrase.T("Line %d: %s", i+1, item.Text) // no number alone: that is a choice
		switch {
		case item.Shown != "":
			out += ": " + item.Shown
		case !item.Copy.IsZero():
			out += " " + phrase.T("(a secret: copy it with c)")
		}
		s.say(out)
	}
	if t.Watched != "" {
		s.say(t.Watched)
	}
}

// event says one piece of progress.
func (s *session) event(e steps.Event) {
	if s.Quiet {
		return
	}
	switch {
	case e.Text != "":
		s.say(e.Text + " ...")
	case e.Fact != nil:
		if e.Fact.Mark != steps.MarkPending {
			s.say(phrase.T("Read: %s", e.Fact.Label))
		}
	case e.Applied != nil:
		if said := steps.ReadBack(*e.Applied); said != steps.ReadBack() {
			s.say(phrase.T("Done: %s, %s", changeLine(*e.Applied), said))
			return
		}
		s.say(phrase.T("Done and read back: %s", changeLine(*e.Applied)))
	case e.Wait != nil:
		s.sayf("%s: %s.", e.Wait.Text, phrase.Countdown(time.Until(e.Wait.Until)))
	}
}

// problem says what happened, and what to do.
func (s *session) problem(err error) {
	p := steps.Explain(err)
	s.say(phrase.T("Error: %s", p.What))
	s.say(phrase.T("What to do: %s", p.Next))
}

// details says what was asked of Microsoft, and the whole address of the page.
func (s *session) details() {
	if s.last.task != nil && s.last.task.URL != "" {
		s.say(phrase.T("Page: %s", s.last.task.URL))
	}
	for _, x := range s.Run.Exchanges() {
		s.say(strings.TrimSpace(fmt.Sprintf("%s %s %s %d %s request-id %s %s", phrase.Clock(x.At), x.Method, x.Path, x.Status, x.Code, x.RequestID, x.Message)))
	}
}

// rows is a finding's tables as text, to notice that one changed.
func rows(f steps.Finding) string {
	var b strings.Builder
	for _, section := range f.Sections {
		for _, fact := range section.Facts {
			b.WriteString(factLine(fact) + "\n")
		}
	}
	return b.String()
}
