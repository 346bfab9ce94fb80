package web

import "github.com/delegate365-onboard/delegate365-onboard/graph/tag"

// The places that the pages stand for, so that who rehearses learns where to click on the day.
const (
	// https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates
	placePerUserMFA = "entra.microsoft.com, Users, All users, Per-user MFA"
	// https://learn.microsoft.com/entra/identity/authentication/howto-mfa-app-passwords
	placeServiceSettings = "entra.microsoft.com, Conditional Access, Named locations, Configure MFA trusted IPs"
	// https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-activate-role
	placeMyRoles = "entra.microsoft.com, ID Governance, Privileged Identity Management, My roles, Microsoft Entra roles"
	// https://support.microsoft.com/account-billing/set-up-the-security-info-sign-in-page-28180870-c256-4ebf-8bd7-5335571bf9a8
	placeSecurityInfo = "mysignins.microsoft.com/security-info"
	// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
	placeDevice   = "microsoft.com/devicelogin"
	placeSignIn   = "login.microsoftonline.com"
	placePortal   = "the portal whose address is in the welcome mail"
	placeExchange = placePortal + ", " + exchangeAccountTitle
)

// realPlaces are the places by the names of pages; a page without one belongs to the rehearsal.
var realPlaces = map[string]string{
	"per-user-mfa": placePerUserMFA, "service-settings": placeServiceSettings,
	"my-roles": placeMyRoles, "activate-role": placeMyRoles,
	"security-info": placeSecurityInfo, "add-method": placeSecurityInfo, "register": placeSecurityInfo,
	"app-passwords": placeSecurityInfo, "name-app-password": placeSecurityInfo, "app-password": placeSecurityInfo,
	"device-code": placeDevice, "device-confirm": placeDevice,
	"account": placeSignIn, "password": placeSignIn, "approve": placeSignIn, "code": placeSignIn, "consent": placeSignIn,
	"stay-signed-in": placeSignIn, "sign-out": placeSignIn,
	"delegate365-setup": placePortal, "delegate365-progress": placePortal, "delegate365-login": placePortal,
	"delegate365-logout": placePortal, "delegate365-dashboard": placePortal, "delegate365-account": placeExchange,
}

// realPlace says where the same is done in a real tenant.
func realPlace(name string) tag.Node {
	where, ok := realPlaces[name]
	if !ok {
		return nil
	}
	return tag.P(tag.Class("real"), tag.Text("On the day: "), tag.Strong(tag.Text(where)))
}
