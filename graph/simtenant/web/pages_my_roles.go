package web

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

func (d myRolesView) page() tag.Node {
	return tag.Group{
		tag.H2(tag.Text("Eligible assignments")),
		rolesTable(d.Eligible, []string{"Role", "Scope", "Membership", "End time", "Action"}, func(r myRole) tag.Node {
			if r.State != "" {
				return tag.Text(r.State)
			}
			return tag.A(tag.Class("button plain"), tag.Href(activateRolePath+"?role="+r.ID), tag.Aria("label", "Activate "+r.Name), tag.Text("Activate"))
		}),
		tag.H2(tag.Text("Active assignments")),
		rolesTable(d.Active, []string{"Role", "Scope", "Membership", "End time", "State"}, func(r myRole) tag.Node {
			return tag.Strong(tag.Flag("data-state"), tag.Text(r.State))
		}),
	}
}

// rolesTable has a row for each assignment, which ends with what last makes of it.
func rolesTable(roles []myRole, columns []string, last func(myRole) tag.Node) tag.Node {
	if len(roles) == 0 {
		return text("There are none.")
	}
	return tag.Table(tag.Class("users"), tag.Lines(
		tag.Tr(tag.Lines(tag.Map(columns, func(name string) tag.Node { return tag.Th(tag.Attr("scope", "col"), tag.Text(name)) }))),
		tag.Map(roles, func(r myRole) tag.Node {
			return tag.Tr(tag.Lines(
				tag.Th(tag.Attr("scope", "row"), tag.Text(r.Name)),
				tag.Td(tag.Text("Directory")),
				tag.Td(tag.Text("Direct")),
				tag.Td(tag.Text(r.Ends)),
				tag.Td(last(r)),
			))
		}),
	))
}

func (p page) activateRole(d activationView) tag.Node {
	return tag.Group{
		tag.P(tag.Strong(tag.Text(d.Role.Name))),
		p.post(
			activateRolePath,
			hidden("role", d.Role.ID),
			field("hours", "Duration (hours)",
				tag.P(tag.Class("hint"), tag.ID("hours-hint"), tag.Text("From 0.5 to "+d.Longest+".")),
				input("hours", "text", "off", tag.Attr("inputmode", "decimal"), p.marked("hours-hint"), tag.Value(d.Hours), tag.Required())),
			tag.If(d.Rules.Ticket, field("ticket", "Ticket number", input("ticket", "text", "off", tag.Value(d.Ticket), tag.Required(), verbatim()))),
			field("reason", "Reason", tag.Textarea(tag.ID("reason"), tag.Name("reason"), tag.Rows("3"), tag.If(d.Rules.Justification, tag.Required()), tag.Text(d.Reason))),
			tag.If(d.Rules.Approval, hint("Somebody has to approve it before it is active.")),
			submit("Activate"),
			tag.A(tag.Class("button plain"), tag.Href(myRolesPath), tag.Text("Cancel")),
		),
	}
}
