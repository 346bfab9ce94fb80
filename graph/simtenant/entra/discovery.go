package entra

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

// everyTenant is what stands for the tenant's id where an endpoint serves more than one.
const everyTenant = "{tenantid}"

// isMultiTenant says whether an authority's name stands for more than one tenant.
func isMultiTenant(name string) bool {
	return slices.Contains([]string{"common", "organizations"}, strings.ToLower(name))
}

// discovered are the two forms of an authority's tenant: as it stands in the addresses of its endpoints, and in its
// issuer. A domain becomes the tenant's id in both.
func (s *Service) discovered(name string) (inAddress, inIssuer string) {
	if isMultiTenant(name) {
		return strings.ToLower(name), everyTenant
	}
	return s.tenant.Organization.ID, s.tenant.Organization.ID
}

// serveOpenIDConfiguration describes the endpoints of version 2.0, or of version 1.0 where the path has no version.
func (s *Service) serveOpenIDConfiguration(w http.ResponseWriter, r *http.Request) {
	name := request.FirstSegment(r.URL.Path)
	s.tenant.Lock()
	err := s.SignIn.checkTenantLocked(name)
	s.tenant.Unlock()
	if err != nil {
		s.writeAADError(w, err)
		return
	}
	cloud, known := cloudOf(r)
	tenant, issuer := s.discovered(name)
	at := request.BaseURL(r) + "/" + tenant
	description := map[string]any{
		"issuer": idIssuer(r, issuer), "authorization_endpoint": at + "/oauth2/v2.0/authorize", "token_endpoint": at + "/oauth2/v2.0/token",
		"device_authorization_endpoint": at + "/oauth2/v2.0/devicecode", "end_session_endpoint": at + "/oauth2/v2.0/logout",
		"jwks_uri": at + "/discovery/v2.0/keys", "kerberos_endpoint": at + "/kerberos", "userinfo_endpoint": "https://" + cloud.msgraph + "/oidc/userinfo",
		"response_modes_supported": []string{"query", "fragment", "form_post"},
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": ProtocolScopes,
		"token_endpoint_auth_methods_supported": []string{"none"}, "code_challenge_methods_supported": []string{"S256"},
		"request_uri_parameter_supported": false, "http_logout_supported": true, "frontchannel_logout_supported": true,
		"claims_supported":    []string{"sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"},
		"tenant_region_scope": "EU", "cloud_instance_name": cloud.instance, "cloud_graph_host_name": cloud.graph, "msgraph_host": cloud.msgraph, "rbac_url": cloud.rbac,
	}
	if !known { // who came to an address of the tenant's own stays there
		description["msgraph_host"], description["userinfo_endpoint"] = r.Host, request.BaseURL(r)+"/oidc/userinfo"
	}
	if isMultiTenant(name) {
		description["tenant_region_scope"] = nil
	}
	if !strings.Contains(strings.ToLower(r.URL.Path), "/v2.0/") {
		asVersion1(description, at, cloud.accessIssuer(issuer))
	}
	WriteJSON(w, http.StatusOK, description)
}

// asVersion1 makes the description that of the older endpoints.
func asVersion1(description map[string]any, at, issuer string) {
	description["issuer"], description["jwks_uri"] = issuer, at+"/discovery/keys"
	for name, path := range map[string]string{
		"authorization_endpoint": "authorize", "token_endpoint": "token", "device_authorization_endpoint": "devicecode", "end_session_endpoint": "logout",
	} {
		description[name] = at + "/oauth2/" + path
	}
	description["userinfo_endpoint"] = at + "/openid/userinfo"
}

// serveInstanceDiscovery lists the clouds, with the authority that was asked before them where it is none of theirs. An
// authority that is unknown is refused, by name (https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration).
func (s *Service) serveInstanceDiscovery(w http.ResponseWriter, r *http.Request) {
	metadata, known := []any{}, []string{r.Host}
	if _, listed := cloudOf(r); !listed {
		metadata = append(metadata, map[string]any{"preferred_network": r.Host, "preferred_cache": r.Host, "aliases": []string{r.Host}})
	}
	for _, c := range entraClouds {
		metadata = append(metadata, map[string]any{"preferred_network": c.network, "preferred_cache": c.cache, "aliases": c.aliases})
		known = append(known, c.aliases...)
	}
	tenant, host, scheme := s.tenant.Organization.ID, r.Host, strings.TrimSuffix(request.BaseURL(r), "://"+r.Host)
	if asked := r.URL.Query().Get("authorization_endpoint"); asked != "" {
		u, err := url.Parse(asked)
		if err != nil || u.Scheme != scheme || !slices.Contains(known, strings.ToLower(u.Host)) {
			s.tenant.Lock()
			defer s.tenant.Unlock()
			s.writeAADError(w, s.SignIn.refuseLocked(AADInstanceUnknown, "", "Unknown or invalid instance."))
			return
		}
		tenant, host = request.FirstSegment(u.Path), u.Host
	}
	WriteJSON(w, http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": scheme + "://" + host + "/" + tenant + "/v2.0/.well-known/openid-configuration", "api-version": "1.1", "metadata": metadata,
	})
}
