package simtenant

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

func (e *auditEntry) object() map[string]any {
	by := map[string]any{"app": nil, "user": nil}
	if e.actor != nil {
		by["user"] = map[string]any{"id": e.actor.id, "displayName": e.actor.displayName, "userPrincipalName": e.actor.upn, "ipAddress": nil}
	} else {
		by["app"] = map[string]any{"appId": nil, "displayName": "Microsoft Managed Policy Manager", "servicePrincipalId": nil, "servicePrincipalName": nil}
	}
	targets := []any{}
	for _, target := range e.targets {
		changes := []any{}
		for _, c := range target.changes {
			changes = append(changes, map[string]any{"displayName": c.name, "oldValue": nullable(c.before), "newValue": nullable(c.after)})
		}
		targets = append(targets, map[string]any{
			"id": nullable(target.id), "displayName": nullable(target.name), "type": target.kind, "userPrincipalName": nullable(target.upn),
			"groupType": nil, "modifiedProperties": changes,
		})
	}
	return map[string]any{
		"id": "Directory_" + e.id, "category": e.category, "correlationId": e.correlationID, "result": "success", "resultReason": "",
		"activityDisplayName": e.activity, "activityDateTime": stamp(e.at), "loggedByService": e.service, "operationType": e.operation,
		"initiatedBy": by, "targetResources": targets, "additionalDetails": []any{},
	}
}

// logDelayLocked is how long an entry takes to appear in the audit and sign-in logs.
func (t *Tenant) logDelayLocked() time.Duration { return max(t.opts.Lag, t.auditDelay) }

func listAudits(c *graphCall) (*graphAnswer, *odata.Error) {
	var objects []map[string]any
	for _, e := range c.t.audits {
		if !e.at.Add(c.t.logDelayLocked()).After(c.now) {
			objects = append(objects, e.object())
		}
	}
	slices.Reverse(objects)
	return c.collection("auditLogs/directoryAudits", objects)
}

func (e *signInEntry) object(tenantID string) map[string]any {
	policies, status, client := []any{}, "notApplied", "Browser"
	for _, p := range e.policies {
		policies = append(policies, map[string]any{
			"id": p.id, "displayName": p.name, "result": p.result, "enforcedGrantControls": orEmpty(p.controls), "enforcedSessionControls": []any{},
		})
		if p.result == "failure" || p.result == "success" && status != "failure" {
			status = p.result
		}
	}
	switch e.attempt.client() {
	case clientModern:
		client = "Mobile Apps and Desktop clients"
	case clientOther:
		client = "Authenticated SMTP"
	}
	ip := e.attempt.IP
	if ip == "" {
		ip = "203.0.113.5"
	}
	return map[string]any{
		"id": e.id, "createdDateTime": stamp(e.at), "userDisplayName": e.user.displayName, "userPrincipalName": strings.ToLower(e.user.upn), "userId": e.user.id,
		"appId": e.attempt.AppID, "appDisplayName": e.attempt.AppName, "ipAddress": ip, "clientAppUsed": client, "correlationId": e.correlationID,
		"conditionalAccessStatus": status, "isInteractive": true, "riskDetail": "none", "riskLevelAggregated": "none", "riskLevelDuringSignIn": "none",
		"riskState": "none", "riskEventTypes": []any{}, "riskEventTypes_v2": []any{}, "resourceDisplayName": "Microsoft Graph", "resourceId": appGraph,
		"resourceTenantId": tenantID, "homeTenantId": tenantID, "status": map[string]any{"errorCode": e.code, "failureReason": orOther(e.reason), "additionalDetails": nil},
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

func listSignIns(c *graphCall) (*graphAnswer, *odata.Error) {
	if !c.t.premiumLocked() {
		return nil, odata.NoPremium()
	}
	var objects []map[string]any
	for _, e := range c.t.signIns {
		// v1.0 lists interactive sign-ins only (https://learn.microsoft.com/graph/api/signin-list).
		if !e.attempt.Renewal && !e.at.Add(c.t.logDelayLocked()).After(c.now) {
			objects = append(objects, e.object(c.t.id))
		}
	}
	slices.Reverse(objects)
	return c.collection("auditLogs/signIns", objects)
}

func (c *graphCall) registrationDetails(u *user) map[string]any {
	registered := []any{}
	for _, m := range u.strongMethods() {
		name := map[string]string{methodTOTP: "softwareOneTimePasscode", methodAuthenticator: "microsoftAuthenticatorPush", methodFIDO2: "fido2SecurityKey"}[m.kind]
		registered = append(registered, name)
	}
	has := len(registered) > 0
	return map[string]any{
		"id": u.id, "userPrincipalName": u.upn, "userDisplayName": u.displayName, "userType": strings.ToLower(u.userType), "isAdmin": c.t.isAdminLocked(u),
		"isSsprRegistered": has, "isSsprEnabled": c.t.authorization.allowSSPR && c.t.isAdminLocked(u), "isSsprCapable": has && c.t.isAdminLocked(u),
		"isMfaRegistered": has, "isMfaCapable": has, "isPasswordlessCapable": slices.ContainsFunc(u.methods, func(m *method) bool { return m.kind == methodFIDO2 }),
		"methodsRegistered": registered, "isSystemPreferredAuthenticationMethodEnabled": true, "systemPreferredAuthenticationMethods": []any{},
		"userPreferredMethodForSecondaryAuthentication": "none", "lastUpdatedDateTime": stamp(c.now),
	}
}

func listRegistrationDetails(c *graphCall) (*graphAnswer, *odata.Error) {
	if !c.t.premiumLocked() {
		return nil, odata.NoPremium()
	}
	return c.stream("reports/authenticationMethods/userRegistrationDetails", func(yield func(odata.Object) bool) {
		for _, u := range c.t.users {
			if !yield(func() map[string]any { return c.registrationDetails(u) }) {
				return
			}
		}
		for i := range c.t.crowd.numbers() {
			if !yield(func() map[string]any { return c.registrationDetails(c.t.crowd.look(i)) }) {
				return
			}
		}
	})
}

func getRegistrationDetails(c *graphCall) (*graphAnswer, *odata.Error) {
	if !c.t.premiumLocked() {
		return nil, odata.NoPremium()
	}
	u := c.t.userByIDLocked(c.params["id"])
	if u == nil {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.entity("reports/authenticationMethods/userRegistrationDetails", c.registrationDetails(u))
}
