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
		users = tag.Ul(tag.Class("items"), tag.Lines(tag.Map(d.Users, p.perUserMFAItem)))
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

func (p page) perUserMFAItem(u perUserMFARow) tag.Node {
	return tag.Li(tag.Lines(
		tag.H2(tag.Text(u.Name)),
		text(u.UPN),
		tag.P(tag.Text("Multi-factor authentication status: "), tag.Strong(tag.Flag("data-state"), tag.Text(u.State))),
		p.post(p.address, hidden("user", u.ID), tag.Map(u.Choices, func(c mfaChoice) tag.Node {
			return choice("state", c.Value, c.Text, plain(), tag.Aria("label", c.Text+" "+u.UPN))
		})),
	))
}
