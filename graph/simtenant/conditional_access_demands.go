package simtenant

import (
	"cmp"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// deviceRefusals are Entra's error numbers for the grant controls that a browser on a stranger's machine cannot meet
// (https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access).
var deviceRefusals = map[string]int{
	"compliantDevice": aadDeviceNotCompliant, "domainJoinedDevice": aadDeviceNotJoined,
	"approvedApplication": aadAppNotApproved, "compliantApplication": aadAppNotProtected,
}

// demandsOf are what an enabled policy asks for where it applies, all of it when its controls are joined by AND. Of
// controls joined by OR there is one, the first that a person at a browser could meet.
func demandsOf(p *conditionalaccess.Policy) []demand {
	g := p.GrantControls
	if g == nil {
		return nil
	}
	d := demand{source: sourceConditionalAccess, policyID: p.ID, name: p.DisplayName}
	if slices.Contains(g.BuiltInControls, "block") {
		d.kind = demandBlock
		return []demand{d}
	}
	var all []demand
	add := func(kind, detail string) {
		d.kind, d.detail = kind, detail
		all = append(all, d)
	}
	if slices.Contains(g.BuiltInControls, "mfa") {
		add(demandMFA, "")
	}
	if g.AuthenticationStrength != nil {
		add(demandStrength, g.AuthenticationStrength.ID)
	}
	for _, id := range g.TermsOfUse {
		add(demandTerms, id)
	}
	for _, control := range g.BuiltInControls {
		if deviceRefusals[control] != 0 {
			add(demandDevice, control)
		}
	}
	if g.Operator == "OR" && len(all) > 1 {
		return all[:1]
	}
	return all
}

// secondFactor says whether what is demanded is passed with a second factor.
func (d demand) secondFactor() bool { return d.kind == demandMFA || d.kind == demandStrength }

// signInFacts are those of a real sign-in: where nothing else is said a Windows machine in Austria, without any risk.
func signInFacts(a signInAttempt) conditionalaccess.Facts {
	return conditionalaccess.Facts{
		Apps: withSuites(a.AppID), ClientApp: a.client(), Platform: a.platform(), Device: true, Country: cmp.Or(a.Country, "AT"), IP: cmp.Or(a.IP, "203.0.113.5"),
		TransferMethod: cmp.Or(a.TransferMethod, "none"), SignInRisk: "none", UserRisk: "none",
	}
}

// platformUnknown is a client that says nothing of its platform.
const platformUnknown = "unknown"

func (a signInAttempt) platform() string { return cmp.Or(a.Platform, "windows") }

// isSuite reports the name of several applications: as an input of what-if it matches nothing.
func isSuite(app string) bool { return appSuites[app] != nil }

// appSuites are the names under which policies take several applications together
// (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps).
var appSuites = map[string][]string{
	conditionalaccess.AppAdminPortals: {appAzurePortal, appAdminBackend},
	"Office365":                       {appExchange, "00000003-0000-0ff1-ce00-000000000000", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"},
}

// withSuites adds the suites that the applications belong to.
func withSuites(apps ...string) []string {
	all := slices.Clone(apps)
	for _, suite := range odata.SortedKeys(appSuites) {
		if slices.ContainsFunc(apps, func(app string) bool { return slices.Contains(appSuites[suite], app) }) && !slices.Contains(all, suite) {
			all = append(all, suite)
		}
	}
	return all
}

func (t *Tenant) policyAppliesLocked(p *conditionalaccess.Policy, u *user, f conditionalaccess.Facts) bool {
	applies, _ := t.policyVerdictLocked(p, u, f)
	return applies
}

// policyVerdictLocked holds one policy, whatever its state, against an account and a sign-in.
func (t *Tenant) policyVerdictLocked(p *conditionalaccess.Policy, u *user, f conditionalaccess.Facts) (bool, string) {
	s := conditionalaccess.Subject{ID: u.id, UPN: u.upn, UserType: u.userType, Roles: t.seenRolesLocked(u)}
	for _, g := range t.groupsOfLocked(u) {
		s.Groups = append(s.Groups, g.id)
	}
	return p.Verdict(s, f, t.locations)
}
