package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/google/uuid"
)

// Method is a way to sign in.
type Method int

// The ways to sign in.
const (
	Browser       Method = iota // authorization code with PKCE, in a browser on this machine
	DeviceCode                  // a code typed at another page, on any machine
	ByCertificate               // an application as itself; nobody can choose it
)

// String names the method as an operator knows it.
func (m Method) String() string {
	return [...]string{"browser", "device code", "certificate"}[m]
}

// Prompt is how a sign-in reaches the person at the keyboard. Its functions are called from another goroutine.
type Prompt struct {
	OpenURL  func(url string) error     // Browser: called once with the sign-in address; its error ends the sign-in
	Lead     func(address, link string) // Browser: called before, where a link leads on to the address, for this user of the machine alone; may be nil
	ShowCode func(Code)                 // DeviceCode: called once with the code to type
	Tell     func(Words) string         // Browser: the words of the page at the end, in the reader's language; nil leaves them as they are
}

// Code is what the operator types at the device sign-in page.
type Code struct {
	UserCode string
	URL      string
	Expires  time.Time
}

// Identity is who is signed in.
type Identity struct {
	TenantID          string
	ObjectID          string
	UserPrincipalName string
	Name              string
	HomeTenantID      string // of the account itself, which may be a guest's or a partner's; empty where it is not known
	Application       bool   // an application as itself, with nobody behind it: its permissions are application permissions
}

// signer is a credential that can ask a person once and gives tokens silently from then on.
type signer interface {
	azcore.TokenCredential
	// signIn returns the token and what is known of its owner beside it.
	signIn(ctx context.Context, f *signInFlow, request policy.TokenRequestOptions) (azcore.AccessToken, Identity, error)
}

// SignIn asks the operator to sign in and to consent to the scopes, given by their short names (User.Read). It
// replaces an earlier sign-in once it has succeeded. Cancelling ctx ends it at once. With Options.Credential nobody is
// asked. Errors are *SignInError.
func (c *Client) SignIn(ctx context.Context, m Method, p Prompt, scopes ...string) (Identity, error) {
	if err := c.beginInteraction(ctx, m); err != nil {
		return Identity{}, err
	}
	defer func() { <-c.interacting }()
	scopes = union(nil, scopes)
	if s := c.current(); s != nil && s.given {
		renewed, err := c.renew(ctx, s, scopes, "")
		if err != nil {
			return Identity{}, err
		}
		c.replace(renewed)
		return renewed.identity, nil
	}
	if len(scopes) == 0 {
		scopes = []string{"User.Read"}
	}
	s, err := c.ask(ctx, m, p, asked{scopes: scopes})
	if err != nil {
		return Identity{}, err
	}
	c.replace(s)
	return s.identity, nil
}

// Require makes the token carry the scopes as well as those it carries already. It returns at once when it does, unless
// it has run out, or Graph takes it no longer, and can't be renewed. Else
// it tries without a person, and then asks the same account with the same method, for a stronger sign-in as well where
// one was asked for; another account is
// ErrWrongAccount, and the earlier sign-in stays. Errors are *SignInError.
func (c *Client) Require(ctx context.Context, p Prompt, scopes ...string) error {
	s := c.current()
	if s == nil {
		return &SignInError{Message: "nobody is signed in yet", kind: ErrUnauthorized}
	}
	if err := c.beginInteraction(ctx, s.method); err != nil {
		return err
	}
	defer func() { <-c.interacting }()
	s = c.current()
	lasts := s.given || s.renewable || !s.refused && time.Now().Before(s.token.ExpiresOn)
	if s.token.Token != "" && s.challenge == "" && s.stepUp == "" && s.covers(scopes) && lasts {
		return nil
	}
	all, claims := union(s.scopes, scopes), firstOf(s.stepUp, s.challenge)
	if s.challenge == "" || s.given {
		renewed, err := c.renew(ctx, s, all, firstOf(claims, s.claims, s.anew()))
		switch {
		case err == nil && renewed.covers(scopes):
			c.replace(renewed)
			return nil
		case err == nil && s.given:
			return &SignInError{Message: "the token given lacks " + strings.Join(missing(renewed.granted, scopes), ", "), kind: ErrConsent}
		case err != nil && (s.given || !needsPerson(err)):
			return err
		}
	}
	answered, err := c.ask(ctx, s.method, p, asked{all, firstOf(claims, s.claims), s.identity.UserPrincipalName})
	if err != nil {
		return err
	}
	if !strings.EqualFold(answered.identity.ObjectID, s.identity.ObjectID) || !strings.EqualFold(answered.identity.TenantID, s.identity.TenantID) {
		return &SignInError{Method: s.method, Message: "signed in as " + answered.identity.UserPrincipalName + " instead of " + s.identity.UserPrincipalName, kind: ErrWrongAccount}
	}
	if !answered.covers(scopes) {
		return &SignInError{Method: s.method, Message: "not granted: " + strings.Join(missing(answered.granted, scopes), ", "), kind: ErrConsent}
	}
	c.replace(answered)
	return nil
}

