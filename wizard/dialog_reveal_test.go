package wizard

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// asked brings up the question about the first secret, which no clipboard took.
func asked(t *testing.T, f func(d *driver)) {
	t.Helper()
	drive(t, Options{}, contoso(), tenSteps(1, setupTask), func(d *driver) {
		to(1)(d)
		d.press("c", "s")
		d.is(walker.Found, &askRevealDialog{})
		f(d)
	})
}

// shown lets the first secret be seen.
func shown(t *testing.T, f func(d *driver)) {
	t.Helper()
	asked(t, func(d *driver) {
		d.press("tab", "enter")
		d.is(walker.Found, &revealDialog{})
		d.shows("conf-secret-1")
		f(d)
	})
}

func TestTheFirstAnswerShowsNothing(t *testing.T) {
	t.Parallel()
	for _, k := range []string{"enter", "esc", "q", "ctrl+c"} {
		asked(t, func(d *driver) {
			d.shows("Can anybody else see this screen?")
			d.hides("conf-secret-1")
			d.press(k)
			d.hides("conf-secret-1")
			if d.m.over.revealing() != nil {
				t.Errorf("%s shows it", k)
			}
		})
	}
}

// A poll that comes in while the question is on screen moves no focus of the question's.
func TestThePollDoesNotAnswer(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(1, setupTask), func(d *driver) {
		to(1)(d)
		d.press("tab", "c", "s")
		d.wait(setupTask.Poll + time.Second)
		d.press("enter")
		d.is(walker.Found, nil)
		if d.m.focus().place() != 1 {
			t.Errorf("the step's own focus is on %d", d.m.focus().place())
		}
	})
}

func TestASecretIsShownForItsTime(t *testing.T) {
	t.Parallel()
	shown(t, func(d *driver) {
		d.shows("Hidden in 10 s")
		d.wait(3 * time.Second)
		d.shows("Hidden in 7 s")
		d.wait(6900 * time.Millisecond)
		d.shows("conf-secret-1")
		d.wait(200 * time.Millisecond)
		d.hides("conf-secret-1")
		d.is(walker.Found, nil)
		d.shows("not shown a second time")
		if !d.m.current().Carried["config"] {
			t.Error("the value does not count as carried over")
		}
	})
}

// Whatever else happens takes it off the screen in the same moment.
func TestASecretIsHiddenAtOnce(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(d *driver){
		"esc":       func(d *driver) { d.press("esc") },
		"enter":     func(d *driver) { d.press("enter") },
		"q":         func(d *driver) { d.press("q") },
		"ctrl+c":    func(d *driver) { d.press("ctrl+c") },
		"resize":    func(d *driver) { d.send(tea.WindowSizeMsg{Width: 120, Height: 40}) },
		"suspend":   func(d *driver) { d.send(tea.SuspendMsg{}) },
		"resume":    func(d *driver) { d.send(tea.ResumeMsg{}) },
		"signal":    func(d *driver) { d.send(LeaveMsg{Now: true}) },
		"late tick": func(d *driver) { time.Sleep(revealFor); d.m.Update(nil) },
		"the step goes on": func(d *driver) {
			found := setupTask
			found.Status, found.Task, found.Poll = steps.Done, nil, 0
			before := d.m.current().Found
			d.m.current().Found = &found
			d.m.flow.found(d.m, before, false)
			d.m.Update(nil)
		},
		"the exposure window reaches its cap": func(d *driver) {
			d.run.expose("service@contoso.com", time.Second)
			d.wait(2 * time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			shown(t, func(d *driver) {
				act(d)
				d.hides("conf-secret-1")
				if d.m.over.revealing() != nil {
					t.Error("it is still being shown")
				}
			})
		})
	}
}

