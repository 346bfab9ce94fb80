package entra

import (
	"net/url"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// ProtocolScopes ask for a kind of token rather than for access, and nobody is asked to consent to them here.
var ProtocolScopes = []string{"openid", "profile", "offline_access", "email"}

// GraphHosts are Microsoft Graph's own, in all clouds (https://learn.microsoft.com/graph/deployments).
var GraphHosts = []string{"graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"}

// isGraphHost says whether a resource's host can be this tenant's Graph: Microsoft's names, and wherever it is served.
func isGraphHost(host string) bool {
	return slices.Contains(GraphHosts, host) || isSimulatedHost(host)
}

// isSimulatedHost says whether a host is loopback or one of the in-process endpoints.
func isSimulatedHost(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1" || strings.HasSuffix(host, ".sim.example")
}

// parseScopesLocked splits a scope parameter into short names and the resource they were written with. ".default" stays
// as it is: it stands for what was consented to before.
func (c *Consents) parseScopesLocked(text string) (scopes []string, audience string, err *Error) {
	for scope := range strings.FieldsSeq(text) {
		resource, name := splitScope(scope)
		if resource != "" {
			if !isGraphResource(resource) {
				return nil, "", c.signIn.refuseLocked(AADResourceUnknown, "",
					"The resource principal named %s was not found in the tenant named %s. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", resource, c.tenant.Organization.DisplayName)
			}
			if audience != "" && audience != resource {
				return nil, "", c.signIn.refuseLocked(AADGrantInvalid, "", "The provided value for the input parameter 'scope' is not valid: it names more than one resource.")
			}
			audience = resource
		}
		if name != ".default" && !slices.Contains(ProtocolScopes, name) {
			known, ok := graphScope(name)
			if !ok {
				return nil, "", c.signIn.refuseLocked(AADScopeUnknown, "",
					"The application asked for scope '%s' that doesn't exist on the resource '%s'. Contact the app vendor.", name, state.AppGraph)
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
	if strings.EqualFold(resource, state.AppGraph) {
		return true
	}
	u, err := url.Parse(resource)
	return err == nil && u.Scheme == "https" && (u.Path == "" || u.Path == "/") && isGraphHost(strings.ToLower(u.Hostname()))
}

// consentedLocked are the Graph scopes that the client may use for this account.
func (c *Consents) consentedLocked(userID, clientID string) []string {
	var scopes []string
	if client := c.tenant.Applications.ClientLocked(clientID); client != nil {
		scopes = slices.Clone(client.Preauthorized)
	}
	s := c.tenant.Applications.ServicePrincipalByAppLocked(clientID)
	if s == nil {
		return scopes
	}
	for _, g := range c.tenant.Applications.Grants {
		if g.ClientID == s.ID && (g.PrincipalID == "" || g.PrincipalID == userID) {
			for _, scope := range g.Scopes {
				if !slices.Contains(scopes, scope) {
					scopes = append(scopes, scope)
				}
			}
		}
	}
	slices.Sort(scopes)
	return scopes
}

// ScopesNeedingConsent are those of scopes that nobody has consented to for this account and client yet.
func (c *Consents) ScopesNeedingConsent(userID, clientID string, scopes []string) []string {
	c.tenant.Lock()
	defer c.tenant.Unlock()
	return c.missingConsentLocked(userID, clientID, scopes)
}

func (c *Consents) missingConsentLocked(userID, clientID string, scopes []string) []string {
	granted := c.consentedLocked(userID, clientID)
	var missing []string
	for _, scope := range scopes {
		if scope != ".default" && !slices.Contains(ProtocolScopes, scope) && !slices.Contains(granted, scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// GrantConsent stores a consent for one account or, with tenantWide, for everybody. Scopes that need an administrator
// are refused to anybody else with AADSTS90094.
func (c *Consents) GrantConsent(userID, clientID string, scopes []string, tenantWide bool) *Error {
	c.tenant.Lock()
	defer c.tenant.Unlock()
	u, client := c.tenant.Directory.UserByIDLocked(userID), c.tenant.Applications.ClientLocked(clientID)
	if u == nil || client == nil {
		return c.signIn.unknownClientLocked(clientID)
	}
	if len(client.Preauthorized) > 0 {
		return c.signIn.refuseLocked(AADNotPreauthorized, "",
			"Consent between first party application '%s' and first party resource '%s' must be configured via preauthorization - applications owned and operated by Microsoft must get approval from the API owner before requesting tokens for that API.",
			client.AppID, state.AppGraph)
	}
	if c.ConsentRefusals > 0 {
		c.ConsentRefusals--
		return c.consentRefusalLocked(client)
	}
	if u.HomeTenant != "" { // not by a partner: https://learn.microsoft.com/partner-center/customers/gdap-supported-workloads
		return c.consentRefusalLocked(client)
	}
	admin := state.HoldsAny(c.tenant.Directory.ActiveRolesLocked(u), []string{state.RolePrivilegedRoleAdministrator, state.RoleApplicationAdmin, state.RoleCloudApplicationAdmin})
	for _, scope := range scopes {
		if c.RefusedScopes[scope] || !admin && (tenantWide || needsAdminConsent(scope)) {
			return c.consentRefusalLocked(client)
		}
	}
	c.ConsentLocked(u, c.tenant.Applications.InstallLocked(u, client), scopes, tenantWide)
	return nil
}

func (c *Consents) consentRefusalLocked(client *state.ServicePrincipal) *Error {
	return c.signIn.refuseLocked(AADAdminConsentRequired, "Ask an administrator to sign in.",
		"An administrator of %s has set a policy that prevents you from granting %s the permissions it is requesting.", c.tenant.Organization.DisplayName, client.DisplayName)
}

// loseConsentLocked takes the client's consents back when the renewal has come that the weather does it to, and says
// whether it did.
func (c *Consents) loseConsentLocked(client *state.ServicePrincipal) bool {
	if c.RefreshesToConsentLoss == 0 {
		return false
	}
	if c.RefreshesToConsentLoss--; c.RefreshesToConsentLoss > 0 {
		return false
	}
	c.tenant.Applications.Grants = slices.DeleteFunc(c.tenant.Applications.Grants, func(g *state.PermissionGrant) bool { return g.ClientID == client.ID })
	return true
}

// consentMissingLocked is the refusal of a token for which nobody has consented.
func (c *Consents) consentMissingLocked(client *state.ServicePrincipal, scopes []string) *Error {
	return c.signIn.refuseLocked(AADConsentMissing, "Consent is needed for "+strings.Join(scopes, ", ")+".",
		"The user or administrator has not consented to use the application with ID '%s' named '%s'. Send an interactive authorization request for this user and resource.",
		client.AppID, client.DisplayName)
}

// ConsentLocked stores a consent and logs it, whoever gives it.
func (c *Consents) ConsentLocked(u *state.User, s *state.ServicePrincipal, scopes []string, tenantWide bool) {
	principal := u.ID
	if tenantWide {
		principal = ""
	}
	i := slices.IndexFunc(c.tenant.Applications.Grants, func(g *state.PermissionGrant) bool { return g.ClientID == s.ID && g.PrincipalID == principal })
	if i < 0 {
		i = len(c.tenant.Applications.Grants)
		c.tenant.Applications.Grants = append(c.tenant.Applications.Grants, &state.PermissionGrant{ID: c.tenant.NewKeyLocked(43), ClientID: s.ID, ResourceID: c.tenant.Applications.ServicePrincipalByAppLocked(state.AppGraph).ID, PrincipalID: principal})
	}
	grant := c.tenant.Applications.Grants[i]
	before := slices.Clone(grant.Scopes)
	for _, scope := range scopes {
		if scope != ".default" && !slices.Contains(ProtocolScopes, scope) && !slices.Contains(grant.Scopes, scope) {
			grant.Scopes = append(grant.Scopes, scope)
		}
	}
	if len(before) > 0 { // a grant that becomes longer is logged as removed and added, with the same values in both: seen in a live tenant, in no document
		c.tenant.Applications.AuditGrantLocked(u, "Remove delegated permission grant", grant, before, grant.Scopes)
	}
	c.tenant.Applications.AuditGrantLocked(u, "Add delegated permission grant", grant, before, grant.Scopes)
	c.tenant.Applications.AuditConsentLocked(u, s, grant)
}
