package simtenant

import (
	"net/url"
	"slices"
	"strings"
)

// protocolScopes ask for a kind of token rather than for access, and nobody is asked to consent to them here.
var protocolScopes = []string{"openid", "profile", "offline_access", "email"}

// graphHosts are Microsoft Graph's own, in all clouds (https://learn.microsoft.com/graph/deployments).
var graphHosts = []string{"graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"}

// isGraphHost says whether a resource's host can be this tenant's Graph: Microsoft's names, and wherever it is served.
func isGraphHost(host string) bool {
	return slices.Contains(graphHosts, host) || isSimulatedHost(host)
}

// isSimulatedHost says whether a host is loopback or one of the in-process endpoints.
func isSimulatedHost(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1" || strings.HasSuffix(host, ".sim.example")
}

// parseScopesLocked splits a scope parameter into short names and the resource they were written with. ".default" stays
// as it is: it stands for what was consented to before.
func (t *Tenant) parseScopesLocked(text string) (scopes []string, audience string, err *aadError) {
	for scope := range strings.FieldsSeq(text) {
		resource, name := splitScope(scope)
		if resource != "" {
			if !isGraphResource(resource) {
				return nil, "", t.refuseLocked(aadResourceUnknown, "",
					"The resource principal named %s was not found in the tenant named %s. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", resource, t.displayName)
			}
			if audience != "" && audience != resource {
				return nil, "", t.refuseLocked(aadGrantInvalid, "", "The provided value for the input parameter 'scope' is not valid: it names more than one resource.")
			}
			audience = resource
		}
		if name != ".default" && !slices.Contains(protocolScopes, name) {
			known, ok := graphScope(name)
			if !ok {
				return nil, "", t.refuseLocked(aadScopeUnknown, "",
					"The application asked for scope '%s' that doesn't exist on the resource '%s'. Contact the app vendor.", name, appGraph)
			}
			name = known
		}
		if !slices.Contains(scopes, name) {
			scopes = append(scopes, name)
		}
	}
	return scopes, audience, nil
}

func splitScope(scope string) (resource, name string) {
	i := strings.LastIndex(scope, "/")
	if i < 0 {
		return "", scope
	}
	return strings.TrimSuffix(scope[:i], "/"), scope[i+1:]
}

func isGraphResource(resource string) bool {
	if strings.EqualFold(resource, appGraph) {
		return true
	}
	u, err := url.Parse(resource)
	return err == nil && u.Scheme == "https" && (u.Path == "" || u.Path == "/") && isGraphHost(strings.ToLower(u.Hostname()))
}

// consentedLocked are the Graph scopes that the client may use for this account.
func (t *Tenant) consentedLocked(userID, clientID string) []string {
	s := t.servicePrincipalByAppLocked(clientID)
	if s == nil {
		return nil
	}
	var scopes []string
	for _, g := range t.grants {
		if g.clientID == s.id && (g.principalID == "" || g.principalID == userID) {
			for _, scope := range g.scopes {
				if !slices.Contains(scopes, scope) {
					scopes = append(scopes, scope)
				}
			}
		}
	}
	slices.Sort(scopes)
	return scopes
}

// scopesNeedingConsent are those of scopes that nobody has consented to for this account and client yet.
func (t *Tenant) scopesNeedingConsent(userID, clientID string, scopes []string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.missingConsentLocked(userID, clientID, scopes)
}

func (t *Tenant) missingConsentLocked(userID, clientID string, scopes []string) []string {
	granted := t.consentedLocked(userID, clientID)
	var missing []string
	for _, scope := range scopes {
		if scope != ".default" && !slices.Contains(protocolScopes, scope) && !slices.Contains(granted, scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// grantConsent stores a consent for one account or, with tenantWide, for everybody. Scopes that need an administrator
// are refused to anybody else with AADSTS90094.
func (t *Tenant) grantConsent(userID, clientID string, scopes []string, tenantWide bool) *aadError {
	t.mu.Lock()
	defer t.mu.Unlock()
	u, client := t.userByIDLocked(userID), t.clientLocked(clientID)
	if u == nil || client == nil {
		return t.unknownClientLocked(clientID)
	}
	if t.consentRefusals > 0 {
		t.consentRefusals--
		return t.consentRefusalLocked(client)
	}
	if u.homeTenant != "" { // not by a partner: https://learn.microsoft.com/partner-center/customers/gdap-supported-workloads
		return t.consentRefusalLocked(client)
	}
	admin := holdsAny(t.activeRolesLocked(u), []string{rolePrivilegedRoleAdministrator, roleApplicationAdmin, roleCloudApplicationAdmin})
	for _, scope := range scopes {
		if t.refusedScopes[scope] || !admin && (tenantWide || needsAdminConsent(scope)) {
			return t.consentRefusalLocked(client)
		}
	}
	t.consentLocked(u, t.installLocked(u, client), scopes, tenantWide)
	return nil
}

func (t *Tenant) consentRefusalLocked(client *servicePrincipal) *aadError {
	return t.refuseLocked(aadAdminConsentRequired, "Ask an administrator to sign in.",
		"An administrator of %s has set a policy that prevents you from granting %s the permissions it is requesting.", t.displayName, client.displayName)
}

// loseConsentLocked takes the client's consents back when the renewal has come that the weather does it to, and says
// whether it did.
func (t *Tenant) loseConsentLocked(client *servicePrincipal) bool {
	if t.refreshesToConsentLoss == 0 {
		return false
	}
	if t.refreshesToConsentLoss--; t.refreshesToConsentLoss > 0 {
		return false
	}
	t.grants = slices.DeleteFunc(t.grants, func(g *permissionGrant) bool { return g.clientID == client.id })
	return true
}

// consentMissingLocked is the refusal of a token for which nobody has consented.
func (t *Tenant) consentMissingLocked(client *servicePrincipal, scopes []string) *aadError {
	return t.refuseLocked(aadConsentMissing, "Consent is needed for "+strings.Join(scopes, ", ")+".",
		"The user or administrator has not consented to use the application with ID '%s' named '%s'. Send an interactive authorization request for this user and resource.",
		client.appID, client.displayName)
}

func (t *Tenant) consentLocked(u *user, s *servicePrincipal, scopes []string, tenantWide bool) {
	principal := u.id
	if tenantWide {
		principal = ""
	}
	i := slices.IndexFunc(t.grants, func(g *permissionGrant) bool { return g.clientID == s.id && g.principalID == principal })
	if i < 0 {
		i = len(t.grants)
		t.grants = append(t.grants, &permissionGrant{id: t.newSecretLocked(43), clientID: s.id, resourceID: t.servicePrincipalByAppLocked(appGraph).id, principalID: principal})
	}
	before := strings.Join(t.grants[i].scopes, " ")
	for _, scope := range scopes {
		if scope != ".default" && !slices.Contains(protocolScopes, scope) && !slices.Contains(t.grants[i].scopes, scope) {
			t.grants[i].scopes = append(t.grants[i].scopes, scope)
		}
	}
	t.auditApplicationLocked(u, "Add delegated permission grant", "Add", s, change{"DelegatedPermissionGrant.Scope", before, strings.Join(t.grants[i].scopes, " ")})
	t.auditApplicationLocked(u, "Consent to application", "Add", s, change{"ConsentContext.IsAdminConsent", "", strings.ToTitle(boolText(tenantWide)[:1]) + boolText(tenantWide)[1:]})
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
