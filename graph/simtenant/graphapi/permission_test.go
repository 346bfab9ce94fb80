package graphapi_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestScopesAndRoles(t *testing.T) {
	const (
		admin, reader, helpdesk, policies = state.OperatorUPN, "auditor@contoso.com", "helpdesk@contoso.com", "policies@contoso.com"
		plain                             = "yuki.tanaka@contoso.com"
		sensitive                         = `{"accountEnabled":false}`
		reset                             = `{"passwordProfile":{"password":"Another-Horse-9","forceChangePasswordNextSignIn":false}}`
	)
	everything := strings.Join(entra.AllGraphScopes(), " ")
	without := func(scope string) string { return strings.Replace(everything, scope, "", 1) }
	tests := []struct {
		name, upn, scopes, method, path, body string
		status                                int
		code                                  string
	}{
		{"own profile", plain, "User.Read", "GET", "/v1.0/me", "", 200, ""},
		{"own profile without a scope", plain, "Domain.Read.All", "GET", "/v1.0/me", "", 403, "Authorization_RequestDenied"},
		{"another's profile with User.Read", plain, "User.Read", "GET", "/v1.0/users/{admin}", "", 403, "Authorization_RequestDenied"},
		{"another's profile", plain, "User.ReadBasic.All", "GET", "/v1.0/users/{admin}", "", 200, ""},
		{"policies without the scope", admin, "User.Read", "GET", "/v1.0/policies/authorizationPolicy", "", 403, "AccessDenied"},
		{"policies without a role", plain, everything, "GET", "/v1.0/policies/authorizationPolicy", "", 403, "AccessDenied"},
		{"policies as a reader", reader, "Policy.Read.All", "GET", "/v1.0/policies/authorizationPolicy", "", 200, ""},
		{"audit log without the scope", admin, "User.Read", "GET", "/v1.0/auditLogs/directoryAudits", "", 403, "Authentication_MSGraphPermissionMissing"},
		{"audit log as a reader", reader, "AuditLog.Read.All", "GET", "/v1.0/auditLogs/directoryAudits", "", 200, ""},
		{"create as a reader", reader, everything, "POST", "/v1.0/users", simtest.NewUserBody, 403, "Authorization_RequestDenied"},
		{"create without the scope", admin, "User.Read.All", "POST", "/v1.0/users", simtest.NewUserBody, 403, "Authorization_RequestDenied"},
		{"create as User Administrator", helpdesk, "User.ReadWrite.All", "POST", "/v1.0/users", simtest.NewUserBody, 201, ""},
		{"assign as User Administrator", helpdesk, everything, "POST", "/v1.0/roleManagement/directory/roleAssignments", simtest.AssignBody("{plain}"), 403, "Authorization_RequestDenied"},
		{"assign without the scope", admin, "RoleManagement.Read.Directory", "POST", "/v1.0/roleManagement/directory/roleAssignments", simtest.AssignBody("{plain}"), 403, "Authorization_RequestDenied"},
		{"per-user MFA as a reader", reader, everything, "PATCH", "/beta/users/{plain}/authentication/requirements", `{"perUserMfaState":"enabled"}`, 403, "AccessDenied"},
		{"per-user MFA without the scope", admin, "Policy.Read.All", "PATCH", "/beta/users/{plain}/authentication/requirements", `{"perUserMfaState":"enabled"}`, 403, "AccessDenied"},
		{"per-user MFA", admin, "Policy.ReadWrite.AuthenticationMethod", "PATCH", "/beta/users/{plain}/authentication/requirements", `{"perUserMfaState":"disabled"}`, 204, ""},
		{"methods as User Administrator", helpdesk, everything, "GET", "/v1.0/users/{plain}/authentication/methods", "", 403, "Authorization_RequestDenied"},
		{"methods as a reader", reader, "UserAuthenticationMethod.Read.All", "GET", "/v1.0/users/{plain}/authentication/methods", "", 200, ""},
		{"own methods", plain, "UserAuthenticationMethod.Read", "GET", "/v1.0/me/authentication/methods", "", 200, ""},
		{"app password switch as a policy role without it", policies, everything, "PATCH", "/beta/policies/mfaServicePolicy", `{"allowAppPasswords":true}`, 403, "AccessDenied"},
		{"exclusion without Application.Read.All", admin, without("Application.Read.All"), "PATCH", "/v1.0/identity/conditionalAccess/policies/{policy}", `{"state":"enabled"}`, 403, "AccessDenied"},
		{"exclusion as Conditional Access Administrator", policies, everything, "PATCH", "/v1.0/identity/conditionalAccess/policies/{policy}", `{"state":"enabled"}`, 204, ""},
		{"reset without the scope", admin, "User.ReadWrite.All", "PATCH", "/v1.0/users/{plain}", reset, 403, "Authorization_RequestDenied"},
		{"reset", admin, "User-PasswordProfile.ReadWrite.All", "PATCH", "/v1.0/users/{plain}", reset, 204, ""},
		{"disable an administrator without AccessAsUser", admin, without("Directory.AccessAsUser.All"), "PATCH", "/v1.0/users/{breakglass}", sensitive, 403, "Authorization_RequestDenied"},
		{"disable an administrator as User Administrator", helpdesk, everything, "PATCH", "/v1.0/users/{breakglass}", sensitive, 403, "Authorization_RequestDenied"},
		{"disable an administrator", admin, everything, "PATCH", "/v1.0/users/{breakglass}", sensitive, 204, ""},
		{"delete an administrator without AccessAsUser", admin, without("Directory.AccessAsUser.All"), "DELETE", "/v1.0/users/{breakglass}", "", 403, "Authorization_RequestDenied"},
		{"rename an administrator's title", admin, "User.ReadWrite.All", "PATCH", "/v1.0/users/{breakglass}", `{"jobTitle":"Spare"}`, 204, ""},
	}
	for _, test := range tests {
		w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
		fill := strings.NewReplacer("{admin}", w.ID(admin), "{plain}", w.ID(plain), "{breakglass}", w.ID("breakglass@contoso.onmicrosoft.com"), "{policy}", w.Tenant.PolicyIDs("CA05")[0])
		w.As(test.upn, strings.Fields(test.scopes)...)
		r := w.Graph(test.method, fill.Replace(test.path), fill.Replace(test.body))
		if r.Status != test.status || r.Code() != test.code {
			t.Errorf("%s: %d %s, want %d %s: %s", test.name, r.Status, r.Code(), test.status, test.code, r.Text)
		}
	}
}

