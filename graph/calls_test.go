package graph

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestPagesAreReadToTheEnd(t *testing.T) {
	a := &answers{t: t, list: []func(http.ResponseWriter){
		ok(`{"@odata.nextLink":"https://graph.test/v1.0/domains?$skiptoken=abc","value":[{"id":"a.example","isVerified":true,"isDefault":true,"authenticationType":"Managed"}]}`),
		ok(`{"value":[{"id":"b.example","isInitial":true,"authenticationType":"Federated"}]}`),
	}}
	var shown []string
	c := newTestClient(t, a, func(o *Options) { o.Observe = func(x Exchange) { shown = append(shown, x.Path) } })
	got, err := c.Tenant.Domains(t.Context())
	if err != nil || len(got) != 2 || got[0] != (Domain{Name: "a.example", Verified: true, Default: true}) || got[1] != (Domain{Name: "b.example", Initial: true, Federated: true}) {
		t.Errorf("%+v, %v", got, err)
	}
	if a.got[1].URL.Query().Get("$skiptoken") != "abc" || shown[1] != "/v1.0/domains?$skiptoken=…" {
		t.Errorf("the second page is %s, shown as %q", a.got[1].URL, shown)
	}
}

func TestPagesAreBounded(t *testing.T) {
	n := 0
	c := newTestClient(t, inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n++
		ok(`{"@odata.nextLink":"https://graph.test/v1.0/domains?p=` + strconv.Itoa(n) + `","value":[]}`)(w)
	})})
	if _, err := c.Tenant.Domains(t.Context()); err == nil || !strings.Contains(err.Error(), "more than 100 pages") || n != 100 {
		t.Errorf("%v after %d", err, n)
	}
	for _, body := range []string{`{}`, `[]`, `{"value":"x"}`} {
		for name, call := range map[string]func(*Client) error{
			"models": func(c *Client) error { _, err := c.Tenant.Domains(t.Context()); return err },
			"JSON":   func(c *Client) error { _, err := c.ConditionalAccess.Policies(t.Context()); return err },
		} {
			a := &answers{t: t, list: []func(http.ResponseWriter){ok(body)}}
			if err := call(newTestClient(t, a)); !errors.Is(err, ErrUnavailable) {
				t.Errorf("%s of %s: %v", name, body, err)
			}
		}
	}
}

