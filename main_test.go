package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"

	"delegate365-onboard/graph/simtenant"
)

// The built binary as people meet it: in a terminal, in a pipe, on a command line. The tenant runs in another process
// and is asked from outside what became of it.

var binaryFolder string // removed at the end

var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "delegate365-onboard-test-")
	if err != nil {
		return "", err
	}
	binaryFolder = dir
	path := filepath.Join(dir, "delegate365-onboard")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if binaryFolder != "" {
		os.RemoveAll(binaryFolder)
	}
	os.Exit(code)
}

func program(t *testing.T) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// office is a simulated tenant in a process of its own.
type office struct {
	t    *testing.T
	ep   simtenant.Endpoints
	file string // its addresses, as demo --connect takes them
	http *http.Client
}

func serve(t *testing.T, profile string) *office {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t), "demo", "--serve", "--json", "--profile", profile)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the tenant printed no addresses: %v", err)
	}
	o := &office{t: t, file: filepath.Join(t.TempDir(), "tenant.json")}
	if err := json.Unmarshal(line, &o.ep); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if err := os.WriteFile(o.file, line, 0o600); err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(o.ep.CA)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatal("the tenant's CA is no certificate")
	}
	o.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	return o
}

// get asks Graph as the operator, with nothing of this project's client between.
func (o *office) get(path string, into any) int {
	o.t.Helper()
	q, err := http.NewRequestWithContext(context.Background(), http.MethodGet, o.ep.Graph+path, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+o.ep.Operator.AccessToken)
	answer, err := o.http.Do(q)
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	if into != nil && answer.StatusCode == http.StatusOK {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			o.t.Fatal(err)
		}
	}
	return answer.StatusCode
}

const serviceAccount = "service.delegate365@contoso.com"

// onboarded asks the tenant whether the onboarding is there, whole, once, and closed.
func (o *office) onboarded() {
	o.t.Helper()
	var user struct{ ID string }
	if status := o.get("/v1.0/users/"+serviceAccount, &user); status != http.StatusOK {
		o.t.Fatalf("the service account: %d", status)
	}
	var roles struct {
		Value []struct{ RoleDefinitionID string }
	}
	o.get("/v1.0/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'"+user.ID+"'", &roles)
	if len(roles.Value) != 1 || roles.Value[0].RoleDefinitionID != "62e90394-69f5-4237-9190-012177145e10" {
		o.t.Errorf("its roles are %+v", roles.Value)
	}
	var mfa struct{ PerUserMfaState string }
	o.get("/beta/users/"+user.ID+"/authentication/requirements", &mfa)
	if mfa.PerUserMfaState != "enforced" {
		o.t.Errorf("its per-user MFA is %q", mfa.PerUserMfaState)
	}
	var apps struct {
		Value []struct{ DisplayName string }
	}
	o.get("/v1.0/servicePrincipals?$filter=startswith(displayName,'Delegate365')", &apps)
	if len(apps.Value) != 2 {
		o.t.Errorf("Delegate365's apps are %+v", apps.Value)
	}
	var setting struct{ AllowAppPasswords bool }
	o.get("/beta/policies/mfaServicePolicy", &setting)
	if !setting.AllowAppPasswords {
		o.t.Error("app passwords are not allowed")
	}
	var policies struct {
		Value []struct {
			DisplayName string
			Conditions  struct {
				Users struct{ ExcludeUsers []string }
			}
		}
	}
	o.get("/v1.0/identity/conditionalAccess/policies", &policies)
	for _, p := range policies.Value {
		for _, id := range p.Conditions.Users.ExcludeUsers {
			if id == user.ID {
				o.t.Errorf("%s still excludes it", p.DisplayName)
			}
		}
	}
}

// untouched asks the tenant whether nobody made the service account.
func (o *office) untouched() {
	o.t.Helper()
	if status := o.get("/v1.0/users/"+serviceAccount, nil); status != http.StatusNotFound {
		o.t.Errorf("the service account answers %d", status)
	}
}

// pipe is the binary with piped input and output, answered question by question.
type pipe struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *transcript
}

// transcript collects what a program writes and lets a test wait for words in it.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
	read int
	more chan struct{}
}

func newTranscript() *transcript { return &transcript{more: make(chan struct{}, 1)} }

func (w *transcript) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
	return w.text.Write(b)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// next waits for one of the words after what was read before, and returns which.
