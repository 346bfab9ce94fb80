package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// A whole onboarding through a pipe: the primary action of each question, and p where a person's part is awaited.
func TestPlainOnboarding(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			o := serve(t, profile)
			p := start(t, "demo", "--connect", o.file)
			plays := []string{"p  Play this part", "p to play this part"}
			asks := []string{"Your choice [1]:", "Your choice [o]:", "to look again:", "to fill it in:", "]:", "or an empty line to keep it:", "Finished."}
			for turns := 0; ; turns++ {
				if turns > 3000 {
					t.Fatalf("it does not come to its end:\n%s", p.out)
				}
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
					p.out.next(t, "to look again:", "to fill it in:", "Your choice [1]:")
					p.answer("p")
				case "p to play this part":
					p.answer("p")
				case "to look again:", "to fill it in:": // looking is not going on
					p.answer("1")
				default:
					p.answer("")
				}
			}
		})
	}
}

// The wizard in a real terminal, with nothing of the rehearsal in it: the cloud from a file, the certificates
// from SSL_CERT_FILE, a code to sign in with, and a person who carries what was copied into the pages.
func TestTerminalOnboarding(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			o := serve(t, profile)
			s := openScreen(t, []string{"SSL_CERT_FILE=" + o.ep.CA}, "--cloud", o.file, "--device-code", "--tenant", o.ep.TenantID)
			s.reveals = true
			s.onboard(o)
			if code := s.end(); code != exitDone {
				t.Errorf("exit code %d:\n%s", code, s.term)
			}
			o.onboarded()
		})
	}
}

// onboard is what the operator and the person do, screen by screen.
func (s *screen) onboard(o *servedTenant) {
	s.t.Helper()
	stage, err := simtest.New(simtenant.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	person := stage.NewPerson(o.http, o.ep)
	person.Hurried = true
	play := func(part string, with map[string]string) string {
		s.t.Helper()
		out, err := person.Play(s.t.Context(), part, with)
		if err != nil {
			s.t.Fatalf("%s: %v\n%s", part, err, s.term)
		}
		out, _, _ = strings.Cut(out, "\n") // what a page said of it stands below
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
	s.wait("Show the plan")
	s.key(enter)
	s.wait("Accept the plan")
	s.accept()
	consent()
	s.wait("The plan is accepted", "Create the account")
	s.key(enter)
	s.wait("Create service account: 1 change", "Welcome mail")
	s.paste(o.ep.WelcomeMail)
	s.key(enter)
	s.wait("open the setup page")
	s.key("o")
	s.wait("yourself")
	s.key(enter) // there is no browser here
	s.wait("▸ Assign Global Administrator")
	s.accept()
	for !strings.Contains(s.term.String(), "configuration password") {
		if strings.Contains(s.term.String(), "▸ Apply 2 changes") {
			s.accept()
			s.wait("configuration password")
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.wait("MFA OFF")
	with := map[string]string{"url": o.ep.Delegate365 + "/setup"}
	with["configuration-password"] = s.copy()
	if s.reveals {
		s.reveal(with["configuration-password"])
	}
	for _, name := range []string{"user-name", "password"} {
		with[name] = s.copy()
	}
	play("setup", with)
	s.key(focus)
	s.wait("7 of 10", "What will change")
	s.key(enter)
	s.wait("not looked yet")
	s.key(tab)
	s.key(down)
	s.key(enter)
	s.wait("▸ Allow app passwords")
	s.key(enter)
	s.wait("Register an authenticator app")
	s.key("o")
	appPassword := play("register-mfa", map[string]string{"user-name": s.copy(), "password": s.copy()})
	s.key(tab)
	s.wait("F1 help")
	s.paste(appPassword)
	s.key(enter)
	s.wait("10 of 10", "Test credentials")
	s.key("o")
	s.wait("yourself")
	s.key(enter) // there is no browser here
	copied := map[string]string{"user-name": s.copy(), "password": s.copy(), "app-password": s.copy()}
	if copied["app-password"] != strings.ReplaceAll(appPassword, " ", "") {
		s.t.Error("another app password is copied than was pasted")
	}
	if play("test-credentials", copied) == "tested" {
		s.tested(down)
	} else {
		s.tested(down, down)
		s.wait("The test failed once", "enter try again")
		s.key(enter)
		s.copy()
		s.copy()
		s.tested(down, down)
		s.wait("failed twice")
		s.key(enter)
	}
	s.wait("▸ Write the report, and leave the role undecided")
	s.accept()
	s.wait("Look at the report, and give it")
	s.key(tab)
	s.wait("▸ Finish")
	s.accept()
}

// tested carries out the last instruction, and says what the test said.
func (s *screen) tested(which ...string) {
	s.t.Helper()
	s.wait("enter done")
	s.key(enter)
	s.wait("arrows choose")
	s.key(append(which, enter)...)
}

// reveal has the value that was copied last shown, and hides it.
func (s *screen) reveal(value string) {
	s.t.Helper()
	s.key("s")
	s.wait("Can anybody else see this screen?")
	s.key(tab, enter)
	s.wait(value, "not shown again")
	if !s.term.AltScreen() {
		s.t.Error("a secret is shown where the terminal keeps it")
	}
	s.key(esc)
	s.wait("The value is hidden again")
	if strings.Contains(s.term.String(), value) {
		s.t.Errorf("it is still there:\n%s", s.term)
	}
}

// The rehearsal that plays itself comes to its end, in a terminal and in a pipe.
func TestAutopilot(t *testing.T) {
	t.Parallel()
	o := serve(t, "fresh")
	s := openScreen(t, nil, "demo", "--connect", o.file, "--autopilot", "--pace", "0")
	if code := s.end(); code != exitDone {
		t.Errorf("exit code %d:\n%s", code, s.term)
	}
	o.onboarded()
	p := start(t, "demo", "--autopilot", "--pace", "0")
	if code := p.end(); code != exitDone || !strings.Contains(p.out.String(), "Finished.") {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
}