// TestRequests holds every call against the request that Microsoft documents.
func TestRequests(t *testing.T) {
	const empty = `{"value":[]}`
	since := time.Date(2026, 11, 22, 10, 0, 0, 5, time.FixedZone("CET", 3600))
	for name, test := range map[string]struct {
		call   func(c *Client) error
		answer func(http.ResponseWriter)
		want   string
		body   string
	}{
		"organization":     {func(c *Client) error { _, err := c.Tenant.Organization(t.Context()); return err }, ok(`{"value":[{"id":"1"}]}`), "GET /v1.0/organization?$select=id,displayName,verifiedDomains,countryLetterCode,onPremisesSyncEnabled,createdDateTime", ""},
		"domains":          {func(c *Client) error { _, err := c.Tenant.Domains(t.Context()); return err }, ok(empty), "GET /v1.0/domains?$select=id,isVerified,isDefault,isInitial,authenticationType", ""},
		"me":               {func(c *Client) error { _, err := c.Users.Me(t.Context()); return err }, ok(`{"id":"1"}`), "GET /v1.0/me?$select=" + userProperties, ""},
		"user":             {func(c *Client) error { _, err := c.Users.User(t.Context(), "o'neil#x@b.example"); return err }, ok(`{"id":"1","userPrincipalName":"O'Neil#x@b.example"}`), "GET /v1.0/users/o'neil#x@b.example?$select=" + userProperties, ""},
		"my roles":         {func(c *Client) error { _, err := c.Roles.MyRoles(t.Context()); return err }, ok(empty), "GET /v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole?$select=roleTemplateId,displayName", ""},
		"eligible roles":   {func(c *Client) error { _, err := c.Roles.EligibleRoles(t.Context(), "u"); return err }, ok(empty), "GET /v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$filter=principalId eq 'u'&$expand=roleDefinition", ""},
		"roles held":       {func(c *Client) error { _, err := c.Roles.HeldRoles(t.Context(), "u"); return err }, ok(empty), "GET /v1.0/users/u/transitiveMemberOf/microsoft.graph.directoryRole?$select=roleTemplateId,displayName", ""},
		"groups":           {func(c *Client) error { _, err := c.Users.MemberGroups(t.Context(), "u"); return err }, ok(empty), "GET /v1.0/users/u/transitiveMemberOf/microsoft.graph.group?$select=id,displayName,isAssignableToRole&$top=999", ""},
		"titled":           {func(c *Client) error { _, err := c.Users.UsersTitled(t.Context(), "o'x"); return err }, ok(empty), "GET /v1.0/users?$select=id,userPrincipalName,displayName,jobTitle,accountEnabled,createdDateTime,userType&$filter=jobTitle eq 'o''x'", ""},
		"licences":         {func(c *Client) error { _, err := c.Tenant.SubscribedSKUs(t.Context()); return err }, ok(empty), "GET /v1.0/subscribedSkus?$select=skuPartNumber,capabilityStatus,servicePlans", ""},
		"score":            {func(c *Client) error { _, err := c.Tenant.SecureScore(t.Context()); return err }, ok(`{"value":[{}]}`), "GET /v1.0/security/secureScores?$top=1&$select=createdDateTime,currentScore,maxScore,averageComparativeScores,controlScores", ""},
		"score controls":   {func(c *Client) error { _, err := c.Tenant.SecureScoreControls(t.Context()); return err }, ok(empty), "GET /v1.0/security/secureScoreControlProfiles?$select=id,title,controlCategory,maxScore,deprecated,actionUrl", ""},
		"methods policy":   {func(c *Client) error { _, err := c.MFA.AuthenticationMethodsPolicy(t.Context()); return err }, ok(`{"id":"authenticationMethodsPolicy"}`), "GET /beta/policies/authenticationMethodsPolicy", ""},
		"authorization":    {func(c *Client) error { _, err := c.Tenant.AuthorizationPolicy(t.Context()); return err }, ok(`{"allowedToUseSSPR":true}`), "GET /v1.0/policies/authorizationPolicy?$select=allowedToUseSSPR", ""},
		"app management":   {func(c *Client) error { _, err := c.Tenant.AppManagementPolicy(t.Context()); return err }, ok(`{"isEnabled":false}`), "GET /v1.0/policies/defaultAppManagementPolicy", ""},
		"strengths":        {func(c *Client) error { _, err := c.ConditionalAccess.AuthenticationStrengths(t.Context()); return err }, ok(empty), "GET /v1.0/policies/authenticationStrengthPolicies?$select=id,displayName,policyType,allowedCombinations", ""},
		"locations":        {func(c *Client) error { _, err := c.ConditionalAccess.NamedLocations(t.Context()); return err }, ok(empty), "GET /v1.0/identity/conditionalAccess/namedLocations?$select=id,displayName&$top=999", ""},
		"policy state":     {func(c *Client) error { return c.ConditionalAccess.SetPolicyState(t.Context(), "p", StateReportOnly) }, status(204, ""), "PATCH /beta/identity/conditionalAccess/policies/p", `{"state":"enabledForReportingButNotEnforced"}`},
		"defaults":         {func(c *Client) error { _, err := c.MFA.SecurityDefaults(t.Context()); return err }, ok(`{"isEnabled":true}`), "GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy", ""},
		"set defaults":     {func(c *Client) error { return c.MFA.SetSecurityDefaults(t.Context(), false) }, status(204, ""), "PATCH /v1.0/policies/identitySecurityDefaultsEnforcementPolicy", `{"isEnabled":false}`},
		"policy":           {func(c *Client) error { _, err := c.ConditionalAccess.Policy(t.Context(), "p"); return err }, ok(`{"id":"p","conditions":{"users":{"excludeUsers":[]}}}`), "GET /beta/identity/conditionalAccess/policies/p", ""},
		"password":         {func(c *Client) error { return c.Users.SetPassword(t.Context(), "u", NewSecret("pw-1")) }, status(204, ""), "PATCH /v1.0/users/u", `"password":"pw-1"`},
		"enable":           {func(c *Client) error { return c.Users.SetUserEnabled(t.Context(), "u", false) }, status(204, ""), "PATCH /v1.0/users/u", `"accountEnabled":false`},
		"policies of user": {func(c *Client) error { return c.Users.SetPasswordPolicies(t.Context(), "u", DisablePasswordExpiration) }, status(204, ""), "PATCH /v1.0/users/u", `"passwordPolicies":"DisablePasswordExpiration"`},
		"delete":           {func(c *Client) error { return c.Users.DeleteUser(t.Context(), "u") }, status(204, ""), "DELETE /v1.0/users/u", ""},
		"assignments":      {func(c *Client) error { _, err := c.Roles.RoleAssignments(t.Context(), "u"); return err }, ok(empty), "GET /v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq 'u'", ""},
		"assign": {
			func(c *Client) error { _, err := c.Roles.AssignRole(t.Context(), "u", GlobalAdministrator); return err },
			status(201, `{"id":"r"}`), "POST /v1.0/roleManagement/directory/roleAssignments", `"directoryScopeId":"/"`,
		},
		"role holdings": {func(c *Client) error { _, err := c.Roles.RoleHoldings(t.Context(), "g"); return err }, ok(empty), "GET /v1.0/roleManagement/directory/roleAssignmentScheduleInstances?$filter=roleDefinitionId eq 'g'&$expand=principal", ""},
		"role rules": {
			func(c *Client) error { _, _ = c.Roles.RoleRules(t.Context(), "g"); return nil }, ok(empty),
			"GET /v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq 'g'&$expand=policy($expand=rules)", "",
		},
		"assign for a time": {
			func(c *Client) error {
				return c.Roles.AssignRoleFor(t.Context(), RoleRequest{PrincipalID: "u", RoleID: "g", Lasts: 8 * 24 * time.Hour, Justification: "j"})
			},
			status(201, `{"status":"Granted"}`), "POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests", `"expiration":{"type":"afterDuration","duration":"PT11520M"}`,
		},
		"keep the role": {
			func(c *Client) error {
				return c.Roles.ChangeRoleEnd(t.Context(), RoleRequest{PrincipalID: "u", RoleID: "g"})
			},
			status(201, `{"status":"Provisioned"}`), "POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests", `"expiration":{"type":"noExpiration"}`,
		},
		"end the role": {
			func(c *Client) error {
				return c.Roles.EndRole(t.Context(), RoleRequest{PrincipalID: "u", RoleID: "g", Justification: "j"})
			},
			status(201, `{"status":"Revoked"}`), "POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests",
			`{"action":"adminRemove","principalId":"u","roleDefinitionId":"g","directoryScopeId":"/","justification":"j"}`,
		},
		"unassign":      {func(c *Client) error { return c.Roles.RemoveRoleAssignment(t.Context(), "r-1") }, status(204, ""), "DELETE /v1.0/roleManagement/directory/roleAssignments/r-1", ""},
		"per-user MFA":  {func(c *Client) error { _, err := c.MFA.PerUserMFA(t.Context(), "u"); return err }, ok(`{"perUserMfaState":"enforced"}`), "GET /beta/users/u/authentication/requirements", ""},
		"set MFA":       {func(c *Client) error { return c.MFA.SetPerUserMFA(t.Context(), "u", MFAEnabled) }, status(204, ""), "PATCH /beta/users/u/authentication/requirements", `{"perUserMfaState":"enabled"}`},
		"methods":       {func(c *Client) error { _, err := c.MFA.AuthenticationMethods(t.Context(), "u"); return err }, ok(empty), "GET /v1.0/users/u/authentication/methods", ""},
		"MFA service":   {func(c *Client) error { _, err := c.MFA.MFAServicePolicy(t.Context()); return err }, ok(`{}`), "GET /beta/policies/mfaServicePolicy", ""},
		"app passwords": {func(c *Client) error { return c.MFA.SetAllowAppPasswords(t.Context(), true) }, status(204, ""), "PATCH /beta/policies/mfaServicePolicy", `{"allowAppPasswords":true}`},
		"principals":    {func(c *Client) error { _, err := c.Apps.ServicePrincipals(t.Context(), "D'e"); return err }, ok(empty), "GET /v1.0/servicePrincipals?$filter=startswith(displayName,'D''e')&$select=id,appId,displayName,appOwnerOrganizationId,accountEnabled", ""},
		"audits": {func(c *Client) error {
			_, err := c.Tenant.DirectoryAudits(t.Context(), AuditFilter{since, "u", "A b"})
			return err
		}, ok(empty), "GET /v1.0/auditLogs/directoryAudits?$filter=activityDateTime ge 2026-11-22T09:00:00Z and initiatedBy/user/id eq 'u' and activityDisplayName eq 'A b'", ""},
		"all audits": {func(c *Client) error { _, err := c.Tenant.DirectoryAudits(t.Context(), AuditFilter{}); return err }, ok(empty), "GET /v1.0/auditLogs/directoryAudits", ""},
		"sign-ins":   {func(c *Client) error { _, err := c.Tenant.SignIns(t.Context(), "u", since); return err }, ok(empty), "GET /v1.0/auditLogs/signIns?$filter=userId eq 'u' and createdDateTime ge 2026-11-22T09:00:00Z", ""},
		"deleted":    {func(c *Client) error { _, _ = c.Users.DeletedUser(t.Context(), "u"); return nil }, ok(empty), "GET /v1.0/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,displayName,jobTitle,deletedDateTime", ""},
		"what-if": {func(c *Client) error {
			_, err := c.ConditionalAccess.Evaluate(t.Context(), SignInContext{UserID: "u", AppID: "a", ClientApp: "other"})
			return err
		}, ok(empty), "POST /v1.0/identity/conditionalAccess/evaluate", `"clientAppType":"other"`},
		"path traversal": {func(c *Client) error { return c.Users.DeleteUser(t.Context(), "../groups/1?x") }, status(204, ""), "DELETE /v1.0/users/../groups/1?x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := &answers{t: t, list: []func(http.ResponseWriter){test.answer}}
			if err := test.call(newTestClient(t, a)); err != nil {
				t.Fatal(err)
			}
			r := a.got[0]
			got := r.Method + " " + r.URL.Path
			if q, _ := url.QueryUnescape(r.URL.RawQuery); q != "" {
				got += "?" + q
			}
			if got != test.want || r.URL.Host != "graph.test" || r.URL.Scheme != "https" {
				t.Errorf("sent %s", got)
			}
			if strings.Contains(r.URL.RawQuery, "+") || strings.Contains(r.URL.EscapedPath(), "..") && !strings.Contains(r.URL.EscapedPath(), "%2F") {
				t.Errorf("badly escaped: %s", r.URL)
			}
			if !strings.Contains(a.body[0], test.body) || test.body == "" && a.body[0] != "" {
				t.Errorf("body %s", a.body[0])
			}
			if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ey") || len(r.Header.Values("Authorization")) != 1 || r.Header.Get("client-request-id") == "" {
				t.Errorf("headers %v", r.Header)
			}
		})
	}
}