func (w *transcript) next(t *testing.T, words ...string) string {
	t.Helper()
	late := time.After(time.Minute)
	for {
		w.mu.Lock()
		unread := w.text.String()[w.read:]
		first, at := "", len(unread)
		for _, word := range words {
			if i := strings.Index(unread, word); i >= 0 && i < at {
				first, at = word, i
			}
		}
		if first != "" {
			w.read += at + len(first)
		}
		w.mu.Unlock()
		if first != "" {
			return first
		}
		select {
		case <-w.more:
		case <-late:
			t.Fatalf("none of %q comes after:\n%s", words, unread)
		}
	}
}

// world is the environment of a program under test: no browser, no clipboard, and a state folder of its own.
func world(t *testing.T) []string {
	t.Helper()
	return append(os.Environ(), "DISPLAY=", "WAYLAND_DISPLAY=", "XDG_STATE_HOME="+t.TempDir())
}

func start(t *testing.T, args ...string) *pipe {
	t.Helper()
	return startWith(t, nil, args...)
}

func startWith(t *testing.T, env []string, args ...string) *pipe {
	t.Helper()
	p := &pipe{t: t, cmd: exec.CommandContext(t.Context(), program(t), args...), out: newTranscript()}
	p.cmd.Env = append(world(t), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *pipe) answer(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatalf("%v after:\n%s", err, p.out)
	}
}

// end waits for the program to end and returns its exit code.
func (p *pipe) end() int {
	p.t.Helper()
	err := p.cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return 0
}

// A whole onboarding through a pipe: the primary action of each question, and p where a person's part is awaited.
func TestPlainOnboarding(t *testing.T) {
	for _, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			o := serve(t, profile)
			p := start(t, "demo", "--connect", o.file)
			plays := []string{"p  Play this part", "p to play this part"}
			asks := []string{"Your choice [1]:", "Your choice:", "]:", "or an empty line to keep it:", "Finished."}
			for {
				switch word := p.out.next(t, append(plays, asks...)...); word {
				case "Finished.":
					if code := p.end(); code != 0 {
						t.Errorf("exit code %d:\n%s", code, p.out)
					}
					o.onboarded()
					if strings.ContainsRune(p.out.String(), '\x1b') {
						t.Error("a control sequence is in plain output")
					}
					return
				case "p  Play this part":
					p.out.next(t, "Your choice:")
					p.answer("p")
					// What the person can't tell the program, the operator says.
					if strings.Contains(p.out.String(), "say what the test said") {
						p.out.next(t, "Your choice:")
						p.answer("1")
					}
				case "p to play this part":
					p.answer("p")
				default:
					p.answer("")
				}
			}
		})
	}
}

// The input ends: nothing is taken for a yes, nothing is changed, and the exit code says so.
func TestEndOfInput(t *testing.T) {
	for name, lines := range map[string][]string{
		"at once":           nil,
		"at the plan":       {"1", "p", "1"},
		"before the change": {"1", "p", "1", "1", "", "", "", "1", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, "fresh")
			p := start(t, "demo", "--connect", o.file, "--accessible")
			for _, line := range lines {
				p.out.next(t, "Your choice [1]:", "Your choice:", "]:", "or an empty line to keep it:", "p to play this part")
				p.answer(line)
			}
			p.in.Close()
			if code := p.end(); code != exitLeft {
				t.Errorf("exit code %d, want %d:\n%s", code, exitLeft, p.out)
			}
			o.untouched()
		})
	}
}

// Every way out of the plain lines puts MFA back first: the input ends, a signal comes, or somebody leaves.
func TestPlainLeaving(t *testing.T) {
	for name, leave := range map[string]func(p *pipe){
		"end of input": func(p *pipe) { _ = p.in.Close() },
		"terminate":    func(p *pipe) { _ = p.cmd.Process.Signal(syscall.SIGTERM) },
		"q": func(p *pipe) {
			p.answer("q")
			p.out.next(p.t, "MFA is still off for")
			p.out.next(p.t, "Your choice [1]:")
			p.answer("")
		},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && name == "terminate" {
				t.Skip("Windows ends a process without asking it")
			}
			t.Parallel()
			o := serve(t, "fresh")
			p := start(t, "demo", "--connect", o.file)
			for p.out.next(t, "Your choice [1]:", "]:", "or an empty line to keep it:", "p to play this part", "Step 6 of 10") != "Step 6 of 10" {
				if text := p.out.String(); strings.HasSuffix(strings.TrimSpace(text), "p to play this part (rehearsal).") {
					p.answer("p")
				} else {
					p.answer("")
				}
			}
			p.out.next(t, "Your choice:")
			leave(p)
			if code := p.end(); code != exitLeft {
				t.Errorf("exit code %d:\n%s", code, p.out)
			}
			var mfa struct{ PerUserMfaState string }
			o.get("/beta/users/"+serviceAccount+"/authentication/requirements", &mfa)
			if mfa.PerUserMfaState != "enabled" {
				t.Errorf("per-user MFA is %q after it said:\n%s", mfa.PerUserMfaState, p.out)
			}
		})
	}
}

