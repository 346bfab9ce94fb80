package wizard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

func TestApplyThenReadBackThenContinue(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, suspend)
	list[0].apply = func(_ context.Context, report func(steps.Event)) error {
		for _, c := range suspend.Changes {
			report(steps.Event{Applied: &c})
		}
		list[0].found = steps.Finding{Status: steps.Done, Text: finding.Advise("Nothing asks the account."), Sections: stands, Actions: []steps.Action{{ID: steps.ActNext, Label: "Continue"}}}
		return nil
	}
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.is(walker.Found, nil)
		d.press("enter")
		d.is(walker.Found, nil)
		d.shows("Changed and read back")
		d.shows("Nothing asks the account.")
		if list[0].applied != 1 || list[0].inspected != 2 {
			t.Errorf("applied %d times and inspected %d times, want 1 and 2", list[0].applied, list[0].inspected)
		}
		d.press("enter")
		d.shows("Check the tenant")
	})
}

// Leaving where nothing is left to do is finishing.
func TestFinishingEnds(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"enter", "q", "ctrl+c"} {
		drive(t, Options{}, contoso(), tenSteps(10, suspend), func(d *driver) {
			to(9)(d)
			d.press(key)
			if !d.quit || d.m.Result() != Finished {
				t.Errorf("%s: quit %t with result %d, want an end with %d", key, d.quit, d.m.Result(), Finished)
			}
		})
	}
}

func TestFinishingWithOpenWindowAsks(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(10, suspend), func(d *driver) {
		to(9)(d)
		d.run.expose("service@contoso.com", time.Hour)
		d.press("enter")
		d.is(walker.Found, &leaveDialog{})
		d.shows("Put MFA back and leave")
	})
}

func TestEscLooksBackAndEnterReturns(t *testing.T) {
	t.Parallel()
	list := tenSteps(4, suspend)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		to(4)(d)
		d.press("esc", "esc")
		d.shows("3 of 10")
		d.shows("Continue with Suspend MFA")
		d.press("enter")
		d.shows("5 of 10")
		if list[4].applied != 0 {
			t.Error("looking back applied something")
		}
	})
}

// TestLookingBackNeverAppliesOnEnter: a step that would open something again is not Enter away.
func TestLookingBackNeverAppliesOnEnter(t *testing.T) {
	t.Parallel()
	list := tenSteps(10, suspend)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		to(5)(d)
		list[4].found = suspend
		d.press("esc")
		d.shows("Apply 2 changes")
		d.press("enter")
		d.shows("6 of 10")
		if list[4].applied != 0 {
			t.Error("Enter applied a step that was only looked at")
		}
	})
}

// TestLookingBackAtFields: the way forward has the focus, and the fields of an earlier step can not be changed.
func TestLookingBackAtFields(t *testing.T) {
	t.Parallel()
	list := tenSteps(1, checkPlan())
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("enter", "enter")
		d.shows("3 of 10")
		d.press("esc")
		d.shows("2 of 10")
		checkFrame(t, d.m)
		answered := len(list[1].answered)
		d.press("enter")
		d.shows("3 of 10")
		if len(list[1].answered) != answered {
			t.Error("looking back answered a field")
		}
	})
}

func TestEscOnFirstScreenAsks(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(4, suspend), func(d *driver) {
		d.press("esc")
		d.is(walker.Found, &leaveDialog{})
		d.press("esc")
		d.is(walker.Found, nil)
	})
}

func TestGoToNamedStep(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(4, steps.Finding{
		Status:  steps.Blocked,
		Text:    finding.Advise("No."),
		Actions: []steps.Action{{ID: steps.ActGo + "Check the tenant", Label: "Back to the check"}, {ID: steps.ActGo + "nowhere", Label: "Elsewhere"}},
	}), func(d *driver) {
		to(4)(d)
		d.press("tab", "enter")
		d.shows("There is no step nowhere")
		d.press("shift+tab", "enter")
		d.shows("2 of 10")
		d.press("enter")
		d.shows("3 of 10")
	})
}

