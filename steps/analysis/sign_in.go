package analysis

// Applications by their application id, the same in every tenant.
// https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
const (
	AppGraph          = "00000003-0000-0000-c000-000000000000"
	AppExchangeOnline = "00000002-0000-0ff1-ce00-000000000000"
	AppMySignIns      = "19db86c3-b2b9-44cc-b339-36da233a3be2"
	AppAdminPortal    = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c" // the Azure, Entra and Intune portals
)

// Client app types, as Conditional Access names them.
const (
	clientBrowser    = "browser"
	clientActiveSync = "exchangeActiveSync"
	clientOther      = "other" // legacy authentication
)

const actionRegister = "urn:user:registersecurityinfo"

// SignIn is one kind of sign-in to be judged, without risk and through no other device.
type SignIn struct {
	Name       string   // as screens name it
	Apps       []string // the resources that are signed in to, by application id
	ClientApp  string   // browser, exchangeActiveSync, other
	UserAction string   // what is done there, beyond signing in
	Platform   string   // windows, macOS, linux, iOS, android; empty where it is not known
}

// Setup is Delegate365's web setup: Microsoft Graph and Exchange Online, from a browser on a platform nobody can know.
func Setup() SignIn {
	return SignIn{Name: "Delegate365's setup", Apps: []string{AppGraph, AppExchangeOnline}, ClientApp: clientBrowser}
}

// SecurityInfo is the account's own page where it registers for MFA and creates app passwords.
func SecurityInfo() SignIn {
	return SignIn{Name: "the security-info page", Apps: []string{AppMySignIns}, ClientApp: clientBrowser, UserAction: actionRegister}
}

// AdminPortal is a visit to one of Microsoft's admin portals, which the account has no need of.
func AdminPortal() SignIn {
	return SignIn{Name: "an admin portal", Apps: []string{AppAdminPortal}, ClientApp: clientBrowser}
}

// LegacyAuthentication is what an app password is used for: Exchange Online with basic authentication.
func LegacyAuthentication() SignIn {
	return SignIn{Name: "legacy authentication", Apps: []string{AppExchangeOnline}, ClientApp: clientOther}
}

// ActiveSync is the other use of an app password, which Conditional Access tells apart.
func ActiveSync() SignIn {
	return SignIn{Name: "Exchange ActiveSync", Apps: []string{AppExchangeOnline}, ClientApp: clientActiveSync}
}

// SignIns are all that the onboarding and its result need.
func SignIns() []SignIn {
	return []SignIn{Setup(), SecurityInfo(), LegacyAuthentication(), ActiveSync()}
}

// Legacy reports a client that can answer no second factor and shows no device.
func (s SignIn) Legacy() bool { return s.ClientApp == clientOther || s.ClientApp == clientActiveSync }