// screen is the binary in a terminal of its own, read as a person reads it.
type screen struct {
	t         *testing.T
	cmd       *exec.Cmd
	pty       *os.File
	term      vt10x.Terminal
	raw       *transcript
	clipboard int // how many values were copied and read
	ended     chan error
}

func openScreen(t *testing.T, w, h int, env []string, args ...string) *screen {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there is no pty on Windows")
	}
	s := &screen{t: t, cmd: exec.CommandContext(t.Context(), program(t), args...), raw: newTranscript(), ended: make(chan error, 1)}
	s.cmd.Env = append(append(world(t), "TERM=xterm-256color", "NO_COLOR="), env...)
	var err error
	s.pty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)})
	if err != nil {
		t.Fatal(err)
	}
	s.term = vt10x.New(vt10x.WithSize(w, h), vt10x.WithWriter(s.pty))
	go func() {
		_, _ = io.Copy(io.MultiWriter(s.term, s.raw), s.pty)
		s.ended <- s.cmd.Wait()
	}()
	t.Cleanup(func() { s.pty.Close() })
	return s
}

// wait waits until all the words are on screen.
func (s *screen) wait(words ...string) {
	s.t.Helper()
	late := time.After(time.Minute)
	for {
		text := s.term.String()
		missing := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.Contains(text, w) })
		if len(missing) == 0 {
			return
		}
		select {
		case <-s.raw.more:
		case <-time.After(200 * time.Millisecond): // the emulator may lag behind the transcript
		case <-late:
			s.t.Fatalf("%q is not on screen:\n%s", missing, text)
		}
	}
}

func (s *screen) key(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		if _, err := io.WriteString(s.pty, k); err != nil {
			s.t.Fatal(err)
		}
	}
}

const (
	enter = "\r"
	tab   = "\t"
)

var osc52 = regexp.MustCompile(`\x1b\]52;c;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)`)

// copy presses c and returns what reached the terminal's clipboard.
func (s *screen) copy() string {
	s.t.Helper()
	s.key("c")
	late := time.After(time.Minute)
	for {
		all := osc52.FindAllStringSubmatch(s.raw.String(), -1)
		if len(all) > s.clipboard {
			s.clipboard++
			value, err := base64.StdEncoding.DecodeString(all[s.clipboard-1][1])
			if err != nil {
				s.t.Fatal(err)
			}
			return string(value)
		}
		select {
		case <-s.raw.more:
		case <-time.After(200 * time.Millisecond):
		case <-late:
			s.t.Fatalf("nothing was copied:\n%s", s.term)
		}
	}
}

// paste pastes as terminals do.
func (s *screen) paste(text string) { s.key("\x1b[200~" + text + "\x1b[201~") }

func (s *screen) end() int {
	s.t.Helper()
	select {
	case err := <-s.ended:
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			return exit.ExitCode()
		}
		return 0
	case <-time.After(time.Minute):
		s.t.Fatalf("it does not end:\n%s", s.term)
		return -1
	}
}

// The wizard in a real terminal at 80x24, with nothing of the rehearsal in it: the cloud from a file, the certificates
// from SSL_CERT_FILE, a code to sign in with, and a person who carries what was copied into the pages.
func TestTerminalOnboarding(t *testing.T) {
	for _, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			o := serve(t, profile)
			s := openScreen(t, 80, 24, []string{"SSL_CERT_FILE=" + o.ep.CA}, "--cloud", o.file, "--device-code", "--tenant", o.ep.TenantID)
			s.onboard(o)
			if code := s.end(); code != exitDone {
				t.Errorf("exit code %d:\n%s", code, s.term)
			}
			o.onboarded()
		})
	}
}

