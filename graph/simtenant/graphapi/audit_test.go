package graphapi_test

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// The names of the audit log, by service and category, that an onboarding looks for or leaves behind
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities).
var auditActivities = map[string]struct{ service, category string }{
	"Add user":                                         {"Core Directory", "UserManagement"},
	"Update user":                                      {"Core Directory", "UserManagement"},
	"Reset user password":                              {"Core Directory", "UserManagement"},
	"Delete user":                                      {"Core Directory", "UserManagement"},
	"Restore user":                                     {"Core Directory", "UserManagement"},
	"Enable Strong Authentication":                     {"Core Directory", "UserManagement"},
	"Disable Strong Authentication":                    {"Core Directory", "UserManagement"},
	"Create application password for user":             {"Core Directory", "UserManagement"},
	"Delete application password for user":             {"Core Directory", "UserManagement"},
	"Update per-user multifactor authentication state": {"Authentication Methods", "UserManagement"},
	"User registered security info":                    {"Authentication Methods", "UserManagement"},
	"User registered all required security info":       {"Authentication Methods", "UserManagement"},
	"MFA Service Policy Update":                        {"Authentication Methods", "Policy"},
	"Authentication Methods Policy Update":             {"Authentication Methods", "Policy"},
	"Add member to role":                               {"Core Directory", "RoleManagement"},
	"Remove member from role":                          {"Core Directory", "RoleManagement"},
	"Update conditional access policy":                 {"Conditional Access", "Policy"},
	"Add service principal":                            {"Core Directory", "ApplicationManagement"},
	"Consent to application":                           {"Core Directory", "ApplicationManagement"},
	"Add delegated permission grant":                   {"Core Directory", "ApplicationManagement"},
	"Add app role assignment to service principal":     {"Core Directory", "ApplicationManagement"},
}

func TestAuditActivities(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	w.Tenant.Graph.ConditionalAccess.Most, w.Tenant.Graph.Reports.Most = 1<<30, 1<<30
	const users, roles = "/v1.0/users", "/v1.0/roleManagement/directory/roleAssignments"
	id := w.Must(201, "POST", users, simtest.NewUserBody).Body["id"].(string)
	w.Must(204, "PATCH", users+"/"+id, `{"passwordProfile":{"password":"Another-Horse-9","forceChangePasswordNextSignIn":false}}`)
	assigned := w.Must(201, "POST", roles, simtest.AssignBody(id)).Body["id"].(string)
	policy := w.Tenant.PolicyIDs("CA05")[0]
	w.Must(204, "PATCH", "/v1.0/identity/conditionalAccess/policies/"+policy, `{"conditions":{"users":{"includeUsers":["All"],"excludeUsers":["`+id+`"]}}}`)
	w.Must(204, "PATCH", "/v1.0/policies/authenticationMethodsPolicy",
		`{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"snoozeDurationInDays":2}}}`)
	w.Must(204, "PATCH", "/beta/policies/mfaServicePolicy", `{"allowAppPasswords":true}`)
	if err := w.Tenant.RunDelegate365Setup(id); err != nil {
		t.Fatal(err)
	}
	requirements := "/beta/users/" + id + "/authentication/requirements"
	w.Must(204, "PATCH", requirements, `{"perUserMfaState":"enabled"}`)
	w.Register(id)
	if _, err := w.Tenant.State.MFA.CreateAppPassword(id, "Delegate365"); err != nil {
		t.Fatal(err)
	}
	w.Tenant.State.Lock()
	made := w.Tenant.State.Directory.UserByIDLocked(id).Factors.AppPasswords[0].ID
	w.Tenant.State.Unlock()
	if err := w.Tenant.State.MFA.DeleteAppPassword(id, made); err != nil {
		t.Fatal(err)
	}
	w.Must(204, "PATCH", requirements, `{"perUserMfaState":"disabled"}`)
	w.Must(204, "DELETE", roles+"/"+assigned, "")
	w.Must(204, "DELETE", users+"/"+id, "")
	w.Must(200, "POST", "/v1.0/directory/deletedItems/"+id+"/restore", "")

	for activity, want := range auditActivities {
		list := w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq '"+activity+"'", "").List()
		if len(list) == 0 {
			t.Errorf("nothing is called %q", activity)
		}
		for _, e := range list {
			if e["loggedByService"] != want.service || e["category"] != want.category || e["result"] != "success" {
				t.Errorf("%s: %v %v %v", activity, e["loggedByService"], e["category"], e["result"])
			}
			if targets, _ := e["targetResources"].([]any); len(targets) == 0 {
				t.Errorf("%s concerns nothing", activity)
			}
		}
	}
}

// v1.0 shows who signed in, and not which programs renewed a session or were refused to
// (https://learn.microsoft.com/graph/api/signin-list).
func TestRenewalsAreNotListed(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	secret, _ := w.Redeem(w.Code(state.OperatorUPN, simtest.AuthorizeValues()), simtest.TestVerifier).Body["refresh_token"].(string)
	block := `{"displayName":"Block the operator","conditions":{"users":{"includeUsers":["` + w.ID(state.OperatorUPN) + `"]}},"grantControls":{"operator":"OR","builtInControls":["block"]}}`
	if _, err := w.Tenant.AddPolicyBehindBack(block); err != nil {
		t.Fatal(err)
	}
	w.EntraRefusal(w.Form("token", "grant_type", "refresh_token", "client_id", state.AppCommandLine, "refresh_token", secret), "interaction_required", entra.AADBlockedByPolicy)
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: state.OperatorUPN, Password: state.OperatorPassword, AppID: state.AppCommandLine, CompletedMFA: true}); refusal == nil {
		t.Error("the operator is not blocked")
	}
	list := w.Must(200, "GET", "/v1.0/auditLogs/signIns?$filter=status/errorCode eq 53003", "").List()
	if len(list) != 1 || list[0]["clientAppUsed"] != "Browser" {
		t.Errorf("listed %v", list)
	}
}
