package graph

import (
	"net/url"
	"strings"
)

// PerUserMFAURL is the page that shows and sets per-user MFA. Empty where the cloud has no portal.
func (c Cloud) PerUserMFAURL() string {
	return c.portal("#view/Microsoft_AAD_AuthenticationMethods/MultifactorAuthenticationConfig.ReactView/tabId/users")
}

// ServiceSettingsURL is the page with "Allow users to create app passwords". Where the legacy portal's host is not
// confirmed it is the per-user MFA page, from which "Service settings" is one click away.
func (c Cloud) ServiceSettingsURL() string {
	if c.Account == "" {
		return c.PerUserMFAURL()
	}
	return c.Account + "/UserManagement/MfaSettings.aspx"
}

// SecurityInfoURL is where an account registers its own methods and creates app passwords. Empty where not confirmed.
func (c Cloud) SecurityInfoURL() string { return c.SecurityInfo }

// AppPasswordsURL is the legacy page of an account's app passwords. Empty where not confirmed.
func (c Cloud) AppPasswordsURL() string {
	if c.Account == "" {
		return ""
	}
	return c.Account + "/AppPasswords.aspx"
}

// DeviceLoginURL is where a device code is typed.
func (c Cloud) DeviceLoginURL() string {
	if c.Name == "global" && !c.Custom {
		return "https://microsoft.com/devicelogin"
	}
	return c.Authority + "/common/oauth2/deviceauth"
}

// UserURL is the portal page of a user. Empty where the cloud has no portal.
func (c Cloud) UserURL(id string) string {
	return c.portal("#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/" + url.PathEscape(id))
}

// UserMethodsURL is the portal page of a user's authentication methods, where they are deleted. Empty where the cloud has no portal.
func (c Cloud) UserMethodsURL(id string) string {
	return c.portal("#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/UserAuthMethods/userId/" + url.PathEscape(id))
}

// ConditionalAccessURL is the portal's list of Conditional Access policies. Empty where the cloud has no portal.
func (c Cloud) ConditionalAccessURL() string {
	return c.portal("#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies")
}

// MyRolesURL is where an administrator activates a role that they are eligible for. Empty where the cloud has no portal.
func (c Cloud) MyRolesURL() string {
	return c.portal("#view/Microsoft_Azure_PIMCommon/ActivationMenuBlade/~/aadmigratedroles")
}

// RolesURL is the portal's list of administrator roles, where they are assigned
// (https://learn.microsoft.com/entra/identity/role-based-access-control/custom-create). Empty where the cloud has no portal.
func (c Cloud) RolesURL() string {
	return c.portal("#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles")
}

// TenantPropertiesURL is the page with "Manage security defaults". Empty where the cloud has no portal.
func (c Cloud) TenantPropertiesURL() string {
	return c.portal("#view/Microsoft_AAD_IAM/TenantProperties.ReactView")
}

// DomainsURL is the portal's list of the tenant's domains. Empty where the cloud has no portal.
func (c Cloud) DomainsURL() string {
	return c.portal("#view/Microsoft_AAD_IAM/DomainsManagementMenuBlade/~/CustomDomainNames")
}

//go:noinline // every copy would be carried
func (c Cloud) portal(view string) string {
	if c.Portal == "" {
		return ""
	}
	return c.Portal + "/" + view
}

// OwnPage is an address that a document may lead to: of the cloud's own pages, or Microsoft's documentation, by https. Empty for any
// other.
func (c Cloud) OwnPage(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil {
		return ""
	}
	for _, own := range []string{c.Portal, c.Account, c.SecurityInfo, "https://learn.microsoft.com"} {
		if o, err := url.Parse(own); err == nil && o.Host != "" && strings.EqualFold(o.Host, u.Host) {
			return address
		}
	}
	return ""
}
