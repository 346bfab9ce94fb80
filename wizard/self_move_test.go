package wizard

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// A part that was played is not offered again while what came of it is looked for, and is told so.
func TestPlayedPartIsNotOfferedMeanwhile(t *testing.T) {
	t.Parallel()
	polled := setupTask
	polled.Poll = 5 * time.Second
	run, played := contoso(), 0
	run.person = playerFunc(func(context.Context, string, map[string]string) (string, error) { played++; return "", nil })
	drive(t, Options{}, run, tenSteps(0, polled), func(d *driver) {
		d.shows("p play this part")
		d.press("p")
		d.wait(10 * time.Second)
		d.hides("play this part")
		d.press("p")
		if d.shows("The part was played: what came of it is being read."); played != 1 {
			t.Errorf("played %d times", played)
		}
		d.wait(time.Minute)
		d.shows("p play this part") // nothing came of it
	})
}

// A screen that came by itself takes no Enter and no p for a moment, and says so; one that a key led to takes them at once.
func TestScreenThatCameByItselfWaitsAMoment(t *testing.T) {
	t.Parallel()
	for key, acted := range map[string]string{"enter": "applied", "p": "played"} {
		polled, after := setupTask, setupTask
		polled.Poll, after.Status, after.Actions = 5*time.Second, steps.Ready, []steps.Action{{ID: steps.ActApply, Label: "Apply"}}
		after.Task = nil
		if key == "p" {
			after = setupTask
		}
		run, played := contoso(), 0
		run.person = playerFunc(func(context.Context, string, map[string]string) (string, error) { played++; return "", nil })
		list := tenSteps(0, polled)
		list[1].found = after
		drive(t, Options{}, run, list, func(d *driver) {
			did := func() bool { return played > 0 || list[1].applied > 0 }
			d.wait(7 * time.Second)
			list[0].found = list[6].found // a person did it, elsewhere
			list[0].found.Sections = nil
			for d.m.flow.walk.Viewing() == 0 || d.m.flow.walk.State != walker.Found {
				d.wait(50 * time.Millisecond)
			}
			d.send(named(key))
			if d.shows("This screen has just come by itself."); did() {
				t.Errorf("%s: %s at once", key, acted)
			}
			d.wait(2 * time.Second)
			if d.press(key); !did() {
				t.Errorf("%s: not %s:\n%s", key, acted, d.view())
			}
		})
	}
}

// A text that arrives as keys presses no Enter and nothing else that acts: its letters come too soon before.
func TestTextThatIsTypedActsOnNothing(t *testing.T) {
	t.Parallel()
	const mail = "Welcome to Delegate365\ror open quickly: copy\rq\rqo\r1\r"
	list := tenSteps(4, suspend)
	list[4].found = suspend
	drive(t, Options{}, contoso(), list, func(d *driver) {
		to(4)(d)
		for _, c := range mail {
			if c == '\r' {
				d.send(named("enter"))
			} else {
				d.send(tea.KeyPressMsg(tea.Key{Code: c, Text: string(c)}))
			}
			d.wait(60 * time.Millisecond)
		}
		if d.shows("If this key was meant, press it again."); list[4].applied > 0 || d.m.over.top() != nil || d.quit {
			t.Errorf("applied %d:\n%s", list[4].applied, d.view())
		}
		d.wait(aMoment)
		if d.press("enter"); list[4].applied != 1 {
			t.Errorf("applied %d:\n%s", list[4].applied, d.view())
		}
	})
}
