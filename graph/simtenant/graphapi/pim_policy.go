package graphapi

import (
	"maps"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file (https://learn.microsoft.com/graph/identity-governance-pim-rules-overview): each role has one policy of
// seventeen rules; a list of them has to be asked for by scope, and shows the rules only when they are expanded.

var policyReaders = []string{state.RoleGlobalReader, state.RolePrivilegedRoleAdministrator, state.RoleSecurityReader, state.RoleSecurityAdmin}

func rolePolicyRoutes() []*Route {
	scopes := []string{"RoleManagement.Read.Directory", "RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory"}
	return []*Route{{
		Method: "GET", Path: "/policies/roleManagementPolicyAssignments", Versions: odata.Both, Scopes: scopes, Roles: policyReaders,
		Query: odata.Rules{
			SelectType: "unifiedRoleManagementPolicyAssignment", Expand: []string{"policy", "policy/rules"}, Top: 999, PageSize: 100,
			Filter: map[string]string{"scopeId": "eq", "scopeType": "eq", "roleDefinitionId": "eq"},
		}, Handle: listRolePolicies,
	}}
}

func listRolePolicies(c *Call) (*Answer, *odata.Error) {
	if !c.t.Organization.PrivilegedLocked() {
		return nil, odata.NoP2()
	}
	for _, name := range []string{"scopeId", "scopeType"} {
		if !slices.ContainsFunc(c.options.Filter, func(f odata.Condition) bool { return f.Path == name }) {
			return nil, odata.BadRequest("The filter is invalid: scopeId and scopeType are required.")
		}
	}
	var objects []map[string]any
	for _, role := range state.RoleDefinitions {
		id := "DirectoryRole_" + c.t.Organization.ID + "_" + role.ID
		object := map[string]any{"id": id + "_" + role.ID, "policyId": id, "scopeId": "/", "scopeType": "DirectoryRole", "roleDefinitionId": role.ID}
		for _, e := range c.options.Expand {
			policy := map[string]any{
				"id": id, "displayName": "DirectoryRole", "description": "DirectoryRole", "isOrganizationDefault": false, "scopeId": "/", "scopeType": "DirectoryRole",
				"lastModifiedDateTime": nil, "lastModifiedBy": map[string]any{"displayName": nil, "id": nil},
			}
			if e.Nested == "rules" {
				policy["rules"] = roleRules(c.t.Directory.Schedules.RolePolicyLocked(role.ID))
			}
			object["policy"] = policy
		}
		objects = append(objects, object)
	}
	return c.collection("policies/roleManagementPolicyAssignments", objects)
}

// roleRule is a rule of this kind, with what it has more than others.
//
//go:noinline // every copy would be carried
func roleRule(kind, id, caller, level string, more map[string]any) map[string]any {
	rule := map[string]any{"@odata.type": "#microsoft.graph.unifiedRoleManagementPolicy" + kind, "id": id, "target": map[string]any{
		"caller": caller, "operations": []any{"all"}, "level": level, "inheritableSettings": []any{}, "enforcedSettings": []any{},
	}}
	maps.Copy(rule, more)
	return rule
}

// roleRules are a policy as its seventeen rules.
func roleRules(p state.RolePolicy) []any {
	var rules []any
	add := func(kind, id, caller, level string, more map[string]any) {
		rules = append(rules, roleRule(kind, id, caller, level, more))
	}
	expiration := func(required bool, longest string) map[string]any {
		return map[string]any{"isExpirationRequired": required, "maximumDuration": longest}
	}
	enabled := func(justification, mfa, ticket bool) map[string]any {
		names := []any{}
		for _, rule := range []struct {
			on   bool
			name string
		}{{mfa, "MultiFactorAuthentication"}, {justification, "Justification"}, {ticket, "Ticketing"}} {
			if rule.on {
				names = append(names, rule.name)
			}
		}
		return map[string]any{"enabledRules": names}
	}
	notify := func(caller, level, id string) {
		for _, recipient := range []string{"Admin", "Requestor", "Approver"} {
			add("NotificationRule", "Notification_"+recipient+"_"+id, caller, level, map[string]any{
				"notificationType": "Email", "recipientType": recipient, "notificationLevel": "All", "isDefaultRecipientsEnabled": true, "notificationRecipients": []any{},
			})
		}
	}
	add("ExpirationRule", "Expiration_Admin_Eligibility", "Admin", "Eligibility", expiration(false, "P365D"))
	add("EnablementRule", "Enablement_Admin_Eligibility", "Admin", "Eligibility", enabled(false, false, false))
	notify("Admin", "Eligibility", "Admin_Eligibility")
	add("ExpirationRule", "Expiration_Admin_Assignment", "Admin", "Assignment", expiration(p.Assign.EndRequired, p.Assign.Longest))
	add("EnablementRule", "Enablement_Admin_Assignment", "Admin", "Assignment", enabled(p.Assign.Justification, p.Assign.MFA, false))
	notify("Admin", "Assignment", "Admin_Assignment")
	add("ApprovalRule", "Approval_EndUser_Assignment", "EndUser", "Assignment", map[string]any{"setting": map[string]any{
		"isApprovalRequired": p.Activate.Approval, "isApprovalRequiredForExtension": false, "isRequestorJustificationRequired": true,
		"approvalMode": "SingleStage", "approvalStages": []any{},
	}})
	add("AuthenticationContextRule", "AuthenticationContext_EndUser_Assignment", "EndUser", "Assignment", map[string]any{
		"isEnabled": p.Activate.Context != "", "claimValue": p.Activate.Context,
	})
	add("EnablementRule", "Enablement_EndUser_Assignment", "EndUser", "Assignment", enabled(p.Activate.Justification, p.Activate.MFA, p.Activate.Ticket))
	add("ExpirationRule", "Expiration_EndUser_Assignment", "EndUser", "Assignment", expiration(true, p.Activate.Longest))
	notify("EndUser", "Assignment", "EndUser_Assignment")
	return rules
}
