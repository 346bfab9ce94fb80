package entra

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

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
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
	Contexts         []string // authentication contexts that were met
}

// tokenRequest is what all grants come down to.
type tokenRequest struct {
	user             *state.User
	client           *state.ServicePrincipal
	scopes           []string
	audience         string
	nonce            string
	completedMFA     bool
	continuousAccess bool
	contexts         []string // authentication contexts asked for, and met
	met              []string // those met in this sign-in before
}

// serveToken answers /{tenant}/oauth2/v2.0/token.
func (s *Service) serveToken(w http.ResponseWriter, r *http.Request) {
	if !s.formRequest(w, r) {
		return
	}
	s.tenant.Lock()
	defer s.tenant.Unlock()
	if r.PostForm.Get("grant_type") == grantClientCredentials {
		answer, failure := s.appOnlyLocked(r)
		if failure != nil {
			s.writeAADError(w, failure)
			return
		}
		WriteJSON(w, http.StatusOK, answer)
		return
	}
	req, err := s.grantLocked(r)
	if err != nil {
		s.writeAADError(w, err)
		return
	}
	answer, failure := s.tokensLocked(r, req)
	if failure != nil {
		s.writeAADError(w, failure)
		return
	}
	WriteJSON(w, http.StatusOK, answer)
}