// flow begins a sign-in or a renewal.
func (c *Client) flow(m Method) *signInFlow {
	return &signInFlow{method: m, tenant: c.opts.Tenant, clientID: c.opts.ClientID, foreign: c.Identity().Foreign()}
}

// Foreign reports an account of another tenant than the one it is signed in to: a guest's, or a partner's.
func (i Identity) Foreign() bool {
	return i.HomeTenantID != "" && i.TenantID != "" && !strings.EqualFold(i.HomeTenantID, i.TenantID)
}

// asked is what a sign-in is asked for.
type asked struct {
	scopes []string
	claims string // a stronger sign-in, where Microsoft challenged for one
	hint   string // user name of the account
}

// ask is one interactive sign-in with a credential of its own, so that one that fails leaves the earlier as it was.
func (c *Client) ask(ctx context.Context, m Method, p Prompt, a asked) (*session, error) {
	f := c.flow(m)
	f.prompt, f.interactive = p, true
	var credential signer
	var err error
	switch {
	case m == DeviceCode && p.ShowCode == nil, m == Browser && p.OpenURL == nil:
		err = errors.New("there is no way to reach the operator")
	case m == DeviceCode:
		credential, err = c.newDeviceCode()
	default:
		credential, err = c.newBrowser(a.hint)
	}
	if err != nil {
		return nil, &SignInError{Method: m, Message: err.Error(), kind: ErrInvalid, cause: err}
	}
	token, known, err := credential.signIn(f.in(ctx), f, c.tokenRequest(a.scopes, a.claims))
	if err != nil {
		return nil, f.fail(ctx, err)
	}
	s := &session{method: m, credential: credential, scopes: a.scopes, renewable: f.refreshable()}
	if asksForContext(a.claims) {
		s.claims = a.claims
	}
	s.adopt(token, known)
	return s, c.checkTenant(s.identity, m)
}

func (c *Client) beginInteraction(ctx context.Context, m Method) error {
	if err := acquire(ctx, c.interacting); err != nil {
		return &SignInError{Method: m, Message: "cancelled", kind: ErrSignInClosed, cause: err}
	}
	return nil
}

// authorityTenant is the tenant in the authority's path. With a tenant named, by id or by domain, the authority itself
// admits only accounts of that tenant.
func (c *Client) authorityTenant() string {
	return firstOf(c.opts.Tenant, "organizations")
}

// checkTenant compares ids. A domain needs no comparison after a sign-in, because its authority issues tokens of that
// domain's tenant alone; with Options.Credential it cannot be compared without a request, which the caller can make
// by reading the tenant's domains.
func (c *Client) checkTenant(id Identity, m Method) error {
	isID := uuid.Validate(c.opts.Tenant) == nil
	if !isID || id.TenantID == "" || strings.EqualFold(id.TenantID, c.opts.Tenant) {
		return nil
	}
	return &SignInError{Method: m, Message: "signed in to tenant " + id.TenantID + ", not to " + c.opts.Tenant, Tenant: c.opts.Tenant, Account: id.UserPrincipalName, SignedInTo: id.TenantID, kind: ErrWrongTenant}
}

// union is a followed by what b adds, each scope once.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.ContainsFunc(all, func(have string) bool { return strings.EqualFold(have, s) }) {
			all = append(all, s)
		}
	}
	return all
}
