package report

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"

	"github.com/delegate365-onboard/delegate365-onboard/steps/paper"
)

func (p page) changes() tag.Node {
	if len(p.Changes) == 0 {
		return tag.Group{paper.Heading("3 · What was changed"), tag.P(tag.Text("Nothing was changed."))}
	}
	var rows [][]tag.Node
	for _, c := range p.Changes {
		rows = append(rows, []tag.Node{
			tag.Group{tag.Attr("id", changeID(c.N)), tag.Text(strconv.Itoa(c.N))}, tag.Text(clock(c.At)), tag.Group{c.object(), tag.Text(" "), paper.Soft(c.Step + ", by the " + c.By)}, c.outcome(), tag.Text(auditSaid(c, p.Audit)),
		})
	}
	return tag.Group{paper.Heading("3 · What was changed"), paper.Table(changeHeads("Outcome, read back", "Outcome", "Microsoft's entry", "Microsoft's entry"), rows)}
}

// changeID is where the row of a change stands on the page.
func changeID(n int) string { return "change-" + strconv.Itoa(n) }

// changeHeads are those of a table of changes, with more after the three that each has.
func changeHeads(more ...string) []paper.Head {
	first := []paper.Head{{Words: "#", Narrow: "#"}, paper.Tight("When (UTC)", "When"), {Words: "Object, from → to", Narrow: "Object"}}
	return append(first, heads(more...)...)
}

// object is what was changed, from what to what.
func (c Change) object() tag.Node {
	return tag.Group{
		tag.Text(c.Op + " "), name(c.Object.Name),
		tag.If(c.From != "" || c.To != "", tag.Group{tag.Text(": "), fromTo(c.From, c.To)}),
	}
}

func (c Change) outcome() tag.Node {
	said := c.Outcome + ", not read back"
	if c.Verified != nil {
		said = c.Outcome + ", read back " + clock(c.Verified.At)
	}
	var back tag.Node
	switch {
	case c.RestoredBy > 0:
		said += ", taken back by "
		back = tag.A(tag.Href("#"+changeID(c.RestoredBy)), tag.Text("#"+strconv.Itoa(c.RestoredBy)))
	case c.Kept && !c.takesOut():
		said += ", stays"
	}
	request := "request " + c.RequestID
	if c.ClientID != "" && c.ClientID != c.RequestID {
		request += ", sent as " + c.ClientID
	}
	return tag.Group{tag.Text(said), back, tag.If(c.RequestID != "", tag.Group{tag.Text(" "), paper.ID(request)})}
}

func (p page) vendor() tag.Node {
	out := tag.Group{paper.Heading("4 · What Delegate365's setup made")}
	if p.offboards() {
		out = tag.Group{paper.Heading("4 · What stays of Delegate365's applications")}
	}
	for _, a := range p.Vendor.Apps {
		out = append(out, a.drawn())
	}
	if len(p.Vendor.Apps) == 0 {
		out = append(out, tag.P(tag.Text("No application of Delegate365's was found in the tenant.")))
	}
	return append(out, tag.Map(p.Vendor.Removed, func(removed string) tag.Node { return tag.P(tag.Text("Removed: "), name(removed)) }))
}

func (a App) drawn() tag.Node {
	said := ", was there before or may have been"
	if a.New {
		said = ", new"
	}
	if a.Owner != "" {
		said += ", registered in the tenant " + a.Owner
	}
	has := tag.Map(a.Permissions, permission)
	if len(has) == 0 {
		has = tag.Group{tag.Li(tag.Text("No permission was read."))}
	}
	for _, c := range a.Credentials {
		until := ""
		if !c.Ends.IsZero() {
			until = ", until " + date(c.Ends)
		}
		has = append(has, tag.Li(tag.Text("A "+c.Kind+until)))
	}
	return tag.Group{
		tag.P(name(a.Name), tag.Text(said+" "), paper.ID("application "+a.AppID+", service principal "+a.ID)),
		tag.Ul(has...),
	}
}

func permission(p Permission) tag.Node {
	said := " (" + p.Kind
	if p.All {
		said += ", for everybody in the tenant"
	}
	high := tag.If(p.Risk == "high", tag.Group{tag.Text(", "), tag.Strong(tag.Text("changes what is everybody's"))})
	return tag.Li(name(p.API), tag.Text(": "), name(p.Name), tag.Text(said), high, tag.Text(")"))
}
