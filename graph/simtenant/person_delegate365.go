package simtenant

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/net/html"
)

// What a person would say of Delegate365's portal after looking.
const (
	saysPage    = "page"         // it has the page for the account and its app password
	saysNoPage  = "none"         // it has not
	saysValid   = "tested"       // the test succeeded
	saysInvalid = "test-failed"  // it did not
	saysMissing = "no-such-page" // there is nothing to test with
)

func (p *Person) loginDelegate365(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.openPortal(ctx, "/dashboard", with)
	if err != nil {
		return "", err
	}
	if s.name != "delegate365-dashboard" {
		return "", s.fault("the dashboard did not open")
	}
	return s.title, nil
}

// openPortal opens a page of Delegate365 in the private window, by way of its login where that is asked for.
func (p *Person) openPortal(ctx context.Context, path string, with map[string]string) (*screen, error) {
	page := strings.TrimSuffix(strings.TrimSuffix(address(with, p.ep.Delegate365), "/"), path) + path
	s, err := p.private.open(ctx, page)
	if err != nil || s.name != "delegate365-login" {
		return s, err
	}
	if s, err = s.submit(ctx, "", nil); err != nil {
		return nil, err
	}
	if s, _, err = p.signInThrough(ctx, s, p.serviceCredentials(with)); err != nil {
		return nil, err
	}
	if s.problem != "" {
		return nil, s.fault("the login did not go well")
	}
	return p.private.open(ctx, page)
}

// portalVersion looks in the dashboard for the page that only the older Delegate365 has.
func (p *Person) portalVersion(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.openPortal(ctx, "/dashboard", with)
	if err != nil {
		return "", err
	}
	if s.name != "delegate365-dashboard" {
		return "", s.fault("the dashboard did not open")
	}
	if find(s.root, func(n *html.Node) bool { return strings.HasSuffix(attribute(n, "href"), linkExchange.Path) }) == nil {
		return saysNoPage, nil
	}
	return saysPage, nil
}

// testCredentials enters the account, tests it, and tells what the test said.
func (p *Person) testCredentials(ctx context.Context, with map[string]string) (string, error) {
	s, err := p.openPortal(ctx, linkExchange.Path, with)
	if err != nil {
		return "", err
	}
	if s.status == http.StatusNotFound {
		return saysMissing, nil
	}
	if s, err = s.submit(ctx, "save", map[string]string{"user-name": with["user-name"], "password": with["app-password"]}); err != nil {
		return "", err
	}
	if s.notice == "" {
		return "", s.fault("the account was not saved")
	}
	if s, err = s.submit(ctx, "test", nil); err != nil {
		return "", err
	}
	if s.notice == "" {
		return saysInvalid, nil
	}
	return saysValid, nil
}
