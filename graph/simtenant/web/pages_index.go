package web

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

func (d indexView) page() tag.Node {
	return tag.Group{
		text("These pages stand in for Microsoft's and Delegate365's while the onboarding is rehearsed. What is done here, the simulated Microsoft Graph answers."),
		tag.H2(tag.Text("Pages")),
		tag.Ul(tag.Lines(tag.Map(d.Pages, func(p indexPage) tag.Node {
			if p.View == "" {
				return tag.Li(tag.A(tag.Href(p.Path), tag.Text(p.Text)))
			}
			here := tag.Span(tag.Class("here"), tag.Text("The address you opened stands for this page."))
			return tag.Li(tag.ID(p.View), tag.A(tag.Href(p.Path), tag.Text(p.Text)), tag.Text(" "), here)
		}))),
		tag.H2(tag.Text("Who is who")),
		tag.Dl(tag.Lines(
			term("Tenant", d.Tenant+" ("+d.TenantID+")"),
			term("Operator", d.Operator+": the administrator at the keyboard, in an ordinary browser window"),
			term("Service account", d.Service),
		)),
	}
}

// further is the link that a page with nothing to do on it may have.
func further(l *link) tag.Node {
	if l == nil {
		return nil
	}
	return tag.P(button(l.Path, l.Text))
}
