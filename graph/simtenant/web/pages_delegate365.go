package web

import (
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

func (p page) setup(d setupView) tag.Node {
	what := "Connect Delegate365 with your Microsoft 365 tenant. The configuration password is in the mail “Welcome to Delegate365”."
	if d.Done {
		what = "Setup has been completed before. Running it again renews the permissions of Delegate365."
	}
	return tag.Group{
		text(what),
		p.post(
			"/setup",
			field("configuration-password", "Configuration password", input("configuration-password", "password", "off", tag.Required(), tag.AutoFocus())),
			field("user-name", "User name of the service account", input("user-name", "text", "username", tag.Value(d.UserName), verbatim(), tag.Required())),
			field("password", "Password of the service account", input("password", "password", "current-password", tag.Required())),
			submit("Start setup"),
		),
	}
}

func (p page) progress(d progressView) tag.Node {
	steps := tag.Ol(tag.Class("progress"), tag.Role("list"), tag.Lines(tag.Map(d.Steps, func(s progressStep) tag.Node {
		return tag.Li(tag.Data("done", strconv.FormatBool(s.Done)), tag.Text(s.Mark+" "+s.Text+": "+s.State))
	})))
	switch {
	case d.Completed:
		return tag.Group{text("Delegate365 is connected with the tenant."), steps, tag.P(button("/login", "Login"))}
	case d.Failed:
		return tag.Group{steps, tag.P(button("/setup", "Back to setup"))}
	}
	return tag.Group{
		text("This takes one to two minutes. The page renews itself every " + strconv.Itoa(d.Every) + " seconds."),
		steps,
		tag.P(tag.A(tag.Href("/setup/progress"), tag.Text("Look again now"))),
		p.post("/setup/progress", choice("action", "finish", "Finish at once, as only a rehearsal can", plain())),
	}
}

func (p page) portalLogin() tag.Node {
	return tag.Group{
		text("Delegate365 uses the accounts of your Microsoft 365 tenant."),
		p.post("/login", submit("Sign in", tag.AutoFocus())),
	}
}

func (p page) portalLogout() tag.Node {
	return p.post("/logout", submit("Sign out", tag.AutoFocus()))
}

func dashboardPage(newer bool) tag.Node {
	account := tag.Li(
		tag.A(tag.Href(linkExchange.Path), tag.Text(exchangeAccountTitle)),
		tag.Text(": the account and app password for Exchange operations"),
	)
	return tag.Group{
		text("Welcome to Delegate365. There is nothing to see yet: create organisational units and name administrators, now or later."),
		tag.H2(tag.Text("First steps")),
		tag.Ul(tag.Lines(
			tag.Li(tag.Text("Create organisational units")),
			tag.Li(tag.Text("Name administrators")),
			tag.If(!newer, account),
		)),
		tag.If(newer, text("Exchange operations use an app and a certificate. No Office 365 account has to be entered.")),
	}
}

func (p page) exchangeAccount(d exchangeAccountView) tag.Node {
	password := tag.Group{input("password", "password", "off", tag.Required())}
	if d.Saved {
		password = tag.Group{
			tag.P(tag.Class("hint"), tag.ID("password-hint"), tag.Text("One is saved. Leave this empty to keep it.")),
			input("password", "password", "off", tag.Aria("describedby", "password-hint")),
		}
	}
	return tag.Group{
		text("Delegate365 runs Exchange operations with this account. Enter its app password, not the user password."),
		p.post(
			linkExchange.Path,
			field("user-name", "User name", input("user-name", "text", "off", tag.Value(d.UserName), verbatim(), tag.Required())),
			field("password", "App password", password),
			choice("action", "save", "Save"),
		),
		p.post(linkExchange.Path, choice("action", "test", "Test credentials", plain())),
	}
}