func TestASecretIsShownOnce(t *testing.T) {
	t.Parallel()
	shown(t, func(d *driver) {
		d.press("esc", "s")
		d.is(walker.Found, nil)
		d.shows("c  shown")
		d.press("c", "s") // the user name, which is on screen anyway
		d.is(walker.Found, nil)
		d.press("c", "s", "tab", "enter")
		d.shows("pass-secret-2")
		d.press("esc")
		said := false
		for range 6 {
			d.press("c", "s")
			d.is(walker.Found, nil)
			d.hides("conf-secret-1")
			d.hides("pass-secret-2")
			said = said || strings.Contains(d.m.note, "was shown already")
		}
		if !said {
			t.Error("nothing says why it is not shown again")
		}
	})
}

// A clipboard that took it leaves nothing to ask about.
func TestACopiedSecretIsNotShown(t *testing.T) {
	t.Parallel()
	drive(t, Options{Copy: confirmed}, contoso(), tenSteps(0, setupTask), func(d *driver) {
		d.press("s", "c", "s")
		d.is(walker.Found, nil)
	})
}

// What a screen would draw in another way is not shown.
func TestAnUnfaithfulSecretIsNotShown(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"a\x1b[31mb", "a\u202eb", " a", "a\tb"} {
		found := setupTask
		task := *setupTask.Task
		task.Items = []steps.Item{{ID: "config", Text: "Paste it", Copy: graph.NewSecret(secret)}}
		found.Task = &task
		drive(t, Options{}, contoso(), tenSteps(0, found), func(d *driver) {
			d.press("c", "s", "tab", "enter")
			d.is(walker.Found, nil)
			d.shows("no screen shows faithfully")
		})
	}
}

// The secret keeps to the frame at every size, whole, and is nowhere but in it.
func TestRevealedFrames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Conf-Secret", 12)
	for _, size := range sizes {
		found := setupTask
		task := *setupTask.Task
		task.Items = []steps.Item{{ID: "config", Text: "Paste the configuration password", Copy: graph.NewSecret(long)}}
		found.Task = &task
		var log bytes.Buffer
		o := Options{Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
		drive(t, o, contoso(), tenSteps(0, found), func(d *driver) {
			d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
			d.press("c", "s", "tab", "enter")
			checkFrame(t, d.m)
			f := d.m.frame()
			p := d.m.body().content(f.body.w)
			if seen := p.fold(f.body.h).window(d.m.body().offset(p, f.body.h)); !strings.Contains(squash(d.m.over.fill(ansi.Strip(strings.Join(seen, "")))), long) {
				t.Errorf("%s does not show all of it:\n%s", size.name, d.view())
			}
			v := d.m.View()
			if !v.AltScreen || strings.Contains(v.WindowTitle, "Conf-Secret") {
				t.Errorf("alternate screen %t, title %q", v.AltScreen, v.WindowTitle)
			}
			for _, k := range d.m.keys.bind(d.m).footer(d.m, 200) {
				if key := k.Help().Key; key == "?" || key == "d" {
					t.Errorf("%s would lie over it, and come off again", key)
				}
			}
			d.press("esc")
			if strings.Contains(log.String(), "Conf-Secret") {
				t.Error("it is in the log")
			}
		})
	}
}

// The page that belongs to the service account is asked for in a private window, and the note says so.
func TestPagesGoWhereTheyBelong(t *testing.T) {
	t.Parallel()
	for _, private := range []bool{true, false} {
		found := setupTask
		task := *setupTask.Task
		task.Private = private
		found.Task = &task
		run := &placedRun{fakeRun: contoso()}
		drive(t, Options{}, run.fakeRun, tenSteps(0, found), func(d *driver) {
			d.m.run = run
			d.press("o")
			if len(run.private) != 1 || run.private[0] != private {
				t.Errorf("asked for private windows: %v, want %v", run.private, private)
			}
			d.shows(map[bool]string{true: "Check that it says Private before anybody signs in.", false: "in an ordinary window."}[private])
		})
	}
}

// placedRun keeps which pages were to be private.
type placedRun struct {
	*fakeRun
	private []bool
}

func (r *placedRun) Open(ctx context.Context, address string, private bool) (string, error) {
	r.private = append(r.private, private)
	return r.fakeRun.Open(ctx, address, private)
}
