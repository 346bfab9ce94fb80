//go:build linux

package clipboard

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// shortHold is one that these desktops are held to; that it is 45 seconds where nothing else is said is seen in virtual time.
const shortHold = 2 * time.Second

func TestTheClipboardIsEmptyAfterTheHold(t *testing.T) {
	t.Parallel()
	var ends []func()
	for name, connect := range desktops {
		for _, others := range []string{"", "a shopping list"} {
			d := connect(t)
			c := with(Options{Hold: shortHold}, []way{d.way}, nil, false)
			copied(t, c, "the one before")
			copied(t, c, password)
			last := time.Now()
			d.holding(t, password)
			if others != "" {
				d.copy(t, others)
				d.holding(t, others)
			}
			ends = append(ends, func() {
				time.Sleep(time.Until(last.Add(shortHold + time.Second)))
				if got := d.paste(t); got != others {
					t.Errorf("%s: after the hold of the last copy it holds %q, want %q", name, got, others)
				}
				closed(t, c)
				if got := d.paste(t); got != others {
					t.Errorf("%s: after Close it holds %q, want %q", name, got, others)
				}
			})
		}
	}
	for _, end := range ends {
		end()
	}
}

const childOf = "CLIPBOARD_TEST_DISPLAY"

func TestMain(m *testing.M) {
	display, socket := os.Getenv(childOf), os.Getenv("CLIPBOARD_TEST_SOCKET")
	if display+socket == "" {
		os.Exit(m.Run())
	}
	var w way = &x11{display: display}
	if socket != "" {
		w = &wayland{socket: socket}
	}
	if _, err := with(Options{}, []way{w}, nil, false).Copy(context.Background(), secret(password)); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("copied")
	select {}
}

// Killed, this process takes the value with it where it served it.
func TestAKilledProcessLeavesNothing(t *testing.T) {
	eachDesktop(t, func(t *testing.T, d desktop) {
		var env string
		switch w := d.way.(type) {
		case *x11:
			env = childOf + "=" + w.display
		case *wayland:
			env = "CLIPBOARD_TEST_SOCKET=" + w.socket
		default:
			t.Skip("this one keeps the value")
		}
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), env)
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		d.holding(t, password)
		for _, file := range []string{"cmdline", "environ"} {
			content, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", cmd.Process.Pid, file))
			if err != nil || bytes.Contains(content, []byte(password)) {
				t.Errorf("%s shows it, or can't be read: %v", file, err)
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		eventually(t, "the clipboard to be empty", func() bool { return d.paste(t) == "" })
	})
}
