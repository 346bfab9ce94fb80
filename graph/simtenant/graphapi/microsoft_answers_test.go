package graphapi_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// shapeCheck holds an answer against a type, all the way down.
type shapeCheck struct {
	*testing.T
	types map[string]publishedType
}

func (c shapeCheck) object(at, name string, object map[string]any) {
	c.Helper()
	if annotated, ok := object["@odata.type"].(string); ok {
		name = strings.TrimPrefix(annotated, "#microsoft.graph.")
	}
	if _, known := c.types[name]; !known {
		return
	}
	for _, member := range odata.SortedKeys(object) {
		if strings.HasPrefix(member, "@") || undocumented[name+"."+member] != "" {
			continue
		}
		p, ok := property(c.types, name, member)
		if !ok {
			if name != "group" && name != "user" {
				c.Errorf("%s: %s.%s is not Microsoft's", at, name, member)
			}
			continue
		}
		c.value(at+"."+member, p, object[member])
	}
}

func (c shapeCheck) value(at string, p publishedProperty, value any) {
	c.Helper()
	if value == nil {
		return
	}
	if p.Collection {
		list, ok := value.([]any)
		if !ok {
			c.Errorf("%s is no collection: %v", at, value)
		}
		for _, item := range list {
			c.value(at+"[]", publishedProperty{Type: p.Type}, item)
		}
		return
	}
	kind := shortType(p.Type)
	if enum, ok := c.types[kind]; ok && enum.Kind == "enum" {
		text, _ := value.(string)
		for member := range strings.SplitSeq(text, ",") {
			if !slices.Contains(enum.Members, member) {
				c.Errorf("%s is %q, no member of %s", at, member, kind)
			}
		}
		return
	}
	if object, ok := value.(map[string]any); ok {
		c.object(at, kind, object)
		return
	}
	var good bool
	switch kind {
	case "Boolean":
		_, good = value.(bool)
	case "Int32", "Double", "Int64":
		_, good = value.(float64)
	case "DateTimeOffset":
		text, _ := value.(string)
		_, err := time.Parse(time.RFC3339Nano, text)
		good = err == nil && strings.HasSuffix(text, "Z")
	case "Guid":
		text, _ := value.(string)
		good = odata.IsGUID(text)
	default:
		_, good = value.(string)
	}
	if !good {
		c.Errorf("%s is %v, which is no %s", at, value, kind)
	}
}

