package wizard

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Help is about what is on screen: what the step found may know better than the step does, and of a question it tells the question's keys.
func TestHelpIsAboutWhatIsOnScreen(t *testing.T) {
	t.Parallel()
	list := tenSteps(4, suspend)
	list[4].found.Help = []string{"They are turned off for everybody in contoso.com."}
	drive(t, Options{}, contoso(), list, func(d *driver) {
		to(4)(d)
		d.press("?")
		d.shows("everybody in contoso.com")
		if text := d.view(); strings.Contains(text, "It touches no other account") {
			t.Errorf("help says what does not hold here:\n%s", text)
		}
		d.press("?", "q", "?")
		d.shows("Help: Leave")
		if text := d.view(); strings.Contains(text, "everybody in contoso.com") {
			t.Errorf("over the question, help is about the step:\n%s", text)
		}
	})
}

// No key is listed without what it does.
func TestHelpListsNoKeyWithoutWords(t *testing.T) {
	t.Parallel()
	for i, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			drive(t, s.opts, s.run, scenes()[i].list, func(d *driver) {
				s.act(d)
				for _, b := range d.m.keys.all(d.m) {
					if b.Help().Desc == "" {
						t.Errorf("%q is listed without words", b.Help().Key)
					}
				}
			})
		})
	}
}

// Leaving can disable the account where nothing has to be put back first.
func TestLeavingCanDisableWithoutAWindow(t *testing.T) {
	t.Parallel()
	run := contoso()
	run.written, run.bare = 2, "service@contoso.com"
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		d.press("q")
		d.shows("no second factor of it was seen")
		d.press("tab", "tab", "enter")
		if !d.quit || !d.run.disabled {
			t.Errorf("quit %t, disabled %t:\n%s", d.quit, d.run.disabled, d.view())
		}
	})
}

// Help promises of suspended MFA what is so: a killed program puts nothing back, and a second process does where one watches.
func TestHelpSaysWhoPutsBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		e    steps.Exposure
		open bool
		want string
	}{
		"nothing is off": {steps.Exposure{}, false, "is started before MFA is suspended"},
		"guarded":        {steps.Exposure{}, true, "the second process that watches puts it back"},
		"in a container": {steps.Exposure{While: "while the container runs"}, true, "only while the container runs"},
		"unguarded":      {steps.Exposure{Unguarded: true}, true, "nothing puts it back until restore is run"},
		"together":       {steps.Exposure{Together: true}, true, "nothing puts it back until restore is run"},
		"found":          {steps.Exposure{Found: true}, true, "nothing puts it back until restore is run"},
	} {
		if said := ifKilled(&c.e, c.open); !strings.Contains(said, c.want) {
			t.Errorf("%s: %q", name, said)
		}
	}
	if said := comesBack(&steps.Exposure{While: "while the container runs"})[0]; said != "MFA comes back by itself while the container runs" {
		t.Errorf("the banner says %q", said)
	}
}
