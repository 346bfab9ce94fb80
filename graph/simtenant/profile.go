package simtenant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// established is when everything in a profile came into being, relative to the tenant's start.
const established = 400 * 24 * time.Hour

// buildBase gives a tenant what all profiles share: domains, the operator and other people, applications, strengths,
// Secure Score.
func (b *builder) buildBase() {
	b.Organization.Created = b.Instant().Add(-established).Truncate(time.Second)
	b.Organization.ID, b.Organization.DisplayName = b.NewIDLocked(), "Contoso"
	b.Organization.Domains = []*state.Domain{
		{Name: state.InitialDomain, Initial: true, Verified: true},
		{Name: state.DefaultDomain, Preferred: true, Verified: true},
		{Name: "contoso.example", Verified: false},
		{Name: "corp.contoso.com", Verified: true, Federated: true},
	}
	b.MFA.MigrationState = "migrationInProgress"
	b.MFA.Authorization = state.AuthorizationPolicy{AllowSSPR: true}
	b.Directory.Assignments.Settle(nil)
	b.Policies.ConditionalAccess.Settle(nil)
	b.Policies.SecurityDefaults.Settle(false)
	b.MFA.Service.Settle(state.MFAServicePolicy{RememberDays: 14})
	b.MFA.Campaign.Settle(state.Campaign{State: "default", SnoozeDays: 1, IncludeTargets: []state.CampaignTarget{
		{ID: "all_users", TargetType: "group", Method: "microsoftAuthenticator"},
	}})
	b.buildApplications()
	b.buildPeople()
	b.buildStrengths()
	b.buildScores()
}

func (b *builder) buildApplications() {
	graph := &state.ServicePrincipal{
		ID: b.NewIDLocked(), AppID: state.AppGraph, DisplayName: "Microsoft Graph", Publisher: "Microsoft Corporation",
		OwnerTenant: state.MicrosoftTenant, Created: b.Organization.Created,
	}
	for _, value := range []string{
		"Directory.Read.All", "Directory.ReadWrite.All", "Group.ReadWrite.All", "User.ReadWrite.All", "Reports.Read.All",
		"AuditLog.Read.All", "Sites.FullControl.All",
	} {
		graph.AppRoles = append(graph.AppRoles, state.AppRoles{ID: b.NewIDLocked(), Value: value, Description: "Application permission " + value})
	}
	// Those by which an application of the customer's reads, by the ids that they have everywhere (https://learn.microsoft.com/graph/permissions-reference).
	for _, role := range []state.AppRoles{
		{ID: "246dd0d5-5bd0-4def-940b-0421030a5b68", Value: "Policy.Read.All"},
		{ID: "483bed4a-2ad3-4361-a73b-c83ccdbdc53c", Value: "RoleManagement.Read.Directory"},
		{ID: "38d9df27-64da-44fd-b7c5-a6fbac20248f", Value: "UserAuthenticationMethod.Read.All"},
	} {
		role.Description = "Application permission " + role.Value
		graph.AppRoles = append(graph.AppRoles, role)
	}
	b.Applications.ServicePrincipals = []*state.ServicePrincipal{
		graph,
		{ID: b.NewIDLocked(), AppID: state.AppExchange, DisplayName: "Office 365 Exchange Online", Publisher: "Microsoft Corporation", OwnerTenant: state.MicrosoftTenant, Created: b.Organization.Created},
		{ID: b.NewIDLocked(), AppID: state.AppMySignIns, DisplayName: "My Signins", Publisher: "Microsoft Corporation", OwnerTenant: state.MicrosoftTenant, Created: b.Organization.Created},
		{
			ID: b.NewIDLocked(), AppID: state.CustomerClientID, DisplayName: "Contoso Onboarding Client", OwnerTenant: b.Organization.ID, Created: b.Organization.Created,
			Redirects: []string{"http://localhost"}, PublicClient: true, Tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"},
		},
	}
}

