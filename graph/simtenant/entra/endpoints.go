package entra

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

// Serve answers the sign-in endpoints that no person looks at, and says whether the path was one.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request) bool {
	path := strings.ToLower(r.URL.Path)
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case rest == "oauth2/v2.0/token":
		s.serveToken(w, r)
	case rest == "oauth2/v2.0/devicecode":
		s.serveDeviceCode(w, r)
	case rest == "oauth2/v2.0/logout":
		s.serveLogout(w, r)
	case rest == "discovery/v2.0/keys" || rest == "discovery/keys":
		_, issuer := s.discovered(request.FirstSegment(path))
		WriteJSON(w, http.StatusOK, jsonWebKeys(idIssuer(r, issuer)))
	case rest == "v2.0/.well-known/openid-configuration" || rest == ".well-known/openid-configuration":
		s.serveOpenIDConfiguration(w, r)
	case path == "/common/discovery/instance":
		s.serveInstanceDiscovery(w, r)
	case strings.HasPrefix(path, "/common/userrealm"):
		s.serveUserRealm(w, r)
	default:
		return false
	}
	return true
}

// WriteJSON answers with an object that nobody may keep.
func WriteJSON(w http.ResponseWriter, status int, body any) {
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
	case AADConsentMissing:
		return "invalid_grant", "consent_required"
	case AADMFARequired, AADMFARegistration:
		return "interaction_required", "basic_action"
	case aadInteractionRequired:
		return "login_required", ""
	case AADBlockedByPolicy, AADBlockedByDefaults, AADDeviceNotCompliant:
		return "interaction_required", "message_only"
	case aadConsentDeclined, AADAdminConsentRequired:
		return "access_denied", ""
	case AADScopeUnknown:
		return "invalid_client", ""
	case AADResourceUnknown:
		return "invalid_resource", ""
	case AADAppUnknown, AADAppDisabled:
		return "unauthorized_client", ""
	case AADPublicClientSecret, AADAssertionMalformed, AADAssertionAudience, AADAssertionTime, AADAssertionSigner, AADAssertionClient, AADNoSecret:
		return "invalid_client", ""
	case AADBadGrantType:
		return "unsupported_grant_type", ""
	case AADBadResponseType:
		return "unsupported_response_type", ""
	case AADDevicePending:
		return "authorization_pending", ""
	case AADDeviceTooFast:
		return "slow_down", ""
	case AADDeviceExpired:
		return "expired_token", ""
	case AADDeviceDeclined:
		return "authorization_declined", ""
	case AADInstanceUnknown:
		return "invalid_instance", ""
	case AADNotDefault:
		return "invalid_scope", ""
	case AADTenantUnknown, AADParameterMissing, AADMalformed, AADBadRedirect:
		return "invalid_request", ""
	case AADPasswordExpired:
		return "invalid_grant", "user_password_expired"
	case AADRefreshRevoked, aadSessionInvalid:
		return "invalid_grant", "bad_token"
	}
	return "invalid_grant", ""
}

// writeAADError answers as Entra's token endpoint refuses.
func (s *Service) writeAADError(w http.ResponseWriter, e *Error) {
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
	WriteJSON(w, status, body)
}

// formRequest reads the form of a protocol request; when there is none it has answered already.
func (s *Service) formRequest(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		s.tenant.Lock()
		defer s.tenant.Unlock()
		s.writeAADError(w, s.SignIn.refuseLocked(AADMethodNotAllowed, "", "Endpoint only accepts POST requests. Received a %s request.", r.Method))
		return false
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || kind != "application/x-www-form-urlencoded" {
		s.tenant.Lock()
		defer s.tenant.Unlock()
		s.writeAADError(w, s.SignIn.refuseLocked(AADMalformed, "", "Request is malformed or invalid."))
		return false
	}
	return true
}

// serveUserRealm tells whether a user name's domain signs in here or elsewhere.
func (s *Service) serveUserRealm(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("user")
	if parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/"); len(parts) > 2 {
		name = parts[2]
	}
	s.tenant.Lock()
	defer s.tenant.Unlock()
	_, domainName, _ := strings.Cut(name, "@")
	cloud, _ := cloudOf(r)
	answer := map[string]any{
		"ver": "1.0", "account_type": "Unknown", "NameSpaceType": "Unknown", "domain_name": domainName, "DomainName": domainName,
		"cloud_instance_name": cloud.instance, "cloud_audience_urn": "urn:federation:MicrosoftOnline",
	}
	if d := s.tenant.Organization.DomainLocked(domainName); d != nil && d.Verified {
		answer["account_type"], answer["NameSpaceType"] = "Managed", "Managed"
		if d.Federated {
			answer["account_type"], answer["NameSpaceType"] = "Federated", "Federated"
			answer["federation_protocol"] = "WSTrust"
			answer["federation_metadata_url"] = "https://sts." + d.Name + "/adfs/services/trust/mex"
			answer["federation_active_auth_url"] = "https://sts." + d.Name + "/adfs/services/trust/2005/usernamemixed"
		}
	}
	WriteJSON(w, http.StatusOK, answer)
}

// serveLogout leaves ending the browser's session to the pages.
func (s *Service) serveLogout(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/sign-out", http.StatusFound)
}
