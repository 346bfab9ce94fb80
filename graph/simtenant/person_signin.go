package simtenant

import (
	"context"
	"encoding/base32"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// credentials are what a person knows to sign in with.
type credentials struct{ userName, password string }

// signInThrough does what the sign-in pages ask, whoever asks it, until some other page is reached. It returns that page
// and the app password, where the way led through a registration that ends with one.
func (p *Person) signInThrough(ctx context.Context, s *screen, who credentials) (*screen, string, error) {
	tried := map[string]bool{}
	appPassword := ""
	for range 30 { // more steps than any sign-in has
		if s.left {
			return s, appPassword, nil
		}
		if s.problem != "" && (tried[s.name] || step(s.name) == refused) {
			return s, appPassword, p.giveUp(ctx, s)
		}
		tried[s.name] = true
		if step(s.name) == giveAppPassword {
			appPassword = s.marked("data-app-password")
		}
		next, err := p.signInStep(ctx, s, who)
		if err != nil {
			return s, appPassword, err
		}
		if next == nil {
			return s, appPassword, nil
		}
		s = next
	}
	return s, appPassword, s.fault("the sign-in does not come to an end")
}

// giveUp goes back to the application, where one waits, so that it need not wait any longer.
func (p *Person) giveUp(ctx context.Context, s *screen) error {
	err := s.fault("the sign-in did not go well")
	if back, failed := s.submit(ctx, "cancel", nil); failed == nil && back.name == "form-post" {
		_, _ = back.submit(ctx, "", nil) // a browser with scripts sends it by itself
	}
	return err
}

// signInStep answers one page; nil is a page that is not a sign-in's.
func (p *Person) signInStep(ctx context.Context, s *screen, who credentials) (*screen, error) {
	key := strings.ToLower(who.userName)
	switch step(s.name) {
	case askAccount:
		return s.submit(ctx, "", map[string]string{"account": who.userName})
	case askPassword:
		if who.password == "" {
			return nil, s.fault("the person does not know the password of " + who.userName)
		}
		p.passwords[key] = who.password
		return s.submit(ctx, "", map[string]string{"password": who.password})
	case askApproval:
		return s.submit(ctx, "approve", nil)
	case askCode:
		secret, ok := p.phone.secrets[key]
		if !ok {
			return nil, s.fault("the person has no authenticator app for " + who.userName)
		}
		return s.submit(ctx, "", map[string]string{"code": totp(secret, p.now())})
	case askRegistration:
		secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s.marked("data-secret"))
		if err != nil {
			return nil, fmt.Errorf("read the key for the authenticator app: %w", err)
		}
		if err := p.phone.register(key, secret); err != nil {
			return nil, err
		}
		return s.submit(ctx, "", map[string]string{"code": totp(secret, p.now())})
	case nameAppPassword:
		return s.submit(ctx, "", map[string]string{"name": appPasswordName})
	case giveAppPassword:
		return s.submit(ctx, "done", nil)
	case askStaySignedIn:
		return s.submit(ctx, "no", nil)
	case askConsent:
		fill := map[string]string{}
		if find(s.root, func(n *html.Node) bool { return attribute(n, "name") == "organisation" }) != nil {
			fill["organisation"] = "yes"
		}
		return s.submit(ctx, "accept", fill)
	case confirmDevice:
		return s.submit(ctx, "accept", nil)
	case "form-post":
		return s.submit(ctx, "", nil)
	}
	return nil, nil
}
