package simtenant

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"
)

// serveSignInProtocol answers the sign-in endpoints that no person looks at, and says whether the path was one.
func (t *Tenant) serveSignInProtocol(w http.ResponseWriter, r *http.Request) bool {
	path := strings.ToLower(r.URL.Path)
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case rest == "oauth2/v2.0/token":
		t.serveToken(w, r)
	case rest == "oauth2/v2.0/devicecode":
		t.serveDeviceCode(w, r)
	case rest == "oauth2/v2.0/logout":
		t.serveLogout(w, r)
	case rest == "discovery/v2.0/keys" || rest == "discovery/keys":
		_, issuer := t.discovered(firstSegment(path))
		writeJSON(w, http.StatusOK, jsonWebKeys(idIssuer(r, issuer)))
	case rest == "v2.0/.well-known/openid-configuration" || rest == ".well-known/openid-configuration":
		t.serveOpenIDConfiguration(w, r)
	case isUserInfo(r):
		t.serveUserInfo(w, r)
	case path == "/common/discovery/instance":
		t.serveInstanceDiscovery(w, r)
	case strings.HasPrefix(path, "/common/userrealm"):
		t.serveUserRealm(w, r)
	default:
		return false
	}
	return true
}

// baseURL is the scheme and host that the client used, on which every address in an answer is built.
func baseURL(r *http.Request) string {
	scheme := "http"
	if isSecure(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// oauthName is the OAuth error, and Entra's sub-error, that goes with an error number (RFC 6749, 5.2; RFC 8628, 3.5).
func oauthName(code int) (name, sub string) {
	switch code {
	case aadConsentMissing:
		return "invalid_grant", "consent_required"
	case aadMFARequired, aadMFARegistration:
		return "interaction_required", "basic_action"
	case aadInteractionRequired:
		return "login_required", ""
	case aadBlockedByPolicy, aadBlockedByDefaults, aadDeviceNotCompliant:
		return "interaction_required", "message_only"
	case aadConsentDeclined, aadAdminConsentRequired:
		return "access_denied", ""
	case aadScopeUnknown:
		return "invalid_client", ""
	case aadResourceUnknown:
		return "invalid_resource", ""
	case aadAppUnknown:
		return "unauthorized_client", ""
	case aadPublicClientSecret:
		return "invalid_client", ""
	case aadBadGrantType:
		return "unsupported_grant_type", ""
	case aadBadResponseType:
		return "unsupported_response_type", ""
	case aadDevicePending:
		return "authorization_pending", ""
	case aadDeviceTooFast:
		return "slow_down", ""
	case aadDeviceExpired:
		return "expired_token", ""
	case aadDeviceDeclined:
		return "authorization_declined", ""
	case aadInstanceUnknown:
		return "invalid_instance", ""
	case aadTenantUnknown, aadParameterMissing, aadMalformed, aadBadRedirect:
		return "invalid_request", ""
	case aadPasswordExpired:
		return "invalid_grant", "user_password_expired"
	case aadRefreshRevoked, aadSessionInvalid:
		return "invalid_grant", "bad_token"
	}
	return "invalid_grant", ""
}

// writeAADError answers as Entra's token endpoint refuses.
func (t *Tenant) writeAADError(w http.ResponseWriter, e *aadError) {
	name, sub := oauthName(e.Code)
	body := map[string]any{
		"error": name, "error_description": e.Error(), "error_codes": []int{e.Code}, "timestamp": e.Time.Format("2006-01-02 15:04:05Z"),
		"trace_id": e.TraceID, "correlation_id": e.CorrelationID,
	}
	if sub != "" {
		body["suberror"] = sub
	}
	status := http.StatusBadRequest
	if name == "invalid_client" {
		status = http.StatusUnauthorized
	}
	w.Header().Set("x-ms-request-id", e.TraceID)
	writeJSON(w, status, body)
}

// formRequest reads the form of a protocol request; when there is none it has answered already.
func (t *Tenant) formRequest(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		t.mu.Lock()
		defer t.mu.Unlock()
		t.writeAADError(w, t.refuseLocked(aadMethodNotAllowed, "", "Endpoint only accepts POST requests. Received a %s request.", r.Method))
		return false
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || kind != "application/x-www-form-urlencoded" {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.writeAADError(w, t.refuseLocked(aadMalformed, "", "Request is malformed or invalid."))
		return false
	}
	return true
}

// serveUserRealm tells whether a user name's domain signs in here or elsewhere.
func (t *Tenant) serveUserRealm(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("user")
	if parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/"); len(parts) > 2 {
		name = parts[2]
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, domainName, _ := strings.Cut(name, "@")
	cloud, _ := cloudOf(r)
	answer := map[string]any{
		"ver": "1.0", "account_type": "Unknown", "NameSpaceType": "Unknown", "domain_name": domainName, "DomainName": domainName,
		"cloud_instance_name": cloud.instance, "cloud_audience_urn": "urn:federation:MicrosoftOnline",
	}
	if d := t.domainLocked(domainName); d != nil && d.verified {
		answer["account_type"], answer["NameSpaceType"] = "Managed", "Managed"
		if d.federated {
			answer["account_type"], answer["NameSpaceType"] = "Federated", "Federated"
			answer["federation_protocol"] = "WSTrust"
			answer["federation_metadata_url"] = "https://sts." + d.name + "/adfs/services/trust/mex"
			answer["federation_active_auth_url"] = "https://sts." + d.name + "/adfs/services/trust/2005/usernamemixed"
		}
	}
	writeJSON(w, http.StatusOK, answer)
}

// serveLogout leaves ending the browser's session to the pages.
func (t *Tenant) serveLogout(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/sign-out", http.StatusFound)
}