func TestFailureShowsWhatAndNextAndRaw(t *testing.T) {
	t.Parallel()
	list := tenSteps(3, suspend)
	list[3].inspect = func(context.Context, func(steps.Event)) (steps.Finding, error) { return steps.Finding{}, errRefused }
	drive(t, Options{}, contoso(), list, func(d *driver) {
		to(3)(d)
		d.is(walker.Failed, nil)
		d.shows("Could not assign Global Administrator.")
		d.shows("Activate the role")
		d.hides("Authorization_RequestDenied")
		d.press("d")
		d.shows("Authorization_RequestDenied")
		d.press("esc")
		list[3].inspect = nil
		d.press("enter")
		d.is(walker.Found, nil)
	})
}

func TestPanicInAStepIsAFailure(t *testing.T) {
	t.Parallel()
	list := tenSteps(3, suspend)
	list[3].inspect = func(context.Context, func(steps.Event)) (steps.Finding, error) { panic("secret-in-panic") }
	drive(t, Options{}, contoso(), list, func(d *driver) {
		to(3)(d)
		d.is(walker.Failed, nil)
		d.press("d")
		d.hides("secret-in-panic")
	})
}

func TestStopCancelsApplyAndReadsAgain(t *testing.T) {
	t.Parallel()
	list := applyThen(tenSteps(0, suspend), 0, steps.Event{Applied: &suspend.Changes[0]})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("enter")
		d.is(walker.Applying, nil)
		d.press("esc")
		d.is(walker.Found, nil)
		if list[0].inspected != 2 {
			t.Errorf("inspected %d times, want 2", list[0].inspected)
		}
	})
}

func TestStaleGenerationIsDropped(t *testing.T) {
	t.Parallel()
	list := tenSteps(1, suspend)
	release := make(chan struct{})
	list[1].inspect = func(_ context.Context, report func(steps.Event)) (steps.Finding, error) {
		<-release // does not listen to its context
		report(steps.Event{Text: "late-line"})
		return steps.Finding{Text: finding.Advise("late-finding")}, nil
	}
	release = nil
	drive(t, Options{}, contoso(), list, func(d *driver) {
		release = make(chan struct{})
		d.press("enter")
		d.is(walker.Reading, nil)
		d.press("esc")
		d.shows("1 of 10")
		close(release)
		d.wait(time.Second)
		d.shows("1 of 10")
		d.is(walker.Found, nil)
		d.hides("late-line")
		d.hides("late-finding")
	})
}

func TestWaitCountsDown(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, suspend)
	list[0].apply = func(ctx context.Context, report func(steps.Event)) error {
		report(steps.Event{Wait: &steps.Wait{Text: "Microsoft asked us to wait", Until: time.Now().Add(9 * time.Second)}})
		return hold(ctx)
	}
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("enter")
		d.shows("Microsoft asked us to wait · 9 s")
		d.wait(3 * time.Second)
		d.shows("Microsoft asked us to wait · 6 s")
		d.wait(7 * time.Second)
		d.hides("Microsoft asked us to wait")
	})
}

func TestPollingNoticesAndKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, steps.Finding{
		Status:  steps.Waiting,
		Fields:  []steps.Field{{ID: "url", Label: "Portal", Kind: steps.TextField}, {ID: "pass", Label: "App password", Kind: steps.SecretField}},
		Task:    &steps.Task{Part: "x", Watched: "Watching"},
		Poll:    5 * time.Second,
		Actions: []steps.Action{{ID: "done", Label: "I have done this"}},
	})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.write("https://con")
		d.press("tab")
		d.send(tea.PasteMsg{Content: "abcdefghijklmnop"})
		d.press("shift+tab")
		d.wait(11 * time.Second)
		if got := list[0].inspected; got != 3 {
			t.Errorf("inspected %d times in 11 s, want 3", got)
		}
		d.shows("> https://con")
		d.write("toso")
		d.shows("> https://contoso")
		if e := d.m.current().form.entries[1]; e.text() != "abcdefghijklmnop" {
			t.Error("polling lost the secret that was pasted")
		}
		list[0].found = steps.Finding{Status: steps.Done, Text: finding.Advise("Seen."), Sections: stands, Actions: []steps.Action{{ID: steps.ActNext, Label: "Continue"}}}
		d.wait(5 * time.Second)
		d.shows("Seen.")
	})
}

