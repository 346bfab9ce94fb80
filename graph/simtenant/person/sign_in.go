package person

import (
	"context"
	"encoding/base32"
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

// Credentials are what a person knows to sign in with.
type Credentials struct{ UserName, Password string }

// SignInThrough does what the sign-in pages ask, whoever asks it, until some other page is reached. It returns that page
// and the app password, where the way led through a registration that ends with one.
func (p *Person) SignInThrough(ctx context.Context, s *Screen, who Credentials) (*Screen, string, error) {
	tried := map[string]bool{}
	appPassword := ""
	for range 30 { // more steps than any sign-in has
		if s.Left {
			return s, appPassword, nil
		}
		if s.Problem != "" && (tried[s.Name] || s.Name == "refused") {
			return s, appPassword, p.giveUp(ctx, s)
		}
		tried[s.Name] = true
		if s.Name == "app-password" {
			appPassword = s.Marked("data-app-password")
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
func (p *Person) giveUp(ctx context.Context, s *Screen) error {
	err := s.fault("the sign-in did not go well")
	if back, failed := s.Submit(ctx, "cancel", nil); failed == nil && back.Name == "form-post" {
		_, _ = back.Submit(ctx, "", nil) // a browser with scripts sends it by itself
	}
	return err
}

// signInStep answers one page; nil is a page that is not a sign-in's.
func (p *Person) signInStep(ctx context.Context, s *Screen, who Credentials) (*Screen, error) {
	key := strings.ToLower(who.UserName)
	switch s.Name {
	case "account":
		return s.Submit(ctx, "", map[string]string{"account": who.UserName})
	case "password":
		if who.Password == "" {
			return nil, s.fault("the person does not know the password of " + who.UserName)
		}
		p.passwords[key] = who.Password
		return s.Submit(ctx, "", map[string]string{"password": who.Password})
	case "approve":
		return s.Submit(ctx, "approve", nil)
	case "code":
		secret, ok := p.phone.secrets[key]
		if !ok {
			return nil, s.fault("the person has no authenticator app for " + who.UserName)
		}
		return s.Submit(ctx, "", map[string]string{"code": totp.Code(secret, p.now())})
	case "register":
		secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s.Marked("data-secret"))
		if err != nil {
			return nil, fmt.Errorf("read the key for the authenticator app: %w", err)
		}
		if err := p.phone.register(key, secret); err != nil {
			return nil, err
		}
		return s.Submit(ctx, "", map[string]string{"code": totp.Code(secret, p.now())})
	case "name-app-password":
		return s.Submit(ctx, "", map[string]string{"name": AppPasswordName})
	case "app-password":
		return s.Submit(ctx, "done", nil)
	case "stay-signed-in":
		return s.Submit(ctx, "no", nil)
	case "consent":
		fill := map[string]string{}
		if Find(s.Root, func(n *html.Node) bool { return Attribute(n, "name") == "organisation" }) != nil {
			fill["organisation"] = "yes"
		}
		return s.Submit(ctx, "accept", fill)
	case "device-confirm":
		return s.Submit(ctx, "accept", nil)
	case "form-post":
		return s.Submit(ctx, "", nil)
	}
	return nil, nil
}
