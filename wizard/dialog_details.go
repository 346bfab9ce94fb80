package wizard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// overlay is what help and details show.
type overlay struct {
	kind      cover
	scroll    int
	keys      []key.Binding    // of the screen beneath
	link      string           // that o opens there
	note      string           // that stands there, when it is too long for its place
	exchanges []graph.Exchange // as they were when details were opened
}

// toggle opens help or details, or closes what is open.
func (m *Model) toggle(kind cover) {
	if m.over.kind == kind {
		m.over = overlay{}
		return
	}
	over := overlay{keys: m.over.keys, link: m.over.link, note: m.over.note}
	if m.over.kind == uncovered {
		over = overlay{keys: m.allKeys(), link: m.link()}
		if f := m.frame(); strings.Join(m.noteLines(f), " ") != strings.Join(wrap(m.note, f.actions.w), " ") {
			over.note = m.note
		}
	}
	over.kind, over.exchanges = kind, m.run.Exchanges()
	m.over = over
}

// allKeys are the keys of the screen, as help lists them.
func (m *Model) allKeys() []key.Binding {
	k := m.bind()
	all := []key.Binding{k.Enter, k.Next, k.Prev, k.Down, k.Up, k.PageDown, k.PageUp, k.Open, k.Copy, k.Reveal, k.Play, k.Details, k.Back, k.Quit, k.Interrupt}
	return slices.DeleteFunc(all, func(b key.Binding) bool { return !b.Enabled() })
}

// help says what the screen is about, what its keys do and how to get out.
func (p *page) help() {
	m := p.m
	info := m.current().info
	p.paragraph(info.Why)
	for _, text := range info.Help {
		p.paragraph(text)
	}
	p.title("Keys")
	for _, b := range m.over.keys {
		p.add(beside("  ", 11, []string{b.Help().Key}, wrap(b.Help().Desc, p.w-13))...)
	}
	p.paragraph("Going back only looks: nothing is undone. Every change is shown before it is made, and as read back after it.")
	p.paragraph("MFA that was suspended is put back before this program ends, whichever way it ends.")
}

// details lists what was said to Microsoft and what it answered.
func (p *page) details() {
	m := p.m
	if m.err != nil && (m.state == failed || m.closing.problem.What != "") {
		p.title("The last error, word for word")
		for _, raw := range m.explain(m.err).Raw {
			p.add(indent("  ", wrap(raw, p.w-2))...)
		}
	}
	if m.over.note != "" {
		p.title("The last note, whole")
		p.add(indent("  ", wrap(m.over.note, p.w-2))...)
	}
	if m.over.link != "" {
		p.title("The link, whole")
		p.add(indent("  ", wrap(m.over.link, p.w-2))...)
	}
	p.title(count(len(m.over.exchanges), "request") + ", newest first")
	if len(m.over.exchanges) == 0 {
		p.add("  None yet.")
	}
	for _, e := range slices.Backward(m.over.exchanges) {
		p.exchange(e)
	}
}

