package simtenant

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
)

// defaultUserProperties are what Graph returns of a user without $select.
var defaultUserProperties = []string{
	"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id",
}

// object is everything Graph can show of u; a password never.
func (u *user) object() map[string]any {
	object := map[string]any{
		"businessPhones": []any{}, "otherMails": []any{}, "imAddresses": []any{}, "assignedPlans": []any{}, "proxyAddresses": []any{},
	}
	maps.Copy(object, u.attributes)
	maps.Copy(object, map[string]any{
		"id": u.id, "userPrincipalName": u.upn, "displayName": u.displayName, "mailNickname": u.mailNickname, "userType": u.userType,
		"accountEnabled": u.accountEnabled, "createdDateTime": stamp(u.created), "deletedDateTime": stamp(u.deletedAt),
		"lastPasswordChangeDateTime": stamp(u.lastPasswordChange), "signInSessionsValidFromDateTime": stamp(u.sessionsValidFrom),
		"passwordPolicies": nullable(u.passwordPolicies), "assignedLicenses": licenceObjects(u.licences), "perUserMfaState": u.mfaState,
		"passwordProfile": map[string]any{
			"password": nil, "forceChangePasswordNextSignIn": u.mustChangePassword, "forceChangePasswordNextSignInWithMfa": u.mustChangeWithMFA,
		},
		"identities": []any{map[string]any{"signInType": "userPrincipalName", "issuer": initialDomain, "issuerAssignedId": u.upn}},
	})
	if u.onPremises {
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
func (c *graphCall) userView(u *user) map[string]any {
	object := u.object()
	object["assignedLicenses"] = licenceObjects(c.t.licencesLocked(u))
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
func (c *graphCall) subject() (*user, *odata.Error) {
	key, ok := c.params["id"]
	if !ok {
		return c.who.user, nil
	}
	if u := c.t.userLocked(key); u != nil && c.t.seenUserLocked(u) != nil {
		return u, nil
	}
	return nil, odata.NotFound(key)
}

// shownSubject is the subject as a reader finds it.
func (c *graphCall) shownSubject() (*user, *odata.Error) {
	key, ok := c.params["id"]
	if !ok {
		return c.who.user, nil
	}
	if u := c.t.userLocked(key); u != nil {
		if shown := c.t.seenUserLocked(u); shown != nil {
			return shown, nil
		}
	}
	return nil, odata.NotFound(key)
}

func getMe(c *graphCall) (*graphAnswer, *odata.Error) {
	if c.who.user.homeTenant != "" {
		return nil, odata.NotFound(c.who.user.id)
	}
	return c.entity("users", c.userView(c.who.user))
}

func getUser(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.shownSubject()
	if failure != nil {
		return nil, failure
	}
	others := []string{"User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	if u.id != c.who.user.id && !c.hasScopes(others) {
		return nil, odata.Denied()
	}
	if slices.Contains(c.options.Selected, "perUserMfaState") && (c.base[len(c.base)-4:] != "v1.0" || !c.hasScopes([]string{"Policy.Read.All"})) {
		return nil, odata.Denied()
	}
	return c.entity("users", c.userView(u))
}

func listUsers(c *graphCall) (*graphAnswer, *odata.Error) {
	return c.listOfUsers("users", c.t.users, c.t.crowd)
}

// listOfUsers filters by everything an account has, and shows of it what is selected. The crowd comes last.
func (c *graphCall) listOfUsers(set string, users []*user, others *crowd) (*graphAnswer, *odata.Error) {
	filter, search := c.options.Filter, c.options.Search
	c.options.Filter, c.options.Search = nil, nil
	return c.stream(set, func(yield func(odata.Object) bool) {
		for _, u := range users {
			if u = c.t.seenUserLocked(u); u == nil {
				continue
			}
			if object := u.object(); odata.MatchesAll(object, filter) && search.Matches(odata.Object(func() map[string]any { return object }).Property) && !yield(func() map[string]any { return c.userView(u) }) {
				return
			}
		}
		for i := range others.numbers() {
			found := others.matches(i, filter) && search.Matches(func(name string) any { return others.property(i, name) })
			if found && !yield(func() map[string]any { return c.userView(others.look(i)) }) {
				return
			}
		}
	})
}

func createUser(c *graphCall) (*graphAnswer, *odata.Error) {
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
	if d := t.domainLocked(upn[strings.LastIndex(upn, "@")+1:]); d.federated {
		if c.body["onPremisesImmutableId"] == nil {
			return nil, odata.BadRequest("Property onPremisesImmutableId is required while creating a federated user.").At("onPremisesImmutableId")
		}
		return nil, odata.BadRequest("The passwordProfile property cannot be used for federated users.").At("passwordProfile")
	}
	u := &user{
		id: t.newIDLocked(), userType: "Member", created: c.now, sessionsValidFrom: c.now, lastPasswordChange: c.now,
		mfaState: mfaDisabled, attributes: map[string]any{},
	}
	if profile, _ := c.body["passwordProfile"].(map[string]any); profile["password"] == nil {
		return nil, odata.BadRequest("A value is required for property 'password' of resource 'PasswordProfile'.").At("passwordProfile")
	}
	if failure := c.applyUser(u, nil); failure != nil {
		return nil, failure
	}
	t.users = append(t.users, u)
	u.shown.Settle(nil)
	replicate(t, &u.shown, u.copied())
	t.auditUserLocked(c.who.user, u, "Add user", "Core Directory", "Add")
	object := c.userView(u)
	object["@odata.context"] = c.base + "/$metadata#users/$entity"
	answer, _ := created(object)
	answer.header = http.Header{"Location": {c.base + "/users/" + u.id}}
	return answer, nil
}

// sensitiveProperties are those that only certain roles may change of an administrator
// (https://learn.microsoft.com/graph/api/resources/users#who-can-perform-sensitive-actions).
var sensitiveProperties = []string{"accountEnabled", "businessPhones", "mobilePhone", "onPremisesImmutableId", "otherMails", "passwordProfile", "userPrincipalName"}

func updateUser(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	if failure := c.mayUpdate(u); failure != nil {
		return nil, failure
	}
	if d := c.t.domainLocked(u.domainName()); c.body["passwordProfile"] != nil && d != nil && d.federated {
		return nil, odata.BadRequest("The passwordProfile property cannot be used for federated users.").At("passwordProfile")
	}
	trial := u.copied()
	if failure := c.applyUser(trial, u); failure != nil {
		return nil, failure
	}
	c.t.changeUserLocked(u, func() {
		trial.shown = u.shown
		*u = *trial
	})
	var changes []change
	for _, name := range odata.SortedKeys(c.body) {
		if !strings.Contains(name, "@") && name != "passwordProfile" {
			changes = append(changes, change{name: name})
		}
	}
	c.t.auditUserLocked(c.who.user, u, "Update user", "Core Directory", "Update", changes...)
	if c.body["passwordProfile"] != nil {
		c.t.auditUserLocked(c.who.user, u, "Reset user password", "Core Directory", "Update")
	}
	return noContent()
}

// mayUpdate holds the body's properties against what the caller's scopes and roles allow for this account.
func (c *graphCall) mayUpdate(u *user) *odata.Error {
	asUser := c.hasScopes([]string{"Directory.AccessAsUser.All"})
	general := c.hasScopes([]string{"User.ReadWrite.All", "Directory.ReadWrite.All"})
	admin := c.t.isAdminLocked(u) && u != c.who.user
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
func (c *graphCall) mayManageAdministrators() bool {
	return c.hasScopes([]string{"Directory.AccessAsUser.All"}) && holdsAny(c.roles, []string{rolePrivilegedAuthenticationAdmin})
}

func deleteUser(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	t := c.t
	if t.isAdminLocked(u) && !c.mayManageAdministrators() {
		return nil, odata.Denied()
	}
	if u == c.who.user {
		return nil, odata.BadRequest("You cannot delete the account you are signed in with.")
	}
	t.dropUserLocked(u)
	t.auditUserLocked(c.who.user, u, "Delete user", "Core Directory", "Delete")
	u.deletedAt, u.shown = c.now, replication.Value[*user]{}
	u.upn = strings.ReplaceAll(u.id, "-", "") + u.upn
	t.deleted = append(t.deleted, u)
	return noContent()
}

func revokeSessions(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.subject()
	if failure != nil {
		return nil, failure
	}
	if c.t.isAdminLocked(u) && !holdsAny(c.roles, []string{rolePrivilegedAuthenticationAdmin}) {
		return nil, odata.Denied()
	}
	c.t.changeUserLocked(u, func() { u.sessionsValidFrom = c.now })
	c.t.auditUserLocked(c.who.user, u, "Update StsRefreshTokenValidFrom Timestamp", "Core Directory", "Update")
	return ok(map[string]any{"@odata.context": c.base + "/$metadata#Edm.Boolean", "value": true})
}
