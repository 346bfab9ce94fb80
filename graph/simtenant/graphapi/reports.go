package graphapi

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func auditObject(t *state.Tenant, e *state.AuditEntry) map[string]any {
	by := map[string]any{"app": nil, "user": nil}
	if e.Actor != nil {
		by["user"] = map[string]any{"id": e.Actor.ID, "displayName": e.Actor.DisplayName, "userPrincipalName": nullable(e.Actor.UPN), "ipAddress": nil}
	} else {
		by["app"] = map[string]any{"appId": nil, "displayName": cmp.Or(e.App, "Microsoft Managed Policy Manager"), "servicePrincipalId": nil, "servicePrincipalName": nil}
	}
	targets := []any{}
	for _, target := range e.Targets {
		changes := []any{}
		for _, c := range target.Changes {
			changes = append(changes, map[string]any{"displayName": c.Name, "oldValue": nullable(c.Before), "newValue": nullable(c.After)})
		}
		targets = append(targets, map[string]any{
			"id": nullable(target.ID), "displayName": nullable(target.Name), "type": target.Kind, "userPrincipalName": nullable(target.UPN),
			"groupType": nil, "modifiedProperties": changes,
		})
	}
	return map[string]any{
		"id": "Directory_" + e.ID, "category": e.Category, "correlationId": e.CorrelationID, "result": "success", "resultReason": "",
		"activityDisplayName": e.Activity, "activityDateTime": stamp(e.At), "loggedByService": e.Service, "operationType": e.Operation,
		"initiatedBy": by, "targetResources": targets, "additionalDetails": auditDetails(t, e),
	}
}

// auditDetails are what is added for a new service principal
// (https://learn.microsoft.com/entra/identity/monitoring-health/howto-view-service-principal-creation-with-audit-log-properties).
func auditDetails(t *state.Tenant, e *state.AuditEntry) []any {
	if e.Activity != "Add service principal" || len(e.Targets) == 0 {
		return []any{}
	}
	s := t.Applications.ServicePrincipalLocked(e.Targets[0].ID)
	if s == nil {
		return []any{}
	}
	return []any{
		map[string]any{"key": "AppOwnerOrganizationId", "value": s.OwnerTenant},
		map[string]any{"key": "AppId", "value": s.AppID},
	}
}

// forgotten says whether an entry of a log is older than it is kept
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention).
func forgotten(c *Call, at time.Time) bool {
	kept := 7 * 24 * time.Hour
	if c.t.Organization.PremiumLocked() {
		kept = 30 * 24 * time.Hour
	}
	return c.now.Sub(at) > kept
}

func listAudits(c *Call) (*Answer, *odata.Error) {
	var objects []map[string]any
	for _, e := range c.t.Log.Audits {
		if !e.At.Add(c.t.Log.LogDelayLocked()).After(c.now) && !forgotten(c, e.At) {
			objects = append(objects, auditObject(c.t, e))
		}
	}
	slices.Reverse(objects)
	return c.collection("auditLogs/directoryAudits", objects)
}

func signInObject(e *state.SignInEntry, tenantID string) map[string]any {
	policies, status, client := []any{}, "notApplied", "Browser"
	for _, p := range e.Policies {
		policies = append(policies, map[string]any{
			"id": p.ID, "displayName": p.Name, "result": p.Result, "enforcedGrantControls": orEmpty(p.Controls), "enforcedSessionControls": []any{},
		})
		if p.Result == "failure" || p.Result == "success" && status != "failure" {
			status = p.Result
		}
	}
	switch e.Attempt.Client() {
	case state.ClientModern:
		client = "Mobile Apps and Desktop clients"
	case state.ClientOther:
		client = "Authenticated SMTP"
	}
	ip := cmp.Or(e.Attempt.IP, state.UsualIP)
	return map[string]any{
		"id": e.ID, "createdDateTime": stamp(e.At), "userDisplayName": e.User.DisplayName, "userPrincipalName": strings.ToLower(e.User.UPN), "userId": e.User.ID,
		"appId": e.Attempt.AppID, "appDisplayName": e.Attempt.AppName, "ipAddress": ip, "clientAppUsed": client, "correlationId": e.CorrelationID,
		"conditionalAccessStatus": status, "isInteractive": true, "riskDetail": "none", "riskLevelAggregated": "none", "riskLevelDuringSignIn": "none",
		"riskState": "none", "riskEventTypes": []any{}, "riskEventTypes_v2": []any{}, "resourceDisplayName": "Microsoft Graph", "resourceId": state.AppGraph,
		"resourceTenantId": tenantID, "homeTenantId": tenantID, "status": map[string]any{"errorCode": e.Code, "failureReason": orOther(e.Reason), "additionalDetails": nil},
		"deviceDetail": map[string]any{
			"deviceId": "", "displayName": "", "operatingSystem": "Windows10", "browser": "Edge", "isCompliant": false, "isManaged": false, "trustType": "",
		},
		"location": map[string]any{
			"city": "Wien", "state": "Wien", "countryOrRegion": "AT",
			"geoCoordinates": map[string]any{"altitude": nil, "latitude": 48.2, "longitude": 16.4},
		},
		"appliedConditionalAccessPolicies": policies, "servicePrincipalId": "", "servicePrincipalName": nil, "userAgent": "", "authenticationAppDeviceDetails": nil,
	}
}

