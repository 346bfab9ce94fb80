package web

import (
	"maps"
	"slices"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

// signInPages are the pages of a sign-in's steps.
var signInPages = map[step]func(page, signInView) tag.Node{
	askAccount:      page.account,
	askPassword:     page.password,
	askApproval:     page.approval,
	askCode:         page.code,
	askRegistration: page.registration,
	nameAppPassword: page.signInAppPasswordName,
	giveAppPassword: page.signInAppPassword,
	askStaySignedIn: page.staySignedIn,
	askConsent:      page.consent,
	confirmDevice:   page.deviceConfirm,
	refused:         page.refused,
}

// flowForm is a form of the sign-in.
func (p page) flowForm(data signInView, fields ...tag.Node) tag.Node {
	return p.post(signInPath, append(tag.Group{hidden("flow", data.ID)}, fields...)...)
}

func (d signInView) cancel() tag.Node {
	return tag.If(d.CanCancel, choice("action", "cancel", "Cancel", plain(), tag.FormNoValidate()))
}

// marked marks an input that the problem of the page is about; hints are the ids of what describes it as well.
func (p page) marked(hints ...string) tag.Node {
	described := ""
	for _, id := range hints {
		described = " " + id
	}
	switch {
	case p.problem != nil:
		return tag.Group{tag.Aria("invalid", "true"), tag.Aria("describedby", "problem"+described)}
	case len(hints) > 0:
		return tag.Aria("describedby", described[1:])
	}
	return nil
}

func (p page) account(d signInView) tag.Node {
	return tag.Group{
		tag.P(tag.Text("To use "), tag.Strong(tag.Text(d.AppName))),
		tag.If(d.Known != "", tag.Group{
			p.flowForm(d, choice("action", "continue", "Continue as "+d.Known)),
			tag.H2(tag.Text("Or use another account")),
		}),
		p.flowForm(
			d,
			field("account", "Account", input("account", "text", "username",
				tag.Value(d.Account), verbatim(), p.marked(), tag.Required(), tag.If(d.Known == "", tag.AutoFocus()))),
			submit("Next"),
			d.cancel(),
		),
	}
}

func (p page) password(d signInView) tag.Node {
	return tag.Group{
		tag.P(tag.Text("To use "), tag.Strong(tag.Text(d.AppName))),
		p.flowForm(
			d,
			tag.Input(tag.Type("hidden"), tag.Name("account"), tag.Value(d.Account), tag.AutoComplete("username")),
			field("password", "Password of "+d.Account, input("password", "password", "current-password", p.marked(), tag.Required(), tag.AutoFocus())),
			submit("Sign in"),
			choice("action", "other", "Use another account", plain(), tag.FormNoValidate()),
			d.cancel(),
		),
	}
}

func (p page) approval(d signInView) tag.Node {
	return tag.Group{
		tag.P(
			tag.Text("A real account would now show a notice on the telephone of "), tag.Strong(tag.Text(d.Account)),
			tag.Text(". Here this button is that telephone."),
		),
		p.flowForm(d, choice("action", "approve", "Approve", tag.AutoFocus()), choice("action", "deny", "Deny", plain())),
		tag.If(d.HasCode, p.flowForm(d, choice("action", "use-code", "Use a code instead", plain()))),
	}
}

// codeField is where six digits are typed.
func (p page) codeField(label, explained string, more ...tag.Node) tag.Node {
	return field("code", label,
		tag.P(tag.Class("hint"), tag.ID("code-hint"), tag.Text(explained)),
		input("code", "text", "one-time-code", append(tag.Group{tag.Attr("inputmode", "numeric"), p.marked("code-hint"), tag.Required()}, more...)...))
}

func (p page) code(d signInView) tag.Node {
	return p.flowForm(d, p.codeField("Code of "+d.Account, "Six digits from the authenticator app.", tag.AutoFocus()), submit("Verify"), d.cancel())
}

func (p page) registration(d signInView) tag.Node {
	account := tag.Strong(tag.Text(d.Account))
	why := tag.P(tag.Text("For "), account, tag.Text("."))
	if d.Forced {
		why = tag.P(tag.Text("Your organisation asks "), account, tag.Text(" for a second factor."))
	}
	return tag.Group{
		why,
		tag.H2(tag.Text("1. Add the account to an authenticator app")),
		tag.If(d.Picture.Size > 0, tag.Group{
			text("Open the app on a telephone, choose to add an account, and let it read this code:"),
			d.picture(),
		}),
		text("Or add the account by typing this key:"),
		tag.P(tag.Code(tag.Class("secret"), tag.Flag("data-secret"), tag.Text(d.Secret))),
		tag.Details(tag.Lines(
			tag.Summary(tag.Text("For apps that take an address")),
			tag.P(tag.Code(tag.Flag("data-otpauth"), tag.Text(d.Address))),
		)),
		tag.H2(tag.Text("2. Type the code that the app shows")),
		p.flowForm(d, p.codeField("Code from the app", "Six digits, another every 30 seconds."), submit("Verify"), d.cancel()),
	}
}

// picture is the key as a QR code.
func (d signInView) picture() tag.Node {
	pixels, size := strconv.Itoa(d.Picture.Pixels), strconv.Itoa(d.Picture.Size)
	return tag.SVG(
		tag.Class("qr"), tag.Role("img"), tag.Aria("label", "QR code with the key below"), tag.Width(pixels), tag.Height(pixels),
		tag.Attr("viewBox", "0 0 "+size+" "+size), tag.Attr("shape-rendering", "crispEdges"), tag.Flag("data-qr"),
		tag.El("rect", tag.Width("100%"), tag.Height("100%"), tag.Attr("fill", "#ffffff")),
		tag.El("path", tag.Attr("fill", "#000000"), tag.Attr("d", d.Picture.Path)),
	)
}

func (p page) signInAppPasswordName(d signInView) tag.Node {
	return tag.Group{
		text("The authenticator app is registered. " + whatAppPasswordsAre),
		p.flowForm(d, p.appPasswordName(d.Suggested), submit("Create")),
	}
}

func (p page) signInAppPassword(d signInView) tag.Node {
	return tag.Group{shownOnce(d.Name, d.Value), p.flowForm(d, choice("action", "done", "Done"))}
}

func (p page) staySignedIn(d signInView) tag.Node {
	return tag.Group{
		tag.P(tag.Text("Yes keeps this browser signed in as "), tag.Strong(tag.Text(d.Account)), tag.Text(" after it is closed.")),
		p.flowForm(d, choice("action", "no", "No", tag.AutoFocus()), choice("action", "yes", "Yes", plain())),
	}
}

func (p page) consent(d signInView) tag.Node {
	return tag.Group{
		tag.P(tag.Strong(tag.Text(d.AppName)), tag.Text(" ("), tag.Code(tag.Text(d.AppID)), tag.Text(") asks to do this as "), tag.Strong(tag.Text(d.Account)), tag.Text(":")),
		tag.Ul(tag.Flag("data-scopes"), tag.Map(d.Scopes, func(scope string) tag.Node { return tag.Li(tag.Code(tag.Text(scope))) })),
		p.flowForm(
			d,
			tag.If(d.Admin, tag.Div(tag.Class("choice"), tag.Lines(
				tag.Input(tag.ID("organisation"), tag.Name("organisation"), tag.Type("checkbox"), tag.Value("yes")),
				tag.Label(tag.For("organisation"), tag.Text("Consent on behalf of your organisation. Nobody else in it is asked again for this application.")),
			))),
			choice("action", "accept", "Accept"),
			choice("action", "cancel", "Cancel", plain()),
		),
	}
}

func (p page) deviceConfirm(d signInView) tag.Node {
	return tag.Group{
		tag.P(
			tag.Text("You are signing in to "), tag.Strong(tag.Text(d.AppName)), tag.Text(" on another device as "), tag.Strong(tag.Text(d.Account)),
			tag.Text(". Continue only if you started this yourself."),
		),
		p.flowForm(d, choice("action", "accept", "Continue"), choice("action", "cancel", "Cancel", plain())),
	}
}

func (p page) refused(d signInView) tag.Node {
	return p.flowForm(
		d,
		choice("action", "other", "Sign in with another account", tag.AutoFocus()),
		tag.If(d.CanCancel, choice("action", "cancel", "Go back to "+d.AppName, plain())),
	)
}

func (p page) deviceCode(code string) tag.Node {
	return tag.Group{
		text("Type the code that the program on your other screen shows."),
		p.post(
			"/devicelogin",
			field("code", "Code", input("code", "text", "off", tag.Value(code),
				tag.Attr("autocapitalize", "characters"), tag.Attr("spellcheck", "false"), p.marked(), tag.Required(), tag.AutoFocus())),
			submit("Next"),
		),
	}
}

// formPost takes a sign-in back to the application that asked for it.
func (d formPostView) page() tag.Node {
	var fields tag.Group
	for _, name := range slices.Sorted(maps.Keys(d.Fields)) {
		for _, value := range d.Fields[name] {
			fields = append(fields, hidden(name, value))
		}
	}
	return tag.Form(tag.Method("post"), tag.Action(d.Action), tag.Lines(fields, submit("Continue", tag.AutoFocus())))
}

func (p page) signOut() tag.Node { return p.post("/sign-out", submit("Sign out", tag.AutoFocus())) }