// onboard is what the operator and the person do, screen by screen.
func (s *screen) onboard(o *office) {
	s.t.Helper()
	stage, err := simtenant.New(simtenant.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	person := stage.NewPerson(o.http, o.ep)
	play := func(part string, with map[string]string) string {
		s.t.Helper()
		out, err := person.Play(s.t.Context(), part, with)
		if err != nil {
			s.t.Fatalf("%s: %v\n%s", part, err, s.term)
		}
		return out
	}
	consent := func() {
		s.t.Helper()
		s.wait("Enter the code")
		s.key("o") // there is no browser here; the next thing to do is the code
		play("device-login", map[string]string{"code": s.copy()})
	}

	s.wait("Sign in with a code")
	s.key(enter)
	consent()
	s.wait("You are signed in")
	s.key(enter)
	s.wait("Show the plan")
	s.key(enter)
	s.wait("Accept the plan")
	s.key(enter)
	s.wait("Start")
	s.key(enter)
	s.wait("Create the account")
	s.key(enter)
	consent()
	s.wait("The service account is ready")
	s.key(enter)
	s.wait("Assign Global Administrator")
	s.key(enter)
	consent()
	s.wait("is Global Administrator.")
	s.key(enter)
	s.wait("Suspend MFA", "5 of 10")
	s.wait("▸")
	for !strings.Contains(s.term.String(), "Nothing demands MFA") {
		s.wait("5 of 10")
		if strings.Contains(s.term.String(), "Apply 2 changes") {
			s.key(enter)
			s.wait("Nothing demands MFA")
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.wait("MFA OFF")
	s.key(enter)
	s.wait("Welcome mail")
	s.paste(o.ep.WelcomeMail)
	s.key(enter)
	s.wait("Open the setup page")
	s.key("o")
	with := map[string]string{"url": o.ep.Delegate365 + "/setup"}
	for _, name := range []string{"configuration-password", "user-name", "password"} {
		with[name] = s.copy()
	}
	play("setup", with)
	s.wait("Setup has created")
	s.key(enter)
	s.wait("Put MFA back")
	s.key(enter)
	s.wait("is demanded of")
	s.key(enter)
	s.wait("Allow app passwords")
	s.key(enter)
	s.wait("may create app passwords.")
	s.key(enter)
	s.wait("Register an authenticator app")
	s.key("o")
	appPassword := play("register-mfa", map[string]string{"user-name": s.copy(), "password": s.copy()})
	s.key(tab)
	s.wait("F1 help")
	s.paste(appPassword)
	s.key(enter)
	s.wait("in memory, not shown")
	s.key(enter)
	s.wait("Test credentials")
	s.key("o")
	copied := map[string]string{"password": s.copy(), "user-name": s.copy(), "app-password": s.copy()}
	if copied["app-password"] != strings.ReplaceAll(appPassword, " ", "") {
		s.t.Error("another app password is copied than was pasted")
	}
	play("test-credentials", copied)
	s.key(enter)
	s.wait("Delegate365 is set up")
	s.key(enter)
}

// The rehearsal that plays itself comes to its end, in a terminal and in a pipe.
func TestAutopilot(t *testing.T) {
	t.Parallel()
	o := serve(t, "fresh")
	s := openScreen(t, 80, 24, nil, "demo", "--connect", o.file, "--autopilot", "--pace", "0")
	if code := s.end(); code != exitDone {
		t.Errorf("exit code %d:\n%s", code, s.term)
	}
	o.onboarded()
	p := start(t, "demo", "--autopilot", "--pace", "0")
	if code := p.end(); code != exitDone || !strings.Contains(p.out.String(), "Finished.") {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
}

// Without the window, leaving asks a question that Esc takes back.
func TestTerminalStay(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 80, 24, nil, "demo", "--profile", "fresh")
	s.wait("Sign in in the browser")
	s.key("q")
	s.wait("Stay")
	s.key("\x1b")
	s.wait("Sign in in the browser")
	s.key("\x03")
	s.wait("Stay", "Leave")
	s.key(enter)
	if code := s.end(); code != exitLeft {
		t.Errorf("exit code %d:\n%s", code, s.term)
	}
}

// Every way out of the program that it can notice puts MFA back before it is gone.
func TestTerminalLeaving(t *testing.T) {
	send := func(sig os.Signal) func(*screen) {
		return func(s *screen) { _ = s.cmd.Process.Signal(sig) }
	}
	for name, leave := range map[string]func(s *screen){
		"ctrl+c": func(s *screen) {
			s.key("\x03")
			s.wait("MFA is still off for", "Put MFA back and leave", "Stay")
			s.key(enter)
		},
		"interrupt":       send(os.Interrupt),
		"terminate":       send(syscall.SIGTERM),
		"hang-up":         send(syscall.SIGHUP),
		"closed terminal": func(s *screen) { _ = s.pty.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, "fresh")
			s := openScreen(t, 80, 24, nil, "demo", "--connect", o.file)
			s.passUntil("Nothing demands MFA")
			s.wait("MFA OFF")
			leave(s)
			if code := s.end(); code != exitLeft && name != "closed terminal" {
				t.Errorf("exit code %d:\n%s", code, s.term)
			}
			var mfa struct{ PerUserMfaState string }
			o.get("/beta/users/"+serviceAccount+"/authentication/requirements", &mfa)
			if mfa.PerUserMfaState != "enabled" {
				t.Errorf("per-user MFA is %q", mfa.PerUserMfaState)
			}
		})
	}
}

// passUntil presses Enter, and plays the person's parts, until the words are on screen.
func (s *screen) passUntil(words string) {
	s.t.Helper()
	for range 200 {
		switch text := s.term.String(); {
		case strings.Contains(text, words):
			return
		case strings.Contains(text, "p play this part"):
			s.key("p")
		case strings.Contains(text, " enter "):
			s.key(enter)
		}
		time.Sleep(300 * time.Millisecond)
	}
	s.t.Fatalf("%q does not come:\n%s", words, s.term)
}

// The command line itself: what can't be used is said, with what to do, before anything is read.
func TestCommandLine(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"unknown flag":    {[]string{"--colour"}, exitUsage, []string{"unknown flag", "--help"}},
		"unknown command": {[]string{"onboard"}, exitUsage, []string{"no command"}},
		"unknown cloud":   {[]string{"--cloud", "mars"}, exitUsage, []string{"mars", "usgov"}},
		"unknown profile": {[]string{"demo", "--profile", "mars"}, exitUsage, []string{"mars", "business"}},
		"window too long": {[]string{"demo", "--window", "3h"}, exitUsage, []string{"5 and 120 minutes"}},
		"bad account":     {[]string{"demo", "--account", "a b"}, exitUsage, []string{"letters"}},
		"bad portal":      {[]string{"demo", "--portal", "http://contoso.delegate365.com"}, exitUsage, []string{"https"}},
		"log in no place": {[]string{"demo", "--log", "/nowhere/at/all.log"}, exitUsage, []string{"log"}},
		"json alone":      {[]string{"demo", "--json"}, exitUsage, []string{"--serve"}},
		"no such tenant":  {[]string{"demo", "--connect", "/nowhere.json"}, exitUsage, []string{"/nowhere.json"}},
		"version":         {[]string{"--version"}, exitDone, []string{"delegate365-onboard"}},
		"help":            {[]string{"--help"}, exitDone, []string{"demo", "--tenant"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, c.args...)
			p.in.Close()
			if code := p.end(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, word := range c.says {
				if !strings.Contains(p.out.String(), word) {
					t.Errorf("%q is not in:\n%s", word, p.out)
				}
			}
			if strings.ContainsRune(p.out.String(), '\x1b') {
				t.Error("a control sequence is in piped output")
			}
		})
	}
}

