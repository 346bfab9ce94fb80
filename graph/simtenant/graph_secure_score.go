package simtenant

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

func listSecureScores(c *graphCall) (*graphAnswer, *odata.Error) {
	t := c.t
	services := []any{"HasExchange", "HasSharePoint"}
	for _, plan := range []struct{ id, name string }{{planP1, "HasAADP1"}, {planP2, "HasAADP2"}} {
		if t.licensedLocked(plan.id) {
			services = append(services, plan.name)
		}
	}
	var objects []map[string]any
	for _, s := range t.scores {
		controls := []any{}
		for _, control := range s.controls {
			controls = append(controls, map[string]any{"controlName": control.name, "controlCategory": control.category, "description": control.description, "score": control.score})
		}
		objects = append(objects, map[string]any{
			"id": t.id + "_" + s.day.Format(time.DateOnly), "azureTenantId": t.id, "createdDateTime": stamp(s.day), "currentScore": s.current, "maxScore": s.highest,
			"activeUserCount": t.countUsersLocked() - 1, "licensedUserCount": t.countUsersLocked(), "enabledServices": services,
			"vendorInformation": vendorInformation(),
			"averageComparativeScores": []any{
				map[string]any{"basis": "AllTenants", "averageScore": 31.4},
				map[string]any{"basis": "TotalSeats", "averageScore": 36.25},
				map[string]any{"basis": "IndustryTypes", "averageScore": 40.5},
			},
			"controlScores": controls,
		})
	}
	return c.collection("Security/secureScores", objects)
}

func vendorInformation() map[string]any {
	return map[string]any{"provider": "SecureScore", "providerVersion": nil, "subProvider": nil, "vendor": "Microsoft"}
}

func listControlProfiles(c *graphCall) (*graphAnswer, *odata.Error) {
	var objects []map[string]any
	for _, p := range controlProfiles {
		objects = append(objects, map[string]any{
			"id": p.id, "azureTenantId": c.t.id, "title": p.title, "controlCategory": p.category, "service": p.service, "actionType": "Config",
			"actionUrl": p.actionURL, "remediation": p.remediation, "remediationImpact": p.impact + " impact on users.", "implementationCost": p.cost,
			"userImpact": p.impact, "tier": p.tier, "rank": p.rank, "maxScore": p.highest, "deprecated": false, "threats": []any{"Account breach"},
			"lastModifiedDateTime": nil, "vendorInformation": vendorInformation(), "complianceInformation": []any{}, "controlStateUpdates": []any{},
		})
	}
	return c.collection("Security/secureScoreControlProfiles", objects)
}
