package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// scene is a profile as an operator walks it: what is answered beyond the primary actions, and what is there at the end.
type scene struct {
	profile string
	account string
	answers []reply // given once each, in this order, where the words are on screen
	keys    []reply // the same in the wizard
	mailbox bool    // an app password is part of it
}

// reply is what is typed when the words are read.
type reply struct {
	words string
	types []string
}

const down = "\x1b[B"

// scenes begin with those that take longest.
var scenes = []scene{
	{
		profile: "security-defaults-p1",
		answers: []reply{{"Security defaults, now", []string{"2"}}, {"Domain of this tenant", []string{"contoso.com"}}},
		keys:    []reply{{"> stay on", []string{down, enter}}, {"Domain of this tenant", []string{"contoso.com", enter}}},
	},
	{
		profile: "taken", mailbox: true,
		answers: []reply{{"It is meant for Delegate365: use it", []string{"2"}}},
		keys:    []reply{{"It belongs to: \"Help desk robot\"", []string{tab, tab, enter}}},
	},
	{profile: "no-licence", mailbox: true},
	{profile: "migrated", mailbox: true},
	{profile: "federated", account: "service.delegate365@contoso.onmicrosoft.com", mailbox: true},
	{
		profile: "phishing-resistant",
	},
	{
		profile: "security-defaults",
		answers: []reply{{"Security defaults, now", []string{"2"}}, {"Domain of this tenant", []string{"contoso.com"}}},
		keys:    []reply{{"> stay on", []string{down, enter}}, {"Domain of this tenant", []string{"contoso.com", enter}}},
	},
}

// Every profile that needs a decision is onboarded through plain lines, in a process of its own, and its report says what its tenant
// says.
func TestPlainProfiles(t *testing.T) {
	t.Parallel()
	for _, c := range scenes {
		t.Run(c.profile, func(t *testing.T) {
			t.Parallel()
			o := serve(t, c.profile)
			by := &onboarder{servedTenant: o}
			p := start(t, "demo", "--connect", o.file, "--report", by.reports())
			c.walk(t, p)
			if code := p.end(); code != exitDone {
				t.Errorf("exit code %d:\n%s", code, p.out)
			}
			c.onboarded(t, o)
			f := &killTrial{account: c.account}
			f.reported(by, "finished")
			if t.Logf("reports %d, false %d", f.reports, f.wrong); f.reports == 0 {
				t.Error("no report was written")
			}
		})
	}
}

// The same in the wizard, in a terminal.
func TestTerminalProfiles(t *testing.T) {
	t.Parallel()
	for _, c := range scenes {
		t.Run(c.profile, func(t *testing.T) {
			t.Parallel()
			o := serve(t, c.profile)
			s := openScreen(t, nil, "demo", "--connect", o.file)
			c.press(s)
			if code := s.end(); code != exitDone {
				t.Errorf("exit code %d:\n%s", code, s.term)
			}
			c.onboarded(t, o)
		})
	}
}

// press takes the primary actions until the wizard has ended.
func (c scene) press(s *screen) {
	s.t.Helper()
	replies := c.keys
	for begun := time.Now(); time.Since(begun) < finishWithin; time.Sleep(300 * time.Millisecond) {
		select {
		case <-s.ended:
			return
		default:
		}
		switch text := s.term.String(); {
		case len(replies) > 0 && strings.Contains(text, replies[0].words):
			time.Sleep(time.Second) // it may be drawn anew when the last read is in
			for _, k := range replies[0].types {
				text = s.term.String()
				s.key(k)
				s.leaves(text, time.Second)
			}
			replies = replies[1:]
		default:
			s.primary(text)
		}
	}
	s.t.Fatalf("it does not come to its end:\n%s", s.term)
}

// walk answers question by question until the onboarding is finished.
func (c scene) walk(t *testing.T, p *pipe) {
	t.Helper()
	replies := c.answers
	begun := time.Now()
	read := 0
	for time.Since(begun) < finishWithin {
		words := p.out.next(t, "Your choice [1]:", "to look again:", "to fill it in:", "]:", "or an empty line to keep it:", "Domain of this tenant:", "or all of it.", "p to play this part", "Finished.")
		text := p.out.String()
		question := text[read:]
		read = len(text)
		switch {
		case words == "Finished.":
			return
		case len(replies) > 0 && strings.Contains(question, replies[0].words):
			for _, line := range replies[0].types {
				p.answer(line)
			}
			replies = replies[1:]
		case strings.Contains(question, "Finish, and say that the test failed"):
			p.answer("1")
		case words == "p to play this part", (words == "to look again:" || words == "to fill it in:") && strings.Contains(question, "p  Play this part"):
			p.answer("p")
		default:
			p.answer("")
		}
	}
	t.Fatalf("it does not come to its end:\n%s", p.out)
}

// onboarded asks the tenant whether it is as planned.
func (c scene) onboarded(t *testing.T, o *servedTenant) {
	t.Helper()
	account := serviceAccount
	if c.account != "" {
		account = c.account
	}
	var user struct{ ID string }
	if status := o.get("/v1.0/users/"+account, &user); status != http.StatusOK {
		t.Fatalf("the service account: %d", status)
	}
	if roles := o.roles(user.ID); len(roles) != 1 || roles[0] != globalAdministrator {
		t.Errorf("its roles are %q", roles)
	}
	var mfa struct{ PerUserMfaState string }
	o.get("/beta/users/"+user.ID+"/authentication/requirements", &mfa)
	if mfa.PerUserMfaState != "enforced" {
		t.Errorf("its per-user MFA is %q", mfa.PerUserMfaState)
	}
	var setting struct{ AllowAppPasswords bool }
	o.get("/beta/policies/mfaServicePolicy", &setting)
	if setting.AllowAppPasswords != c.mailbox {
		t.Errorf("app passwords are allowed: %t", setting.AllowAppPasswords)
	}
	var defaults struct{ IsEnabled bool }
	o.get("/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", &defaults)
	if on := strings.HasPrefix(c.profile, "security-defaults"); defaults.IsEnabled != on {
		t.Errorf("security defaults are on: %t", defaults.IsEnabled)
	}
	var policies struct {
		Value []struct {
			DisplayName, State string
			Conditions         struct {
				Users struct{ ExcludeUsers []string }
			}
		}
	}
	o.get("/v1.0/identity/conditionalAccess/policies?$top=999", &policies)
	for _, p := range policies.Value {
		for _, id := range p.Conditions.Users.ExcludeUsers {
			if id == user.ID {
				t.Errorf("%s still excludes it", p.DisplayName)
			}
		}
		if c.profile == "security-defaults-p1" && p.State == "enabled" {
			t.Errorf("%s, which came in place of security defaults, is still on", p.DisplayName)
		}
	}
}