// A client that means Microsoft, and is sent to the simulated tenant by a proxy, is answered alike: the global cloud's
// own names, its instance discovery and its tokens.
func TestMicrosoftByProxy(t *testing.T) {
	t.Parallel()
	o := serve(t, "fresh")
	proxy := httptest.NewServer(tunnelTo(t, strings.TrimPrefix(o.ep.Graph, "https://")))
	t.Cleanup(proxy.Close)
	p := startWith(t, []string{"SSL_CERT_FILE=" + o.ep.CA, "HTTPS_PROXY=" + proxy.URL, "NO_PROXY=", "no_proxy="},
		"--device-code", "--accessible", "--tenant", o.ep.TenantID)
	p.out.next(t, "Your choice [1]:")
	p.answer("")
	p.out.next(t, "Enter the code: ")
	p.out.next(t, "Waiting.")
	code := regexp.MustCompile(`Enter the code: (\S+)`).FindStringSubmatch(p.out.String())[1]
	stage, err := simtenant.New(simtenant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stage.NewPerson(o.http, o.ep).Play(t.Context(), "device-login", map[string]string{"code": code}); err != nil {
		t.Fatal(err)
	}
	p.out.next(t, "You are signed in.")
	p.out.next(t, "Cloud: global")
	p.in.Close()
	if code := p.end(); code != exitLeft {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
	o.untouched()
}

// tunnelTo is a proxy that leads every tunnel to one address.
func tunnelTo(t *testing.T, address string) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		if q.Method != http.MethodConnect {
			http.Error(w, "only tunnels", http.StatusMethodNotAllowed)
			return
		}
		there, err := net.Dial("tcp", address)
		if err != nil {
			t.Error(err)
			return
		}
		w.WriteHeader(http.StatusOK)
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
		_, _ = io.Copy(here, there)
		_ = here.Close()
	}
}
