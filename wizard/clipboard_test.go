package wizard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// The clipboards of tests, in the words of the real ones.

func confirmed(context.Context, graph.Secret) (clipboard.Report, error) {
	return clipboard.Report{Confirmed: []string{"Copied to the X11 clipboard and read back."}, Hold: clipboard.Hold}, nil
}

const sentBlindly = "Sent to the terminal's clipboard, which confirms nothing and can't be cleared from here. " +
	"When you have pasted it, copy something else."

func blind(context.Context, graph.Secret) (clipboard.Report, error) {
	return clipboard.Report{Unconfirmed: []string{sentBlindly}, Hold: clipboard.Hold}, nil
}

// twofold is a session over ssh, with a clipboard on each machine.
func twofold(context.Context, graph.Secret) (clipboard.Report, error) {
	return clipboard.Report{
		Confirmed: []string{"Copied to the X11 clipboard and read back."}, Unconfirmed: []string{sentBlindly}, Hold: clipboard.Hold,
	}, nil
}

func TestCopyMovesOnAndNeverShows(t *testing.T) {
	t.Parallel()
	var got []string
	o := Options{Copy: func(ctx context.Context, s graph.Secret) (clipboard.Report, error) {
		got = append(got, s.Reveal())
		return confirmed(ctx, s)
	}}
	drive(t, o, contoso(), tenSteps(0, setupTask), func(d *driver) {
		for range 4 {
			d.press("c")
			d.hides("conf-secret-1")
			d.hides("pass-secret-2")
		}
		want := []string{"conf-secret-1", "service.delegate365@contoso.com", "pass-secret-2", "conf-secret-1"}
		if !slices.Equal(got, want) {
			t.Errorf("copied %q, want %q", got, want)
		}
	})
}

func TestCopySaysWhatItCouldConfirm(t *testing.T) {
	t.Parallel()
	none := func(context.Context, graph.Secret) (clipboard.Report, error) {
		return clipboard.Report{}, errors.Join(clipboard.ErrNone, errors.New("no display"))
	}
	for name, tt := range map[string]struct {
		copier  func(context.Context, graph.Secret) (clipboard.Report, error)
		says    string
		carried bool
	}{
		"confirmed": {confirmed, "Copied to the X11 clipboard and read back. It is taken away in 45 s, or at the next copy. A clipboard history may keep it.", true},
		"blind":     {blind, sentBlindly + " If pasting brings something else, s shows it once.", true},
		"twofold":   {twofold, "Copied to the X11 clipboard and read back. It is taken away in 45 s, or at the next copy. A clipboard history may keep it. " + sentBlindly, true},
		"none":      {none, "No clipboard can be reached from here. s shows the value once, after a question.", false},
		"not given": {nil, "No clipboard can be reached from here. s shows the value once, after a question.", false},
	} {
		t.Run(name, func(t *testing.T) {
			drive(t, Options{Copy: tt.copier}, contoso(), tenSteps(0, setupTask), func(d *driver) {
				d.press("c")
				d.shows(tt.says)
				if got := d.m.current().Carried["config"]; got != tt.carried {
					t.Errorf("the value counts as copied: %t, want %t", got, tt.carried)
				}
			})
		})
	}
}

// What is no secret stands on screen already.
func TestUncopiedUserNameIsTyped(t *testing.T) {
	t.Parallel()
	found := setupTask
	found.Task = &steps.Task{Part: "device-login", Code: "ABCD", URL: "https://microsoft.com/devicelogin"}
	drive(t, Options{}, contoso(), tenSteps(0, found), func(d *driver) {
		d.press("c")
		d.shows("The value is no secret: type what is on screen.")
		d.press("s")
		d.is(walker.Found, nil)
	})
}