// Whoever comes back from the browser does not wait for the next look, and can't make more than one a second.
func TestLooksWhenTheOperatorIsBack(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, setupTask)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		first := list[0].inspected
		d.wait(2 * time.Second)
		d.send(tea.BlurMsg{})
		d.send(tea.FocusMsg{})
		d.wait(10 * time.Millisecond)
		if got := list[0].inspected - first; got != 1 {
			t.Errorf("looked %d times when the operator was back, want once", got)
		}
		for range 40 {
			d.send(tea.BlurMsg{})
			d.send(tea.FocusMsg{})
			d.wait(50 * time.Millisecond)
		}
		if got := list[0].inspected - first; got != 3 {
			t.Errorf("looked %d times, want 2 more in 2 s", got)
		}
		d.wait(setupTask.Poll)
		if got := list[0].inspected - first; got != 4 {
			t.Errorf("looked %d times, want 1 more within its own time", got)
		}
	})
}

func TestPollErrorKeepsLooking(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, setupTask)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		list[0].inspect = func(context.Context, func(steps.Event)) (steps.Finding, error) {
			return steps.Finding{}, errors.New("offline")
		}
		d.wait(6 * time.Second)
		d.is(walker.Found, nil)
		d.shows("could not be read just now")
		list[0].inspect = nil
		list[0].found = steps.Finding{Status: steps.Done, Text: finding.Advise("Seen."), Sections: stands, Actions: []steps.Action{{ID: steps.ActNext, Label: "Continue"}}}
		d.wait(5 * time.Second)
		d.shows("Seen.")
	})
}

func TestAnswersGoBeforeThePrimaryAction(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, account)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("enter")
		want := []string{"name=service.delegate365", "domain=contoso.com"}
		if !slices.Equal(list[0].answered, want) {
			t.Errorf("answered %q, want %q", list[0].answered, want)
		}
		if list[0].applied != 1 {
			t.Errorf("applied %d times, want 1", list[0].applied)
		}
	})
}

// TestChangedAnnouncementIsShownFirst: what was typed alters what would be done, so it is announced before it is done.
func TestChangedAnnouncementIsShownFirst(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, account)
	list[0].refuse = func(id, value string) error {
		if id == "name" && value == "svc" {
			found := account
			found.Fields = slices.Clone(account.Fields)
			found.Fields[0].Value = "svc"
			found.Changes = []steps.Change{{Op: steps.Add, Object: "user svc@contoso.com"}}
			list[0].found = found
		}
		return nil
	}
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("tab")
		for range "service.delegate365" {
			d.press("backspace")
		}
		d.write("svc")
		d.press("enter", "enter")
		d.is(walker.Found, nil)
		d.shows("user svc@contoso.com")
		if list[0].applied != 0 {
			t.Fatal("applied what had not been announced")
		}
		d.press("enter")
		if list[0].applied != 1 {
			t.Errorf("applied %d times after the second Enter, want 1", list[0].applied)
		}
	})
}

func TestRefusedValueStandsBesideTheField(t *testing.T) {
	t.Parallel()
	list := refusing(tenSteps(0, account), "name", &steps.Error{Op: "use this name", Hint: "Use letters."})
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("enter")
		d.is(walker.Found, nil)
		d.shows("Could not use this name. Use letters.")
		if e := d.m.focus().entry(); e == nil || e.field.ID != "name" {
			t.Error("the refused field has not the focus")
		}
		if list[0].applied != 0 {
			t.Error("applied although a value was refused")
		}
		d.write("x")
		d.hides("Could not use this name") // it is another value now
	})
}

