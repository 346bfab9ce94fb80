package simtenant

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	accessLifetime  = 75 * time.Minute
	refreshLifetime = 90 * 24 * time.Hour
)

var errNoDeviceCode = errors.New("no sign-in waits for this code")

// refreshToken renews a sign-in. As with Entra, using one gives a new one and does not end the old one.
type refreshToken struct {
	userID, clientID string
	issued, expires  time.Time
	completedMFA     bool
	continuousAccess bool
	contexts         []string // authentication contexts that were met
}

// tokenRequest is what all grants come down to.
type tokenRequest struct {
	user             *user
	client           *servicePrincipal
	scopes           []string
	audience         string
	nonce            string
	completedMFA     bool
	continuousAccess bool
	contexts         []string // authentication contexts asked for, and met
	met              []string // those met in this sign-in before
}

// serveToken answers /{tenant}/oauth2/v2.0/token.
func (t *Tenant) serveToken(w http.ResponseWriter, r *http.Request) {
	if !t.formRequest(w, r) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	req, err := t.grantLocked(r)
	if err != nil {
		t.writeAADError(w, err)
		return
	}
	answer, failure := t.tokensLocked(r, req)
	if failure != nil {
		t.writeAADError(w, failure)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

func (t *Tenant) grantLocked(r *http.Request) (*tokenRequest, *aadError) {
	if err := t.checkTenantLocked(firstSegment(r.URL.Path)); err != nil {
		return nil, err
	}
	f := r.PostForm
	for _, name := range []string{"grant_type", "client_id"} {
		if f.Get(name) == "" {
			return nil, t.missingLocked(name)
		}
	}
	client := t.clientLocked(f.Get("client_id"))
	if client == nil {
		return nil, t.unknownClientLocked(f.Get("client_id"))
	}
	if f.Get("client_secret") != "" || f.Get("client_assertion") != "" {
		return nil, t.refuseLocked(aadPublicClientSecret, "", "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
	}
	grants := map[string]func(url.Values, *servicePrincipal) (*tokenRequest, *aadError){
		"authorization_code": t.codeGrantLocked,
		"refresh_token":      t.refreshGrantLocked,
		"password":           t.passwordGrantLocked,
		"device_code":        t.deviceGrantLocked,
		"urn:ietf:params:oauth:grant-type:device_code": t.deviceGrantLocked,
	}
	grant, ok := grants[f.Get("grant_type")]
	if !ok {
		return nil, t.refuseLocked(aadBadGrantType, "", "The app requested an unsupported grant type '%s'.", f.Get("grant_type"))
	}
	req, err := grant(f, client)
	if err != nil {
		return nil, err
	}
	req.client = client
	req.continuousAccess = req.continuousAccess || asksForContinuousAccess(f.Get("claims"))
	if text := f.Get("scope"); text != "" {
		scopes, audience, err := t.parseScopesLocked(text)
		if err != nil {
			return nil, err
		}
		req.scopes = scopes
		if audience != "" {
			req.audience = audience
		}
	}
	return req, nil
}

func (t *Tenant) codeGrantLocked(f url.Values, client *servicePrincipal) (*tokenRequest, *aadError) {
	for _, name := range []string{"code", "redirect_uri", "code_verifier"} {
		if f.Get(name) == "" {
			return nil, t.missingLocked(name)
		}
	}
	c := t.codes[f.Get("code")]
	switch {
	case c == nil || c.clientID != client.appID:
		return nil, t.refuseLocked(aadGrantInvalid, "", "The provided value for the input parameter 'code' is not valid.")
	case c.redeemed:
		return nil, t.refuseLocked(aadCodeRedeemed, "", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")
	case !c.expires.After(t.instant()):
		return nil, t.refuseLocked(aadGrantExpired, "", "The provided authorization code or refresh token has expired due to inactivity.")
	case c.redirectURI != f.Get("redirect_uri"):
		return nil, t.refuseLocked(aadBadRedirect, "", "The redirect URI '%s' does not match the one of the authorization request.", f.Get("redirect_uri"))
	}
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	if subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(c.codeChallenge)) != 1 {
		return nil, t.refuseLocked(aadBadVerifier, "", "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
	}
	c.redeemed = true
	return &tokenRequest{
		user: t.userByIDLocked(c.userID), scopes: c.scopes, audience: c.audience, nonce: c.nonce,
		completedMFA: c.completedMFA, continuousAccess: c.continuousAccess, contexts: c.contexts,
	}, nil
}

func (t *Tenant) refreshGrantLocked(f url.Values, client *servicePrincipal) (*tokenRequest, *aadError) {
	if f.Get("refresh_token") == "" {
		return nil, t.missingLocked("refresh_token")
	}
	rt := t.refreshTokens[f.Get("refresh_token")]
	if rt == nil || rt.clientID != client.appID {
		return nil, t.refuseLocked(aadMalformed, "", "Request is malformed or invalid: the refresh token is not one of this tenant's.")
	}
	u := t.userByIDLocked(rt.userID)
	switch {
	case !rt.expires.After(t.instant()):
		return nil, t.refuseLocked(aadSessionInvalid, "", "The refresh token has expired due to inactivity.")
	case u == nil:
		return nil, t.refuseLocked(aadUserNotFound, "", "The user account does not exist in the %s directory.", t.displayName)
	case !u.accountEnabled:
		return nil, t.disabledLocked()
	case rt.issued.Before(u.sessionsValidFrom):
		return nil, t.refuseLocked(aadRefreshRevoked, "", "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.")
	}
	if scopes := t.consentedLocked(u.id, client.appID); t.loseConsentLocked(client) {
		return nil, t.consentMissingLocked(client, scopes)
	}
	a := signInAttempt{UPN: u.upn, AppID: client.appID, AppName: client.displayName, ClientApp: clientModern, CompletedMFA: rt.completedMFA, Renewal: true}
	if err := t.demandRefusalLocked(u, a, t.demandsLocked(u, a)); err != nil {
		t.logSignInLocked(u, a, t.demandsLocked(u, a), err)
		return nil, err
	}
	contexts := contextsAsked(f.Get("claims"))
	if err := t.unmetContextLocked(contexts, rt.contexts, client); err != nil {
		t.logSignInLocked(u, a, t.demandsLocked(u, a), err)
		return nil, err
	}
	return &tokenRequest{
		user: u, scopes: t.consentedLocked(u.id, client.appID), completedMFA: rt.completedMFA, continuousAccess: rt.continuousAccess,
		contexts: contexts, met: rt.contexts,
	}, nil
}

func (t *Tenant) passwordGrantLocked(f url.Values, client *servicePrincipal) (*tokenRequest, *aadError) {
	for _, name := range []string{"username", "password", "scope"} {
		if f.Get(name) == "" {
			return nil, t.missingLocked(name)
		}
	}
	a := signInAttempt{UPN: f.Get("username"), Password: f.Get("password"), AppID: client.appID, AppName: client.displayName, ClientApp: clientModern}
	u, err := t.signInLocked(a)
	if err != nil {
		return nil, err
	}
	return &tokenRequest{user: u}, nil
}

func (t *Tenant) deviceGrantLocked(f url.Values, client *servicePrincipal) (*tokenRequest, *aadError) {
	if f.Get("device_code") == "" {
		return nil, t.missingLocked("device_code")
	}
	d := t.devices[f.Get("device_code")]
	if d == nil || d.clientID != client.appID || d.redeemed {
		return nil, t.refuseLocked(aadGrantInvalid, "", "The provided value for the input parameter 'device_code' is not valid.")
	}
	now := t.instant()
	last := d.lastPoll
	d.lastPoll = now
	switch {
	case !d.expires.After(now):
		return nil, t.refuseLocked(aadDeviceExpired, "", "The provided value for the input parameter 'device_code' is not valid. This device code has expired.")
	case d.declined && d.why != nil:
		return nil, t.refuseLocked(d.why.Code, "", "%s", d.why.Message)
	case d.declined:
		return nil, t.refuseLocked(aadDeviceDeclined, "", "User declined to authorize the application.")
	case d.approvedBy == "" && !last.IsZero() && now.Sub(last) < deviceInterval:
		return nil, t.refuseLocked(aadDeviceTooFast, "", "The client is polling too frequently for the device code.")
	case d.approvedBy == "":
		return nil, t.refuseLocked(aadDevicePending, "", "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")
	}
	d.redeemed = true
	return &tokenRequest{user: t.userByIDLocked(d.approvedBy), scopes: d.scopes, audience: d.audience, completedMFA: true, continuousAccess: d.continuousAccess, contexts: d.contexts}, nil
}

// tokensLocked makes the answer to a grant. A token carries every scope consented to, not only those asked for.
func (t *Tenant) tokensLocked(r *http.Request, req *tokenRequest) (map[string]any, *aadError) {
	if req.user == nil {
		return nil, t.refuseLocked(aadUserNotFound, "", "The user account does not exist in the %s directory.", t.displayName)
	}
	if missing := t.missingConsentLocked(req.user.id, req.client.appID, req.scopes); len(missing) > 0 {
		return nil, t.consentMissingLocked(req.client, missing)
	}
	granted := t.consentedLocked(req.user.id, req.client.appID)
	cloud, _ := cloudOf(r)
	answer := map[string]any{
		"token_type": "Bearer", "expires_in": int(accessLifetime.Seconds()), "ext_expires_in": int(accessLifetime.Seconds()),
		"scope":        scopeText(granted, req.audience, req.scopes),
		"access_token": t.issuedLocked("access token", t.accessTokenLocked(cloud, req, granted)),
	}
	if slices.Contains(req.scopes, "offline_access") || r.PostForm.Get("grant_type") == "refresh_token" {
		secret := t.issuedLocked("refresh token", "1."+t.newSecretLocked(90))
		t.refreshTokens[secret] = &refreshToken{
			userID: req.user.id, clientID: req.client.appID, issued: t.instant(), expires: t.instant().Add(refreshLifetime),
			completedMFA: req.completedMFA, continuousAccess: req.continuousAccess, contexts: slices.Concat(req.met, req.contexts),
		}
		answer["refresh_token"] = secret
	}
	if slices.Contains(req.scopes, "openid") {
		answer["id_token"] = t.issuedLocked("id token", t.idTokenLocked(idIssuer(r, t.id), req))
	}
	if r.PostForm.Get("client_info") != "" {
		home := t.id
		if req.user.homeTenant != "" {
			home = req.user.homeTenant
		}
		info, err := json.Marshal(map[string]string{"uid": req.user.id, "utid": home})
		if err != nil {
			panic(err)
		}
		answer["client_info"] = base64.RawURLEncoding.EncodeToString(info)
	}
	return answer, nil
}

// scopeText lists the granted scopes as the client wrote its own: with the resource before each, or without.
func scopeText(granted []string, audience string, asked []string) string {
	prefix := ""
	if audience != "" {
		prefix = audience + "/"
	}
	var out []string
	for _, scope := range granted {
		out = append(out, prefix+scope)
	}
	if slices.Contains(asked, ".default") {
		out = append(out, prefix+".default")
	}
	for _, scope := range []string{"openid", "profile", "email"} {
		if slices.Contains(asked, scope) {
			out = append(out, scope)
		}
	}
	return strings.Join(out, " ")
}
