package simtenant

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const codeLifetime = 10 * time.Minute

// authorizeRequest is a checked request to the authorization endpoint (RFC 6749, 4.1.1; RFC 7636).
type authorizeRequest struct {
	clientID, clientName string
	redirectURI          string
	responseMode         string // "query", "fragment" or "form_post"
	state, nonce         string
	scopes               []string // short names of Graph scopes, and openid, profile, offline_access, email
	audience             string   // the resource as the client wrote it; empty when the scopes were short
	codeChallenge        string
	prompt, loginHint    string
	continuousAccess     bool     // the client said it can handle claims challenges (cp1)
	completedMFA         bool     // set by the page when the person passed a second factor
	contexts             []string // authentication contexts that the claims parameter asks for; met when a code is issued
}

// authorizationCode waits for its client to redeem it.
type authorizationCode struct {
	authorizeRequest
	userID   string
	expires  time.Time
	redeemed bool
}

// parseAuthorize checks a request to /{tenant}/oauth2/v2.0/authorize, whether by query or by form. An error is shown to
// the person, never sent to the redirect address, because it can mean that the address itself is wrong.
func (t *Tenant) parseAuthorize(r *http.Request) (authorizeRequest, *aadError) {
	if err := r.ParseForm(); err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		return authorizeRequest{}, t.refuseLocked(aadMalformed, "", "The request is not well formed.")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	get := r.Form.Get
	if err := t.checkTenantLocked(firstSegment(r.URL.Path)); err != nil {
		return authorizeRequest{}, err
	}
	for _, name := range []string{"client_id", "response_type", "redirect_uri", "scope"} {
		if get(name) == "" {
			return authorizeRequest{}, t.missingLocked(name)
		}
	}
	client := t.clientLocked(get("client_id"))
	if client == nil {
		return authorizeRequest{}, t.unknownClientLocked(get("client_id"))
	}
	req := authorizeRequest{
		clientID: client.appID, clientName: client.displayName, redirectURI: get("redirect_uri"), responseMode: get("response_mode"),
		state: get("state"), nonce: get("nonce"), codeChallenge: get("code_challenge"), prompt: get("prompt"), loginHint: get("login_hint"),
		continuousAccess: asksForContinuousAccess(get("claims")), contexts: contextsAsked(get("claims")),
	}
	if req.responseMode == "" {
		req.responseMode = "query"
	}
	switch {
	case get("response_type") != "code":
		return req, t.refuseLocked(aadBadResponseType, "", "response_type '%s' is not enabled for the application.", get("response_type"))
	case !redirectAllowed(client.redirects, req.redirectURI):
		return req, t.refuseLocked(aadBadRedirect, "", "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'.", req.redirectURI, client.appID)
	case !slices.Contains([]string{"query", "fragment", "form_post"}, req.responseMode):
		return req, t.refuseLocked(aadMalformed, "", "The response_mode '%s' is not supported.", req.responseMode)
	case req.codeChallenge == "":
		return req, t.missingLocked("code_challenge")
	case get("code_challenge_method") != "S256":
		return req, t.refuseLocked(aadMalformed, "", "The code_challenge_method '%s' is not supported: S256 is.", get("code_challenge_method"))
	}
	var err *aadError
	req.scopes, req.audience, err = t.parseScopesLocked(get("scope"))
	return req, err
}

// issueCode makes an authorization code and returns the address to send the browser to. For response_mode form_post the
// same parameters are in the query, for the page to put in its form.
func (t *Tenant) issueCode(userID string, req authorizeRequest) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	code := t.issuedLocked("authorization code", "0."+t.newSecretLocked(60))
	t.codes[code] = &authorizationCode{authorizeRequest: req, userID: userID, expires: t.instant().Add(codeLifetime)}
	return req.answer(url.Values{"code": {code}, "session_state": {t.newTraceIDLocked()}})
}

// refuseAuthorize returns the address that tells the client why the person's sign-in ended.
func (t *Tenant) refuseAuthorize(req authorizeRequest, e *aadError) string {
	name, sub := oauthName(e.Code)
	v := url.Values{"error": {name}, "error_description": {e.Error()}}
	if sub != "" {
		v.Set("error_subcode", sub)
	}
	return req.answer(v)
}

// declineConsent is the person's no at the consent page.
func (t *Tenant) declineConsent() *aadError {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refuseLocked(aadConsentDeclined, "", "User declined to consent to access the app.")
}

func (req authorizeRequest) answer(v url.Values) string {
	if req.state != "" {
		v.Set("state", req.state)
	}
	to, err := url.Parse(req.redirectURI)
	if err != nil {
		return req.redirectURI
	}
	if req.responseMode == "fragment" {
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

func firstSegment(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// checkTenantLocked accepts the tenant's id, its verified domains and the multi-tenant names.
func (t *Tenant) checkTenantLocked(name string) *aadError {
	if isMultiTenant(name) || strings.EqualFold(name, t.id) {
		return nil
	}
	if d := t.domainLocked(name); d != nil && d.verified {
		return nil
	}
	return t.refuseLocked(aadTenantUnknown, "Check the tenant.",
		"Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", name)
}

func (t *Tenant) missingLocked(name string) *aadError {
	return t.refuseLocked(aadParameterMissing, "", "The request body must contain the following parameter: '%s'.", name)
}

func (t *Tenant) unknownClientLocked(id string) *aadError {
	return t.refuseLocked(aadAppUnknown, "Check the client id.",
		"Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", id, t.displayName)
}
