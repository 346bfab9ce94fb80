package entra

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

const codeLifetime = 10 * time.Minute

// AuthorizeRequest is a checked request to the authorization endpoint (RFC 6749, 4.1.1; RFC 7636).
type AuthorizeRequest struct {
	ClientID, ClientName string
	redirectURI          string
	ResponseMode         string // "query", "fragment" or "form_post"
	state, nonce         string
	Scopes               []string // short names of Graph scopes, and openid, profile, offline_access, email
	audience             string   // the resource as the client wrote it; empty when the scopes were short
	codeChallenge        string
	Prompt, LoginHint    string
	continuousAccess     bool     // the client said it can handle claims challenges (cp1)
	CompletedMFA         bool     // set by the page when the person passed a second factor
	Contexts             []string // authentication contexts that the claims parameter asks for; met when a code is issued
}

// authorizationCode waits for its client to redeem it.
type authorizationCode struct {
	AuthorizeRequest
	userID   string
	expires  time.Time
	redeemed bool
}

// ParseAuthorize checks a request to /{tenant}/oauth2/v2.0/authorize, whether by query or by form. An error is shown to
// the person, never sent to the redirect address, because it can mean that the address itself is wrong.
func (s *Service) ParseAuthorize(r *http.Request) (AuthorizeRequest, *Error) {
	if err := r.ParseForm(); err != nil {
		s.tenant.Lock()
		defer s.tenant.Unlock()
		return AuthorizeRequest{}, s.SignIn.refuseLocked(AADMalformed, "", "The request is not well formed.")
	}
	s.tenant.Lock()
	defer s.tenant.Unlock()
	get := r.Form.Get
	if err := s.SignIn.checkTenantLocked(request.FirstSegment(r.URL.Path)); err != nil {
		return AuthorizeRequest{}, err
	}
	for _, name := range []string{"client_id", "response_type", "redirect_uri", "scope"} {
		if get(name) == "" {
			return AuthorizeRequest{}, s.SignIn.missingLocked(name)
		}
	}
	client := s.tenant.Applications.ClientLocked(get("client_id"))
	if client == nil {
		return AuthorizeRequest{}, s.SignIn.unknownClientLocked(get("client_id"))
	}
	req := AuthorizeRequest{
		ClientID: client.AppID, ClientName: client.DisplayName, redirectURI: get("redirect_uri"), ResponseMode: get("response_mode"),
		state: get("state"), nonce: get("nonce"), codeChallenge: get("code_challenge"), Prompt: get("prompt"), LoginHint: get("login_hint"),
		continuousAccess: asksForContinuousAccess(get("claims")), Contexts: contextsAsked(get("claims")),
	}
	if req.ResponseMode == "" {
		req.ResponseMode = "query"
	}
	switch {
	case get("response_type") != "code":
		return req, s.SignIn.refuseLocked(AADBadResponseType, "", "response_type '%s' is not enabled for the application.", get("response_type"))
	case !redirectAllowed(client.Redirects, req.redirectURI):
		return req, s.SignIn.refuseLocked(AADBadRedirect, "", "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'.", req.redirectURI, client.AppID)
	case !slices.Contains([]string{"query", "fragment", "form_post"}, req.ResponseMode):
		return req, s.SignIn.refuseLocked(AADMalformed, "", "The response_mode '%s' is not supported.", req.ResponseMode)
	case req.codeChallenge == "":
		return req, s.SignIn.missingLocked("code_challenge")
	case get("code_challenge_method") != "S256":
		return req, s.SignIn.refuseLocked(AADMalformed, "", "The code_challenge_method '%s' is not supported: S256 is.", get("code_challenge_method"))
	}
	var err *Error
	req.Scopes, req.audience, err = s.Consents.parseScopesLocked(get("scope"))
	return req, err
}

// IssueCode makes an authorization code and returns the address to send the browser to. For response_mode form_post the
// same parameters are in the query, for the page to put in its form.
func (s *Service) IssueCode(userID string, req AuthorizeRequest) string {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	code := s.tenant.IssuedLocked("authorization code", "0."+s.tenant.NewSecretLocked(60))
	s.codes[code] = &authorizationCode{AuthorizeRequest: req, userID: userID, expires: s.tenant.Instant().Add(codeLifetime)}
	return req.answer(url.Values{"code": {code}, "session_state": {s.tenant.NewTraceIDLocked()}})
}

// RefuseAuthorize returns the address that tells the client why the person's sign-in ended.
func (s *Service) RefuseAuthorize(req AuthorizeRequest, e *Error) string {
	name, sub := oauthName(e.Code)
	v := url.Values{"error": {name}, "error_description": {e.Error()}}
	if sub != "" {
		v.Set("error_subcode", sub)
	}
	return req.answer(v)
}

// DeclineConsent is the person's no at the consent page.
func (s *Service) DeclineConsent() *Error {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	return s.SignIn.refuseLocked(aadConsentDeclined, "", "User declined to consent to access the app.")
}

func (req AuthorizeRequest) answer(v url.Values) string {
	if req.state != "" {
		v.Set("state", req.state)
	}
	to, err := url.Parse(req.redirectURI)
	if err != nil {
		return req.redirectURI
	}
	if req.ResponseMode == "fragment" {
		return req.redirectURI + "#" + v.Encode()
	}
	query := to.Query()
	for name, values := range v {
		query[name] = values
	}
	to.RawQuery = query.Encode()
	return to.String()
}

// redirectAllowed holds an address against the registered ones. http://localhost allows any port and path on it
// (RFC 8252, 7.3; https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions).
func redirectAllowed(registered []string, address string) bool {
	if slices.Contains(registered, address) {
		return true
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Fragment != "" {
		return false
	}
	return u.Hostname() == "localhost" && slices.Contains(registered, "http://localhost") && (u.Path == "" || u.Path == "/")
}

// asksForContinuousAccess reads the client's capabilities from the claims parameter
// (https://learn.microsoft.com/entra/identity-platform/claims-challenge).
func asksForContinuousAccess(claims string) bool {
	var c struct {
		AccessToken struct {
			Capabilities struct {
				Values []string `json:"values"`
			} `json:"xms_cc"`
		} `json:"access_token"`
	}
	if json.Unmarshal([]byte(claims), &c) != nil {
		return false
	}
	return slices.ContainsFunc(c.AccessToken.Capabilities.Values, func(v string) bool { return strings.EqualFold(v, "cp1") })
}

// checkTenantLocked accepts the tenant's id, its verified domains and the multi-tenant names.
func (s *SignIn) checkTenantLocked(name string) *Error {
	if isMultiTenant(name) || strings.EqualFold(name, s.tenant.Organization.ID) {
		return nil
	}
	if d := s.tenant.Organization.DomainLocked(name); d != nil && d.Verified {
		return nil
	}
	return s.refuseLocked(AADTenantUnknown, "Check the tenant.",
		"Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", name)
}

func (s *SignIn) missingLocked(name string) *Error {
	return s.refuseLocked(AADParameterMissing, "", "The request body must contain the following parameter: '%s'.", name)
}

func (s *SignIn) unknownClientLocked(id string) *Error {
	return s.refuseLocked(AADAppUnknown, "Check the client id.",
		"Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", id, s.tenant.Organization.DisplayName)
}
