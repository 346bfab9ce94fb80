package state

import (
	"cmp"
	"strings"
)

// First-party applications, the same in every tenant.
const (
	AppGraph        = "00000003-0000-0000-c000-000000000000"
	AppExchange     = "00000002-0000-0ff1-ce00-000000000000"
	AppCommandLine  = "14d82eec-204b-4c2f-b7e8-296a70dab67e" // Microsoft Graph Command Line Tools
	AppAzureCLI     = "04b07795-8ddb-461a-bbee-02f9e1bf7b46" // Microsoft Azure CLI
	AppAzurePortal  = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
	AppAzureAD      = "00000002-0000-0000-c000-000000000000" // Windows Azure Active Directory
	AppMySignIns    = "19db86c3-b2b9-44cc-b339-36da233a3be2"
	appAdminBackend = "74658136-14ec-4630-ad9b-26e160ff0fc6"
)

// Client kinds of a sign-in, as Conditional Access names them.
const (
	ClientBrowser = "browser"
	ClientModern  = "mobileAppsAndDesktopClients"
	ClientOther   = "other"
)

// SignInAttempt is one try to sign in.
type SignInAttempt struct {
	UPN, Password  string
	AppID, AppName string
	ClientApp      string // "browser", "mobileAppsAndDesktopClients" or "other" (legacy); empty is "browser"
	CompletedMFA   bool   // the person has just passed a second factor
	IP             string // empty is UsualIP
	Country        string // empty is AT
	Platform       string // empty is windows, PlatformUnknown where the client says nothing
	TransferMethod string // "deviceCodeFlow" or empty
	Renewal        bool   // nobody was asked: a refresh token was used
}

// UsualIP is where a sign-in comes from of which nothing else is known.
const UsualIP = "203.0.113.5"

// Client is the kind of client, as Conditional Access names it.
func (a SignInAttempt) Client() string {
	if a.ClientApp == "" {
		return ClientBrowser
	}
	return a.ClientApp
}

// IsDeviceCode says whether a sign-in came by the device code flow.
func (a SignInAttempt) IsDeviceCode() bool {
	return strings.EqualFold(a.TransferMethod, TransferDeviceCode)
}

// PlatformUnknown is a client that says nothing of its platform.
const PlatformUnknown = "unknown"

// DevicePlatform is the platform, as Conditional Access names it.
func (a SignInAttempt) DevicePlatform() string { return cmp.Or(a.Platform, "windows") }

// TransferDeviceCode is the device code flow, as Conditional Access names it.
const TransferDeviceCode = "deviceCodeFlow"
