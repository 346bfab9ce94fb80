package steps_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// What was not read for certain is used after a yes, and the password is not shown for it: how long it is and its ends come
// when they are asked for.
func TestWelcomeMailDoubt(t *testing.T) {
	t.Parallel()
	const portal, password = "https://contoso.delegate365.com", "Tn4=kQ9wZr"
	for name, c := range map[string]struct {
		file, why string
		fields    []string
		portal    string
		password  string
	}{
		"a repaired header":   {"banner-before-header.eml", "repaired", []string{"which-portal", "which-password"}, portal, password},
		"a broken address":    {"address-broken-in-host.eml", "two lines", []string{"which-portal"}, "https://northwindtraders.delegate365.com", "Kq7-mTv9Rz"},
		"a mark that stuck":   {"picture-mark-glued.txt", "stuck", []string{"which-password"}, portal, "Kq7-mTv9Rz"},
		"no line for a body":  {"no-line-before-body.eml", "repaired", []string{"which-portal", "which-password"}, portal, password},
		"a semicolon":         {"encoding-with-semicolon.eml", "repaired", []string{"which-portal", "which-password"}, portal, password},
		"nothing is in doubt": {"encoding-in-capitals.eml", "", nil, portal, password},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile("welcome/testdata/" + c.file)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{})
				r.passUntil(steps.RunSetup)
				r.answer(steps.RunSetup, "mail", string(text))
				f := r.inspect(steps.RunSetup)
				if len(f.Fields) != len(c.fields) && f.Task == nil {
					t.Fatalf("%+v", f)
				}
				for i, id := range c.fields {
					field := f.Fields[i]
					if field.ID != id || field.Value != "" || field.Options[0].ID != "" {
						t.Errorf("chosen already: %+v", field)
					}
				}
				if c.fields != nil {
					asked(t, f, c.why, c.password)
					showEnds(t, r, c.fields, c.password)
				}
				for _, id := range c.fields {
					r.answer(steps.RunSetup, id, map[string]string{"which-portal": c.portal, "which-password": "0"}[id])
				}
				f = r.inspect(steps.RunSetup)
				if f.Task == nil || f.Task.URL != c.portal+"/setup" || f.Task.Items[1].Copy.Reveal() != c.password {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}

// asked checks that a finding waits, says why, and shows nothing of the password.
func asked(t *testing.T, f steps.Finding, why, password string) {
	t.Helper()
	shown := fmt.Sprintf("%+v", f)
	if f.Status != steps.Waiting || f.Task != nil || !strings.Contains(shown, why) || strings.Contains(shown, password) || strings.Contains(shown, password[:3]) {
		t.Errorf("%s", shown)
	}
}

// showEnds asks for the length and the ends, which are not there before.
func showEnds(t *testing.T, r *rehearsal, fields []string, password string) {
	t.Helper()
	if fields[len(fields)-1] != "which-password" {
		return
	}
	said := fmt.Sprintf("%d characters, %c to %c", len(password), password[0], password[len(password)-1])
	if shown := fmt.Sprintf("%+v", r.inspect(steps.RunSetup)); strings.Contains(shown, said) {
		t.Errorf("shown before anybody asked: %s", shown)
	}
	r.answer(steps.RunSetup, "show-ends", "")
	f := r.inspect(steps.RunSetup)
	shown := fmt.Sprintf("%+v", f)
	if !strings.Contains(shown, said) || strings.Contains(shown, password[:2]) || strings.Contains(shown, "show-ends") {
		t.Errorf("%s", shown)
	}
}

// Outside of a rehearsal nobody's portal is on this computer, where any program can wait for the password.
func TestPortalOnThisComputer(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://127.0.0.1:8080/setup", "http://[::1]:80", "https://127.0.0.1:8443"} {
		if _, err := steps.NewRun(steps.Options{Portal: address}); err == nil || !strings.Contains(steps.Explain(err).Next, "on this computer") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := steps.NewRun(steps.Options{Portal: "http://127.0.0.1:8080/setup", Cloud: graph.Cloud{Delegate365: "http://127.0.0.1:8080"}}); err != nil {
		t.Errorf("the rehearsal's own: %v", err)
	}
}

// A part that can't be read is named with what to do.
func TestWelcomeMailUnread(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("welcome/testdata/winmail-dat.eml")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.RunSetup)
		told(t, step(steps.RunSetup).Answer(r.run, "mail", graph.NewText(string(text))), "winmail.dat", "Outlook", "paste")
	})
}
