//go:build linux

package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// script is a stand-in for a browser.
func script(t *testing.T, name, body string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return p
}

func opener(t *testing.T, programs ...string) *Opener {
	t.Helper()
	found := map[string]string{}
	for _, p := range programs {
		found[p] = ""
	}
	m := described{files: found, env: map[string]string{"DISPLAY": ":0", "BROWSER": strings.Join(programs, ":")}}.machine()
	return &Opener{system: Linux, machine: m, log: slog.New(slog.DiscardHandler)}
}

func TestOpenDoesNotWaitForTheBrowser(t *testing.T) {
	t.Parallel()
	pid := filepath.Join(t.TempDir(), "pid")
	o := opener(t, script(t, "firefox", `echo $$ >`+pid+`; echo noise; echo noise >&2; exec sleep 60`))
	start := time.Now()
	got, err := o.Open(t.Context(), page)
	if err != nil || !got.Private || got.Browser != "Firefox" {
		t.Fatalf("%+v, %v", got, err)
	}
	if took := time.Since(start); took > settle+2*time.Second {
		t.Errorf("it took %s", took)
	}
	id := running(t, pid)
	if session, err := getsid(id); err != nil || session != id {
		t.Errorf("the browser %d is in session %d, which ends with this program: %v", id, session, err)
	}
	command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", id))
	if err != nil || len(command) == 0 {
		t.Errorf("it does not run: %v", err)
	}
}

// xdg-open may stay for as long as the browser does, and is not asked for a private window.
func TestOpenOwnDoesNotWaitForTheBrowser(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	pid, given := filepath.Join(folder, "pid"), filepath.Join(folder, "given")
	start := time.Now()
	got, err := opener(t, script(t, "firefox", `echo $$ >`+pid+`; echo "$*" >`+given+`; exec sleep 60`)).OpenOwn(t.Context(), page)
	if err != nil || got.Private || !got.Own {
		t.Fatalf("%+v, %v", got, err)
	}
	if took := time.Since(start); took > settle+2*time.Second {
		t.Errorf("it took %s", took)
	}
	running(t, pid)
	if args, err := os.ReadFile(given); err != nil || strings.TrimSpace(string(args)) != page {
		t.Errorf("it was given %q, %v", args, err)
	}
}

// running is the process that wrote its id into a file. It is ended with the test.
func running(t *testing.T, file string) int {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var id int
	if _, err := fmt.Sscan(string(content), &id); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(id, syscall.SIGTERM) })
	return id
}

func getsid(pid int) (int, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(content), ") ")
	var state string
	var parent, group, session int
	_, err = fmt.Sscan(rest, &state, &parent, &group, &session)
	return session, err
}

func TestOpenTriesTheNextBrowser(t *testing.T) {
	broken, working := script(t, "google-chrome", "exit 1"), script(t, "firefox", "exit 0")
	if got, err := opener(t, broken, working).Open(t.Context(), page); err != nil || got.Browser != "Firefox" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := opener(t, broken).Open(t.Context(), page); !errors.Is(err, ErrNone) {
		t.Errorf("nothing was opened: %v", err)
	}
	if _, err := opener(t).Open(t.Context(), page); !errors.Is(err, ErrNone) {
		t.Errorf("nothing was opened: %v", err)
	}
}

// visits is a page that gives a cookie to whoever has none, and remembers who came with one.
func visits(t *testing.T) (address string, came chan bool) {
	t.Helper()
	came = make(chan bool, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/setup" {
			http.NotFound(w, r)
			return
		}
		_, err := r.Cookie("seen")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes", Path: "/setup", MaxAge: 3600})
		came <- err == nil
	}))
	t.Cleanup(s.Close)
	return s.URL + "/setup?a=1&b=2", came
}

// TestChromiumOpensAPrivateWindow proves that the window is private: the same profile has a cookie for the page, which an
// ordinary window shows before and after, and the private one does not.
func TestChromiumOpensAPrivateWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("TestCommand holds how each browser is asked for a private window")
	}
	chromium, err := exec.LookPath("chromium")
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatal(err)
	case err != nil:
		t.Skip("chromium is not installed")
	}
	address, came := visits(t)
	o := opener(t, chromium)
	profile := t.TempDir()
	t.Cleanup(func() {
		for _, pid := range using(t, profile) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	o.extra = []string{
		"--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
		"--user-data-dir=" + profile, "--remote-debugging-port=0", "--remote-allow-origins=*",
	}
	ordinary := func() {
		cmd := exec.Command(chromium, append(o.extra, address)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		go func() { _ = cmd.Wait() }()
	}
	visit := func(open func()) (known bool) {
		t.Helper()
		open()
		select {
		case known = <-came:
		case <-time.After(60 * time.Second):
			t.Fatal("the page was not fetched")
		}
		quit(t, profile)
		return known
	}
	if visit(ordinary) {
		t.Fatal("a new profile has a cookie")
	}
	var got Opened
	private := visit(func() {
		var err error
		if got, err = o.Open(t.Context(), address); err != nil {
			t.Fatal(err)
		}
	})
	if !got.Private || got.Browser != "Chromium" {
		t.Errorf("%+v", got)
	}
	if private {
		t.Error("the window is not private: it sent the cookie of the ordinary one")
	}
	if !visit(ordinary) {
		t.Error("the ordinary window lost its cookie, so that nothing is proven")
	}
}

// quit has Chromium write its cookies and end.
func quit(t *testing.T, profile string) {
	t.Helper()
	active := filepath.Join(profile, "DevToolsActivePort")
	var port, path string
	deadline := time.Now().Add(30 * time.Second)
	for port == "" && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
		if content, err := os.ReadFile(active); err == nil {
			port, path, _ = strings.Cut(strings.TrimSpace(string(content)), "\n")
		}
	}
	conn, err := websocket.Dial("ws://127.0.0.1:"+port+path, "", "http://127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := websocket.JSON.Send(conn, map[string]any{"id": 1, "method": "Browser.close"}); err != nil {
		t.Fatal(err)
	}
	for {
		var answer json.RawMessage
		if err := websocket.JSON.Receive(conn, &answer); err != nil {
			break
		}
	}
	for len(using(t, profile)) > 0 && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
	}
	_ = os.Remove(active)
}

// using are the processes of the browser that has this profile.
func using(t *testing.T, profile string) (pids []int) {
	t.Helper()
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range commands {
		content, _ := os.ReadFile(name) // it may have ended
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err == nil && strings.Contains(string(content), "--user-data-dir="+profile) {
			pids = append(pids, pid)
		}
	}
	return pids
}
