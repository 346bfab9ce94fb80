package graphapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// defaultUserProperties are what Graph returns of a user without $select.
var defaultUserProperties = []string{
	"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id",
}

// userObject is everything Graph can show of u; a password never.
func userObject(u *state.User) map[string]any {
	object := map[string]any{
		"businessPhones": []any{}, "otherMails": []any{}, "imAddresses": []any{}, "assignedPlans": []any{}, "proxyAddresses": []any{},
	}
	maps.Copy(object, u.Attributes)
	maps.Copy(object, map[string]any{
		"id": u.ID, "userPrincipalName": u.UPN, "displayName": u.DisplayName, "mailNickname": u.MailNickname, "userType": u.UserType,
		"accountEnabled": u.AccountEnabled, "createdDateTime": stamp(u.Created), "deletedDateTime": stamp(u.DeletedAt),
		"lastPasswordChangeDateTime": stamp(u.Credentials.LastChange), "signInSessionsValidFromDateTime": stamp(u.Sessions.ValidFrom),
		"passwordPolicies": nullable(u.Credentials.Policies), "assignedLicenses": licenceObjects(u.Licences), "perUserMfaState": u.Factors.PerUserMFA,
		"passwordProfile": map[string]any{
			"password": nil, "forceChangePasswordNextSignIn": u.Credentials.MustChange, "forceChangePasswordNextSignInWithMfa": u.Credentials.MustChangeWithMFA,
		},
		"identities": []any{map[string]any{"signInType": "userPrincipalName", "issuer": state.InitialDomain, "issuerAssignedId": u.UPN}},
	})
	if u.OnPremises {
		object["onPremisesSyncEnabled"] = true
	}
	return object
}

