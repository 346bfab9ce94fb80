// Package person plays the people of a rehearsal: it does by HTTP alone what somebody with a browser and a telephone would,
// and knows of the tenant what its pages say.
package person

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

// AppPasswordName is what the person calls an app password.
const AppPasswordName = "Delegate365"

// Person plays the human parts of the onboarding. It is used from one goroutine at a time.
type Person struct {
	Operator *Window // the operator's browser
	Private  *Window // the private one, of the service account
	Hurried  bool    // has the rehearsal spare it the wait for Delegate365's setup, once the setup was seen to run

	client    *http.Client
	places    Places
	now       func() time.Time
	phone     phone
	passwords map[string]string // typed before, by user name
}

// Places are where a person finds the pages, and the account that the operator has there.
type Places struct {
	Portal, Delegate365            string
	OperatorName, OperatorPassword string // user name and password
}

// New is somebody who reaches the pages of a tenant through client, of which only the transport and the timeout are used.
// The telephone shows the time that now tells.
func New(client *http.Client, places Places, now func() time.Time) *Person {
	p := &Person{client: client, places: places, now: now, phone: phone{secrets: map[string][]byte{}}, passwords: map[string]string{}}
	p.Operator, p.Private = NewWindow(client), NewWindow(client)
	return p
}

// Knows has the person know the password of an account before it is typed anywhere.
func (p *Person) Knows(c Credentials) { p.passwords[strings.ToLower(c.UserName)] = c.Password }

// parts are what Play knows, by name.
var parts = map[string]func(*Person, context.Context, map[string]string) (string, error){
	"sign-in":           (*Person).signIn,
	"device-login":      (*Person).deviceLogin,
	"service-settings":  (*Person).serviceSettings,
	"activate-role":     (*Person).activateRole,
	"setup":             (*Person).setup,
	"login-delegate365": (*Person).loginDelegate365,
	"register-mfa":      (*Person).registerMFA,
	"app-password":      (*Person).appPassword,
	"portal-version":    (*Person).portalVersion,
	"test-credentials":  (*Person).testCredentials,
	"sign-out":          (*Person).signOut,
}

// Play plays one part and returns what came of it: the app password of "register-mfa" and "app-password", what was seen in
// "portal-version" (page or none), "test-credentials" (tested, test-failed or no-such-page) and "activate-role" (reread), in a
// second line what the page said where that matters, otherwise what the last page said. An error tells what the page said when it did not go well. What a part needs is in with, by
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

// OperatorCredentials are those that the operator signs in with.
func (p *Person) OperatorCredentials() Credentials {
	return Credentials{p.places.OperatorName, p.places.OperatorPassword}
}

// serviceCredentials are those of with; a password typed in an earlier part is remembered.
func (p *Person) serviceCredentials(with map[string]string) Credentials {
	c := Credentials{with["user-name"], with["password"]}
	if c.UserName == "" && len(p.passwords) == 1 {
		for c.UserName = range p.passwords {
		}
	}
	if c.Password == "" {
		c.Password = p.passwords[strings.ToLower(c.UserName)]
	}
	return c
}

func (p *Person) signIn(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.Operator.Open(ctx, with["url"])
	if err != nil {
		return "", err
	}
	s, _, err = p.SignInThrough(ctx, s, p.OperatorCredentials())
	if err != nil {
		return "", err
	}
	if !s.Left {
		return "", s.fault("the sign-in did not return to the application")
	}
	return s.Title, nil
}

func (p *Person) deviceLogin(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.Operator.Open(ctx, address(with, p.places.Portal+"/devicelogin"))
	if err != nil {
		return "", err
	}
	if s, err = s.Submit(ctx, "", map[string]string{"code": with["code"]}); err != nil {
		return "", err
	}
	if s.Problem != "" {
		return "", s.fault("the code was refused")
	}
	if s, _, err = p.SignInThrough(ctx, s, p.OperatorCredentials()); err != nil {
		return "", err
	}
	if s.Notice == "" {
		return "", s.fault("the device was not let in")
	}
	return s.Notice, nil
}

func (p *Person) serviceSettings(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.openAsOperator(ctx, address(with, p.places.Portal+"/UserManagement/MfaSettings.aspx"))
	if err != nil {
		return "", err
	}
	if s, err = s.Submit(ctx, "", map[string]string{"app-passwords": "allow"}); err != nil {
		return "", err
	}
	if s.Notice == "" {
		return "", s.fault("the setting was not saved")
	}
	return s.Notice, nil
}

func (p *Person) setup(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.Private.Open(ctx, address(with, p.places.Delegate365+"/setup"))
	if err != nil {
		return "", err
	}
	if s.Name == "delegate365-progress" { // a setup that was begun before goes on by itself, and has to end first
		if _, err = p.untilSetupEnds(ctx, s); err != nil {
			return "", err
		}
		if s, err = p.Private.Open(ctx, address(with, p.places.Delegate365+"/setup")); err != nil {
			return "", err
		}
	}
	fill := map[string]string{}
	for _, name := range []string{"configuration-password", "user-name", "password"} {
		fill[name] = with[name]
	}
	p.passwords[strings.ToLower(with["user-name"])] = with["password"] // also if the answer never comes: setup may have begun
	if s, err = s.Submit(ctx, "", fill); err != nil {
		return "", err
	}
	if s, err = p.untilSetupEnds(ctx, s); err != nil {
		return "", err
	}
	if s.Problem != "" || !s.leadsTo("/login") {
		return "", s.fault("setup did not complete")
	}
	// As the page says, they choose Login then, and leave the dashboard open. Setup is done whether or not that goes well.
	_, _ = p.loginDelegate365(ctx, map[string]string{
		"url": strings.TrimSuffix(strings.TrimSuffix(with["url"], "/"), "/setup"), "user-name": with["user-name"], "password": with["password"],
	})
	return s.Title, nil
}

// untilSetupEnds looks at the progress page until it no longer renews itself.
func (p *Person) untilSetupEnds(ctx context.Context, s *Screen) (_ *Screen, err error) {
	for s.refresh > 0 {
		if err := s.untilRenewed(ctx); err != nil {
			return nil, err
		}
		if p.Hurried {
			s, err = s.Submit(ctx, "finish", nil)
		} else {
			s, err = p.Private.Open(ctx, s.url.String())
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// signOut closes both windows, after signing the accounts in them out.
func (p *Person) signOut(ctx context.Context, with map[string]string) (string, error) {
	for _, w := range []*Window{p.Operator, p.Private} {
		s, err := w.Open(ctx, address(with, p.places.Portal+"/sign-out"))
		if err != nil {
			return "", err
		}
		if s.Name == "sign-out" {
			if _, err := s.Submit(ctx, "", nil); err != nil {
				return "", err
			}
		}
	}
	p.Operator, p.Private = NewWindow(p.client), NewWindow(p.client)
	return "You are signed out", nil
}