func (s *Service) grantLocked(r *http.Request) (*tokenRequest, *Error) {
	if err := s.SignIn.checkTenantLocked(request.FirstSegment(r.URL.Path)); err != nil {
		return nil, err
	}
	f := r.PostForm
	for _, name := range []string{"grant_type", "client_id"} {
		if f.Get(name) == "" {
			return nil, s.SignIn.missingLocked(name)
		}
	}
	client := s.tenant.Applications.ClientLocked(f.Get("client_id"))
	if client == nil {
		return nil, s.SignIn.unknownClientLocked(f.Get("client_id"))
	}
	if f.Get("client_secret") != "" || f.Get("client_assertion") != "" {
		return nil, s.SignIn.refuseLocked(AADPublicClientSecret, "", "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
	}
	grants := map[string]func(url.Values, *state.ServicePrincipal) (*tokenRequest, *Error){
		"authorization_code": s.codeGrantLocked,
		"refresh_token":      s.refreshGrantLocked,
		"password":           s.passwordGrantLocked,
		"device_code":        s.deviceGrantLocked,
		"urn:ietf:params:oauth:grant-type:device_code": s.deviceGrantLocked,
	}
	grant, ok := grants[f.Get("grant_type")]
	if !ok {
		return nil, s.SignIn.refuseLocked(AADBadGrantType, "", "The app requested an unsupported grant type '%s'.", f.Get("grant_type"))
	}
	req, err := grant(f, client)
	if err != nil {
		return nil, err
	}
	req.client = client
	req.continuousAccess = req.continuousAccess || asksForContinuousAccess(f.Get("claims"))
	if text := f.Get("scope"); text != "" {
		scopes, audience, err := s.Consents.parseScopesLocked(text)
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

func (s *Service) codeGrantLocked(f url.Values, client *state.ServicePrincipal) (*tokenRequest, *Error) {
	for _, name := range []string{"code", "redirect_uri", "code_verifier"} {
		if f.Get(name) == "" {
			return nil, s.SignIn.missingLocked(name)
		}
	}
	c := s.codes[f.Get("code")]
	switch {
	case c == nil || c.ClientID != client.AppID:
		return nil, s.SignIn.refuseLocked(AADGrantInvalid, "", "The provided value for the input parameter 'code' is not valid.")
	case c.redeemed:
		return nil, s.SignIn.refuseLocked(AADCodeRedeemed, "", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")
	case !c.expires.After(s.tenant.Instant()):
		return nil, s.SignIn.refuseLocked(AADGrantExpired, "", "The provided authorization code or refresh token has expired due to inactivity.")
	case c.redirectURI != f.Get("redirect_uri"):
		return nil, s.SignIn.refuseLocked(AADBadRedirect, "", "The redirect URI '%s' does not match the one of the authorization request.", f.Get("redirect_uri"))
	}
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	if subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(c.codeChallenge)) != 1 {
		return nil, s.SignIn.refuseLocked(AADBadVerifier, "", "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
	}
	c.redeemed = true
	return &tokenRequest{
		user: s.tenant.Directory.UserByIDLocked(c.userID), scopes: c.Scopes, audience: c.audience, nonce: c.nonce,
		completedMFA: c.CompletedMFA, continuousAccess: c.continuousAccess, contexts: c.Contexts,
	}, nil
}

func (s *Service) refreshGrantLocked(f url.Values, client *state.ServicePrincipal) (*tokenRequest, *Error) {
	if f.Get("refresh_token") == "" {
		return nil, s.SignIn.missingLocked("refresh_token")
	}
	rt := s.RefreshTokens[f.Get("refresh_token")]
	if rt == nil || rt.clientID != client.AppID {
		return nil, s.SignIn.refuseLocked(AADMalformed, "", "Request is malformed or invalid: the refresh token is not one of this tenant's.")
	}
	u := s.tenant.Directory.UserByIDLocked(rt.userID)
	switch {
	case !rt.expires.After(s.tenant.Instant()):
		return nil, s.SignIn.refuseLocked(aadSessionInvalid, "", "The refresh token has expired due to inactivity.")
	case u == nil:
		return nil, s.SignIn.refuseLocked(AADUserNotFound, "", "The user account does not exist in the %s directory.", s.tenant.Organization.DisplayName)
	case !u.AccountEnabled:
		return nil, s.SignIn.disabledLocked()
	case rt.issued.Before(u.Sessions.ValidFrom):
		return nil, s.SignIn.refuseLocked(AADRefreshRevoked, "", "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.")
	}
	if scopes := s.Consents.consentedLocked(u.ID, client.AppID); s.Consents.loseConsentLocked(client) {
		return nil, s.Consents.consentMissingLocked(client, scopes)
	}
	a := state.SignInAttempt{UPN: u.UPN, AppID: client.AppID, AppName: client.DisplayName, ClientApp: state.ClientModern, CompletedMFA: rt.completedMFA, Renewal: true}
	if err := s.SignIn.demandRefusalLocked(u, a, s.SignIn.demandsLocked(u, a)); err != nil {
		s.SignIn.logSignInLocked(u, a, s.SignIn.demandsLocked(u, a), err)
		return nil, err
	}
	contexts := contextsAsked(f.Get("claims"))
	if err := s.SignIn.unmetContextLocked(contexts, rt.Contexts, client); err != nil {
		s.SignIn.logSignInLocked(u, a, s.SignIn.demandsLocked(u, a), err)
		return nil, err
	}
	return &tokenRequest{
		user: u, scopes: s.Consents.consentedLocked(u.ID, client.AppID), completedMFA: rt.completedMFA, continuousAccess: rt.continuousAccess,
		contexts: contexts, met: rt.Contexts,
	}, nil
}

func (s *Service) passwordGrantLocked(f url.Values, client *state.ServicePrincipal) (*tokenRequest, *Error) {
	for _, name := range []string{"username", "password", "scope"} {
		if f.Get(name) == "" {
			return nil, s.SignIn.missingLocked(name)
		}
	}
	a := state.SignInAttempt{UPN: f.Get("username"), Password: f.Get("password"), AppID: client.AppID, AppName: client.DisplayName, ClientApp: state.ClientModern}
	u, err := s.SignIn.signInLocked(a)
	if err != nil {
		return nil, err
	}
	return &tokenRequest{user: u}, nil
}

func (s *Service) deviceGrantLocked(f url.Values, client *state.ServicePrincipal) (*tokenRequest, *Error) {
	if f.Get("device_code") == "" {
		return nil, s.SignIn.missingLocked("device_code")
	}
	d := s.devices[f.Get("device_code")]
	if d == nil || d.ClientID != client.AppID || d.redeemed {
		return nil, s.SignIn.refuseLocked(AADGrantInvalid, "", "The provided value for the input parameter 'device_code' is not valid.")
	}
	now := s.tenant.Instant()
	last := d.lastPoll
	d.lastPoll = now
	switch {
	case !d.expires.After(now):
		return nil, s.SignIn.refuseLocked(AADDeviceExpired, "", "The provided value for the input parameter 'device_code' is not valid. This device code has expired.")
	case d.declined && d.why != nil:
		return nil, s.SignIn.refuseLocked(d.why.Code, "", "%s", d.why.Message)
	case d.declined:
		return nil, s.SignIn.refuseLocked(AADDeviceDeclined, "", "User declined to authorize the application.")
	case d.approvedBy == "" && !last.IsZero() && now.Sub(last) < s.DeviceInterval:
		return nil, s.SignIn.refuseLocked(AADDeviceTooFast, "", "The client is polling too frequently for the device code.")
	case d.approvedBy == "":
		return nil, s.SignIn.refuseLocked(AADDevicePending, "", "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")
	}
	d.redeemed = true
	return &tokenRequest{user: s.tenant.Directory.UserByIDLocked(d.approvedBy), scopes: d.Scopes, audience: d.audience, completedMFA: true, continuousAccess: d.continuousAccess, contexts: d.Contexts}, nil
}

// tokensLocked makes the answer to a grant. A token carries every scope consented to, not only those asked for.
func (s *Service) tokensLocked(r *http.Request, req *tokenRequest) (map[string]any, *Error) {
	if req.user == nil {
		return nil, s.SignIn.refuseLocked(AADUserNotFound, "", "The user account does not exist in the %s directory.", s.tenant.Organization.DisplayName)
	}
	if missing := s.Consents.missingConsentLocked(req.user.ID, req.client.AppID, req.scopes); len(missing) > 0 {
		return nil, s.Consents.consentMissingLocked(req.client, missing)
	}
	granted := s.Consents.consentedLocked(req.user.ID, req.client.AppID)
	cloud, _ := cloudOf(r)
	answer := map[string]any{
		"token_type": "Bearer", "expires_in": int(accessLifetime.Seconds()), "ext_expires_in": int(accessLifetime.Seconds()),
		"scope":        scopeText(granted, req.audience, req.scopes),
		"access_token": s.tenant.IssuedLocked("access token", s.Tokens.accessTokenLocked(cloud, req, granted)),
	}
	if slices.Contains(req.scopes, "offline_access") || r.PostForm.Get("grant_type") == "refresh_token" {
		secret := s.tenant.IssuedLocked("refresh token", "1."+s.tenant.NewSecretLocked(90))
		s.RefreshTokens[secret] = &refreshToken{
			userID: req.user.ID, clientID: req.client.AppID, issued: s.tenant.Instant(), expires: s.tenant.Instant().Add(refreshLifetime),
			completedMFA: req.completedMFA, continuousAccess: req.continuousAccess, Contexts: slices.Concat(req.met, req.contexts),
		}
		answer["refresh_token"] = secret
	}
	if slices.Contains(req.scopes, "openid") {
		answer["id_token"] = s.tenant.IssuedLocked("id token", s.Tokens.idTokenLocked(idIssuer(r, s.tenant.Organization.ID), req))
	}
	if r.PostForm.Get("client_info") != "" {
		home := s.tenant.Organization.ID
		if req.user.HomeTenant != "" {
			home = req.user.HomeTenant
		}
		info, err := json.Marshal(map[string]string{"uid": req.user.ID, "utid": home})
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