func orOther(reason string) string {
	if reason == "" {
		return "Other."
	}
	return reason
}

func listSignIns(c *Call) (*Answer, *odata.Error) {
	if !c.t.Organization.PremiumLocked() {
		return nil, odata.NoPremium()
	}
	var objects []map[string]any
	for _, e := range c.t.Log.SignIns {
		// v1.0 lists interactive sign-ins only (https://learn.microsoft.com/graph/api/signin-list).
		if !e.Attempt.Renewal && !forgotten(c, e.At) && !e.At.Add(c.t.Log.LogDelayLocked()).After(c.now) {
			objects = append(objects, signInObject(e, c.t.Organization.ID))
		}
	}
	slices.Reverse(objects)
	return c.collection("auditLogs/signIns", objects)
}

func (c *Call) registrationDetails(u *state.User) map[string]any {
	registered := []any{}
	for _, m := range u.StrongMethods() {
		name := map[string]string{state.MethodTOTP: "softwareOneTimePasscode", state.MethodAuthenticator: "microsoftAuthenticatorPush", state.MethodFIDO2: "fido2SecurityKey"}[m.Kind]
		registered = append(registered, name)
	}
	has := len(registered) > 0
	return map[string]any{
		"id": u.ID, "userPrincipalName": u.UPN, "userDisplayName": u.DisplayName, "userType": strings.ToLower(u.UserType), "isAdmin": c.t.Directory.IsAdminLocked(u),
		"isSsprRegistered": has, "isSsprEnabled": c.t.MFA.Authorization.AllowSSPR && c.t.Directory.IsAdminLocked(u), "isSsprCapable": has && c.t.Directory.IsAdminLocked(u),
		"isMfaRegistered": has, "isMfaCapable": has, "isPasswordlessCapable": slices.ContainsFunc(u.Factors.Methods, func(m *state.Method) bool { return m.Kind == state.MethodFIDO2 }),
		"methodsRegistered": registered, "isSystemPreferredAuthenticationMethodEnabled": true, "systemPreferredAuthenticationMethods": []any{},
		"userPreferredMethodForSecondaryAuthentication": "none", "lastUpdatedDateTime": stamp(c.now),
	}
}

func listRegistrationDetails(c *Call) (*Answer, *odata.Error) {
	if !c.t.Organization.PremiumLocked() {
		return nil, odata.NoPremium()
	}
	return c.stream("reports/authenticationMethods/userRegistrationDetails", func(yield func(odata.Object) bool) {
		for _, u := range c.t.Directory.Users {
			if !yield(func() map[string]any { return c.registrationDetails(u) }) {
				return
			}
		}
		for i := range c.t.Directory.Crowd.Numbers() {
			if !yield(func() map[string]any { return c.registrationDetails(c.t.Directory.Crowd.Look(i)) }) {
				return
			}
		}
	})
}

func getRegistrationDetails(c *Call) (*Answer, *odata.Error) {
	if !c.t.Organization.PremiumLocked() {
		return nil, odata.NoPremium()
	}
	u := c.t.Directory.UserByIDLocked(c.params["id"])
	if u == nil {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.entity("reports/authenticationMethods/userRegistrationDetails", c.registrationDetails(u))
}

// withActivity is an account with its last sign-ins, which only the whole log knows: the request is refused as a whole without
// Entra ID P1, without the log's permission, and where the account is named by its user principal name
// (https://learn.microsoft.com/graph/api/resources/signinactivity).
func withActivity(c *Call, u *state.User) (*Answer, *odata.Error) {
	switch {
	case strings.Contains(c.params["id"], "@"):
		return nil, odata.Refuse(http.StatusBadRequest, "BadRequest", "Get By Key only supports UserId and the key has to be a valid Guid")
	case !c.hasScopes([]string{"AuditLog.Read.All"}), c.who.App == nil && !state.HoldsAny(c.roles, rolesReadReports):
		return nil, odata.Denial(odata.ReportDenial, []string{"AuditLog.Read.All"})
	case !c.t.Organization.PremiumLocked():
		return nil, odata.NoPremium()
	}
	object := c.userView(u)
	object["signInActivity"] = activity(c, u.ID)
	return c.entity("users", object)
}

// activity is nothing of an account that has never signed in.
func activity(c *Call, userID string) any {
	var last, good *state.SignInEntry
	for _, e := range c.t.Log.SignIns {
		if e.User.ID != userID || e.At.Add(c.t.Log.LogDelayLocked()).After(c.now) {
			continue
		}
		last = e
		if e.Code == 0 {
			good = e
		}
	}
	if last == nil {
		return nil
	}
	out := map[string]any{"lastSignInDateTime": stamp(last.At), "lastSignInRequestId": last.ID, "lastNonInteractiveSignInDateTime": nil, "lastNonInteractiveSignInRequestId": ""}
	if good != nil {
		out["lastSuccessfulSignInDateTime"], out["lastSuccessfulSignInRequestId"] = stamp(good.At), good.ID
	}
	return out
}
