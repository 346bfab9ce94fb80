package steps_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// A mail that says more than one thing leaves a choice, and nothing is chosen before the operator does.
func TestWelcomeMailChoice(t *testing.T) {
	t.Parallel()
	const (
		portal    = "https://contoso.delegate365.com/setup\n"
		other     = "https://contoso-test.delegate365.com/setup\n"
		foreign   = "https://portal.example.org/setup\n"
		imitation = "https://contoso.delegate365.com.evil.example/setup\n"
		password  = "Configuration password: Abc-12345\n"
		second    = "Support password: Def-67890\n"
	)
	for name, c := range map[string]struct {
		mail    string
		answers [][2]string
		url     string // of the setup page in the end; empty when the portal still needs a yes
		copied  string
	}{
		"two portals":               {portal + other + password, [][2]string{{"which-portal", "https://contoso-test.delegate365.com"}}, "https://contoso-test.delegate365.com/setup", "Abc-12345"},
		"two passwords":             {portal + password + second, [][2]string{{"which-password", "1"}}, "https://contoso.delegate365.com/setup", "Def-67890"},
		"two of both":               {portal + other + password + second, [][2]string{{"which-portal", "https://contoso.delegate365.com"}, {"which-password", "0"}}, "https://contoso.delegate365.com/setup", "Abc-12345"},
		"none of the passwords":     {portal + password + second, [][2]string{{"which-password", "typed-in-the-browser"}}, "https://contoso.delegate365.com/setup", ""},
		"next to an imitation":      {portal + imitation + password, [][2]string{{"which-portal", "https://contoso.delegate365.com"}}, "https://contoso.delegate365.com/setup", "Abc-12345"},
		"a portal of somebody else": {portal + foreign + password, [][2]string{{"which-portal", "https://portal.example.org"}}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{})
				r.passUntil(steps.RunSetup)
				r.answer(steps.RunSetup, "mail", c.mail)
				f := r.inspect(steps.RunSetup)
				shown := fmt.Sprintf("%+v", f)
				if f.Status != steps.Waiting || len(f.Fields) != len(c.answers) || strings.Contains(shown, "12345") || strings.Contains(shown, "67890") {
					t.Fatalf("%s", shown)
				}
				if strings.Contains(c.mail, imitation) != strings.Contains(shown, "evil.example") {
					t.Errorf("the imitation: %s", shown)
				}
				for i, field := range f.Fields {
					if field.ID != c.answers[i][0] || field.Kind != steps.ChoiceField || field.Value != "" || field.Options[0].ID != "" {
						t.Errorf("something is chosen already: %+v", field)
					}
					for _, o := range field.Options {
						if strings.Contains(o.ID+o.Label, "evil.example") {
							t.Errorf("an imitation is offered: %+v", o)
						}
					}
					for _, wrong := range []string{"", "https://contoso.delegate365.com.evil.example", "-1", "7"} {
						told(t, step(steps.RunSetup).Answer(r.run, field.ID, typed(field.ID, wrong)), "Choose")
					}
				}
				for _, a := range c.answers {
					r.answer(steps.RunSetup, a[0], a[1])
				}
				f = r.inspect(steps.RunSetup)
				if c.url == "" {
					blocked(t, f, "portal.example.org")
					return
				}
				if f.Task == nil || f.Task.URL != c.url || f.Task.Items[1].Copy.Reveal() != c.copied {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}

// Why something is refused stands beside the field, not only among the details.
func TestWelcomeMailReasons(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		for text, want := range map[string]string{
			"http://contoso.delegate365.com":                       "contoso.delegate365.com: it starts with http, ",
			"contoso.delegate365.com.evil.example":                 "contoso.delegate365.com.evil.example: delegate365.com is not at the end of its host name: it really belongs to evil.example. Enter ",
			"https://contoso.delegate365.com\\@evil.example":       "It has a backslash in it, ",
			"https://contoso.delegate365.com\nWelcome":             "It has no line that labels a configuration password. Paste only ",
			"/nowhere/welcome.eml":                                 "The file can't be opened. Check the path, ",
			"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Password: Abc-12345": "The .msg file is damaged. Save the mail as .eml, ",
		} {
			err := step(steps.RunSetup).Answer(r.run, "mail", graph.NewText(text))
			if p := steps.Explain(err); err == nil || !strings.HasPrefix(p.Next, want) {
				t.Errorf("%q: %q", text, p.Next)
			}
		}
	})
}

// Where a password stands is told, and another mail can be pasted instead.
func TestWelcomeMailOffer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		r.answer(steps.RunSetup, "mail", "https://contoso.delegate365.com\n\nThe configuration password is Abc-12345.\nPassword: Def-67890\n")
		f := r.inspect(steps.RunSetup)
		var labels []string
		for _, o := range f.Fields[0].Options {
			labels = append(labels, o.Label)
		}
		want := "not chosen yet|the one after \"The configuration password\" in line 3, without the signs around it|" +
			"the one after \"The configuration password\" in line 3, with the signs around it|the one after \"Password\" in line 4|none of them: I type it in the browser"
		if got := strings.Join(labels, "|"); got != want {
			t.Errorf("the passwords are offered as %s", got)
		}
		r.answer(steps.RunSetup, "other-portal", "")
		if f := r.inspect(steps.RunSetup); len(f.Fields) != 1 || f.Fields[0].ID != "mail" {
			t.Errorf("another mail can't be pasted: %+v", f)
		}
		told(t, step(steps.RunSetup).Answer(r.run, "mail", graph.NewText("https://contoso.delegate365.com.evil.example/setup\nPassword: Abc-12345")), "evil.example", "belongs to")
	})
}
