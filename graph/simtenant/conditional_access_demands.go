package simtenant

import "slices"

// deviceRefusals are Entra's error numbers for the grant controls that a browser on a stranger's machine cannot meet
// (https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access).
var deviceRefusals = map[string]int{
	"compliantDevice": aadDeviceNotCompliant, "domainJoinedDevice": aadDeviceNotJoined,
	"approvedApplication": aadAppNotApproved, "compliantApplication": aadAppNotProtected,
}

// demands are what an enabled policy asks for where it applies, all of it when its controls are joined by AND. Of
// controls joined by OR there is one, the first that a person at a browser could meet.
func (p *caPolicy) demands() []demand {
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
