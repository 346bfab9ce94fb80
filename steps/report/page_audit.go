package report

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
)

func (p page) unexplained() tag.Node {
	open := entriesOf(p.Entries, p.Unexplained)
	return tag.Group{
		paper.Heading("5 · " + unexplainedHeading(p.Report)),
		tag.P(tag.Text(p.Audit.said())),
		tag.If(len(open) > 0, tag.Ul(tag.Map(open, func(e Entry) tag.Node { return e.alarming(e.details()) }))),
		othersWork("Somebody else's work in this time:", entriesOf(p.Entries, p.OthersWork)),
		tag.Map(p.Others, func(o OtherWork) tag.Node {
			return tag.P(tag.Class("soft"), tag.Text(strconv.Itoa(o.Count)+" × "), name(o.Activity), tag.Text(" concerns other things."))
		}),
		p.SignIns.drawn(),
	}
}

// said is what was read of Microsoft's audit log.
func (a Audit) said() string {
	if a.ReadAt.IsZero() {
		return "Microsoft's audit log was not read: " + shown(a.Error)
	}
	said := "Microsoft's audit log was read " + stamp(a.ReadAt) + ", from " + stamp(a.From) + " on: " + strconv.Itoa(a.Entries) + " entries"
	if !a.KeptUntil.IsZero() {
		said += ". Microsoft keeps them until " + stamp(a.KeptUntil)
	}
	said += "."
	if !a.FirstRead.IsZero() {
		said += " It could be read before the first change, at " + stamp(a.FirstRead) + "."
	}
	if a.Error != "" {
		said += " " + shown(a.Error)
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
func (e Entry) alarming(more string) tag.Node {
	return tag.Li(tag.Class("alarm"), e.what(), tag.Text(", "+e.Result+more+" "), paper.ID(e.ID))
}

func othersWork(heading string, all []Entry) tag.Node {
	return tag.If(len(all) > 0, tag.Group{tag.P(tag.Text(heading)), tag.Ul(tag.Map(all, func(e Entry) tag.Node {
		return tag.Li(e.what(), tag.Text(", "+e.Result+" "), paper.ID(e.ID))
	}))})
}

// what is who did what, to what.
func (e Entry) what() tag.Node {
	return tag.Group{
		tag.Text(stamp(e.At) + ": "), name(e.Activity), tag.Text(" by "), paper.Name(actorOf(e.By)),
		tag.Map(e.Targets, func(t Target) tag.Node { return tag.Group{tag.Text(", on "), name(t.Name)} }),
	}
}

func (s SignIns) drawn() tag.Node {
	if !s.Read {
		return tag.P(tag.Text("Sign-ins of the account were not read: " + shown(s.Why)))
	}
	items := tag.Map(s.Items, func(i SignIn) tag.Node {
		said := ", " + shown(i.ClientApp)
		if i.IP != "" {
			said += ", from " + shown(i.IP)
		}
		if i.Country != "" {
			said += ", " + shown(i.Country)
		}
		look := tag.If(i.Mark == "look", tag.Group{paper.Strong("look", "Look:"), tag.Text(" ")})
		return tag.Li(look, tag.Text(stamp(i.At)+": "), name(i.App), tag.Text(said+", "+shown(i.Result)+" "), paper.ID(i.ID))
	})
	if len(items) == 0 {
		items = tag.Group{tag.Li(tag.Text("none had arrived."))}
	}
	return tag.Group{tag.P(tag.Text("Sign-ins of the account in the log, interactive ones only:")), tag.Ul(items...)}
}
