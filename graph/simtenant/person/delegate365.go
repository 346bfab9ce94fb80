package person

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/net/html"
)

// What a person would say of Delegate365's portal after looking.
const (
	SaysPage    = "page"          // it has the page for the account and its app password
	SaysNoPage  = "none"          // it has not
	SaysValid   = "tested"        // the test succeeded
	SaysInvalid = "test-failed"   // it did not
	SaysSMTPOff = "smtp-auth-off" // it did not, because SMTP AUTH is off
	SaysMissing = "no-such-page"  // there is nothing to test with
)

// exchangePage is where the older Delegate365 keeps the account and its app password.
const exchangePage = "/administration/office365-account"

func (p *Person) loginDelegate365(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.openPortal(ctx, "/dashboard", with)
	if err != nil {
		return "", err
	}
	if s.Name != "delegate365-dashboard" {
		return "", s.fault("the dashboard did not open")
	}
	return s.Title, nil
}

// openPortal opens a page of Delegate365 in the private window, by way of its login where that is asked for.
func (p *Person) openPortal(ctx context.Context, path string, with map[string]string) (*Screen, error) {
	page := strings.TrimSuffix(strings.TrimSuffix(address(with, p.places.Delegate365), "/"), path) + path
	s, err := p.Private.Open(ctx, page)
	if err != nil || s.Name != "delegate365-login" {
		return s, err
	}
	if s, err = s.Submit(ctx, "", nil); err != nil {
		return nil, err
	}
	if s, _, err = p.SignInThrough(ctx, s, p.serviceCredentials(with)); err != nil {
		return nil, err
	}
	if s.Problem != "" {
		return nil, s.fault("the login did not go well")
	}
	return p.Private.Open(ctx, page)
}

// portalVersion looks in the dashboard for the page that only the older Delegate365 has.
func (p *Person) portalVersion(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.openPortal(ctx, "/dashboard", with)
	if err != nil {
		return "", err
	}
	if s.Name != "delegate365-dashboard" {
		return "", s.fault("the dashboard did not open")
	}
	if Find(s.Root, func(n *html.Node) bool { return strings.HasSuffix(Attribute(n, "href"), exchangePage) }) == nil {
		return SaysNoPage, nil
	}
	return SaysPage, nil
}

// testCredentials enters the account, tests it, and tells what the test said; of one that failed in the page's words as well.
func (p *Person) testCredentials(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.openPortal(ctx, exchangePage, with)
	if err != nil {
		return "", err
	}
	if s.Status == http.StatusNotFound {
		return SaysMissing, nil
	}
	if s, err = s.Submit(ctx, "save", map[string]string{"user-name": with["user-name"], "password": with["app-password"]}); err != nil {
		return "", err
	}
	if s.Notice == "" {
		return "", s.fault("the account was not saved")
	}
	if s, err = s.Submit(ctx, "test", nil); err != nil {
		return "", err
	}
	if s.Notice == "" {
		why := s.refusal()
		if strings.Contains(why, "SmtpClientAuthentication is disabled") {
			return SaysSMTPOff + "\n" + why, nil
		}
		return SaysInvalid + "\n" + why, nil
	}
	return SaysValid, nil
}
