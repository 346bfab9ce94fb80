package simtenant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// Names that every profile has. The operator is who runs the onboarding.
const (
	operatorUPN      = "admin@contoso.onmicrosoft.com"
	operatorPassword = "Rehearse-2026-Contoso!"
	defaultDomain    = "contoso.com"
	initialDomain    = "contoso.onmicrosoft.com"
)

// customerClientID is a public client that the customer registered, for those who would not use Microsoft's.
const customerClientID = "6f3c2a51-8f5e-4b8b-9d0c-2d3a1f60c7e4"

// established is when everything in a profile came into being, relative to the tenant's start.
const established = 400 * 24 * time.Hour

// buildBase gives a tenant what all profiles share: domains, the operator and other people, applications, strengths,
// Secure Score.
func (t *Tenant) buildBase() {
	t.created = t.instant().Add(-established).Truncate(time.Second)
	t.id, t.displayName = t.newIDLocked(), "Contoso"
	t.domains = []*domain{
		{name: initialDomain, initial: true, verified: true},
		{name: defaultDomain, preferred: true, verified: true},
		{name: "contoso.example", verified: false},
		{name: "corp.contoso.com", verified: true, federated: true},
	}
	t.migrationState = "migrationInProgress"
	t.authorization = authorizationPolicy{allowSSPR: true}
	t.assignments.Settle(nil)
	t.policies.Settle(nil)
	t.securityDefaults.Settle(false)
	t.mfaService.Settle(mfaServicePolicy{rememberDays: 14})
	t.campaign.Settle(campaign{state: "default", snoozeDays: 1, includeTargets: []campaignTarget{
		{ID: "all_users", TargetType: "group", Method: "microsoftAuthenticator"},
	}})
	t.buildApplications()
	t.buildPeople()
	t.buildStrengths()
	t.buildScores()
}

func (t *Tenant) buildApplications() {
	graph := &servicePrincipal{
		id: t.newIDLocked(), appID: appGraph, displayName: "Microsoft Graph", publisher: "Microsoft Corporation",
		ownerTenant: microsoftTenant, created: t.created,
	}
	for _, value := range []string{
		"Directory.Read.All", "Directory.ReadWrite.All", "Group.ReadWrite.All", "User.ReadWrite.All", "Reports.Read.All",
		"AuditLog.Read.All", "Sites.FullControl.All",
	} {
		graph.appRoles = append(graph.appRoles, appRole{id: t.newIDLocked(), value: value, description: "Application permission " + value})
	}
	t.sps = []*servicePrincipal{
		graph,
		{id: t.newIDLocked(), appID: appExchange, displayName: "Office 365 Exchange Online", publisher: "Microsoft Corporation", ownerTenant: microsoftTenant, created: t.created},
		{id: t.newIDLocked(), appID: appMySignIns, displayName: "My Signins", publisher: "Microsoft Corporation", ownerTenant: microsoftTenant, created: t.created},
		{
			id: t.newIDLocked(), appID: customerClientID, displayName: "Contoso Onboarding Client", ownerTenant: t.id, created: t.created,
			redirects: []string{"http://localhost"}, publicClient: true, tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"},
		},
	}
}

// microsoftTenant owns Microsoft's first-party applications.
const microsoftTenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"

// employee is one account of a profile.
type employee struct {
	upn, name, password string
	role                string
	guest               bool
}

