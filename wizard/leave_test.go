package wizard

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

func TestLeaveWithoutWindow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		keys []string
		quit bool
	}{
		{"q and Enter stay", []string{"q", "enter"}, false},
		{"q and Leave leave", []string{"q", "tab", "enter"}, true},
		{"q and Esc stay", []string{"q", "esc"}, false},
		{"Ctrl+C twice leaves", []string{"ctrl+c", "ctrl+c"}, true},
		{"Ctrl+C alone asks", []string{"ctrl+c"}, false},
		{"from help", []string{"?", "ctrl+c", "tab", "enter"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			drive(t, Options{}, contoso(), tenSteps(4, suspend), func(d *driver) {
				to(4)(d)
				d.press(tt.keys...)
				if d.quit != tt.quit {
					t.Errorf("quit is %t, want %t:\n%s", d.quit, tt.quit, d.view())
				}
				if d.quit && d.m.Result() != Left {
					t.Errorf("result %d, want %d", d.m.Result(), Left)
				}
			})
		})
	}
}

func TestLeaveClosesTheWindowFirst(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("ctrl+c", "ctrl+c", "q")
		d.is(walker.Found, &leaveDialog{})
		if d.quit {
			t.Fatal("Ctrl+C left with the window open")
		}
		if n := len(d.m.focus().actions()); n != 3 {
			t.Errorf("the question has %d answers, want 3", n)
		}
		d.press("enter")
		if _, open := run.Exposure(); open || !d.quit {
			t.Errorf("open %t and quit %t, want closed and gone", open, d.quit)
		}
	})
}

func TestLeaveStaysUntilClosed(t *testing.T) {
	t.Parallel()
	run := contoso()
	tries := 0
	run.close = func(context.Context, func(steps.Event)) error {
		if tries++; tries < 4 {
			return errors.New("offline")
		}
		return nil
	}
	drive(t, Options{Portal: "https://portal.example"}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("q", "enter")
		d.is(walker.Found, &closingDialog{})
		d.shows("MFA is still off for service@contoso.com")
		d.shows("https://portal.example")
		d.press("d")
		d.shows("offline")
		d.press("esc", "o")
		if len(run.opened) != 1 {
			t.Error("o did not open the portal")
		}
		d.wait(4 * time.Second)
		d.shows("Tried 2 times")
		d.press("enter")
		d.shows("Tried 3 times")
		d.wait(4 * time.Second)
		if _, open := run.Exposure(); open || !d.quit {
			t.Errorf("after %d tries open %t and quit %t, want closed and gone", tries, open, d.quit)
		}
	})
}

// While putting MFA back waits for a sign-in, the screen says what is back already, and that the operator acts; what goes on beside that takes
// the sign-in off no screen.
func TestClosingWaitsForASignIn(t *testing.T) {
	t.Parallel()
	run := contoso()
	run.close = func(_ context.Context, report func(steps.Event)) error {
		report(steps.Event{Task: &steps.Task{Part: steps.PartSignIn, URL: "https://login.example", Items: []steps.Item{{ID: "sign-in", Text: "Sign in again"}}}})
		run.mu.Lock()
		run.open.Demanded = true
		run.mu.Unlock()
		report(steps.Event{Applied: &steps.Change{}, Beside: true})
		time.Sleep(2 * time.Minute)
		return nil
	}
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("q", "enter")
		d.wait(time.Minute)
		d.shows("Per-user MFA is on for service@contoso.com, but not everything is put back.")
		d.shows("Sign in again")
		if title := strings.Split(d.view(), "\n")[2]; !strings.Contains(title, "You") {
			t.Errorf("who acts now: %q", title)
		}
		d.wait(2 * time.Minute)
		if !d.quit {
			t.Error("it does not end")
		}
	})
}

// While it waits for that sign-in, the keys that leave say why nobody has left, its page can be opened, and it can be stopped: then the
// question is there again, and MFA still off.
func TestSignInOnTheWayOutCanBeStopped(t *testing.T) {
	t.Parallel()
	run := contoso()
	run.close = func(ctx context.Context, report func(steps.Event)) error {
		report(steps.Event{Task: &steps.Task{Part: steps.PartSignIn, URL: "https://login.example", Items: []steps.Item{{ID: "sign-in", Text: "Sign in again"}}}})
		<-ctx.Done()
		return ctx.Err()
	}
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 30*time.Minute)
		run.open.Found = true
		for _, key := range []string{"q", "ctrl+c"} {
			d.press("q", "enter")
			d.wait(time.Second)
			lines := strings.Split(strings.TrimRight(d.view(), "\n"), "\n")
			footer := lines[len(lines)-1]
			if !strings.Contains(footer, "o open link") || !strings.Contains(footer, "esc stop") || strings.Contains(footer, "leave") {
				t.Errorf("the footer is %q", footer)
			}
			d.press(key)
			d.shows("This program ends once that sign-in is done. Esc stops it, and asks again.")
			for _, opens := range []string{"o", "enter"} {
				opened := len(run.opened)
				if d.press(opens); len(run.opened) != opened+1 {
					t.Errorf("%s does not open the page", opens)
				}
			}
			d.press("esc")
			d.wait(time.Second)
			d.is(walker.Found, &leaveDialog{})
			d.shows("MFA is still off for service@contoso.com")
			d.press("esc")
			d.is(walker.Found, nil)
		}
		if _, open := run.Exposure(); !open || d.quit {
			t.Errorf("open %t and quit %t, want open and here", open, d.quit)
		}
	})
}