func TestTokensAreHeldToTheirTenantTimeAndHost(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	other := simtest.NewWire(t, simtenant.Options{Seed: 7})
	if other.Endpoints.TenantID == w.Endpoints.TenantID {
		t.Fatal("two seeds made one tenant")
	}
	if r := other.Send("GET", other.Endpoints.Graph+"/v1.0/me", "", "Authorization", "Bearer "+w.Token); r.Code() != "InvalidAuthenticationToken" {
		t.Errorf("a foreign token: %d %s", r.Status, r.Text)
	}
	broken := w.Token[:len(w.Token)-4] + "AAAA"
	if r := w.Send("GET", w.Endpoints.Graph+"/v1.0/me", "", "Authorization", "Bearer "+broken); r.Status != 401 {
		t.Errorf("a broken signature: %d %s", r.Status, r.Text)
	}
	start := time.Now()
	w.Tenant.State.Now = func() time.Time { return start.Add(76 * time.Minute) }
	if r := w.Graph("GET", "/v1.0/me", ""); r.Status != 401 || !strings.Contains(r.Message(), "expired") {
		t.Errorf("an expired token: %d %s", r.Status, r.Text)
	}
}

func TestRevokedSessionsAskForANewSignIn(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	reader := w.ID("auditor@contoso.com")
	readers := simtest.NewWire(t, simtenant.Options{})
	readers.Tenant, readers.Client = w.Tenant, w.Client
	readers.As("auditor@contoso.com")
	start := time.Now()
	w.Tenant.State.Now = func() time.Time { return start.Add(time.Second) }
	if r := w.Must(200, "POST", "/v1.0/users/"+reader+"/revokeSignInSessions", ""); r.Body["value"] != true {
		t.Errorf("answered %s", r.Text)
	}
	if r := readers.Graph("GET", "/v1.0/me", ""); r.Status != 401 {
		t.Errorf("a revoked token: %d %s", r.Status, r.Text)
	}
}

func TestLimitedOrganization(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	w.As(state.OperatorUPN, "User.Read")
	object := w.Must(200, "GET", "/v1.0/organization", "").List()[0]
	if object["displayName"] != "Contoso" || object["verifiedDomains"] == nil || object["assignedPlans"] != nil {
		t.Errorf("User.Read sees %v", object)
	}
	roles := w.Must(200, "GET", "/v1.0/me/memberOf/microsoft.graph.directoryRole", "").List()
	if len(roles) != 1 || roles[0]["roleTemplateId"] != nil {
		t.Errorf("User.Read sees the roles %v", roles)
	}
	w.As(state.OperatorUPN, "User.Read", "RoleManagement.Read.Directory")
	roles = w.Must(200, "GET", "/v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole", "").List()
	if len(roles) != 1 || !reflect.DeepEqual(roles[0]["roleTemplateId"], state.RoleGlobalAdministrator) {
		t.Errorf("RoleManagement.Read.Directory sees the roles %v", roles)
	}
}