func TestReadings(t *testing.T) {
	one := func(body string) *Client {
		return newTestClient(t, &answers{t: t, list: []func(http.ResponseWriter){ok(body)}})
	}
	o, err := one(`{"value":[{"id":"t","displayName":"Contoso","countryLetterCode":"AT","onPremisesSyncEnabled":true,"verifiedDomains":[{"name":"c.example","isDefault":true},{"name":"c.onmicrosoft.com","isInitial":true}]}]}`).Tenant.Organization(t.Context())
	if err != nil || o != (Organization{"t", "Contoso", "c.example", "c.onmicrosoft.com", "AT", true, time.Time{}}) {
		t.Errorf("organization %+v, %v", o, err)
	}
	if _, err := one(`{"value":[]}`).Tenant.SecureScore(t.Context()); !errors.Is(err, ErrNone) || errors.Is(err, ErrNotFound) {
		t.Errorf("no score is %v", err)
	}
	s, err := one(`{"@odata.nextLink":"https://graph.test/older","value":[{"createdDateTime":"2026-11-21T00:00:00Z","currentScore":387.5,"maxScore":697,"averageComparativeScores":[{"basis":"AllTenants","averageScore":40.25}],"controlScores":[{"controlCategory":"Identity","controlName":"AdminMFA","score":10}]}]}`).Tenant.SecureScore(t.Context())
	if err != nil || s.Current != 387.5 || s.Max != 697 || s.Averages[0] != (Average{"AllTenants", 40.25}) || s.Controls[0] != (ControlScore{"Identity", "AdminMFA", 10}) {
		t.Errorf("score %+v, %v", s, err)
	}
	k, err := one(`{"value":[{"skuPartNumber":"SPB","capabilityStatus":"Enabled","servicePlans":[{"servicePlanId":"41781fb2-bc02-4b7c-bd55-b576c07bb09d","provisioningStatus":"Success"},{"servicePlanId":"eec0eb4f-6444-4f95-aba0-50c24d67f998","provisioningStatus":"Disabled"}]}]}`).Tenant.SubscribedSKUs(t.Context())
	if err != nil || len(k) != 1 || !k[0].Enabled || len(k[0].Plans) != 1 || k[0].Plans[0] != PlanP1 {
		t.Errorf("licences %+v, %v", k, err)
	}
	m, err := one(`{"value":[{"@odata.type":"#microsoft.graph.passwordAuthenticationMethod","id":"1"},{"@odata.type":"#microsoft.graph.softwareOathAuthenticationMethod","id":"2"},{"@odata.type":"#microsoft.graph.emailAuthenticationMethod","id":"3"},{"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethod","id":"4"},{"@odata.type":"#microsoft.graph.nextYearAuthenticationMethod","id":"5"}]}`).MFA.AuthenticationMethods(t.Context(), "u")
	var kinds []string
	for _, x := range m {
		kinds = append(kinds, x.Kind+"="+strconv.FormatBool(x.Strong()))
	}
	if got := strings.Join(kinds, " "); err != nil || got != "password=false softwareOath=true email=false temporaryAccessPass=false nextYear=true" {
		t.Errorf("methods %s, %v", got, err)
	}
	p, err := one(`{"allowAppPasswords":false,"rememberMfaOnTrustedDevice":{"allowedNumberOfDays":14}}`).MFA.MFAServicePolicy(t.Context())
	if err != nil || p.AllowAppPasswords || !p.AllowAppPasswordsKnown || p.JSON() != `{"allowAppPasswords":false,"rememberMfaOnTrustedDevice":{"allowedNumberOfDays":14}}` {
		t.Errorf("MFA service %+v, %v", p, err)
	}
	if _, err := one(`{}`).MFA.PerUserMFA(t.Context(), "u"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("no state is %v", err)
	}
	if _, err := one(`{}`).MFA.SecurityDefaults(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("no isEnabled is %v", err)
	}
	if _, err := one(`{}`).Apps.ServicePrincipals(t.Context(), ""); !errors.Is(err, ErrInvalid) {
		t.Errorf("no prefix is %v", err)
	}
	u, err := one(`{"value":[{"id":"11111111-0000-0000-0000-000000000000","userPrincipalName":"11111111000000000000000000000000svc@c.example","deletedDateTime":"2026-01-01T00:00:00Z"},{"id":"22222222-0000-0000-0000-000000000000","userPrincipalName":"22222222000000000000000000000000SVC@c.example","deletedDateTime":"2026-02-01T00:00:00Z"},{"id":"33333333-0000-0000-0000-000000000000","userPrincipalName":"33333333000000000000000000000000xsvc@c.example"}]}`).Users.DeletedUser(t.Context(), "svc@c.example")
	if err != nil || !strings.HasPrefix(u.ID, "2222") || u.UserPrincipalName != "SVC@c.example" {
		t.Errorf("deleted %+v, %v", u, err)
	}
	if _, err := one(`{"value":[]}`).Users.DeletedUser(t.Context(), "svc@c.example"); !errors.Is(err, ErrNone) {
		t.Errorf("none deleted is %v", err)
	}
	a, err := one(`{"value":[{"id":"1","activityDisplayName":"Consent to application","category":"ApplicationManagement","result":"success","activityDateTime":"2026-11-22T10:00:00Z","initiatedBy":{"user":{"id":"u","userPrincipalName":"a@c.example"}},"targetResources":[{"displayName":"Delegate365","id":"x"}]}]}`).Tenant.DirectoryAudits(t.Context(), AuditFilter{})
	if err != nil || len(a) != 1 || a[0].Result != "success" || a[0].InitiatedBy != "a@c.example" || a[0].Targets[0] != "Delegate365" {
		t.Errorf("audit %+v, %v", a, err)
	}
}

