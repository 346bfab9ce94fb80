package person

import (
	"context"
	"strings"

	"golang.org/x/net/html"
)

// SaysActivated is what a person would do who has activated their roles: check again.
const SaysActivated = "reread"

const (
	activatePath     = "/my-roles/activate"
	activationReason = "Onboarding of Delegate365"
	activationTicket = "1"
	mostActivations  = 10
)

// activateRole activates every role that the operator can activate.
func (p *Person) activateRole(ctx context.Context, with map[string]string) (string, error) {
	said := ""
	for range mostActivations {
		s, err := p.openAsOperator(ctx, address(with, p.places.Portal+"/my-roles"))
		if err == nil {
			s, err = p.untilActive(ctx, s)
		}
		if err != nil {
			return "", err
		}
		offered := Find(s.Root, func(n *html.Node) bool { return strings.HasPrefix(Attribute(n, "href"), activatePath) })
		switch {
		case s.Name != "my-roles":
			return "", s.fault("it did not open")
		case offered == nil && said != "":
			return SaysActivated + "\n" + said, nil
		case offered == nil:
			return "", s.fault("it offers no role to activate")
		}
		if said, err = p.activate(ctx, p.places.Portal+Attribute(offered, "href")); err != nil {
			return "", err
		}
	}
	return SaysActivated + "\n" + said, nil
}

// activate asks for a role, for as long as the page suggests.
func (p *Person) activate(ctx context.Context, page string) (said string, err error) {
	s, err := p.openAsOperator(ctx, page)
	if err != nil {
		return "", err
	}
	fill := map[string]string{"reason": activationReason}
	if Find(s.Root, func(n *html.Node) bool { return Attribute(n, "name") == "ticket" }) != nil {
		fill["ticket"] = activationTicket
	}
	if s, err = s.Submit(ctx, "", fill); err != nil {
		return "", err
	}
	if s.Notice == "" {
		return "", s.fault("the role was not activated")
	}
	return s.Notice, nil
}

// untilActive looks at the page until it no longer renews itself.
func (p *Person) untilActive(ctx context.Context, s *Screen) (*Screen, error) {
	for s.refresh > 0 {
		err := s.untilRenewed(ctx)
		if err != nil {
			return nil, err
		}
		if s, err = p.Operator.Open(ctx, s.url.String()); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// openAsOperator opens a page in the operator's browser, by way of the sign-in where one is asked for.
func (p *Person) openAsOperator(ctx context.Context, page string) (*Screen, error) {
	s, err := p.Operator.Open(ctx, page)
	if err != nil {
		return nil, err
	}
	s, _, err = p.SignInThrough(ctx, s, p.OperatorCredentials())
	return s, err
}