func (b *builder) buildPeople() {
	people := []state.Employee{
		{UPN: state.OperatorUPN, Name: "Ada Admin", Password: state.OperatorPassword, Role: state.RoleGlobalAdministrator, Guest: false},
		{UPN: "breakglass@contoso.onmicrosoft.com", Name: "Break Glass", Password: "Never-Used-9000-Contoso", Role: state.RoleGlobalAdministrator, Guest: false},
		{UPN: "helpdesk@contoso.com", Name: "Harald Helpdesk", Password: "Helpdesk-2026-Contoso", Role: state.RoleUserAdmin, Guest: false},
		{UPN: "auditor@contoso.com", Name: "Agnès Béranger", Password: "Auditor-2026-Contoso", Role: state.RoleGlobalReader, Guest: false},
		{UPN: "policies@contoso.com", Name: "Łukasz Wiśniewski", Password: "Policies-2026-Contoso", Role: state.RoleConditionalAccessAdmin, Guest: false},
		{UPN: "yuki.tanaka@contoso.com", Name: "田中 由紀", Password: "Tanaka-2026-Contoso", Role: "", Guest: false},
		{UPN: "o'brien@contoso.com", Name: "Siobhán O'Brien", Password: "OBrien-2026-Contoso", Role: "", Guest: false},
		{UPN: "delegate365@contoso.com", Name: "Delegate365 (old test account)", Password: "Delegate-2019-Contoso", Role: "", Guest: false},
		{UPN: "payroll@corp.contoso.com", Name: "Payroll (federated)", Password: "", Role: "", Guest: false},
		{UPN: "guest_fabrikam.com#EXT#@contoso.onmicrosoft.com", Name: "Gita Guest", Password: "", Role: "", Guest: true},
	}
	var assigned []state.RoleAssignment
	for _, p := range people {
		u := b.Directory.SeedUser(p)
		if p.Role != "" {
			u.Factors.Methods = []*state.Method{{ID: b.NewIDLocked(), Kind: state.MethodAuthenticator, Name: "Telephone of " + p.Name, Created: u.Created}}
			assigned = append(assigned, state.RoleAssignment{ID: b.NewKeyLocked(43), PrincipalID: u.ID, RoleID: p.Role, Scope: "/", Created: u.Created})
		}
	}
	b.Directory.Assignments.Settle(assigned)
	b.Directory.UserByUPNLocked(state.OperatorUPN).Factors.PerUserMFA = state.MFAEnforced
	b.Directory.UserByUPNLocked("payroll@corp.contoso.com").OnPremises = true

	gone := b.Directory.SeedUser(state.Employee{UPN: "old.service@contoso.com", Name: "Old Service", Password: "Gone-2024-Contoso"})
	b.Directory.Users = slices.DeleteFunc(b.Directory.Users, func(u *state.User) bool { return u == gone })
	gone.DeletedAt = b.Instant().Add(-72 * time.Hour)
	gone.UPN = strings.ReplaceAll(gone.ID, "-", "") + gone.UPN
	b.Directory.Deleted = append(b.Directory.Deleted, gone)
}

// buildStrengths adds the built-in authentication strengths
// (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths).
func (b *builder) buildStrengths() {
	resistant := []string{"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"}
	passwordless := append(slices.Clone(resistant), "deviceBasedPush")
	any := append(slices.Clone(passwordless), "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "password,microsoftAuthenticatorPush",
		"password,softwareOath", "password,hardwareOath", "password,sms", "password,voice", "federatedMultiFactor")
	for i, s := range []conditionalaccess.AuthenticationStrength{
		{DisplayName: "Multifactor authentication", Description: "Combinations of methods that satisfy strong authentication, such as a password + SMS", AllowedCombinations: any},
		{DisplayName: "Passwordless MFA", Description: "Passwordless methods that satisfy strong authentication, such as Passwordless sign-in with the Microsoft Authenticator", AllowedCombinations: passwordless},
		{DisplayName: "Phishing-resistant MFA", Description: "Phishing-resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key", AllowedCombinations: resistant},
	} {
		s.ID = fmt.Sprintf("00000000-0000-0000-0000-%012d", i+2)
		s.PolicyType, s.RequirementsSatisfied = "builtIn", "mfa"
		s.CreatedDateTime = time.Date(2021, 12, 1, 0, 0, 0, 0, time.UTC)
		s.ModifiedDateTime = s.CreatedDateTime
		b.Policies.Strengths = append(b.Policies.Strengths, &s)
	}
}

func (b *builder) strength(name string) *conditionalaccess.AuthenticationStrength {
	i := slices.IndexFunc(b.Policies.Strengths, func(s *conditionalaccess.AuthenticationStrength) bool { return s.DisplayName == name })
	return b.Policies.Strengths[i]
}

// buildScores makes a history of ninety days, newest first.
func (b *builder) buildScores() {
	today := b.Instant().Truncate(24 * time.Hour)
	for day := range 90 {
		s := &state.SecureScore{Day: today.AddDate(0, 0, -day), Highest: 0}
		for i, p := range state.ControlProfiles {
			score := 0.0
			if i%2 == 1 || day < 30 && i == 2 {
				score = p.Highest
			}
			s.Controls = append(s.Controls, state.ControlScore{Name: p.ID, Category: p.Category, Description: p.Title, Score: score})
			s.Current += score
			s.Highest += p.Highest
		}
		s.Current += 0.5
		b.Organization.Scores = append(b.Organization.Scores, s)
	}
}

// buildFresh is a small company with nothing turned on: no premium licence, no Conditional Access.
func buildFresh(t *builder) {
	t.buildBase()
	basic := state.SKUBusinessBasic
	t.Organization.SKUs = []*state.SKU{&basic}
	for _, u := range t.Directory.Users {
		u.Licences = []string{basic.ID}
	}
}
