package report

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

func (p page) changes() tag.Node {
	if len(p.Changes) == 0 {
		return tag.Group{paper.Heading(p.l.T("3 · What was changed")), tag.P(tag.Text(p.l.T("Nothing was changed.")))}
	}
	var rows [][]tag.Node
	for _, c := range p.Changes {
		rows = append(rows, []tag.Node{
			tag.Group{tag.Attr("id", changeID(c.N)), tag.Text(strconv.Itoa(c.N))}, tag.Text(clock(c.At)), tag.Group{c.object(p.l), tag.Text(" "), paper.Soft(p.l.T("%s, by the %s", StepTitle(p.l, c.Step), writer(p.l, c.By)))}, c.outcome(p.l), auditSaid(p.l, c, p.Audit),
		})
	}
	return tag.Group{paper.Heading(p.l.T("3 · What was changed")), paper.Table(changeHeads(p.l, "Outcome, read back", "Outcome", "Microsoft's entry", "Microsoft's entry"), rows)}
}

// changeID is where the row of a change stands on the page.
func changeID(n int) string { return "change-" + strconv.Itoa(n) }

// changeHeads are those of a table of changes, with more after the three that each has.
func changeHeads(l phrase.Language, more ...phrase.Format) []paper.Head {
	first := []paper.Head{{Words: "#", Narrow: "#"}, paper.Tight(l.T("When (UTC)"), l.T("When")), {Words: l.T("Object, from → to"), Narrow: l.T("Object")}}
	return append(first, heads(l, more...)...)
}

// object is what was changed, from what to what.
func (c Change) object(l phrase.Language) tag.Node {
	return tag.Group{
		tag.Text(c.Op + " "), name(Retold(l, c.Object.Name)),
		tag.If(c.From != "" || c.To != "", tag.Group{tag.Text(": "), fromTo(l, c.From, c.To)}),
	}
}

// outcomes are what became of a change, in words.
var outcomes = map[string]phrase.Format{"applied": "applied", "refused": "refused", "unsent": "not sent", "unknown": "unknown"}

func (c Change) outcome(l phrase.Language) tag.Node {
	outcome := l.T(outcomes[c.Outcome])
	said := outcome + ", " + l.T("not read back")
	switch {
	case c.Verified != nil && c.Verified.Layer == LayerAnswer:
		said = l.T("accepted %s; no password can be read back", clock(c.Verified.At))
	case c.Verified != nil:
		said = outcome + ", " + l.T("read back %s", clock(c.Verified.At))
	}
	var back tag.Node
	switch {
	case c.RestoredBy > 0:
		said += ", " + l.T("taken back by") + " "
		back = tag.A(tag.Href("#"+changeID(c.RestoredBy)), tag.Text("#"+strconv.Itoa(c.RestoredBy)))
	case c.ReplacedBy > 0:
		said += ", " + l.T("replaced later by") + " "
		back = tag.A(tag.Href("#"+changeID(c.ReplacedBy)), tag.Text("#"+strconv.Itoa(c.ReplacedBy)))
	case c.Kept && !c.takesOut():
		said += ", " + l.T("stays")
	}
	request := l.T("request %s", c.RequestID)
	if c.ClientID != "" && c.ClientID != c.RequestID {
		request += ", " + l.T("sent as %s", c.ClientID)
	}
	return tag.Group{tag.Text(said), back, tag.If(c.RequestID != "", tag.Group{tag.Text(" "), paper.ID(request)})}
}

func (p page) vendor() tag.Node {
	out := tag.Group{paper.Heading(p.l.T("4 · What Delegate365's setup made"))}
	if p.offboards() {
		out = tag.Group{paper.Heading(p.l.T("4 · What stays of Delegate365's applications"))}
	}
	for _, a := range p.Vendor.Apps {
		out = append(out, a.drawn(p.l))
	}
	if len(p.Vendor.Apps) == 0 {
		out = append(out, tag.P(tag.Text(p.l.T("No application of Delegate365's was found in the tenant."))))
	}
	return append(out, tag.Map(p.Vendor.Removed, func(removed string) tag.Node { return tag.P(tag.Text(p.l.T("Removed:")+" "), name(removed)) }))
}

func (a App) drawn(l phrase.Language) tag.Node {
	said := ", " + l.T("was there before or may have been")
	if a.New {
		said = ", " + l.T("new")
	}
	if a.Owner != "" {
		said += ", " + l.T("registered in the tenant %s", a.Owner)
	}
	has := tag.Map(a.Permissions, func(p Permission) tag.Node { return permission(l, p) })
	if len(has) == 0 {
		has = tag.Group{tag.Li(tag.Text(l.T("No permission was read.")))}
	}
	for _, c := range a.Credentials {
		until := ""
		if !c.Ends.IsZero() {
			until = ", " + l.T("until %s", date(l, c.Ends))
		}
		has = append(has, tag.Li(tag.Text(l.T(kinds[c.Kind])+until)))
	}
	return tag.Group{
		tag.P(name(a.Name), tag.Text(said+" "), paper.ID(l.T("application %s, service principal %s", a.AppID, a.ID))),
		tag.Ul(has...),
	}
}

// kinds are what an application signs in with, and how a permission is held, in words.
var kinds = map[string]phrase.Format{"certificate": "A certificate", "secret": "A secret", "application": "application", "delegated": "delegated"}

func permission(l phrase.Language, p Permission) tag.Node {
	said := " (" + l.T(kinds[p.Kind])
	if p.All {
		said += ", " + l.T("for everybody in the tenant")
	}
	high := tag.If(p.Risk == "high", tag.Group{tag.Text(", "), tag.Strong(tag.Text(l.T("far-reaching")))})
	return tag.Li(name(p.API), tag.Text(": "), name(p.Name), tag.Text(said), high, tag.Text(")"))
}