func licenceObjects(ids []string) []any {
	licences := []any{}
	for _, id := range ids {
		licences = append(licences, map[string]any{"skuId": id, "disabledPlans": []any{}})
	}
	return licences
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// userView is u as a call without $select shows it, or whole for $select to choose from.
func (c *Call) userView(u *state.User) map[string]any {
	object := userObject(u)
	object["assignedLicenses"] = licenceObjects(c.t.Directory.LicencesLocked(u))
	if c.options.Selected == nil {
		kept := map[string]any{}
		for _, name := range defaultUserProperties {
			kept[name] = object[name]
		}
		return kept
	}
	return object
}

// subject is the account that the path names: the caller for /me.
func (c *Call) subject() (*state.User, *odata.Error) {
	key, ok := c.params["id"]
	if !ok {
		return c.who.User, nil
	}
	if u := c.t.Directory.UserLocked(key); u != nil && c.t.Directory.SeenUserLocked(u) != nil {
		return u, nil
	}
	return nil, odata.NotFound(key)
}

// shownSubject is the subject as a reader finds it.
func (c *Call) shownSubject() (*state.User, *odata.Error) {
	key, ok := c.params["id"]
	if !ok {
		return c.who.User, nil
	}
	if u := c.t.Directory.UserLocked(key); u != nil {
		if shown := c.t.Directory.SeenUserLocked(u); shown != nil {
			return shown, nil
		}
	}
	return nil, odata.NotFound(key)
}

func getMe(c *Call) (*Answer, *odata.Error) {
	if c.who.User.HomeTenant != "" {
		return nil, odata.NotFound(c.who.User.ID)
	}
	return c.entity("users", c.userView(c.who.User))
}

func getUser(c *Call) (*Answer, *odata.Error) {
	u, failure := c.shownSubject()
	if failure != nil {
		return nil, failure
	}
	others := []string{"User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	if u.ID != c.who.User.ID && !c.hasScopes(others) {
		return nil, odata.Denied()
	}
	if slices.Contains(c.options.Selected, "perUserMfaState") && (c.base[len(c.base)-4:] != "v1.0" || !c.hasScopes([]string{"Policy.Read.All"})) {
		return nil, odata.Denied()
	}
	if slices.Contains(c.options.Selected, "signInActivity") {
		return withActivity(c, u)
	}
	return c.entity("users", c.userView(u))
}

func listUsers(c *Call) (*Answer, *odata.Error) {
	return c.listOfUsers("users", c.t.Directory.Users, c.t.Directory.Crowd)
}

// listOfUsers filters by everything an account has, and shows of it what is selected. The crowd comes last.
func (c *Call) listOfUsers(set string, users []*state.User, others *state.Crowd) (*Answer, *odata.Error) {
	filter, search := c.options.Filter, c.options.Search
	c.options.Filter, c.options.Search = nil, nil
	return c.stream(set, func(yield func(odata.Object) bool) {
		for _, u := range users {
			if u = c.t.Directory.SeenUserLocked(u); u == nil {
				continue
			}
			if object := userObject(u); odata.MatchesAll(object, filter) && search.Matches(odata.Object(func() map[string]any { return object }).Property) && !yield(func() map[string]any { return c.userView(u) }) {
				return
			}
		}
		for i := range others.Numbers() {
			found := crowdMatches(others, i, filter) && search.Matches(func(name string) any { return crowdProperty(others, i, name) })
			if found && !yield(func() map[string]any { return c.userView(others.Look(i)) }) {
				return
			}
		}
	})
}

func createUser(c *Call) (*Answer, *odata.Error) {
	t := c.t
	for _, name := range []string{"accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName"} {
		if c.body[name] == nil || c.body[name] == "" {
			return nil, odata.BadRequest("A value is required for property '%s' of resource 'User'.", name).At(name)
		}
	}
	upn := c.text("userPrincipalName")
	if failure := c.checkUPN(upn, nil); failure != nil {
		return nil, failure
	}
	if d := t.Organization.DomainLocked(upn[strings.LastIndex(upn, "@")+1:]); d.Federated {
		if c.body["onPremisesImmutableId"] == nil {
			return nil, odata.BadRequest("Property onPremisesImmutableId is required while creating a federated user.").At("onPremisesImmutableId")
		}
		return nil, odata.BadRequest("The passwordProfile property cannot be used for federated users.").At("passwordProfile")
	}
	u := &state.User{
		ID: t.NewIDLocked(), UserType: "Member", Created: c.now, Attributes: map[string]any{}, Credentials: state.Credentials{LastChange: c.now},
		Sessions: state.Sessions{ValidFrom: c.now}, Factors: state.Factors{PerUserMFA: state.MFADisabled},
	}
	if profile, _ := c.body["passwordProfile"].(map[string]any); profile["password"] == nil {
		return nil, odata.BadRequest("A value is required for property 'password' of resource 'PasswordProfile'.").At("passwordProfile")
	}
	if failure := c.applyUser(u, nil); failure != nil {
		return nil, failure
	}
	t.Directory.Users = append(t.Directory.Users, u)
	u.Shown.Settle(nil)
	state.Replicate(t.Base, &u.Shown, u.Copied())
	t.Log.AuditUserLocked(c.who.User, u, state.NewActivity("Add user", "Core Directory", "Add"))
	object := c.userView(u)
	object["@odata.context"] = c.base + "/$metadata#users/$entity"
	answer, _ := created(object)
	answer.header = http.Header{"Location": {c.base + "/users/" + u.ID}}
	return answer, nil
}

// sensitiveProperties are those that only certain roles may change of an administrator
// (https://learn.microsoft.com/graph/api/resources/users#who-can-perform-sensitive-actions).
var sensitiveProperties = []string{"accountEnabled", "businessPhones", "mobilePhone", "onPremisesImmutableId", "otherMails", "passwordProfile", "userPrincipalName"}

func updateUser(c *Call) (*Answer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	if failure := c.mayUpdate(u); failure != nil {
		return nil, failure
	}
	if d := c.t.Organization.DomainLocked(u.DomainName()); c.body["passwordProfile"] != nil && d != nil && d.Federated {
		return nil, odata.BadRequest("The passwordProfile property cannot be used for federated users.").At("passwordProfile")
	}
	trial := u.Copied()
	if failure := c.applyUser(trial, u); failure != nil {
		return nil, failure
	}
	c.t.Directory.ChangeUserLocked(u, func() {
		trial.Shown = u.Shown
		*u = *trial
	})
	var changes []state.Change
	for _, name := range odata.SortedKeys(c.body) {
		if !strings.Contains(name, "@") && name != "passwordProfile" {
			changes = append(changes, state.Change{Name: name})
		}
	}
	c.t.Log.AuditUserLocked(c.who.User, u, state.NewActivity("Update user", "Core Directory", "Update"), changes...)
	if c.body["passwordProfile"] != nil {
		c.t.Log.AuditUserLocked(c.who.User, u, state.NewActivity("Reset user password", "Core Directory", "Update"))
	}
	return noContent()
}

// mayUpdate holds the body's properties against what the caller's scopes and roles allow for this account.
func (c *Call) mayUpdate(u *state.User) *odata.Error {
	asUser := c.hasScopes([]string{"Directory.AccessAsUser.All"})
	general := c.hasScopes([]string{"User.ReadWrite.All", "Directory.ReadWrite.All"})
	admin := c.t.Directory.IsAdminLocked(u) && u != c.who.User
	for name := range c.body {
		if strings.Contains(name, "@") {
			continue
		}
		allowed := general
		switch name {
		case "passwordProfile":
			allowed = asUser || c.hasScopes([]string{"User-PasswordProfile.ReadWrite.All"})
		case "accountEnabled":
			allowed = general || c.hasScopes([]string{"User.EnableDisableAccount.All"})
		}
		if !allowed {
			return odata.Denied()
		}
		if admin && slices.Contains(sensitiveProperties, name) && !c.mayManageAdministrators() {
			return odata.Denied()
		}
	}
	return nil
}

// mayManageAdministrators says whether the caller may do to an administrator what is sensitive.
func (c *Call) mayManageAdministrators() bool {
	return c.hasScopes([]string{"Directory.AccessAsUser.All"}) && state.HoldsAny(c.roles, []string{state.RolePrivilegedAuthenticationAdmin})
}

func deleteUser(c *Call) (*Answer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	t := c.t
	if t.Directory.IsAdminLocked(u) && !c.mayManageAdministrators() {
		return nil, odata.Denied()
	}
	if u == c.who.User {
		return nil, odata.BadRequest("You cannot delete the account you are signed in with.")
	}
	t.Directory.DropUserLocked(u)
	t.Log.AuditUserLocked(c.who.User, u, state.NewActivity("Delete user", "Core Directory", "Delete"))
	u.DeletedAt, u.Shown = c.now, replication.Value[*state.User]{}
	u.UPN = strings.ReplaceAll(u.ID, "-", "") + u.UPN
	t.Directory.Deleted = append(t.Directory.Deleted, u)
	return noContent()
}

func revokeSessions(c *Call) (*Answer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	if c.t.Directory.IsAdminLocked(u) && !state.HoldsAny(c.roles, []string{state.RolePrivilegedAuthenticationAdmin}) {
		return nil, odata.Denied()
	}
	c.t.Directory.ChangeUserLocked(u, func() { u.Sessions.ValidFrom = c.now })
	c.t.Log.AuditUserLocked(c.who.User, u, state.NewActivity("Update StsRefreshTokenValidFrom Timestamp", "Core Directory", "Update"))
	return ok(map[string]any{"@odata.context": c.base + "/$metadata#Edm.Boolean", "value": true})
}
