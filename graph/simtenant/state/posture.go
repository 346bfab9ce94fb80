package state

import (
	"slices"
	"time"
)

// Campaign is the registration campaign that nudges people to register a method.
type Campaign struct {
	State          string // "default", "enabled" or "disabled"
	SnoozeDays     int
	ExcludeTargets []CampaignTarget
	IncludeTargets []CampaignTarget
}

// CampaignTarget is whom the campaign nudges, or leaves alone.
type CampaignTarget struct {
	ID         string `json:"id"`
	TargetType string `json:"targetType"`
	Method     string `json:"targetedAuthenticationMethod,omitempty"`
}

// AuthorizationPolicy is the part of the tenant's authorization policy that matters to a sign-in.
type AuthorizationPolicy struct {
	AllowSSPR bool
}

// PlanP1 is the service plan Microsoft Entra ID P1
// (https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference).
const PlanP1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"

// PlanP2 is the service plan Microsoft Entra ID P2 (the same page).
const PlanP2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998"

// planGovernance is the service plan Microsoft Entra ID Governance (the same page).
const planGovernance = "e866a266-3cff-43a3-acca-0c90a7e00c8b"

// PrivilegedLocked says whether the tenant has Privileged Identity Management
// (https://learn.microsoft.com/entra/id-governance/licensing-fundamentals).
func (o *Organization) PrivilegedLocked() bool {
	return o.LicensedLocked(PlanP2) || o.LicensedLocked(planGovernance)
}

// SKU is a product the tenant has bought.
type SKU struct {
	ID, PartNumber string
	Enabled        int
	Suspended      bool // it has run out; what it brought can no longer be changed
	Plans          []servicePlan
}

type servicePlan struct{ ID, Name, AppliesTo string }

// Products that tenants buy
// (https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference).
var (
	SKUBusinessBasic = SKU{ID: "3b555118-da6a-4418-894f-7df1e2096870", PartNumber: "O365_BUSINESS_ESSENTIALS", Enabled: 25, Plans: []servicePlan{
		{"9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD", "User"},
		{"c7699d2e-19aa-44de-8edf-1736da088ca1", "SHAREPOINTSTANDARD", "User"},
		{"57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1", "User"},
	}}
	SKUBusinessPremium = SKU{ID: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46", PartNumber: "SPB", Enabled: 50, Plans: []servicePlan{
		{"9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD", "User"},
		{"c7699d2e-19aa-44de-8edf-1736da088ca1", "SHAREPOINTSTANDARD", "User"},
		{"57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1", "User"},
		{"c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "INTUNE_A", "User"},
		{PlanP1, "AAD_PREMIUM", "User"},
	}}
	SKUPremiumP1 = SKU{ID: "078d2b04-f1bd-4111-bbd4-b4b1b354cef4", PartNumber: "AAD_PREMIUM", Enabled: 25, Plans: []servicePlan{
		{PlanP1, "AAD_PREMIUM", "User"},
	}}
	SKUGovernance = SKU{ID: "cf6b0d46-4093-4546-a0ab-0b1546dcc10e", PartNumber: "Microsoft_Entra_ID_Governance", Enabled: 25, Plans: []servicePlan{
		{planGovernance, "Entra_Identity_Governance", "User"},
	}}
	SKUPremiumP2 = SKU{ID: "84a661c4-e949-4bd2-a560-ed7766fcaf2b", PartNumber: "AAD_PREMIUM_P2", Enabled: 25, Plans: []servicePlan{
		{PlanP1, "AAD_PREMIUM", "User"}, {PlanP2, "AAD_PREMIUM_P2", "User"},
	}}
)

// PremiumLocked says whether the tenant has Microsoft Entra ID P1, through any product.
func (o *Organization) PremiumLocked() bool { return o.LicensedLocked(PlanP1) }

// LicensedLocked says whether a product that has not run out brings this service plan.
func (o *Organization) LicensedLocked(plan string) bool {
	return slices.ContainsFunc(o.SKUs, func(s *SKU) bool {
		return s.Enabled > 0 && !s.Suspended && slices.ContainsFunc(s.Plans, func(p servicePlan) bool { return p.ID == plan })
	})
}

// SecureScore is one day's score.
type SecureScore struct {
	Day              time.Time
	Current, Highest float64
	Controls         []ControlScore
}

// ControlScore is what one improvement counts for on one day.
type ControlScore struct {
	Name, Category, Description string
	Score                       float64
}

// controlProfile is one improvement that Microsoft Secure Score knows.
type controlProfile struct {
	ID, Title, Category, Service, ActionURL, Remediation, Cost, Impact, Tier string
	Rank                                                                     int
	Highest                                                                  float64
}

// ControlProfiles are those about identity that bear on the onboarding, and two others.
var ControlProfiles = []controlProfile{
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
