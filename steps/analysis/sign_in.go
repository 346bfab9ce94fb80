package analysis

import "github.com/delegate365-onboard/delegate365-onboard/steps/phrase"

// Applications by their application id, the same in every tenant.
// https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
const (
	AppGraph          = "00000003-0000-0000-c000-000000000000"
	AppExchangeOnline = "00000002-0000-0ff1-ce00-000000000000"
	AppAzureAD        = "00000002-0000-0000-c000-000000000000" // Windows Azure Active Directory
	AppMySignIns      = "19db86c3-b2b9-44cc-b339-36da233a3be2"
	AppAdminPortal    = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c" // the Azure, Entra and Intune portals
)

// Client app types, as Conditional Access names them.
const (
	clientBrowser    = "browser"
	clientModern     = "mobileAppsAndDesktopClients"
	clientActiveSync = "exchangeActiveSync"
	clientOther      = "other" // legacy authentication
)

// User actions of policies.
const (
	actionRegister = "urn:user:registersecurityinfo"
	actionDevice   = "urn:user:registerdevice"
)

// SignIn is one kind of sign-in to be judged, without risk and through no other device.
type SignIn struct {
	ID         string   // by which what-if's answers are kept
	Name       string   // as screens name it; the two of the setup are one to them
	Apps       []string // the resources that are signed in to, by application id
	Clients    []string // the client app types that it may be taken for: browser, mobileAppsAndDesktopClients, exchangeActiveSync, other
	UserAction string   // what is done there, beyond signing in
	Platform   string   // windows, macOS, linux, iOS, android; empty where it is not known
}

// setupApps are the resources of Delegate365's setup. Windows Azure Active Directory is the one by which a sign-in for
// basic permissions alone is judged since June 2026.
// https://learn.microsoft.com/entra/identity/conditional-access/concept-enforcement-resource-exclusions
var setupApps = []string{AppGraph, AppExchangeOnline, AppAzureAD}

const setupName = "Delegate365's setup"

// SetupServer is the first sign-in of Delegate365's setup: its form sends the password to the vendor's server, which signs
// in from where it stands. Nobody says whether Entra takes that for a browser, and from what platform it comes.
func SetupServer() SignIn {
	return SignIn{ID: "setup-server", Name: phrase.T(setupName), Apps: setupApps, Clients: []string{clientBrowser, clientModern}}
}

// SetupBrowser is the second one, in a browser on this computer.
func SetupBrowser(platform string) SignIn {
	return SignIn{ID: "setup-browser", Name: phrase.T(setupName), Apps: setupApps, Clients: []string{clientBrowser}, Platform: platform}
}

// Setup are the sign-ins of Delegate365's web setup.
func Setup(platform string) []SignIn { return []SignIn{SetupServer(), SetupBrowser(platform)} }

// SecurityInfo is the account's own page where it registers for MFA and creates app passwords.
func SecurityInfo() SignIn {
	return SignIn{ID: "security-info", Name: phrase.T("the security-info page"), Apps: []string{AppMySignIns}, Clients: []string{clientBrowser}, UserAction: actionRegister}
}

// LegacyAuthentication is what an app password is used for: Exchange Online with basic authentication.
func LegacyAuthentication() SignIn {
	return SignIn{ID: "legacy", Name: phrase.T("legacy authentication"), Apps: []string{AppExchangeOnline}, Clients: []string{clientOther}}
}

// ActiveSync is the other use of an app password, which Conditional Access tells apart.
func ActiveSync() SignIn {
	return SignIn{ID: "active-sync", Name: "Exchange ActiveSync", Apps: []string{AppExchangeOnline}, Clients: []string{clientActiveSync}}
}

// SignIns are all that the onboarding and its result need.
func SignIns(platform string) []SignIn {
	return append(Setup(platform), SecurityInfo(), LegacyAuthentication(), ActiveSync())
}

// Legacy reports a client that can answer no second factor and shows no device.
func (s SignIn) Legacy() bool { return has(s.Clients, clientOther) || has(s.Clients, clientActiveSync) }