func (p *page) exchange(e graph.Exchange) {
	answer := fmt.Sprintf("%d", e.Status)
	if e.Status == 0 {
		answer = "no answer"
	}
	if e.Attempt > 1 {
		answer += fmt.Sprintf(", attempt %d", e.Attempt)
	}
	lead := "  " + e.At.Format(time.TimeOnly) + "  "
	under := strings.Repeat(" ", width(lead))
	p.add(hang(lead, wrap(e.Method+" "+e.Path, p.w-width(lead)))...)
	p.add(indent(under, wrap(fmt.Sprintf("%s, %d ms", answer, e.Took.Milliseconds()), p.w-width(lead)))...)
	for _, line := range []string{
		strings.TrimSuffix(e.Code+": "+e.Message, ": "),
		e.Err,
		prefixed("request-id ", e.RequestID),
		prefixed("client-request-id ", e.ClientRequestID),
	} {
		p.add(indent(under, wrap(line, p.w-width(lead)))...)
	}
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// leaving is the question, which is another one while the exposure window is open.
func (p *page) leaving() {
	m := p.m
	open, yes := m.run.Exposure()
	if !yes {
		p.add(m.palette.Strong.Render("Leave the onboarding?"))
		if m.state == applying || m.state == stopping {
			p.paragraph("A change is being made. Leaving stops after the request under way; if that leaves MFA off, MFA is put back first.")
		}
		p.paragraph("What was done stays done in the tenant. Starting again goes on from there.")
		return
	}
	still := "MFA is still off for " + open.Account
	if open.Demanded {
		still = "Per-user MFA is on for " + open.Account + ", but not everything is put back"
	}
	p.add(hang(m.palette.Open.Render(m.glyphs.Open)+" ", wrap(still, p.w-2))...)
	if past := m.past(open, "  for "); past != "" {
		p.add(past)
	}
	p.paragraph("Leaving puts MFA back first and checks that it is back.")
	if !open.Found {
		p.paragraph("If it takes a while until you go on, disabling the account is safer: without a second factor registered, whoever signs in first with its password registers one. The next start offers to enable it.")
	}
}

// closing shows MFA being put back, and why it could not be.
func (p *page) closing() {
	m := p.m
	c := m.closing
	if c.purpose == atCap {
		p.paragraph("The exposure window reached its limit of " + minutes(c.open.Cap) + ".")
	}
	if task := m.task(); task != nil {
		p.task(task, task.Since, true)
		return
	}
	if c.problem.What == "" {
		if c.open.Account != "" {
			p.paragraph("MFA is being put back for " + c.open.Account + ", and read back to be sure.")
		}
		return
	}
	said := "MFA is still off for " + c.open.Account + ". It could not be put back: "
	if now, yes := m.run.Exposure(); yes && now.Demanded {
		said = "Per-user MFA is on for " + c.open.Account + " again, but not everything is put back: "
	}
	p.marked(m.glyphs.Failed, m.palette.Bad, said+c.problem.What)
	p.paragraph(c.problem.Next)
	if m.opts.Portal != "" {
		p.paragraph("By hand it can be done here, at any time:")
		p.add(indent("  ", wrap(m.opts.Portal, p.w-2))...)
	}
	p.paragraph(fmt.Sprintf("Tried %s. Trying again in %s.", times(c.tries), countdown(c.retryAt.Sub(m.now))))
}

// capped explains why the exposure window was closed.
func (p *page) capped() {
	m := p.m
	c := m.closing
	p.marked(m.glyphs.Done, m.palette.Good, "MFA is back for "+c.open.Account+".")
	why := "The exposure window had been open for its limit of " + minutes(c.open.Cap)
	if c.open.NoGuard != "" {
		why = "Nobody else could have closed the exposure window if this program had ended, for " + c.open.NoGuard
	}
	p.paragraph(strings.TrimSuffix(why, ".") + ". So this program closed it by itself and read back that it is closed.")
	p.paragraph("Nothing else was undone. Continue shows where the onboarding stands now.")
}

func minutes(d time.Duration) string { return count(int(d/time.Minute), "minute") }

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// scrollable is the offset that scrolling moves now.
func (m *Model) scrollable() *int {
	switch {
	case m.over.kind != uncovered:
		return &m.over.scroll
	case m.layer != bare:
		return &m.closing.scroll
	}
	return &m.current().scroll
}

// scrolls reports whether the body is longer than its place.
func (m *Model) scrolls() bool {
	f := m.frame()
	return f.body.h > 0 && len(m.content(f.body.w).lines) > f.body.h
}

// offset is the first line of the body in sight.
func (m *Model) offset(p *page, h int) int {
	off := *m.scrollable()
	if off == byItself {
		off = p.start(h)
	}
	return clamp(off, 0, max(len(p.lines)-h, 0))
}

// atEnd reports whether the last line of the body is in sight.
func (m *Model) atEnd() bool {
	f := m.frame()
	p := m.content(f.body.w)
	return m.offset(p, f.body.h)+f.body.h >= len(p.lines)
}

func (m *Model) scrollBy(by int) {
	f := m.frame()
	p := m.content(f.body.w)
	*m.scrollable() = clamp(m.offset(p, f.body.h)+by, 0, max(len(p.lines)-f.body.h, 0))
}

// reveal scrolls to the newest refusal.
func (m *Model) reveal() {
	f := m.frame()
	if p := m.content(f.body.w); p.trouble > 0 {
		*m.scrollable() = clamp(m.offset(p, f.body.h), p.trouble-f.body.h, max(len(p.lines)-f.body.h, 0))
	}
}

// heading is the title of what is on screen, and who acts now.
func (m *Model) heading() (string, steps.Actor) {
	s := m.current()
	actor := s.info.Actor
	if s.found != nil && s.found.Actor != "" {
		actor = s.found.Actor
	}
	switch m.over.kind {
	case help:
		return "Help: " + s.info.Title, actor
	case details:
		return "Details: " + s.info.Title, actor
	}
	switch m.layer {
	case confirming, revealing:
		return "Show it once", steps.You
	case leaving:
		return "Leave", steps.You
	case closing:
		return "Put MFA back", steps.Microsoft
	case capped:
		return "MFA is back", steps.You
	}
	switch m.state {
	case loading, answering, stopping:
		actor = steps.Microsoft
	case applying:
		actor = steps.Microsoft
		if m.progress.task != nil {
			actor = steps.You
		}
	case failed:
		actor = steps.You
	}
	return s.info.Title, actor
}