func (t *Tenant) buildPeople() {
	people := []employee{
		{operatorUPN, "Ada Admin", operatorPassword, roleGlobalAdministrator, false},
		{"breakglass@contoso.onmicrosoft.com", "Break Glass", "Never-Used-9000-Contoso", roleGlobalAdministrator, false},
		{"helpdesk@contoso.com", "Harald Helpdesk", "Helpdesk-2026-Contoso", roleUserAdmin, false},
		{"auditor@contoso.com", "Agnès Béranger", "Auditor-2026-Contoso", roleGlobalReader, false},
		{"policies@contoso.com", "Łukasz Wiśniewski", "Policies-2026-Contoso", roleConditionalAccessAdmin, false},
		{"yuki.tanaka@contoso.com", "田中 由紀", "Tanaka-2026-Contoso", "", false},
		{"o'brien@contoso.com", "Siobhán O'Brien", "OBrien-2026-Contoso", "", false},
		{"delegate365@contoso.com", "Delegate365 (old test account)", "Delegate-2019-Contoso", "", false},
		{"payroll@corp.contoso.com", "Payroll (federated)", "", "", false},
		{"guest_fabrikam.com#EXT#@contoso.onmicrosoft.com", "Gita Guest", "", "", true},
	}
	var assigned []roleAssignment
	for _, p := range people {
		u := t.seedUser(p)
		if p.role != "" {
			u.methods = []*method{{id: t.newIDLocked(), kind: methodAuthenticator, name: "Telephone of " + p.name, created: u.created}}
			assigned = append(assigned, roleAssignment{id: t.newSecretLocked(43), principalID: u.id, roleID: p.role, scope: "/", created: u.created})
		}
	}
	t.assignments.Settle(assigned)
	t.userByUPNLocked(operatorUPN).mfaState = mfaEnforced
	t.userByUPNLocked("payroll@corp.contoso.com").onPremises = true

	gone := t.seedUser(employee{upn: "old.service@contoso.com", name: "Old Service", password: "Gone-2024-Contoso"})
	t.users = slices.DeleteFunc(t.users, func(u *user) bool { return u == gone })
	gone.deletedAt = t.instant().Add(-72 * time.Hour)
	gone.upn = strings.ReplaceAll(gone.id, "-", "") + gone.upn
	t.deleted = append(t.deleted, gone)
}

func (t *Tenant) seedUser(p employee) *user {
	u := &user{
		id: t.newIDLocked(), upn: p.upn, displayName: p.name, mailNickname: nickname(p.upn), userType: "Member", password: p.password,
		accountEnabled: true, created: t.created, lastPasswordChange: t.created, sessionsValidFrom: t.created,
		mfaState: mfaDisabled, attributes: map[string]any{"usageLocation": "AT"},
	}
	if p.guest {
		u.userType = "Guest"
	}
	if !p.guest && !strings.HasSuffix(p.upn, initialDomain) {
		u.attributes["mail"] = p.upn
	}
	t.users = append(t.users, u)
	return u
}

func nickname(upn string) string {
	local, _, _ := strings.Cut(upn, "@")
	return local
}

// buildStrengths adds the built-in authentication strengths
// (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths).
func (t *Tenant) buildStrengths() {
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
		t.strengths = append(t.strengths, &s)
	}
}

func (t *Tenant) strength(name string) *conditionalaccess.AuthenticationStrength {
	i := slices.IndexFunc(t.strengths, func(s *conditionalaccess.AuthenticationStrength) bool { return s.DisplayName == name })
	return t.strengths[i]
}

// buildScores makes a history of ninety days, newest first.
func (t *Tenant) buildScores() {
	today := t.instant().Truncate(24 * time.Hour)
	for day := range 90 {
		s := &secureScore{day: today.AddDate(0, 0, -day), highest: 0}
		for i, p := range controlProfiles {
			score := 0.0
			if i%2 == 1 || day < 30 && i == 2 {
				score = p.highest
			}
			s.controls = append(s.controls, controlScore{p.id, p.category, p.title, score})
			s.current += score
			s.highest += p.highest
		}
		s.current += 0.5
		t.scores = append(t.scores, s)
	}
}

// buildFresh is a small company with nothing turned on: no premium licence, no Conditional Access.
func buildFresh(t *Tenant) {
	t.buildBase()
	basic := skuBusinessBasic
	t.skus = []*sku{&basic}
	for _, u := range t.users {
		u.licences = []string{basic.id}
	}
}