// Whoever leaves knows before that it takes a sign-in.
func TestLeavingNamesTheSignIn(t *testing.T) {
	t.Parallel()
	run := contoso()
	run.signsIn = true
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("q")
		d.shows("Sign in, then: Put MFA back and leave")
	})
}

func TestStayAfterAFailedAttempt(t *testing.T) {
	t.Parallel()
	run := contoso()
	run.close = func(context.Context, func(steps.Event)) error { return errors.New("offline") }
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("q", "enter", "esc")
		d.is(walker.Found, nil)
		d.wait(10 * time.Second)
		d.is(walker.Found, nil)
		d.shows("MFA OFF")
	})
}

// TestFoundOpen: a window that an earlier run left open is past its cap, and waits for the operator all the same. When
// nobody is there, the program ends without changing anything.
func TestFoundOpen(t *testing.T) {
	t.Parallel()
	for name, opened := range map[string]time.Duration{"known": 2 * time.Hour, "unknown": 0} {
		t.Run(name, func(t *testing.T) {
			run := contoso()
			drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
				to(4)(d)
				run.open = &steps.Exposure{Account: "service@contoso.com", Cap: 30 * time.Minute, Found: true}
				if opened > 0 {
					run.open.Opened = time.Now().Add(-opened)
				}
				d.wait(time.Minute)
				d.is(walker.Found, nil)
				d.shows("left open by an earlier run")
				if name == "known" {
					d.shows("MFA OFF 2:01:")
				}
				d.press("q")
				d.is(walker.Found, &leaveDialog{})
				d.shows("Put MFA back and leave")
				d.press("esc")
				d.send(LeaveMsg{Now: true})
				if _, open := run.Exposure(); !open || !d.quit {
					t.Errorf("open %t and quit %t, want open and gone", open, d.quit)
				}
			})
		})
	}
}

// TestUnguarded: while another guard is looked for the status line says so.
func TestUnguarded(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.open = &steps.Exposure{Account: "service@contoso.com", Opened: time.Now(), Cap: 30 * time.Minute, Unguarded: true}
		d.wait(time.Second)
		d.shows("a second process is being started")
	})
}

// TestNoGuard: where no guard can be had, the window is closed within seconds, and the screen says why.
func TestNoGuard(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.open = &steps.Exposure{
			Account: "service@contoso.com", Opened: time.Now(), Cap: 30 * time.Minute, Unguarded: true,
			NoGuard: "no second process can be started: the program's file is gone",
		}
		d.wait(2 * time.Second)
		if _, open := run.Exposure(); open {
			t.Fatal("the window stays open unguarded")
		}
		d.is(walker.Found, &cappedDialog{})
		for _, words := range []string{"MFA is back for service@contoso.com", "no second process can be started", "the program's file is gone. So"} {
			d.shows(words)
		}
		d.hides("limit of")
	})
}

func TestLeavingStopsApplyFirst(t *testing.T) {
	t.Parallel()
	run := contoso()
	list := applyThen(tenSteps(0, suspend), 0)
	drive(t, Options{}, run, list, func(d *driver) {
		d.press("enter")
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("q")
		d.is(walker.Applying, &leaveDialog{})
		d.press("enter")
		if _, open := run.Exposure(); open || !d.quit {
			t.Errorf("open %t and quit %t, want closed and gone", open, d.quit)
		}
	})
}

// TestLeavingDoesNotWaitForever: a step that does not stop does not keep the window open.
func TestLeavingDoesNotWaitForever(t *testing.T) {
	t.Parallel()
	run := contoso()
	list := tenSteps(0, suspend)
	release := make(chan struct{}, 1)
	list[0].apply = func(context.Context, func(steps.Event)) error {
		time.Sleep(time.Hour)
		release <- struct{}{}
		return nil
	}
	drive(t, Options{}, run, list, func(d *driver) {
		d.press("enter")
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("q", "enter")
		d.is(walker.Stopping, &closingDialog{})
		d.wait(haltFor + time.Second)
		if _, open := run.Exposure(); open || !d.quit {
			t.Errorf("open %t and quit %t, want closed and gone", open, d.quit)
		}
		time.Sleep(time.Hour)
		<-release
	})
}

