package entra

import (
	"cmp"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// deviceRefusals are Entra's error numbers for the grant controls that a browser on a stranger's machine cannot meet
// (https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access).
var deviceRefusals = map[string]int{
	"compliantDevice": AADDeviceNotCompliant, "domainJoinedDevice": AADDeviceNotJoined,
	"approvedApplication": AADAppNotApproved, "compliantApplication": AADAppNotProtected,
}

// DemandsOf are what an enabled policy asks for where it applies, all of it when its controls are joined by AND. Of
// controls joined by OR there is one, the first that a person at a browser could meet.
func DemandsOf(p *conditionalaccess.Policy) []Demand {
	g := p.GrantControls
	if g == nil {
		return nil
	}
	d := Demand{source: sourceConditionalAccess, policyID: p.ID, name: p.DisplayName}
	if slices.Contains(g.BuiltInControls, "block") {
		d.kind = demandBlock
		return []Demand{d}
	}
	var all []Demand
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

// SecondFactor says whether what is demanded is passed with a second factor.
func (d Demand) SecondFactor() bool { return d.kind == demandMFA || d.kind == demandStrength }

// SignInFacts are those of a real sign-in: where nothing else is said a Windows machine in Austria, without any risk.
func SignInFacts(a state.SignInAttempt) conditionalaccess.Facts {
	return conditionalaccess.Facts{
		Apps: state.WithSuites(a.AppID), ClientApp: a.Client(), Platform: a.DevicePlatform(), Device: true, Country: cmp.Or(a.Country, "AT"), IP: cmp.Or(a.IP, state.UsualIP),
		TransferMethod: cmp.Or(a.TransferMethod, "none"), SignInRisk: "none", UserRisk: "none",
	}
}