func TestOwnActionIsAnsweredAndReadBack(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, setupTask)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("tab", "enter")
		if !slices.Equal(list[0].answered, []string{"setup-done="}) || list[0].inspected != 2 {
			t.Errorf("answered %q and inspected %d times", list[0].answered, list[0].inspected)
		}
	})
}

func TestActionOpensItsPage(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{}, run, tenSteps(0, steps.Finding{
		Status: steps.Waiting, Actions: []steps.Action{{ID: "portal", Label: "Open the portal", URL: "https://entra.microsoft.com"}},
	}), func(d *driver) {
		d.press("enter")
		if !slices.Equal(run.opened, []string{"https://entra.microsoft.com"}) {
			t.Errorf("opened %q", run.opened)
		}
	})
}

func TestPersonPlaysThePart(t *testing.T) {
	t.Parallel()
	run := contoso()
	var heard map[string]string
	run.person = playerFunc(func(_ context.Context, part string, with map[string]string) (string, error) {
		heard = with
		return "brought-back-" + part, nil
	})
	task := *setupTask.Task
	found := setupTask
	found.Task = &task
	found.Fields = []steps.Field{{ID: "note", Label: "Note", Kind: steps.TextField, Optional: true}, {ID: "secret", Label: "App password", Kind: steps.SecretField, Optional: true}}
	list := tenSteps(0, found)
	drive(t, Options{}, run, list, func(d *driver) {
		d.shows("play this part (rehearsal)")
		d.press("p")
		if heard["config"] != "conf-secret-1" || heard["url"] != "https://contoso.delegate365.com/setup" {
			t.Errorf("the person was given %v", heard)
		}
		if !slices.Equal(list[0].answered, []string{"secret=brought-back-run-setup"}) {
			t.Errorf("answered %q", list[0].answered)
		}
		d.hides("brought-back")
	})
}

// TestTaskEndsWhenApplyGoesOn: once a person has consented, the screen shows the work again.
func TestTaskEndsWhenApplyGoesOn(t *testing.T) {
	t.Parallel()
	list := applyThen(tenSteps(0, suspend), 0,
		steps.Event{Task: &steps.Task{Part: "sign-in", Watched: "Waiting for your consent"}},
		steps.Event{Text: "Excluding the account"},
	)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.press("enter")
		d.hides("Waiting for your consent")
		d.shows("Excluding the account")
		d.shows("Working")
	})
}

func TestDeviceCodeDuringApply(t *testing.T) {
	t.Parallel()
	list := applyThen(tenSteps(0, suspend), 0, steps.Event{Task: &steps.Task{Part: "sign-in", Code: "ABCD", URL: "https://microsoft.com/devicelogin"}})
	run := contoso()
	drive(t, Options{}, run, list, func(d *driver) {
		d.press("enter")
		d.shows("A B C D")
		d.press("o")
		if !slices.Equal(run.opened, []string{"https://microsoft.com/devicelogin"}) {
			t.Errorf("opened %q", run.opened)
		}
		if !strings.Contains(d.view(), "You") {
			t.Error("the screen does not say that you act")
		}
	})
}

// Esc goes to what the step showed before, where it has such a screen, and only then to the step before.
func TestEscGoesBackWithinTheStep(t *testing.T) {
	t.Parallel()
	plan := suspend
	plan.Actions = append(slices.Clone(plan.Actions), steps.Action{ID: steps.ActBack, Label: "Back to the check"})
	list := tenSteps(1, plan)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		to(1)(d)
		d.press("esc")
		if got := d.m.current().Info.ID; got != list[1].Info().ID {
			t.Errorf("Esc went to %s", got)
		}
		if !slices.Contains(list[1].answered, steps.ActBack+"=") {
			t.Errorf("it was told %q", list[1].answered)
		}
	})
}
