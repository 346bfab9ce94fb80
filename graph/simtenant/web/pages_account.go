package web

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

const whatAppPasswordsAre = "An app password lets a program sign in that cannot ask for a second factor."

func (p page) securityInfo(f accountFacts) tag.Node {
	methods := tag.Map(f.Methods, func(m methodFacts) tag.Node {
		return tag.Li(tag.Lines(
			tag.Inline(tag.P(tag.Strong(tag.Text(m.Kind))), text(m.Name)),
			p.deletion("/security-info/remove", m.ID, m.Kind+" "+m.Name),
		))
	})
	passwords := tag.Map(f.AppPasswords, func(a appPasswordFacts) tag.Node {
		return tag.Li(tag.Lines(
			tag.Inline(tag.P(tag.Strong(tag.Text("App password"))), text(a.Name+", created "+a.Created)),
			tag.If(f.Manage, p.deletion("/security-info/delete", a.ID, "app password "+a.Name)),
		))
	})
	return tag.Group{
		tag.P(button("/security-info/add", "Add sign-in method")),
		tag.H2(tag.Text("Sign-in methods")),
		tag.Ul(tag.Class("items"), tag.Lines(tag.Li(tag.P(tag.Strong(tag.Text("Password")))), methods, passwords)),
	}
}

// deletion is a form that deletes one thing; what says which to whoever can't see what it stands beside.
func (p page) deletion(to, id, what string) tag.Node {
	return p.post(to, hidden("id", id), submit("Delete", plain(), tag.Aria("label", "Delete "+what)))
}

func (p page) addMethod(f accountFacts) tag.Node {
	return tag.Group{
		text("Which method?"),
		p.post(
			"/security-info/add",
			choice("method", "authenticator", "Authenticator app"),
			tag.If(f.Offered, choice("method", "app-password", "App password")),
			tag.A(tag.Class("button plain"), tag.Href("/security-info"), tag.Text("Cancel")),
		),
		tag.If(f.NotOffered != "", told("no app password is among these, because "+f.NotOffered)),
	}
}

// appPasswordName is where a new app password is named.
func (p page) appPasswordName(suggested string) tag.Node {
	return field("name", "Name of the app password",
		tag.P(tag.Class("hint"), tag.ID("name-hint"), tag.Text("Say what it is for, 8 characters or more.")),
		input("name", "text", "off", p.marked("name-hint"), tag.Value(suggested), tag.Required(), tag.AutoFocus()))
}

func (p page) nameAppPassword(suggested string) tag.Node {
	return tag.Group{
		text(whatAppPasswordsAre),
		p.post(
			p.address,
			p.appPasswordName(suggested),
			submit("Create"),
			tag.A(tag.Class("button plain"), tag.Href(p.back), tag.Text("Cancel")),
		),
	}
}

// shownOnce is a new app password.
func shownOnce(name, value string) tag.Group {
	return tag.Group{
		text("App password “" + name + "”:"),
		tag.P(tag.Class("card"), tag.Code(tag.Class("secret"), tag.Flag("data-app-password"), tag.Text(value))),
		tag.P(tag.Strong(tag.Text("Copy it before you choose Done.")), tag.Text(" It is shown this once and cannot be read again.")),
	}
}

func (p page) appPassword(name, value string) tag.Node {
	return tag.Group{shownOnce(name, value), tag.P(button(p.back, "Done"))}
}

func (p page) appPasswords(f accountFacts) tag.Node {
	return tag.Group{
		text("Use one app password for each device or program, 40 at most. To replace one, delete it and create another."),
		newAppPassword(f),
		tag.H2(tag.Text("Your app passwords")),
		p.appPasswordItems(f),
	}
}

func newAppPassword(f accountFacts) tag.Node {
	if f.Offered {
		return tag.P(button("/security-info/app-password?from=app-passwords", "Create"))
	}
	return tag.Group{tag.P(tag.Text("None can be created for "), tag.Strong(tag.Text(f.UPN)), tag.Text(".")), told(f.NotOffered)}
}

func (p page) appPasswordItems(f accountFacts) tag.Node {
	if len(f.AppPasswords) == 0 {
		return text("There are none.")
	}
	return tag.Ul(tag.Class("items"), tag.Lines(tag.Map(f.AppPasswords, func(a appPasswordFacts) tag.Node {
		return tag.Li(tag.Lines(
			tag.P(tag.Strong(tag.Text(a.Name)), tag.Text(", created "+a.Created)),
			tag.If(f.Manage, p.deletion("/AppPasswords.aspx", a.ID, "app password "+a.Name)),
		))
	})))
}