// Where no page can be opened from here, Enter takes the operator's word that it is open.
func TestOpenedByHandIsCarriedOut(t *testing.T) {
	t.Parallel()
	run := &fakeRun{operator: "admin@contoso.com", tenant: "contoso.com", openErr: steps.ErrNoBrowser}
	drive(t, Options{}, run, tenSteps(0, setupTask), func(d *driver) {
		d.press("o")
		d.shows("Open it yourself")
		d.shows("enter I have opened it")
		d.hides("open link")
		d.shows("o  show")
		d.m.note = ""
		d.press("o")
		d.shows("o show link")
		d.shows("then press Enter: " + setupTask.Task.URL)
		d.press("enter")
		d.hides("I have opened it")
		if !d.m.current().Carried["open"] || !slices.Equal(run.told, []string{setupTask.Task.URL}) {
			t.Errorf("%v, %q:\n%s", d.m.current().Carried, run.told, d.view())
		}
	})
}

// Once no page could be opened, the next instruction to open one says from the start what Enter does, and nothing is tried by it.
func TestNoBrowserIsKnown(t *testing.T) {
	t.Parallel()
	run := &fakeRun{operator: "admin@contoso.com", tenant: "contoso.com", openErr: steps.ErrNoBrowser}
	list := tenSteps(0, setupTask)
	again := setupTask
	task := *setupTask.Task
	task.URL, again.Task = "https://contoso.delegate365.com", &task
	list[1].found = again
	drive(t, Options{}, run, list, func(d *driver) {
		d.press("o")
		d.press("enter")
		list[0].found.Status = steps.Done
		list[0].found.Task, list[0].found.Actions = nil, []steps.Action{{ID: steps.ActNext, Label: "Continue"}}
		d.wait(6 * time.Second)
		d.shows("enter I have opened it")
		d.shows(task.URL)
		d.press("enter")
		d.hides("No browser can be opened")
		if !d.m.current().Carried["open"] || !slices.Contains(run.told, task.URL) {
			t.Errorf("%v, %q:\n%s", d.m.current().Carried, run.told, d.view())
		}
	})
}

// Two presses in quick succession: the second value is the one that counts, and the first copy is told to stop.
func TestTheLastCopyCounts(t *testing.T) {
	t.Parallel()
	var stopped error
	calls := 0
	o := Options{Copy: func(ctx context.Context, s graph.Secret) (clipboard.Report, error) {
		if calls++; calls > 1 {
			return confirmed(ctx, s)
		}
		<-ctx.Done()
		stopped = ctx.Err()
		return clipboard.Report{}, stopped
	}}
	drive(t, o, contoso(), tenSteps(0, setupTask), func(d *driver) {
		d.press("c", "c")
		if stopped == nil {
			t.Error("the first copy goes on")
		}
		d.shows("Copied to the X11 clipboard and read back.")
		if carried := d.m.current().Carried; carried["config"] || !carried["user"] {
			t.Errorf("copied are %v", carried)
		}
	})
}

func TestEndOfTheHoldIsSaid(t *testing.T) {
	t.Parallel()
	gone := clearedMsg{clipboard.Cleared{Emptied: []string{"the X11 clipboard"}}}
	const said = "The copied value was taken off the X11 clipboard."
	drive(t, Options{Copy: confirmed}, contoso(), tenSteps(1, setupTask), func(d *driver) {
		d.send(gone)
		d.hides(said)
		to(1)(d)
		d.press("c")
		d.wait(clipboard.Hold)
		d.send(gone)
		d.shows(said)
		d.press("esc")
		d.hides(said)
		d.send(gone)
		d.hides(said)
	})
}

func TestTerminalWithoutAWizard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		screen := &Terminal{}
		if _, err := screen.Write([]byte("x")); err == nil {
			t.Error("it was written")
		}
		screen.Cleared(clipboard.Cleared{})
		time.Sleep(time.Second)
	})
}

// An address that is longer than its place loses its query, and then its end: it is never broken in the middle of a word.
func TestLongAddressTakesOneLine(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(0, setupTask), func(d *driver) {
		long := "https://127.0.0.1:41151/796432bf-ddd8-47a1-bea0-191c52debf95/oauth2/v2.0/authorize?" + strings.Repeat("scope=openid&", 30)
		for _, w := range []int{40, 72, 90} {
			p := &page{m: d.m, w: w}
			if got := p.shortURL(long); width(got) > w-2 || !strings.HasPrefix(got, "https://127.0.0.1:41151/") || !strings.HasSuffix(got, d.m.look.glyphs.Ellipsis) {
				t.Errorf("in %d columns it is %q", w, got)
			}
		}
	})
}
