package state

import (
	"slices"
)

// Role template ids, the same in every tenant
// (https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference).
const (
	RoleGlobalAdministrator           = "62e90394-69f5-4237-9190-012177145e10"
	RolePrivilegedRoleAdministrator   = "e8611ab8-c189-46e8-94e1-60213ab1f814"
	RolePrivilegedAuthenticationAdmin = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
	RoleAuthenticationPolicyAdmin     = "0526716b-113d-4c15-b2c8-68e3c22b9f80"
	RoleAuthenticationAdmin           = "c4e39bd9-1100-46d3-8c65-fb160da0071f"
	RoleConditionalAccessAdmin        = "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"
	RoleSecurityAdmin                 = "194ae4cb-b126-40b2-bd5b-6091b380977d"
	RoleUserAdmin                     = "fe930be7-5e62-47db-91af-98c3a49a38b1"
	RoleGlobalReader                  = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	RoleSecurityReader                = "5d6b6bb7-de71-4623-b4af-96380a352509"
	RoleReportsReader                 = "4a5d8f65-41da-4de4-8968-e035b65339cf"
	RoleExchangeAdmin                 = "29232cdf-9323-42fd-ade2-1d097af3e4de"
	RoleApplicationAdmin              = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
	RoleCloudApplicationAdmin         = "158c047a-c907-4556-b7ef-446551a6b5f7"
	rolePasswordAdmin                 = "966707d0-3269-4727-9be2-8c3a10f19b9d"
	roleHelpdeskAdmin                 = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
	roleBillingAdmin                  = "b0f54661-2d74-4c50-afa3-1ec803f12efe"
	RoleSharePointAdmin               = "f28a1f50-f6e7-4571-818b-6a12f2af6b6c"
	RoleDirectoryReaders              = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
)

// RoleDefinition is a built-in role.
type RoleDefinition struct {
	ID, Name, Description string
}

// RoleDefinitions are the built-in roles this tenant knows, in the order Graph lists them.
var RoleDefinitions = []RoleDefinition{
	{RoleGlobalAdministrator, "Global Administrator", "Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities."},
	{RolePrivilegedRoleAdministrator, "Privileged Role Administrator", "Can manage role assignments in Microsoft Entra ID, and all aspects of Privileged Identity Management."},
	{RolePrivilegedAuthenticationAdmin, "Privileged Authentication Administrator", "Can access to view, set and reset authentication method information for any user (admin or non-admin)."},
	{RoleAuthenticationPolicyAdmin, "Authentication Policy Administrator", "Can create and manage the authentication methods policy, tenant-wide MFA settings and password protection policy."},
	{RoleAuthenticationAdmin, "Authentication Administrator", "Can access to view, set and reset authentication method information for any non-admin user."},
	{RoleConditionalAccessAdmin, "Conditional Access Administrator", "Can manage Conditional Access capabilities."},
	{RoleSecurityAdmin, "Security Administrator", "Can read security information and reports, and manage configuration in Microsoft Entra ID and Office 365."},
	{RoleUserAdmin, "User Administrator", "Can manage all aspects of users and groups, including resetting passwords for limited admins."},
	{RoleGlobalReader, "Global Reader", "Can read everything that a Global Administrator can, but not update anything."},
	{RoleSecurityReader, "Security Reader", "Can read security information and reports in Microsoft Entra ID and Office 365."},
	{RoleReportsReader, "Reports Reader", "Can read sign-in and audit reports."},
	{RoleExchangeAdmin, "Exchange Administrator", "Can manage all aspects of the Exchange product."},
	{RoleApplicationAdmin, "Application Administrator", "Can create and manage all aspects of app registrations and enterprise apps."},
	{RoleCloudApplicationAdmin, "Cloud Application Administrator", "Can create and manage all aspects of app registrations and enterprise apps except App Proxy."},
	{rolePasswordAdmin, "Password Administrator", "Can reset passwords for non-administrators and Password Administrators."},
	{roleHelpdeskAdmin, "Helpdesk Administrator", "Can reset passwords for non-administrators and Helpdesk Administrators."},
	{roleBillingAdmin, "Billing Administrator", "Can perform common billing related tasks like updating payment information."},
	{RoleSharePointAdmin, "SharePoint Administrator", "Can manage all aspects of the SharePoint service."},
	{RoleDirectoryReaders, "Directory Readers", "Can read basic directory information."},
}

// RoleByID is the built-in role with this template id.
func RoleByID(id string) (RoleDefinition, bool) {
	i := slices.IndexFunc(RoleDefinitions, func(r RoleDefinition) bool { return r.ID == id })
	if i < 0 {
		return RoleDefinition{}, false
	}
	return RoleDefinitions[i], true
}

// HoldsAny says whether one of held is one of wanted. A Global Administrator may do everything here.
func HoldsAny(held, wanted []string) bool {
	if slices.Contains(held, RoleGlobalAdministrator) {
		return true
	}
	return slices.ContainsFunc(wanted, func(role string) bool { return slices.Contains(held, role) })
}
