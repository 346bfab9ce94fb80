package web

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

func (p page) serviceSettings(d serviceSettingsView) tag.Node {
	option := func(id string, chosen bool, words string) tag.Node {
		return tag.Div(tag.Class("choice"), tag.Lines(
			tag.Input(tag.ID(id), tag.Name("app-passwords"), tag.Type("radio"), tag.Value(id), tag.If(chosen, tag.Checked())),
			tag.Label(tag.For(id), tag.Text(words)),
		))
	}
	return p.post(
		p.path,
		tag.FieldSet(tag.Lines(
			tag.Legend(tag.Text("App passwords")),
			option("allow", d.Allowed, "Allow users to create app passwords to sign in to non-browser apps"),
			option("deny", !d.Allowed, "Do not allow users to create app passwords to sign in to non-browser apps"),
		)),
		tag.FieldSet(tag.Lines(
			tag.Legend(tag.Text("Trusted IPs")),
			field("trusted-ips", "Skip multi-factor authentication for requests from following range of IP address subnets",
				tag.Textarea(tag.ID("trusted-ips"), tag.Name("trusted-ips"), tag.Rows("4"), tag.Text(d.TrustedIPs))),
		)),
		submit("Save"),
	)
}

func (p page) perUserMFA(d perUserMFAView) tag.Node {
	users := text("Nobody is found.")
	if len(d.Users) > 0 {
		users = tag.Table(tag.Class("users"), tag.Lines(
			tag.Tr(tag.Lines(tag.Map(perUserMFAColumns, func(name string) tag.Node { return tag.Th(tag.Attr("scope", "col"), tag.Text(name)) }))),
			tag.Map(d.Users, p.perUserMFARow),
		))
	}
	return tag.Group{
		text("Disabled: no second factor is asked for. Enabled: asked to register at the next sign-in. Enforced: registered, and programs need app passwords."),
		tag.Form(tag.Method("get"), tag.Action(p.path), tag.Role("search"), tag.Lines(
			field("search", "Search by name or user name", input("search", "text", "off", tag.Value(d.Search), verbatim())),
			submit("Search"),
			tag.If(d.Search != "", tag.A(tag.Class("button plain"), tag.Href(p.path), tag.Text("Show all"))),
		)),
		users,
	}
}

// perUserMFAColumns are those of the real page, and one for what it has in its bar above them.
var perUserMFAColumns = []string{"Name", "User principal name", "Status", "Change"}

func (p page) perUserMFARow(u perUserMFARow) tag.Node {
	return tag.Tr(tag.Lines(
		tag.Th(tag.Attr("scope", "row"), tag.Text(u.Name)),
		tag.Td(tag.Text(u.UPN)),
		tag.Td(tag.Strong(tag.Flag("data-state"), tag.Text(u.State))),
		tag.Td(p.post(p.address, hidden("user", u.ID), tag.Map(u.Choices, func(c mfaChoice) tag.Node {
			return choice("state", c.Value, c.Text, plain(), tag.Aria("label", c.Text+" "+u.UPN))
		}))),
	))
}
