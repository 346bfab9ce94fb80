package graph

import (
	"context"
	"net/http"
	"strings"
	"time"

	abs "github.com/microsoft/kiota-abstractions-go"
)

// Rules of this file: Graph may refuse a token without saying in claims what another would have to carry, because it has
// ended by Microsoft's clock, where this computer's was set back, or because its owner is disabled
// (https://learn.microsoft.com/graph/resolve-auth-errors#401-unauthorized-error-is-your-token-valid). Another is asked for
// then, once for each token that was refused, however many requests were refused with it.

// askAgainAfter is how long no other token is asked for in vain.
const askAgainAfter = 30 * time.Second

// tokenRefused reports an answer of Graph's own by which it takes a token no longer, without claims.
func (r *record) tokenRefused() bool {
	return r.status == http.StatusUnauthorized && r.foreign == nil && !challenged.MatchString(strings.Join(r.header.Values("WWW-Authenticate"), ","))
}

// bearer is the token that a request was sent with last.
func bearer(ri *abs.RequestInformation) string {
	return strings.TrimPrefix(strings.Join(ri.Headers.Get("Authorization"), ""), "Bearer ")
}

// replaceRefused takes another token in place of one that Graph has refused, and reports that there is one now. Where only a person
// can get one the sign-in is over, and why is not nil.
func replaceRefused(ctx context.Context, c *Client, refused string) (is bool, why error) {
	if err := acquire(ctx, c.renewing); err != nil {
		return false, nil
	}
	defer func() { <-c.renewing }()
	s := c.current()
	if s == nil || s.token.Token != refused {
		return s != nil, nil
	}
	if time.Since(s.answered) < askAgainAfter && !s.handed() {
		return false, nil
	}
	renewed, err := c.renew(ctx, s, s.scopes, firstOf(s.claims, anew))
	switch {
	case err == nil:
		renewed.answered = time.Now()
		c.replaceIf(s, renewed)
		return renewed.token.Token != refused, nil
	case needsPerson(err) && !s.given:
		over := *s
		over.renewable, over.refused, over.answered = false, true, time.Now()
		c.replaceIf(s, &over)
		return false, err
	}
	return false, nil
}

// anew are claims that ask for a token from the service in place of a refused one, or of one that MSAL's memory would give again because
// the clock on the wall was set back; none otherwise.
func (s *session) anew() string {
	if s.refused || time.Until(s.token.ExpiresOn) <= tokenMargin && s.byWall() > tokenMargin {
		return anew
	}
	return ""
}

// handed reports that tokens come from somebody else, who is asked at no cost.
func (s *session) handed() bool { return s.given && !s.application }

// fresh goes by both clocks: the one on the wall may be set back, and the one that nobody can set may stand still in sleep.
func (s *session) fresh() bool {
	return s.token.Token != "" && min(time.Until(s.token.ExpiresOn), s.byWall()) > tokenMargin
}

// byWall is how long the token lasts yet by the clock on the wall, by which MSAL's memory goes.
func (s *session) byWall() time.Duration { return time.Until(s.token.ExpiresOn.Round(0)) }

// lasts reports a token that one more request can be made with. Nobody who closes the window waits for a better one.
func (s *session) lasts() bool {
	return s.token.Token != "" && time.Until(s.token.ExpiresOn) > closingAttempt
}