// Both kinds are read side by side.
// An application that the tenant does not know was not allowed nothing: it is an error.
func TestDelegatedPermissionsOfAnApplication(t *testing.T) {
	const path = "/v1.0/servicePrincipals(appId='14d82eec-204b-4c2f-b7e8-296a70dab67e')/oauth2PermissionGrants"
	kinds := map[string]*answers{path: {t: t, list: []func(http.ResponseWriter){
		ok(`{"value":[{"id":"g","clientId":"AAAAAAAA-2222-3333-4444-555555555555","consentType":"AllPrincipals","resourceId":"r","scope":" User.Read  Mail.Send"}]}`),
		status(http.StatusNotFound, refusal("Request_ResourceNotFound", "no such application")),
	}}}
	c := newTestClient(t, byPath(kinds))
	got, err := c.Apps.Delegated(t.Context(), "14d82eec-204b-4c2f-b7e8-296a70dab67e")
	if want := (PermissionGrant{ID: "g", ClientID: "aaaaaaaa-2222-3333-4444-555555555555", ResourceID: "r", Scope: " User.Read  Mail.Send", ConsentType: "AllPrincipals"}); err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = c.Apps.Delegated(t.Context(), "14d82eec-204b-4c2f-b7e8-296a70dab67e"); !errors.Is(err, ErrNotFound) || got != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGrants(t *testing.T) {
	kinds := map[string]*answers{
		"/v1.0/servicePrincipals/sp/oauth2PermissionGrants": {t: t, list: []func(http.ResponseWriter){
			ok(`{"value":[{"clientId":"c","consentType":"AllPrincipals","resourceId":"r","scope":"User.Read Mail.Send"}]}`),
		}},
		"/v1.0/servicePrincipals/sp/appRoleAssignments": {t: t, list: []func(http.ResponseWriter){
			ok(`{"value":[{"appRoleId":"19dbc75e-c2e2-444c-a770-ec69d8559fc7","resourceId":"99999999-2222-3333-4444-555555555555","resourceDisplayName":"Microsoft Graph"}]}`),
		}},
	}
	got, err := newTestClient(t, byPath(kinds)).Apps.Grants(t.Context(), "sp")
	if err != nil || len(got) != 2 || got[0] != (PermissionGrant{ClientID: "c", ResourceID: "r", Scope: "User.Read Mail.Send", ConsentType: "AllPrincipals"}) ||
		got[1] != (PermissionGrant{Application: true, ResourceID: "99999999-2222-3333-4444-555555555555", Resource: "Microsoft Graph", Scope: "19dbc75e-c2e2-444c-a770-ec69d8559fc7"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// byPath answers each path with its own answers.
type byPath map[string]*answers

func (b byPath) RoundTrip(q *http.Request) (*http.Response, error) { return b[q.URL.Path].RoundTrip(q) }

func TestPolicies(t *testing.T) {
	const guests = `{"@odata.type":"#microsoft.graph.conditionalAccessGuestsOrExternalUsers","guestOrExternalUserTypes":"b2bCollaborationGuest,newKindOfGuest","externalTenants":{"@odata.type":"#microsoft.graph.conditionalAccessEnumeratedExternalTenants","membershipKind":"enumerated","members":["t1"]}}`
	policy := `{"id":"p1","displayName":"Microsoft-managed: MFA for admins","state":"enabled","modifiedDateTime":null,"templateId":"tt",
"conditions":{"clientAppTypes":["all","newKindOfClient"],"signInRiskLevels":["high"],"users":{"includeUsers":["All"],"excludeUsers":["` + strings.ToUpper(operatorID) + `"],"includeGroups":[],"excludeGroups":[],"includeRoles":["r"],"excludeRoles":[],"includeGuestsOrExternalUsers":null,"excludeGuestsOrExternalUsers":` + guests + `},
"applications":{"includeApplications":["All"],"excludeApplications":[],"includeUserActions":[]},"platforms":null,"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]},"authenticationFlows":{"transferMethods":"deviceCodeFlow,authenticationTransfer"}},
"grantControls":{"operator":"OR","builtInControls":["mfa","riskRemediation"],"customAuthenticationFactors":[],"termsOfUse":[],"authenticationStrength":null},"sessionControls":{"signInFrequency":null}}`
	strength := `{"id":"p2","displayName":"Strong","state":"enabledForReportingButNotEnforced","conditions":{},"grantControls":{"operator":"AND","builtInControls":[],"authenticationStrength":{"id":"00000000-0000-0000-0000-000000000002","displayName":"Multifactor authentication"}},"sessionControls":{"persistentBrowser":{"mode":"never"},"signInFrequency":{"isEnabled":true,"frequencyInterval":"everyTime"}}}`
	synctest.Test(t, func(t *testing.T) {
		a := &answers{t: t, list: []func(http.ResponseWriter){
			ok(`{"value":[` + policy + `,` + strength + `]}`), ok(policy), status(204, ""), ok(strings.Replace(policy, `["`+strings.ToUpper(operatorID)+`"]`, `[]`, 1)), status(204, ""),
		}}
		c := newTestClient(t, a)
		all, err := c.ConditionalAccess.Policies(t.Context())
		if err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
		p := all[0]
		if !p.Managed || !p.DemandsMFA() || p.Session || strings.Join(p.Grant.Controls, ",") != "mfa,riskRemediation" ||
			p.ClientAppTypes[1] != "newKindOfClient" || len(p.TransferMethods) != 2 || !p.Excludes(operatorID) || p.Locations.Exclude[0] != "AllTrusted" || p.Platforms.Include != nil {
			t.Errorf("first %+v %+v", p, p.Grant)
		}
		if q := all[1]; q.DemandsMFA() || !q.Session || q.Grant.StrengthName != "Multifactor authentication" || q.Managed {
			t.Errorf("second %+v", q)
		}
		if g := p.Users.ExcludeGuests; strings.Join(g.Kinds(), ",") != "b2bCollaborationGuest,newKindOfGuest" || g.AnyTenant() || len(p.Users.IncludeGuests.Kinds()) != 0 {
			t.Errorf("guests %s %s", g, p.Users.IncludeGuests)
		}
		if g := Guests(`{"guestOrExternalUserTypes":"internalGuest","externalTenants":{"membershipKind":"all"}}`); !g.AnyTenant() {
			t.Error("all tenants are not any tenant")
		}
		all[1].State = StateEnabled
		if !all[1].DemandsMFA() || (&Policy{State: StateEnabled}).DemandsMFA() {
			t.Error("an authentication strength demands MFA, no grant does not")
		}
		for _, change := range []struct {
			call func(context.Context, Policy, string) error
			want string
		}{{c.ConditionalAccess.RemovePolicyExclusion, `[]`}, {c.ConditionalAccess.AddPolicyExclusion, `["` + operatorID + `"]`}} {
			if err := change.call(t.Context(), p, operatorID); err != nil {
				t.Fatal(err)
			}
			n := len(a.body) - 1
			if want := `{"conditions":{"users":{"excludeUsers":` + change.want + `}}}`; a.body[n] != want || a.got[n].Method != http.MethodPatch || a.got[n].URL.Path != "/beta/identity/conditionalAccess/policies/p1" {
				t.Errorf("sent %s %s\n%s", a.got[n].Method, a.got[n].URL, a.body[n])
			}
		}
	})
}

func TestEvaluate(t *testing.T) {
	a := &answers{t: t, list: []func(http.ResponseWriter){ok(`{"value":[{"id":"p","displayName":"MFA","state":"enabled","policyApplies":true,"analysisReasons":"notSet","grantControls":{"builtInControls":["mfa"]}},{"id":"q","state":"enabledForReportingButNotEnforced","policyApplies":true,"grantControls":{"builtInControls":["mfa"]}}]}`)}}
	c := newTestClient(t, a)
	got, err := c.ConditionalAccess.Evaluate(t.Context(), SignInContext{UserID: "u", AppID: "app", ClientApp: "browser", Platform: "windows", Country: "AT", IPAddress: "203.0.113.5"})
	if err != nil || len(got) != 2 || !got[0].DemandsMFA() || got[1].DemandsMFA() || got[0].Reasons != "notSet" {
		t.Errorf("%+v, %v", got, err)
	}
	body := decoded(t, a.body[0])
	identity, _ := body["signInIdentity"].(map[string]any)
	application, _ := body["signInContext"].(map[string]any)
	conditions, _ := body["signInConditions"].(map[string]any)
	if identity["@odata.type"] != "#microsoft.graph.userSignIn" || identity["userId"] != "u" ||
		application["@odata.type"] != "#microsoft.graph.applicationContext" || application["includeApplications"].([]any)[0] != "app" ||
		conditions["clientAppType"] != "browser" || conditions["devicePlatform"] != "windows" || conditions["signInRiskLevel"] != "none" ||
		conditions["country"] != "AT" || body["appliedPoliciesOnly"] != false {
		t.Errorf("body %s", a.body[0])
	}
	for _, s := range []SignInContext{{ClientApp: "telnet"}, {Platform: "amiga"}} {
		if _, err := c.ConditionalAccess.Evaluate(t.Context(), s); !errors.Is(err, ErrInvalid) || OutcomeOf(err) != Refused {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestClaimsChallengePassesOnce(t *testing.T) {
	challenge := func(w http.ResponseWriter) {
		// base64 of {"access_token":{"nbf":{"essential":true, "value":"1604106651"}}}
		status(401, refusal("InvalidAuthenticationToken", "continuous access evaluation"), "WWW-Authenticate",
			`Bearer realm="", authorization_uri="https://login.test/common/oauth2/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYwNDEwNjY1MSJ9fX0="`)(w)
	}
	credential := &given{}
	a := &answers{t: t, list: []func(http.ResponseWriter){challenge, status(204, "")}}
	c := newTestClient(t, a, func(o *Options) { o.Credential = credential })
	if err := c.Users.SetUserEnabled(t.Context(), "u", true); err != nil {
		t.Fatal(err)
	}
	if n := len(credential.asked); n != 2 || credential.asked[1].Claims != `{"access_token":{"nbf":{"essential":true, "value":"1604106651"}}}` || !credential.asked[0].EnableCAE || !credential.asked[1].EnableCAE {
		t.Errorf("asked %+v", credential.asked)
	}
	if a.body[0] != a.body[1] || len(a.got[1].Header.Values("Authorization")) != 1 {
		t.Errorf("the second request differs: %q, %v", a.body[1], a.got[1].Header)
	}
	a = &answers{t: t, list: []func(http.ResponseWriter){challenge, challenge}}
	c = newTestClient(t, a)
	if err := c.Users.SetUserEnabled(t.Context(), "u", true); !errors.Is(err, ErrUnauthorized) || OutcomeOf(err) != Refused {
		t.Errorf("a second challenge gives %v", err)
	}
	a = &answers{t: t, list: []func(http.ResponseWriter){status(401, "", "WWW-Authenticate", "Bearer claims=unquoted")}}
	if err := newTestClient(t, a).Users.SetUserEnabled(t.Context(), "u", true); !errors.Is(err, ErrUnauthorized) {
		t.Errorf("a malformed challenge gives %v", err)
	}
}

func TestGivenCredential(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		credential := &given{life: 10 * time.Minute, claims: jwt.MapClaims{"scp": "User.Read Policy.Read.All"}}
		c := newTestClient(t, inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { ok(`{"id":"1"}`)(w) })},
			func(o *Options) { o.Credential = credential })
		for range 3 {
			if _, err := c.Users.Me(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Minute)
		}
		if len(credential.asked) != 2 || credential.asked[0].Scopes[0] != "https://graph.test/.default" {
			t.Errorf("asked %+v", credential.asked)
		}
		if got := c.Identity(); got != (Identity{tenantID, operatorID, "admin@contoso.example", "Ada Admin", "", false}) {
			t.Errorf("identity %+v", got)
		}
		if err := c.Require(t.Context(), Prompt{}, "policy.read.all", "offline_access", "https://graph.test/User.Read"); err != nil || len(credential.asked) != 2 {
			t.Errorf("what is covered asks again: %v", err)
		}
		if err := c.Require(t.Context(), Prompt{}, "User.ReadWrite.All"); !errors.Is(err, ErrConsent) || len(credential.asked) != 3 {
			t.Errorf("what is lacking gives %v", err)
		}
		if c.Renewable() || time.Until(c.TokenExpires()) < 0 {
			t.Error("nothing is known of a given credential's renewal")
		}
	})
	other := newTestClient(t, &answers{t: t}, func(o *Options) { o.Tenant = "99999999-2222-3333-4444-555555555555" })
	if _, err := other.SignIn(t.Context(), Browser, Prompt{}); !errors.Is(err, ErrWrongTenant) {
		t.Errorf("another tenant gives %v", err)
	}
	if _, err := other.Users.Me(t.Context()); !errors.Is(err, ErrWrongTenant) || OutcomeOf(err) != Refused {
		t.Errorf("another tenant's call gives %v", err)
	}
	nobody := newTestClient(t, &answers{t: t}, func(o *Options) { o.Credential = nil })
	if _, err := nobody.Users.Me(t.Context()); !errors.Is(err, ErrUnauthorized) {
		t.Errorf("nobody signed in gives %v", err)
	}
	if err := nobody.Require(t.Context(), Prompt{}, "User.Read"); !errors.Is(err, ErrUnauthorized) {
		t.Errorf("nobody signed in gives %v", err)
	}
	if nobody.Granted() != nil || nobody.Identity() != (Identity{}) || nobody.Renewable() || !nobody.TokenExpires().IsZero() {
		t.Error("nobody has an identity")
	}
}
