package wizard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

func TestAutopilotFinishes(t *testing.T) {
	t.Parallel()
	run := contoso()
	list := tenSteps(10, suspend)
	list[0].found = steps.Finding{Status: steps.Ready, Text: finding.Advise("Sign in."), Actions: []steps.Action{{ID: steps.ActApply, Label: "Sign in"}}}
	signed := make(map[string]chan struct{})
	var parts []string
	run.person = playerFunc(func(_ context.Context, part string, _ map[string]string) (string, error) {
		parts = append(parts, part)
		switch part {
		case "sign-in":
			close(signed["in"])
		case "run-setup":
			list[5].found = list[6].found
		case "app-password":
			return "abcdefghijklmnop", nil
		}
		return "", nil
	})
	list[0].apply = func(ctx context.Context, report func(steps.Event)) error {
		report(steps.Event{Task: &steps.Task{Part: "sign-in", Code: "ABC"}})
		select {
		case <-signed["in"]:
		case <-ctx.Done():
		}
		list[0].found = list[6].found
		return ctx.Err()
	}
	list[4].found = suspend
	list[4].apply = func(context.Context, func(steps.Event)) error {
		list[4].found = list[6].found
		return nil
	}
	list[5].found = setupTask
	list[8].found = steps.Finding{
		Status: steps.Waiting, Task: &steps.Task{Part: "app-password"},
		Fields:  []steps.Field{{ID: "pw", Label: "App password", Kind: steps.SecretField}},
		Actions: []steps.Action{{ID: "keep", Label: "Keep it"}},
	}
	list[8].refuse = func(id, value string) error {
		if id == "pw" && value == "abcdefghijklmnop" {
			list[8].found = list[6].found
		}
		return nil
	}
	drive(t, Options{Autopilot: true, Pace: time.Second}, run, list, func(d *driver) {
		signed["in"] = make(chan struct{})
		d.wait(3 * time.Minute)
		if !d.quit || d.m.Result() != Finished {
			t.Fatalf("quit %t with result %d, want an end with %d:\n%s", d.quit, d.m.Result(), Finished, d.view())
		}
		if want := []string{"sign-in", "run-setup", "app-password"}; !slices.Equal(parts, want) {
			t.Errorf("played %q, want %q", parts, want)
		}
	})
}

func TestAutopilotKeepsItsPace(t *testing.T) {
	t.Parallel()
	drive(t, Options{Autopilot: true, Pace: 2 * time.Second}, contoso(), tenSteps(10, suspend), func(d *driver) {
		d.wait(time.Second)
		d.shows("1 of 10")
		d.wait(2 * time.Second)
		d.shows("2 of 10")
	})
}

// What a played part leads to may be seen only after some looks. It waits as long as a person is not offered the part again.
func TestAutopilotWaitsForAPlayedPart(t *testing.T) {
	t.Parallel()
	polled := setupTask
	polled.Poll = 5 * time.Second
	run, played := contoso(), 0
	run.person = playerFunc(func(context.Context, string, map[string]string) (string, error) { played++; return "", nil })
	list := tenSteps(0, polled)
	drive(t, Options{Autopilot: true}, run, list, func(d *driver) {
		d.wait(20 * time.Second)
		if d.quit || played != 1 || list[0].inspected > 6 {
			t.Errorf("quit %t, played %d times, looked %d times", d.quit, played, list[0].inspected)
		}
	})
}

func TestAutopilotGivesUp(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{Autopilot: true, Pace: time.Second}, run, tenSteps(4, steps.Finding{
		Status: steps.Blocked, Text: finding.Advise("No."), Actions: []steps.Action{{ID: steps.ActRetry, Label: "Look again"}},
	}), func(d *driver) {
		run.expose("service@contoso.com", time.Hour)
		d.wait(time.Minute)
		if _, open := run.Exposure(); open || !d.quit || d.m.Result() != Failed {
			t.Errorf("open %t, quit %t, result %d: want closed, gone and %d", open, d.quit, d.m.Result(), Failed)
		}
		if said := steps.Explain(d.m.exit.cause).Next; !strings.Contains(said, "It waits for a decision: No.") {
			t.Errorf("it ends with %q", said)
		}
	})
}

func TestAutopilotNeverEndsWithOpenWindow(t *testing.T) {
	t.Parallel()
	run := contoso()
	list := tenSteps(10, suspend)
	list[4].found = suspend
	list[4].apply = func(context.Context, func(steps.Event)) error {
		run.expose("service@contoso.com", time.Hour)
		list[4].found = list[6].found
		return nil
	}
	drive(t, Options{Autopilot: true}, run, list, func(d *driver) {
		d.wait(time.Minute)
		if _, open := run.Exposure(); open || !d.quit || d.m.Result() != Failed {
			t.Errorf("open %t, quit %t, result %d: want closed, gone and %d", open, d.quit, d.m.Result(), Failed)
		}
	})
}

// Where the person's part fails, pressing on would confirm what nobody did.
func TestAutopilotConfirmsNothingUndone(t *testing.T) {
	t.Parallel()
	for name, failures := range map[string]int{"once": 1, "always": 1000} {
		t.Run(name, func(t *testing.T) {
			run := contoso()
			list := tenSteps(9, suspend)
			list[9].found = setupTask
			list[9].found.Actions = []steps.Action{{ID: steps.ActApply, Label: "It succeeded"}}
			played, confirmed := 0, false
			run.person = playerFunc(func(context.Context, string, map[string]string) (string, error) {
				if played++; played <= failures {
					return "", errors.New("the page did not load")
				}
				list[9].found = list[6].found
				return "", nil
			})
			list[9].apply = func(context.Context, func(steps.Event)) error {
				confirmed = true
				list[9].found = list[6].found
				return nil
			}
			want := Finished
			if failures > 1 {
				want = Failed
			}
			drive(t, Options{Autopilot: true, Pace: time.Second}, run, list, func(d *driver) {
				d.wait(3 * time.Minute)
				if !d.quit || d.m.Result() != want || confirmed {
					t.Errorf("quit %t with result %d, want %d; confirmed %t, played %d times:\n%s", d.quit, d.m.Result(), want, confirmed, played, d.view())
				}
			})
		})
	}
}

// What the welcome mail left in doubt is the operator's to say yes to: the autopilot gives up.
func TestAutopilotLeavesDoubts(t *testing.T) {
	t.Parallel()
	run := contoso()
	list := tenSteps(5, steps.Finding{
		Status: steps.Waiting,
		Fields: []steps.Field{{
			ID: "which-password", Label: "Configuration password", Kind: steps.ChoiceField,
			Options: []steps.Option{{Label: "not chosen yet"}, {ID: "0", Label: "the one in line 7"}},
		}},
		Actions: []steps.Action{{ID: steps.ActRetry, Label: "Continue"}, {ID: "show-ends", Label: "Show lengths, first and last characters"}},
	})
	list[5].refuse = func(id, value string) error {
		if id == "which-password" && value == "" {
			return &steps.Error{Op: "go on without a configuration password"}
		}
		t.Errorf("it answers %s with %q", id, value)
		return nil
	}
	run.person = playerFunc(func(context.Context, string, map[string]string) (string, error) { return "", nil })
	drive(t, Options{Autopilot: true, Pace: time.Second}, run, list, func(d *driver) {
		d.wait(3 * time.Minute)
		if !d.quit || d.m.Result() != Failed {
			t.Errorf("quit %t with result %d, want an end with %d:\n%s", d.quit, d.m.Result(), Failed, d.view())
		}
	})
}
