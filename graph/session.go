package graph

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/golang-jwt/jwt/v5"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
)

// tokenMargin is how long before its end a token is renewed.
const tokenMargin = 2 * time.Minute

// anew are claims: any, even none of them, have MSAL ask the service instead of its memory.
const anew = "{}"

// session is one sign-in and what came of it. It is replaced, never changed, so a copy of the pointer stays true.
type session struct {
	method      Method
	credential  azcore.TokenCredential // gives tokens without asking anybody
	given       bool                   // the credential is Options.Credential, or Options.Certificate
	application bool                   // of Options.Certificate
	scopes      []string               // short names of what was asked for
	token       azcore.AccessToken
	granted     []string
	identity    Identity
	renewable   bool
	challenge   string   // claims that only a person can satisfy, without which the sign-in is over
	stepUp      string   // claims that only a person can satisfy, for what the tenant protects
	claims      string   // claims that were met for that, and are asked for again with every renewal
	contexts    []string // authentication contexts that the token carries

	refused  bool      // Graph takes the token no longer, and the sign-in service gives no other
	answered time.Time // when another was asked for last because Graph took one no longer
}

// Identity is who is signed in; zero before SignIn.
func (c *Client) Identity() Identity {
	if s := c.current(); s != nil {
		return s.identity
	}
	return Identity{}
}

// Granted is the delegated permissions in the current access token, by their short names; nil before SignIn.
func (c *Client) Granted() []string {
	if s := c.current(); s != nil {
		return slices.Clone(s.granted)
	}
	return nil
}

// TokenExpires is when the current access token ends, by the clock that nobody can set; zero before SignIn.
func (c *Client) TokenExpires() time.Time {
	if s := c.current(); s != nil {
		return s.token.ExpiresOn
	}
	return time.Time{}
}

// Renewable reports that the sign-in service gave a refresh token and has not refused it since. It is false with
// Options.Credential, of which nothing is known.
func (c *Client) Renewable() bool {
	s := c.current()
	return s != nil && s.renewable
}

// Lapsed reports that Graph or the sign-in service takes this sign-in no longer, and that only a person can renew it:
// Require with a prompt, or SignIn. It is false with Options.Credential, where nobody can be asked.
func (c *Client) Lapsed() bool {
	s := c.current()
	if s == nil || s.given || s.renewable {
		return false
	}
	return s.challenge != "" || s.refused || !s.token.ExpiresOn.IsZero() && time.Now().After(s.token.ExpiresOn)
}

func (c *Client) current() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session
}

func (c *Client) replace(s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session = s
}

// accessToken is the token for a Graph request, renewed silently when it is about to end or when claims, the answer to
// a challenge, ask for another.
func (c *Client) accessToken(ctx context.Context, claims string) (string, error) {
	if s := c.current(); s == nil {
		return "", &SignInError{Message: "nobody is signed in yet", kind: ErrUnauthorized}
	} else if claims == "" && (s.fresh() || isClosing(ctx) && s.lasts()) {
		return s.token.Token, nil
	}
	if err := acquire(ctx, c.renewing); err != nil {
		return "", err
	}
	defer func() { <-c.renewing }()
	s := c.current()
	if claims == "" && s.fresh() {
		return s.token.Token, nil
	}
	renewed, err := c.renewKeeping(ctx, s, claims)
	if err == nil {
		c.replaceIf(s, renewed)
		return renewed.token.Token, nil
	}
	if needsPerson(err) && asksForContext(claims) {
		wanting := *s
		wanting.stepUp = claims
		c.replaceIf(s, &wanting)
		return "", steppingUp(err)
	}
	if needsPerson(err) {
		refused := *s
		refused.renewable = false
		refused.challenge = claims
		c.replaceIf(s, &refused)
	}
	if claims == "" && s.token.Token != "" && (time.Until(s.token.ExpiresOn) > 0 || isClosing(ctx)) {
		return s.token.Token, nil // whether it still holds, Microsoft decides
	}
	return "", err
}

// renewKeeping renews with the claims asked for now, or else with those that were met before. When these are not met any
// more, a token without them still does everything that the tenant does not protect.
func (c *Client) renewKeeping(ctx context.Context, s *session, claims string) (*session, error) {
	renewed, err := c.renew(ctx, s, s.scopes, firstOf(claims, s.claims, s.anew()))
	if err == nil || claims != "" || s.claims == "" || !needsPerson(err) {
		return renewed, err
	}
	renewed, err = c.renew(ctx, s, s.scopes, "")
	if err == nil {
		renewed.claims = ""
	}
	return renewed, err
}

