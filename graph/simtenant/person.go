package simtenant

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Rules of this file: the person does everything through the pages, as somebody with a browser and a telephone would, and
// never reaches into the tenant. The operator's account and the service account live in windows of their own.

const appPasswordName = "Delegate365"

// Person plays the human parts of the onboarding. It is used from one goroutine at a time.
type Person struct {
	Hurried bool // has the rehearsal spare it the wait for Delegate365's setup, once the setup was seen to run

	client    *http.Client
	ep        Endpoints
	now       func() time.Time
	operator  *window
	private   *window
	phone     phone
	passwords map[string]string // typed before, by user name
}

// NewPerson is somebody who reaches the pages of ep through client: one over Transport in the same process, or one that
// trusts the Server's CertPool. Only its transport and timeout are used.
func (t *Tenant) NewPerson(client *http.Client, ep Endpoints) *Person {
	p := &Person{client: client, ep: ep, now: t.now, phone: phone{secrets: map[string][]byte{}}, passwords: map[string]string{}}
	p.operator, p.private = newWindow(client), newWindow(client)
	return p
}

// parts are what Play knows, by name.
var parts = map[string]func(*Person, context.Context, map[string]string) (string, error){
	"sign-in":           (*Person).signIn,
	"device-login":      (*Person).deviceLogin,
	"service-settings":  (*Person).serviceSettings,
	"setup":             (*Person).setup,
	"login-delegate365": (*Person).loginDelegate365,
	"register-mfa":      (*Person).registerMFA,
	"app-password":      (*Person).appPassword,
	"portal-version":    (*Person).portalVersion,
	"test-credentials":  (*Person).testCredentials,
	"sign-out":          (*Person).signOut,
}

// Play plays one part and returns what came of it: the app password of "register-mfa" and "app-password", what was seen in
// "portal-version" (page or none) and "test-credentials" (tested, test-failed or no-such-page), otherwise what the last
// page said. An error tells what the page said when it did not go well. What a part needs is in with, by
// these names: url, code, user-name, password, configuration-password, app-password. Without a url the tenant's own
// page is opened, except for "sign-in".
func (p *Person) Play(ctx context.Context, part string, with map[string]string) (string, error) {
	play, ok := parts[part]
	if !ok {
		return "", fmt.Errorf("nobody can play %q: known are %s", part, strings.Join(slices.Sorted(maps.Keys(parts)), ", "))
	}
	said, err := play(p, ctx, with)
	if err != nil {
		return "", fmt.Errorf("%s: %w", part, err)
	}
	return said, nil
}

func address(with map[string]string, otherwise string) string {
	if with["url"] != "" {
		return with["url"]
	}
	return otherwise
}

func (p *Person) operatorCredentials() credentials {
	return credentials{p.ep.Operator.UserPrincipalName, p.ep.Operator.Password}
}

// serviceCredentials are those of with; a password typed in an earlier part is remembered.
func (p *Person) serviceCredentials(with map[string]string) credentials {
	c := credentials{with["user-name"], with["password"]}
	if c.userName == "" && len(p.passwords) == 1 {
		for c.userName = range p.passwords {
		}
	}
	if c.password == "" {
		c.password = p.passwords[strings.ToLower(c.userName)]
	}
	return c
}

func (p *Person) signIn(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.operator.open(ctx, with["url"])
	if err != nil {
		return "", err
	}
	s, _, err = p.signInThrough(ctx, s, p.operatorCredentials())
	if err != nil {
		return "", err
	}
	if !s.left {
		return "", s.fault("the sign-in did not return to the application")
	}
	return s.title, nil
}

func (p *Person) deviceLogin(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.operator.open(ctx, address(with, p.ep.Portal+"/devicelogin"))
	if err != nil {
		return "", err
	}
	if s, err = s.submit(ctx, "", map[string]string{"code": with["code"]}); err != nil {
		return "", err
	}
	if s.problem != "" {
		return "", s.fault("the code was refused")
	}
	if s, _, err = p.signInThrough(ctx, s, p.operatorCredentials()); err != nil {
		return "", err
	}
	if s.notice == "" {
		return "", s.fault("the device was not let in")
	}
	return s.notice, nil
}

func (p *Person) serviceSettings(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.operator.open(ctx, address(with, p.ep.Portal+"/UserManagement/MfaSettings.aspx"))
	if err != nil {
		return "", err
	}
	if s, _, err = p.signInThrough(ctx, s, p.operatorCredentials()); err != nil {
		return "", err
	}
	if s, err = s.submit(ctx, "", map[string]string{"app-passwords": "allow"}); err != nil {
		return "", err
	}
	if s.notice == "" {
		return "", s.fault("the setting was not saved")
	}
	return s.notice, nil
}

func (p *Person) setup(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.private.open(ctx, address(with, p.ep.Delegate365+"/setup"))
	if err != nil {
		return "", err
	}
	if s.name == "delegate365-progress" { // a setup that was begun before goes on by itself, and has to end first
		if _, err = p.untilSetupEnds(ctx, s); err != nil {
			return "", err
		}
		if s, err = p.private.open(ctx, address(with, p.ep.Delegate365+"/setup")); err != nil {
			return "", err
		}
	}
	fill := map[string]string{}
	for _, name := range []string{"configuration-password", "user-name", "password"} {
		fill[name] = with[name]
	}
	if s, err = s.submit(ctx, "", fill); err != nil {
		return "", err
	}
	p.passwords[strings.ToLower(with["user-name"])] = with["password"]
	if s, err = p.untilSetupEnds(ctx, s); err != nil {
		return "", err
	}
	if s.problem != "" || s.title != "Setup completed" {
		return "", s.fault("setup did not complete")
	}
	// As the page says, they choose Login then, and leave the dashboard open. Setup is done whether or not that goes well.
	_, _ = p.loginDelegate365(ctx, map[string]string{
		"url": strings.TrimSuffix(strings.TrimSuffix(with["url"], "/"), "/setup"), "user-name": with["user-name"], "password": with["password"],
	})
	return s.title, nil
}

// untilSetupEnds looks at the progress page until it no longer renews itself.
func (p *Person) untilSetupEnds(ctx context.Context, s *screen) (_ *screen, err error) {
	for s.refresh > 0 {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(s.refresh):
		}
		if p.Hurried {
			s, err = s.submit(ctx, "finish", nil)
		} else {
			s, err = p.private.open(ctx, s.url.String())
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// signOut closes both windows, after signing the accounts in them out.
func (p *Person) signOut(ctx context.Context, with map[string]string) (string, error) {
	for _, w := range []*window{p.operator, p.private} {
		s, err := w.open(ctx, address(with, p.ep.Portal+"/sign-out"))
		if err != nil {
			return "", err
		}
		if s.name == "sign-out" {
			if _, err := s.submit(ctx, "", nil); err != nil {
				return "", err
			}
		}
	}
	p.operator, p.private = newWindow(p.client), newWindow(p.client)
	return "You are signed out", nil
}
