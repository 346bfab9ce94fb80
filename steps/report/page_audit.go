package report

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

func (p page) unexplained() tag.Node {
	open := entriesOf(p.Entries, p.Unexplained)
	return tag.Group{
		paper.Heading("5 · " + unexplainedHeading(p.Report)),
		tag.P(tag.Text(p.Audit.said(p.l))),
		tag.If(len(open) > 0, tag.Ul(tag.Map(open, func(e Entry) tag.Node { return e.alarming(p.l, e.details()) }))),
		othersWork(p.l, "Somebody else's work in this time:", entriesOf(p.Entries, p.OthersWork)),
		tag.Map(p.Others, func(o OtherWork) tag.Node {
			return tag.P(tag.Class("soft"), tag.Text(strconv.Itoa(o.Count)+" × "), name(o.Activity), tag.Text(" "+p.l.T("concerns other things.")))
		}),
		p.SignIns.drawn(p.l),
	}
}

// said is what was read of Microsoft's audit log.
func (a Audit) said(l phrase.Language) string {
	if a.ReadAt.IsZero() {
		return l.T("Microsoft's audit log was not read: %s", shown(reason(l, a.Error)))
	}
	said := l.T("Microsoft's audit log was read %s, from %s on: %d entries", stamp(l, a.ReadAt), stamp(l, a.From), a.Entries)
	if !a.KeptUntil.IsZero() {
		said += ". " + l.T("Microsoft keeps them until %s", stamp(l, a.KeptUntil))
	}
	said += "."
	if !a.FirstRead.IsZero() {
		said += " " + l.T("It could be read before the first change, at %s.", stamp(l, a.FirstRead))
	}
	if a.Error != "" {
		said += " " + shown(Retold(l, a.Error))
	}
	return said
}

// details are what else an entry that nothing explains says.
func (e Entry) details() (said string) {
	for _, d := range e.Details {
		said += ", " + shown(d.Name) + " " + shown(d.Value)
	}
	return said
}

// alarming is an entry that nothing explains, with more that it says.
func (e Entry) alarming(l phrase.Language, more string) tag.Node {
	return tag.Li(tag.Class("alarm"), e.what(l), tag.Text(", "+shown(ours(l, e.Result))+more+" "), paper.ID(e.ID))
}

func othersWork(l phrase.Language, heading phrase.Format, all []Entry) tag.Node {
	return tag.If(len(all) > 0, tag.Group{tag.P(tag.Text(l.T(heading))), tag.Ul(tag.Map(all, func(e Entry) tag.Node {
		return tag.Li(e.what(l), tag.Text(", "+shown(ours(l, e.Result))+" "), paper.ID(e.ID))
	}))})
}

// what is who did what, to what.
func (e Entry) what(l phrase.Language) tag.Node {
	return tag.Group{
		tag.Text(stamp(l, e.At) + ": "), name(e.Activity), tag.Text(" " + l.T("by") + " "), paper.Name(actorOf(l, e.By)),
		tag.Map(e.Targets, func(t Target) tag.Node { return tag.Group{tag.Text(l.T(", on") + " "), name(t.Name)} }),
	}
}

func (s SignIns) drawn(l phrase.Language) tag.Node {
	if !s.Read {
		return tag.P(tag.Text(l.T("Sign-ins of the account were not read: %s", shown(reason(l, s.Why)))))
	}
	items := tag.Map(s.Items, func(i SignIn) tag.Node {
		said := ", " + shown(i.ClientApp)
		if i.IP != "" {
			said += ", " + l.T("from %s", shown(i.IP))
		}
		if i.Country != "" {
			said += ", " + shown(i.Country)
		}
		look := tag.If(i.Mark == "look", tag.Group{paper.Strong("look", l.T("Look:")), tag.Text(" ")})
		return tag.Li(look, tag.Text(stamp(l, i.At)+": "), name(i.App), tag.Text(said+", "+shown(ours(l, i.Result))+" "), paper.ID(i.ID))
	})
	if len(items) == 0 {
		items = tag.Group{tag.Li(tag.Text(l.T("none had arrived.")))}
	}
	return tag.Group{tag.P(tag.Text(l.T("Sign-ins of the account in the log, interactive ones only:"))), tag.Ul(items...)}
}