func TestCapClosesByItself(t *testing.T) {
	t.Parallel()
	run := contoso()
	list := tenSteps(4, suspend)
	drive(t, Options{}, run, list, func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 10*time.Minute)
		d.wait(7*time.Minute + 59*time.Second)
		d.hides("left, then it closes")
		d.wait(2 * time.Second)
		d.shows("left, then it closes by itself")
		d.wait(2 * time.Minute)
		if _, open := run.Exposure(); open {
			t.Fatal("the window is open after its cap")
		}
		d.is(walker.Found, &cappedDialog{})
		d.shows("closed it by itself")
		before := list[4].inspected
		d.press("enter")
		d.is(walker.Found, nil)
		if list[4].inspected != before+1 {
			t.Error("the step was not read again")
		}
	})
}

func TestLeaveMsg(t *testing.T) {
	t.Parallel()
	t.Run("asks", func(t *testing.T) {
		drive(t, Options{}, contoso(), tenSteps(4, suspend), func(d *driver) {
			requests := make(chan LeaveMsg, 1)
			d.m.opts.Leave = requests
			d.start(d.m.exit.listen(d.m))
			for range 2 {
				requests <- LeaveMsg{}
				d.settle()
				d.is(walker.Found, &leaveDialog{})
				d.press("esc")
			}
		})
	})
	t.Run("now closes and ends", func(t *testing.T) {
		run := contoso()
		drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
			run.expose("service@contoso.com", 30*time.Minute)
			d.send(LeaveMsg{Now: true})
			if _, open := run.Exposure(); open || !d.quit {
				t.Errorf("open %t and quit %t, want closed and gone", open, d.quit)
			}
		})
	})
}

// The third answer puts MFA back, and disables the account.
func TestLeaveDisabled(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		run.expose("service@contoso.com", 30*time.Minute)
		d.press("q", "tab", "tab", "enter")
		if _, open := run.Exposure(); open || !run.disabled || !d.quit {
			t.Errorf("open %t, disabled %t, quit %t", open, run.disabled, d.quit)
		}
	})
}

// Nobody sees the closing fail: some minutes later it is left to the guard, and the process ends.
func TestUnattendedClosingEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		unguarded bool
		asks      bool
		ends      bool
	}{
		"guarded":                       {ends: true},
		"unguarded":                     {unguarded: true},
		"unguarded, a person is needed": {unguarded: true, asks: true, ends: true},
	} {
		t.Run(name, func(t *testing.T) {
			run := contoso()
			run.close = func(ctx context.Context, report func(steps.Event)) error {
				if c.asks {
					report(steps.Event{Task: &steps.Task{Part: steps.PartSignIn, URL: "https://login.example"}})
					<-ctx.Done()
				}
				return errors.New("offline")
			}
			drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
				to(4)(d)
				run.expose("service@contoso.com", 30*time.Minute)
				run.open.Unguarded = c.unguarded
				d.send(LeaveMsg{Now: true})
				d.wait(steps.ClosingBound - time.Second)
				if d.quit {
					t.Error("it ends before its time")
				}
				d.wait(2 * time.Second)
				if d.quit != c.ends {
					t.Errorf("quit %t, want %t", d.quit, c.ends)
				}
			})
		})
	}
}

// Where the system ends the program within seconds, as after a console was closed, no step is waited for, and what can't be
// closed by then is left to the guard.
func TestNoTimeToLeave(t *testing.T) {
	t.Parallel()
	soon := LeaveMsg{Now: true, Within: 4 * time.Second}
	t.Run("a step that does not stop", func(t *testing.T) {
		run, list, release := contoso(), tenSteps(0, suspend), make(chan struct{}, 1)
		list[0].apply = func(context.Context, func(steps.Event)) error {
			time.Sleep(time.Hour)
			release <- struct{}{}
			return nil
		}
		drive(t, Options{}, run, list, func(d *driver) {
			d.press("enter")
			run.expose("service@contoso.com", 30*time.Minute)
			d.send(soon)
			d.wait(time.Second)
			if _, open := run.Exposure(); open {
				t.Error("it waits for the step")
			}
			time.Sleep(time.Hour)
			<-release
		})
	})
	t.Run("no network", func(t *testing.T) {
		run := contoso()
		run.close = func(context.Context, func(steps.Event)) error { return errors.New("offline") }
		drive(t, Options{}, run, tenSteps(4, suspend), func(d *driver) {
			to(4)(d)
			run.expose("service@contoso.com", 30*time.Minute)
			d.send(soon)
			d.wait(3 * time.Second)
			if d.quit {
				t.Error("it ends before its time")
			}
			if d.wait(2 * time.Second); !d.quit {
				t.Error("it is still there when the system ends it")
			}
		})
	})
}

// TestCloseLast: when the program ended some other way, the window is closed after it.
func TestCloseLast(t *testing.T) {
	t.Parallel()
	run := contoso()
	drive(t, Options{Portal: "https://portal.example"}, run, tenSteps(4, suspend), func(d *driver) {
		run.expose("service@contoso.com", 30*time.Minute)
		gone, cancel := context.WithCancel(d.t.Context())
		cancel()
		if err := d.m.exit.closeLast(d.m, gone); err != nil {
			t.Error(err)
		}
		if _, open := run.Exposure(); open {
			t.Error("the window is still open")
		}
	})
}
