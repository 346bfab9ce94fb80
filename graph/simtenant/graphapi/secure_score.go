package graphapi

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func listSecureScores(c *Call) (*Answer, *odata.Error) {
	t := c.t
	services := []any{"HasExchange", "HasSharePoint"}
	for _, plan := range []struct{ id, name string }{{state.PlanP1, "HasAADP1"}, {state.PlanP2, "HasAADP2"}} {
		if t.Organization.LicensedLocked(plan.id) {
			services = append(services, plan.name)
		}
	}
	var objects []map[string]any
	for _, s := range t.Organization.Scores {
		controls := []any{}
		for _, control := range s.Controls {
			controls = append(controls, map[string]any{"controlName": control.Name, "controlCategory": control.Category, "description": control.Description, "score": control.Score})
		}
		objects = append(objects, map[string]any{
			"id": t.Organization.ID + "_" + s.Day.Format(time.DateOnly), "azureTenantId": t.Organization.ID, "createdDateTime": stamp(s.Day), "currentScore": s.Current, "maxScore": s.Highest,
			"activeUserCount": t.Directory.CountUsersLocked() - 1, "licensedUserCount": t.Directory.CountUsersLocked(), "enabledServices": services,
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

func listControlProfiles(c *Call) (*Answer, *odata.Error) {
	var objects []map[string]any
	for _, p := range state.ControlProfiles {
		objects = append(objects, map[string]any{
			"id": p.ID, "azureTenantId": c.t.Organization.ID, "title": p.Title, "controlCategory": p.Category, "service": p.Service, "actionType": "Config",
			"actionUrl": p.ActionURL, "remediation": p.Remediation, "remediationImpact": p.Impact + " impact on users.", "implementationCost": p.Cost,
			"userImpact": p.Impact, "tier": p.Tier, "rank": p.Rank, "maxScore": p.Highest, "deprecated": false, "threats": []any{"Account breach"},
			"lastModifiedDateTime": nil, "vendorInformation": vendorInformation(), "complianceInformation": []any{}, "controlStateUpdates": []any{},
		})
	}
	return c.collection("Security/secureScoreControlProfiles", objects)
}
