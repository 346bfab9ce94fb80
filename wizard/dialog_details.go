package wizard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// detailsDialog lists what was said to Microsoft and what it answered.
type detailsDialog struct {
	reader
	exchanges []graph.Exchange // as they were when details were opened
}

// details opens details, or closes them.
func (o *dialogStack) details(m *Model) {
	if _, open := o.reading.(*detailsDialog); open {
		o.reading = nil
		return
	}
	o.read(m, &detailsDialog{exchanges: m.run.Exchanges()})
}

func (*detailsDialog) title(m *Model) (string, steps.Actor) {
	return phrase.T("Details: %s", m.current().Info.Title), m.current().Actor()
}

func (*detailsDialog) act(m *Model, _ string) tea.Cmd {
	m.over.reading = nil
	return nil
}

func (*detailsDialog) traits(*Model) traits {
	return traits{same: func(k *keyMap) *key.Binding { return &k.Details }}
}

func (d *detailsDialog) body(p *page) {
	m := p.m
	if err := m.exit.lastError(m); err != nil {
		p.title(phrase.T("The last error, word for word"))
		for _, raw := range m.explain(err).Raw {
			p.add(indent("  ", wrap(raw, p.w-2))...)
		}
	}
	if m.over.beneath.note != "" {
		p.title(phrase.T("The last note, whole"))
		p.add(indent("  ", wrap(m.over.beneath.note, p.w-2))...)
	}
	if m.over.beneath.link != "" {
		p.title(phrase.T("The link, whole"))
		p.add(indent("  ", wrap(m.over.beneath.link, p.w-2))...)
	}
	if found := m.current().Found; found != nil {
		for _, page := range pages(found) {
			p.title(page.Name)
			p.add(indent("  ", wrap(page.URL, p.w-2))...)
		}
		for _, section := range found.Sections {
			if section.Folds {
				p.title(cmp.Or(section.Title, phrase.T("Every row")))
				p.table(section.Facts, settled)
			}
		}
		for _, section := range found.Details {
			p.facts(section)
		}
	}
	p.title(phrase.T("%s, newest first", phrase.Count(len(d.exchanges), "request", "requests")))
	if len(d.exchanges) == 0 {
		p.add("  " + phrase.T("None yet."))
	}
	for _, e := range slices.Backward(d.exchanges) {
		p.exchange(e)
	}
}

// lastError is why the exposure window could not be closed, or else why the step failed; nil where neither is so now.
func (e *exit) lastError(m *Model) error {
	switch {
	case e.closeErr != nil:
		return e.closeErr
	case m.flow.walk.State == walker.Failed:
		return m.flow.walk.Err
	}
	return nil
}

func (p *page) exchange(e graph.Exchange) {
	answer := fmt.Sprintf("%d", e.Status)
	if e.Status == 0 {
		answer = phrase.T("no answer")
	}
	if e.Attempt > 1 {
		answer += phrase.T(", attempt %d", e.Attempt)
	}
	lead := "  " + phrase.Clock(e.At) + "  "
	under := strings.Repeat(" ", width(lead))
	p.add(hang(lead, wrap(e.Method+" "+e.Path, p.w-width(lead)))...)
	p.add(indent(under, wrap(phrase.T("%s, %d ms", answer, e.Took.Milliseconds()), p.w-width(lead)))...)
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