func TestAnswersAreMicrosofts(t *testing.T) {
	check := shapeCheck{t, publishedTypes(t)}
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.Tenant.SetLag(0)
	w.Tenant.Graph.ConditionalAccess.Most, w.Tenant.Graph.Reports.Most = 1<<30, 1<<30
	operator := w.ID(state.OperatorUPN)
	w.Consent(state.OperatorUPN, "User.Read")
	if err := w.Tenant.RunDelegate365Setup(operator); err != nil {
		t.Fatal(err)
	}
	w.Register(w.ID("yuki.tanaka@contoso.com"))
	_, _ = w.Tenant.Entra.SignIn.SignIn(state.SignInAttempt{UPN: state.OperatorUPN, Password: state.OperatorPassword, AppID: state.AppCommandLine, AppName: "Tools"})
	if err := errors.Join(w.Tenant.Settings.BuyPremium("P2"), w.Tenant.SetEligible("yuki.tanaka@contoso.com", state.RoleGlobalReader, true)); err != nil {
		t.Fatal(err)
	}
	w.Must(201, "POST", "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests", simtest.TimeBoundBody(w.ID("yuki.tanaka@contoso.com"), "PT1H"))
	vendor := w.Must(200, "GET", "/v1.0/servicePrincipals?$filter=startswith(displayName,'Delegate365')", "").List()
	w.Must(201, "POST", "/v1.0/users/"+w.ID("yuki.tanaka@contoso.com")+"/authentication/temporaryAccessPassMethods", `{"lifetimeInMinutes":60,"isUsableOnce":false}`)
	if len(vendor) != 2 {
		t.Fatalf("the setup made %d applications", len(vendor))
	}
	sp := vendor[0]["id"].(string)
	for path, kind := range map[string]string{
		"/v1.0/organization": "organization",
		"/v1.0/domains":      "domain",
		"/v1.0/me":           "user",
		"/v1.0/users?$select=" + strings.Join(odata.SortedKeys(odata.Types()["user"]), ","): "user",
		"/v1.0/me/memberOf": "directoryObject",
		"/v1.0/me/memberOf/microsoft.graph.directoryRole":                                                                                      "directoryRole",
		"/v1.0/users/" + w.ID("yuki.tanaka@contoso.com") + "/transitiveMemberOf/microsoft.graph.group":                                         "group",
		"/v1.0/groups/" + w.Tenant.State.Directory.Groups[0].ID:                                                                                "group",
		"/v1.0/identity/conditionalAccess/namedLocations":                                                                                      "namedLocation",
		"/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$expand=principal,roleDefinition":                                     "unifiedRoleEligibilityScheduleInstance",
		"/v1.0/roleManagement/directory/roleAssignmentScheduleInstances":                                                                       "unifiedRoleAssignmentScheduleInstance",
		"/v1.0/roleManagement/directory/roleAssignmentSchedules":                                                                               "unifiedRoleAssignmentSchedule",
		"/v1.0/roleManagement/directory/roleAssignmentScheduleRequests":                                                                        "unifiedRoleAssignmentScheduleRequest",
		"/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'&$expand=policy($expand=rules)": "unifiedRoleManagementPolicyAssignment",
		"/v1.0/subscribedSkus":                                                                              "subscribedSku",
		"/v1.0/directory/deletedItems/microsoft.graph.user":                                                 "user",
		"/v1.0/roleManagement/directory/roleAssignments?$expand=principal":                                  "unifiedRoleAssignment",
		"/v1.0/roleManagement/directory/roleDefinitions":                                                    "unifiedRoleDefinition",
		"/v1.0/users/" + w.ID("yuki.tanaka@contoso.com") + "/authentication/methods":                        "authenticationMethod",
		"/v1.0/policies/identitySecurityDefaultsEnforcementPolicy":                                          "identitySecurityDefaultsEnforcementPolicy",
		"/v1.0/policies/authorizationPolicy":                                                                "authorizationPolicy",
		"/v1.0/policies/authenticationMethodsPolicy":                                                        "authenticationMethodsPolicy",
		"/v1.0/policies/authenticationStrengthPolicies":                                                     "authenticationStrengthPolicy",
		"/v1.0/identity/conditionalAccess/policies":                                                         "conditionalAccessPolicy",
		"/v1.0/servicePrincipals":                                                                           "servicePrincipal",
		"/v1.0/servicePrincipals/" + sp + "/appRoleAssignments":                                             "appRoleAssignment",
		"/v1.0/servicePrincipals/" + sp + "/oauth2PermissionGrants":                                         "oAuth2PermissionGrant",
		"/v1.0/servicePrincipals(appId='" + state.AppGraph + "')/appRoleAssignedTo":                         "appRoleAssignment",
		"/v1.0/directory/deletedItems/" + w.Tenant.State.Directory.Deleted[0].ID:                            "user",
		"/v1.0/roleManagement/directory/roleDefinitions/" + state.RoleGlobalReader:                          "unifiedRoleDefinition",
		"/v1.0/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004":                "authenticationStrengthPolicy",
		"/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass": "authenticationMethodConfiguration",
		"/v1.0/reports/authenticationMethods/userRegistrationDetails/" + operator:                           "userRegistrationDetails",
		"/v1.0/oauth2PermissionGrants":                                                                      "oAuth2PermissionGrant",
		"/v1.0/auditLogs/directoryAudits":                                                                   "directoryAudit",
		"/v1.0/auditLogs/signIns":                                                                           "signIn",
		"/v1.0/reports/authenticationMethods/userRegistrationDetails":                                       "userRegistrationDetails",
		"/v1.0/security/secureScores":                                                                       "secureScore",
		"/v1.0/security/secureScoreControlProfiles":                                                         "secureScoreControlProfile",
		"/beta/users/" + operator + "/authentication/requirements":                                          "strongAuthenticationRequirements",
	} {
		r := w.Must(200, "GET", path, "")
		if _, isList := r.Body["value"].([]any); !isList {
			check.object(path, kind, r.Body)
			continue
		}
		if len(r.List()) == 0 {
			t.Errorf("%s is empty", path)
		}
		for _, object := range r.List() {
			check.object(path, kind, object)
		}
	}
	what := w.Must(200, "POST", "/v1.0/identity/conditionalAccess/evaluate", simtest.EvaluateBody(operator, `"clientAppType":"browser"`))
	for _, object := range what.List() {
		check.object("evaluate", "whatIfAnalysisResult", object)
	}
}
