package wizard

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// The code of a sign-in is good once: until Microsoft is asked again, the part is not offered a second time.
func TestSignInIsPlayedOnce(t *testing.T) {
	t.Parallel()
	truthWalk{profile: "fresh"}.begin(t, func(d *driver, _ *outside) {
		for d.m.flow.walk.State != walker.Applying || !d.m.rehearsal.playable(d.m) {
			d.press("enter")
			d.wait(time.Second)
		}
		d.shows("p play this part")
		d.press("p")
		d.shows("The part was played.")
		if d.m.task() == nil {
			t.Fatalf("the sign-in was noticed at once:\n%s", d.view())
		}
		d.hides("play this part")
		d.press("p")
		d.shows("The part was played.")
		d.wait(time.Minute)
		if here := d.m.current().Info.ID; here == steps.SignIn {
			t.Errorf("nobody is signed in:\n%s", d.view())
		}
	})
}

func TestPartThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	run := contoso()
	run.person = playerFunc(func(context.Context, string, map[string]string) (string, error) {
		return "", errors.New("run-setup: the page \"Setup\": the password was refused")
	})
	drive(t, Options{}, run, tenSteps(0, setupTask), func(d *driver) {
		d.press("p")
		d.shows("The part could not be played: run-setup: the page \"Setup\": the password was refused.")
		d.shows("p play this part") // again
	})
}

// What the part brings about can be noticed before the part has ended: setup is there, and the person is still to sign in to what was
// set up.
func TestPartIsPlayedToItsEnd(t *testing.T) {
	t.Parallel()
	polled := setupTask
	polled.Poll = 5 * time.Second
	run, list := contoso(), tenSteps(0, polled)
	var end error
	run.person = playerFunc(func(ctx context.Context, _ string, _ map[string]string) (string, error) {
		list[0].found = list[6].found
		select {
		case <-time.After(time.Minute):
		case <-ctx.Done():
		}
		end = ctx.Err()
		return "", end
	})
	drive(t, Options{}, run, list, func(d *driver) {
		d.press("p")
		d.wait(50 * time.Second)
		d.hides("this is done")
		d.wait(20 * time.Second)
		d.shows("this is done")
	})
	if end != nil {
		t.Errorf("the part was ended: %v", end)
	}
}

// What a part answers is said, until the next key.
func TestPlayedAnswerIsSaid(t *testing.T) {
	t.Parallel()
	said := false
	onReal(t, "fresh", steps.Options{}, func(d *driver) {
		d.walk(func(d *driver, _ string) {
			if found := d.m.current().Found; said || found == nil || found.Task == nil || found.Task.Part != steps.PartPortalVersion {
				return
			}
			said = true
			d.press("p")
			d.wait(20e9)
			d.shows("Played: older: with the page Administration / Office 365 account")
			d.press("tab")
			d.hides("Played:")
		})
	})
	if !said {
		t.Error("the version was not asked for")
	}
}
