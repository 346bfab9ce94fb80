//go:build linux

package clipboard

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// desktop is a real clipboard and other programs that use it.
type desktop struct {
	way   way
	paste func(t *testing.T) string
	copy  func(t *testing.T, text string)
	types func(t *testing.T) string // empty where values have no types
}

var desktops = map[string]func(t *testing.T) desktop{
	"X11 with xclip": withXclip, "X11 with xsel": withXsel, "Wayland with wl-clipboard": withWayland, "tmux": withTmux,
}

// need skips where a program is missing, and fails where all of them have to be there.
func need(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
}

// start runs a program until the test is over.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
}

// said is what a program prints; it is empty when the program fails, as the readers do on an empty clipboard.
func said(t *testing.T, env, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env)
	out, _ := cmd.Output()
	if ctx.Err() != nil {
		t.Fatalf("%s did not answer", name)
	}
	return string(out)
}

// fed runs a program that reads text and goes on in the background until the test is over.
func fed(t *testing.T, env, text, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env)
	cmd.Stdin = strings.NewReader(text)
	start(t, cmd)
}

// x11Server is the display of a new X server.
func x11Server(t *testing.T) string {
	t.Helper()
	need(t, "Xvfb")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	start(t, cmd)
	w.Close()
	_ = r.SetReadDeadline(time.Now().Add(20 * time.Second))
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

func withXclip(t *testing.T) desktop {
	need(t, "xclip")
	display := x11Server(t)
	env := "DISPLAY=" + display
	out := []string{"-selection", "clipboard", "-out"}
	return desktop{
		way:   &x11{display: display},
		paste: func(t *testing.T) string { return said(t, env, "xclip", out...) },
		copy: func(t *testing.T, text string) {
			fed(t, env, text, "xclip", "-selection", "clipboard", "-in", "-quiet")
		},
		types: func(t *testing.T) string {
			return said(t, env, "xclip", append(out, "-target", "TARGETS")...) + said(t, env, "xclip", append(out, "-target", kdeHint)...)
		},
	}
}

func withXsel(t *testing.T) desktop {
	need(t, "xsel")
	display := x11Server(t)
	env := "DISPLAY=" + display
	return desktop{
		way:   &x11{display: display},
		paste: func(t *testing.T) string { return said(t, env, "xsel", "--clipboard", "--output") },
		copy:  func(t *testing.T, text string) { fed(t, env, text, "xsel", "--clipboard", "--input", "--nodetach") },
	}
}

func withWayland(t *testing.T) desktop {
	need(t, "sway", "wl-copy", "wl-paste")
	dir, err := os.MkdirTemp("", "wayland")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	cmd := exec.Command("sway", "--config", "/dev/null")
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir, "WLR_BACKENDS=headless", "WLR_RENDERER=pixman", "WLR_LIBINPUT_NO_DEVICES=1")
	if os.Getuid() == 0 { // sway refuses to run as root
		nobody, err := user.Lookup("nobody")
		if err != nil {
			t.Skip("sway does not run as root, and there is nobody else")
		}
		uid, _ := strconv.Atoi(nobody.Uid)
		gid, _ := strconv.Atoi(nobody.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	start(t, cmd)
	socket := filepath.Join(dir, "wayland-1")
	eventually(t, "sway to listen", func() bool {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	env := "WAYLAND_DISPLAY=" + socket
	return desktop{
		way:   &wayland{socket: socket},
		paste: func(t *testing.T) string { return said(t, env, "wl-paste", "--no-newline") },
		// As an argument, because what wl-copy reads it leaves behind in a file.
		copy: func(t *testing.T, text string) { fed(t, env, "", "wl-copy", "--foreground", "--", text) },
		types: func(t *testing.T) string {
			return said(t, env, "wl-paste", "--list-types") + said(t, env, "wl-paste", "--type", kdeHint)
		},
	}
}

func withTmux(t *testing.T) desktop {
	need(t, "tmux")
	socket := filepath.Join(t.TempDir(), "tmux")
	cmd := exec.Command("tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "sleep 600")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("tmux: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", socket, "kill-server").Run() })
	return desktop{
		way:   &tmux{socket, run},
		paste: func(t *testing.T) string { return said(t, "A=B", "tmux", "-S", socket, "save-buffer", "-") },
		copy: func(t *testing.T, text string) {
			fed(t, "A=B", text, "tmux", "-S", socket, "load-buffer", "-")
		},
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 10 s for %s", what)
		}
	}
}

// holding waits until a paste brings text.
func (d desktop) holding(t *testing.T, text string) {
	t.Helper()
	eventually(t, fmt.Sprintf("the clipboard to hold %q", text), func() bool { return d.paste(t) == text })
}

func eachDesktop(t *testing.T, test func(t *testing.T, d desktop)) {
	t.Parallel()
	for name, make := range desktops {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, make(t))
		})
	}
}

func TestACopyCanBePasted(t *testing.T) {
	eachDesktop(t, func(t *testing.T, d desktop) {
		c := with(Options{Hold: time.Hour}, []way{d.way}, nil, false)
		for _, text := range []string{password, "naïve 漢字 \U0001F511", strings.Repeat("long ", 2000)} {
			copied(t, c, text)
			for range 2 {
				if got := d.paste(t); got != text {
					t.Errorf("pasted %q, want %q", got, text)
				}
			}
		}
		if d.types != nil {
			if got := d.types(t); !strings.Contains(got, kdeHint) || !strings.HasSuffix(strings.TrimSpace(got), kdeSecret) {
				t.Errorf("clipboard managers are not told that it is a secret: %s", got)
			}
		}
		if gone := closed(t, c); len(gone.Emptied) != 1 {
			t.Errorf("%+v", gone)
		}
		if got := d.paste(t); got != "" {
			t.Errorf("it still holds %q", got)
		}
	})
}

func TestWhatAnotherProgramCopiedIsKept(t *testing.T) {
	eachDesktop(t, func(t *testing.T, d desktop) {
		c := with(Options{Hold: time.Hour}, []way{d.way}, nil, false)
		copied(t, c, password)
		d.copy(t, "a shopping list")
		d.holding(t, "a shopping list")
		closed(t, c)
		if got := d.paste(t); got != "a shopping list" {
			t.Errorf("it holds %q", got)
		}
	})
}

// A clipboard manager takes over what is copied, so that it outlives the program it came from.
func TestWhatAManagerTookOverIsTakenAway(t *testing.T) {
	eachDesktop(t, func(t *testing.T, d desktop) {
		c := with(Options{Hold: time.Hour}, []way{d.way}, nil, false)
		copied(t, c, password)
		d.copy(t, password)
		time.Sleep(200 * time.Millisecond)
		d.holding(t, password)
		if gone := closed(t, c); len(gone.Emptied) != 1 {
			t.Errorf("%+v", gone)
		}
		if got := d.paste(t); got != "" {
			t.Errorf("it still holds %q", got)
		}
	})
}

// On a desktop that is gone, everything ends in time and says so.
func TestADesktopThatIsGone(t *testing.T) {
	t.Parallel()
	for _, w := range []way{&x11{display: ":4999"}, &wayland{socket: "/nonexistent/wayland-0"}, &tmux{"/nonexistent/tmux", run}} {
		c := with(Options{}, []way{w}, nil, false)
		if r, err := c.Copy(t.Context(), secret(password)); err == nil || len(r.Sentences()) != 0 {
			t.Errorf("%s: %+v, %v", w.name(), r, err)
		}
		closed(t, c)
	}
}

// Not parallel, so that only its own goroutines are counted.
func TestNoGoroutineIsLeftBehind(t *testing.T) {
	d := withXclip(t)
	before := runtime.NumGoroutine()
	for range 5 {
		c := with(Options{}, []way{d.way}, nil, false)
		copied(t, c, password)
		closed(t, c)
	}
	eventually(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
}

func TestTmuxForgetsWhatIsNotOnTop(t *testing.T) {
	t.Parallel()
	d := withTmux(t)
	c := with(Options{Hold: time.Hour}, []way{d.way}, nil, false)
	r := copied(t, c, password)
	if len(r.Unconfirmed) != 1 || r.Unrecorded {
		t.Errorf("%+v", r)
	}
	d.copy(t, "a shopping list")
	d.holding(t, "a shopping list")
	closed(t, c)
	w := d.way.(*tmux)
	list := said(t, "A=B", "tmux", "-S", w.socket, "list-buffers", "-F", "#{buffer_sample}")
	if got := strings.Fields(list); !slices.Equal(got, []string{"a", "shopping", "list"}) {
		t.Errorf("the buffers are %q", list)
	}
}
