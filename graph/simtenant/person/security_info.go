package person

import (
	"context"
	"strings"
)

// openSecurityInfo signs the service account in at its security info, in the private window. Where that leads through a
// first registration that ends with an app password, the app password is returned too.
func (p *Person) openSecurityInfo(ctx context.Context, with map[string]string) (*Screen, string, error) {
	s, err := p.Private.Open(ctx, address(with, p.places.Portal+"/security-info"))
	if err != nil {
		return nil, "", err
	}
	s, appPassword, err := p.SignInThrough(ctx, s, p.serviceCredentials(with))
	if err != nil {
		return nil, "", err
	}
	if s.Name != "security-info" && s.Name != "app-passwords" {
		return nil, "", s.fault("security info did not open")
	}
	return s, appPassword, nil
}

// registerMFA registers an authenticator app, whether the sign-in demands it or the person has to ask for it.
func (p *Person) registerMFA(ctx context.Context, with map[string]string) (string, error) {
	s, appPassword, err := p.openSecurityInfo(ctx, with)
	if err != nil {
		return "", err
	}
	who := p.serviceCredentials(with)
	if _, ok := p.phone.secrets[strings.ToLower(who.UserName)]; ok {
		return appPassword, nil
	}
	if s, err = p.addMethod(ctx, s, "authenticator"); err != nil {
		return "", err
	}
	s, appPassword, err = p.SignInThrough(ctx, s, who)
	if err != nil {
		return "", err
	}
	if s.Name != "security-info" {
		return "", s.fault("the authenticator app was not registered")
	}
	return appPassword, nil
}

func (p *Person) appPassword(ctx context.Context, with map[string]string) (string, error) {
	s, appPassword, err := p.openSecurityInfo(ctx, with)
	if err != nil || appPassword != "" {
		return appPassword, err
	}
	if s, err = p.addMethod(ctx, s, "app-password"); err != nil {
		return "", err
	}
	if s, err = s.Submit(ctx, "", map[string]string{"name": AppPasswordName}); err != nil {
		return "", err
	}
	value := s.Marked("data-app-password")
	if value == "" {
		return "", s.fault("no app password was shown")
	}
	return value, nil
}

// addMethod goes to "Add sign-in method" and chooses kind there.
func (p *Person) addMethod(ctx context.Context, s *Screen, kind string) (*Screen, error) {
	to, err := s.url.Parse("/security-info/add")
	if err != nil {
		return nil, err
	}
	if s, err = p.Private.Open(ctx, to.String()); err != nil {
		return nil, err
	}
	return s.Submit(ctx, kind, nil)
}
