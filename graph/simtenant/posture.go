package simtenant

import (
	"slices"
	"time"
)

// campaign is the registration campaign that nudges people to register a method.
type campaign struct {
	state          string // "default", "enabled" or "disabled"
	snoozeDays     int
	excludeTargets []campaignTarget
	includeTargets []campaignTarget
}

type campaignTarget struct {
	ID         string `json:"id"`
	TargetType string `json:"targetType"`
	Method     string `json:"targetedAuthenticationMethod,omitempty"`
}

// authorizationPolicy is the part of the tenant's authorization policy that matters to a sign-in.
type authorizationPolicy struct {
	allowSSPR bool
}

// planP1 is the service plan Microsoft Entra ID P1
// (https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference).
const planP1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"

// planP2 is the service plan Microsoft Entra ID P2 (the same page).
const planP2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998"

// sku is a product the tenant has bought.
type sku struct {
	id, partNumber string
	enabled        int
	suspended      bool // it has run out; what it brought can no longer be changed
	plans          []servicePlan
}

type servicePlan struct{ id, name, appliesTo string }

var (
	skuBusinessBasic = sku{id: "3b555118-da6a-4418-894f-7df1e2096870", partNumber: "O365_BUSINESS_ESSENTIALS", enabled: 25, plans: []servicePlan{
		{"9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD", "User"},
		{"c7699d2e-19aa-44de-8edf-1736da088ca1", "SHAREPOINTSTANDARD", "User"},
		{"57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1", "User"},
	}}
	skuBusinessPremium = sku{id: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46", partNumber: "SPB", enabled: 50, plans: []servicePlan{
		{"9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD", "User"},
		{"c7699d2e-19aa-44de-8edf-1736da088ca1", "SHAREPOINTSTANDARD", "User"},
		{"57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1", "User"},
		{"c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "INTUNE_A", "User"},
		{planP1, "AAD_PREMIUM", "User"},
	}}
	skuPremiumP1 = sku{id: "078d2b04-f1bd-4111-bbd4-b4b1b354cef4", partNumber: "AAD_PREMIUM", enabled: 25, plans: []servicePlan{
		{planP1, "AAD_PREMIUM", "User"},
	}}
	skuPremiumP2 = sku{id: "84a661c4-e949-4bd2-a560-ed7766fcaf2b", partNumber: "AAD_PREMIUM_P2", enabled: 25, plans: []servicePlan{
		{planP1, "AAD_PREMIUM", "User"}, {planP2, "AAD_PREMIUM_P2", "User"},
	}}
)

// premiumLocked says whether the tenant has Microsoft Entra ID P1, through any product.
func (t *Tenant) premiumLocked() bool { return t.licensedLocked(planP1) }

func (t *Tenant) licensedLocked(plan string) bool {
	return slices.ContainsFunc(t.skus, func(s *sku) bool {
		return s.enabled > 0 && !s.suspended && slices.ContainsFunc(s.plans, func(p servicePlan) bool { return p.id == plan })
	})
}

// secureScore is one day's score.
type secureScore struct {
	day              time.Time
	current, highest float64
	controls         []controlScore
}

type controlScore struct {
	name, category, description string
	score                       float64
}

// controlProfile is one improvement that Microsoft Secure Score knows.
type controlProfile struct {
	id, title, category, service, actionURL, remediation, cost, impact, tier string
	rank                                                                     int
	highest                                                                  float64
}

// controlProfiles are those about identity that bear on the onboarding, and two others.
var controlProfiles = []controlProfile{
	{
		"AdminMFAV2", "Ensure multifactor authentication is enabled for all users in administrative roles", "Identity", "AzureAD",
		"https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess", "Create a Conditional Access policy that requires multifactor authentication of administrators.", "Low", "Low", "Core", 1, 10,
	},
	{
		"MFARegistrationV2", "Ensure multifactor authentication is enabled for all users", "Identity", "AzureAD",
		"https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess", "Require multifactor authentication of all users.", "Moderate", "Moderate", "Core", 2, 9,
	},
	{
		"BlockLegacyAuthentication", "Enable Conditional Access policies to block legacy authentication", "Identity", "AzureAD",
		"https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess", "Block the client types Exchange ActiveSync and other clients.", "Moderate", "Moderate", "Core", 3, 8,
	},
	{
		"OneAdmin", "Designate more than one global admin", "Identity", "AzureAD",
		"https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade", "Have between two and four global administrators.", "Low", "Low", "Core", 9, 1,
	},
	{
		"SelfServicePasswordReset", "Ensure self-service password reset is enabled", "Identity", "AzureAD",
		"https://entra.microsoft.com/#view/Microsoft_AAD_IAM/PasswordResetMenuBlade", "Enable self-service password reset for all users.", "Moderate", "Moderate", "Core", 12, 1,
	},
	{
		"mdo_safelinksforemail", "Create Safe Links policies for email messages", "Apps", "MDO",
		"https://security.microsoft.com/safelinksv2", "Create a Safe Links policy.", "Low", "Low", "Core", 20, 9,
	},
	{
		"IntegratedApps", "Ensure user consent to apps accessing company data on their behalf is not allowed", "Apps", "AzureAD",
		"https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ConsentPoliciesMenuBlade", "Do not allow user consent.", "Low", "Moderate", "Core", 16, 4,
	},
}