// Refresh takes a new token although the old one still holds, because the old one knows nothing of a role that was activated
// since (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference, wids). Nobody is asked; the old
// token stays when there is no new one. Errors are *SignInError.
func (c *Client) Refresh(ctx context.Context) error {
	s := c.current()
	if s == nil {
		return &SignInError{Message: "nobody is signed in yet", kind: ErrUnauthorized}
	}
	if err := acquire(ctx, c.renewing); err != nil {
		return &SignInError{Method: s.method, Message: "cancelled", kind: ErrSignInClosed, cause: err}
	}
	defer func() { <-c.renewing }()
	s = c.current()
	renewed, err := c.renew(ctx, s, s.scopes, firstOf(s.claims, anew))
	if err == nil {
		c.replaceIf(s, renewed)
	}
	return err
}

// replaceIf keeps a sign-in that was finished meanwhile.
func (c *Client) replaceIf(old, renewed *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session == old {
		c.session = renewed
	}
}

// covers reports that the token carries all of the scopes.
func (s *session) covers(scopes []string) bool {
	return len(missing(s.granted, scopes)) == 0
}

// renew asks the session's credential for a token, without asking a person.
func (c *Client) renew(ctx context.Context, s *session, scopes []string, claims string) (*session, error) {
	f := c.flow(s.method)
	asked := scopes
	if s.application {
		asked = nil // it gets what an administrator gave it, and can ask for nothing else
	}
	token, err := s.credential.GetToken(f.in(ctx), c.tokenRequest(asked, claims))
	if err != nil {
		return nil, f.fail(ctx, err)
	}
	renewed := *s
	renewed.scopes = scopes
	renewed.challenge, renewed.refused = "", false
	if asksForContext(claims) {
		renewed.claims = claims
		if claims == s.stepUp {
			renewed.stepUp = ""
		}
	}
	renewed.adopt(token, s.identity)
	if !s.given {
		renewed.renewable = s.renewable || f.refreshable()
	}
	return &renewed, c.checkTenant(renewed.identity, s.method)
}

// tokenRequest asks for tokens that continuous access evaluation may end, always: azidentity keeps those apart from
// the others and would prompt twice for a mixture.
func (c *Client) tokenRequest(scopes []string, claims string) policy.TokenRequestOptions {
	full := make([]string, 0, len(scopes))
	for _, s := range scopes {
		if !strings.Contains(s, "://") {
			s = c.cloud.Graph + "/" + s
		}
		full = append(full, s)
	}
	if len(full) == 0 {
		full = []string{c.cloud.Graph + "/.default"}
	}
	return policy.TokenRequestOptions{Scopes: full, Claims: claims, EnableCAE: true}
}

// adopt takes a token and what it says of its owner. The claims are only for show and are not verified: the token is
// our own, and Graph verifies it. A token that cannot be read is taken to carry what was asked for.
//
// Its end is kept by the clock that nobody can set, from when it came: the one on the wall may be set meanwhile, and says nothing of
// what Microsoft still takes.
func (s *session) adopt(token azcore.AccessToken, otherwise Identity) {
	if !s.given && token.Token == s.token.Token {
		token.ExpiresOn = s.token.ExpiresOn // out of a memory that goes by the clock on the wall
	} else if !token.ExpiresOn.IsZero() {
		token.ExpiresOn = time.Now().Add(time.Until(token.ExpiresOn))
	}
	s.token = token
	redact.Passed(token.Token)
	s.identity, s.granted, s.contexts = otherwise, slices.Clone(s.scopes), nil
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token.Token, claims); err != nil {
		return
	}
	text := func(names ...string) string {
		for _, n := range names {
			if v, _ := claims[n].(string); v != "" {
				return v
			}
		}
		return ""
	}
	if scp, ok := claims["scp"].(string); ok {
		s.granted = strings.Fields(scp)
	}
	if s.application {
		s.granted = texts(claims["roles"])
	}
	s.contexts = texts(claims["acrs"])
	s.identity = Identity{
		TenantID:          firstOf(text("tid"), otherwise.TenantID),
		ObjectID:          firstOf(text("oid"), otherwise.ObjectID),
		UserPrincipalName: firstOf(text("upn", "preferred_username", "unique_name"), otherwise.UserPrincipalName),
		Name:              firstOf(text("name", "app_displayname"), otherwise.Name),
		HomeTenantID:      otherwise.HomeTenantID,
		Application:       s.application,
	}
}

// texts are the texts of a list in JSON.
func texts(list any) []string {
	var out []string
	all, _ := list.([]any)
	for _, v := range all {
		if text, ok := v.(string); ok {
			out = append(out, text)
		}
	}
	return out
}

// missing is what granted lacks of the scopes. Scopes that no access token lists are left out.
func missing(granted, scopes []string) []string {
	var lacking []string
	for _, want := range scopes {
		short := want[strings.LastIndex(want, "/")+1:]
		has := func(g string) bool { return strings.EqualFold(g, short) }
		switch strings.ToLower(short) {
		case "openid", "profile", "email", "offline_access":
		default:
			if !slices.ContainsFunc(granted, has) {
				lacking = append(lacking, want)
			}
		}
	}
	return lacking
}
