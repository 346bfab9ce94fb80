package graphapi

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// evaluate is the what-if of Conditional Access: every policy, report-only ones too, held against a sign-in that is only
// described. It knows nothing of security defaults and per-user MFA
// (https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate). A policy about something that is not described
// is reported as one that does not apply (https://learn.microsoft.com/entra/identity/conditional-access/what-if-tool).
func evaluate(c *Call) (*Answer, *odata.Error) {
	t := c.t
	if failure := c.licensedForCA(); failure != nil {
		return nil, failure
	}
	identity, _ := c.body["signInIdentity"].(map[string]any)
	context, _ := c.body["signInContext"].(map[string]any)
	if identity["@odata.type"] != "#microsoft.graph.userSignIn" || context["@odata.type"] != "#microsoft.graph.applicationContext" {
		return nil, odata.BadRequest("The parameters 'signInIdentity' and 'signInContext' need their '@odata.type': userSignIn and applicationContext.")
	}
	if c.body["signInConditions"] == nil {
		return nil, odata.BadRequest("A value is required for parameter 'signInConditions'.")
	}
	id, _ := identity["userId"].(string)
	u := t.Directory.UserByIDLocked(id)
	if u == nil {
		return nil, odata.NotFound(id)
	}
	f, failure := evaluateFacts(c.body)
	if failure != nil {
		return nil, failure
	}
	onlyApplied, _ := c.body["appliedPoliciesOnly"].(bool)
	var objects []map[string]any
	for _, p := range c.visiblePolicies() {
		applies, reason := t.Policies.PolicyVerdictLocked(p, u, f)
		if p.State == conditionalaccess.Disabled {
			applies, reason = false, "policyNotEnabled"
		}
		if onlyApplied && !applies {
			continue
		}
		object, failure := p.Object()
		if failure != nil {
			return nil, failure
		}
		object["policyApplies"], object["analysisReasons"] = applies, reason
		objects = append(objects, object)
	}
	answer, failure := c.collection("", objects)
	if failure == nil {
		answer.body["@odata.context"] = c.base + "/$metadata#Collection(microsoft.graph.whatIfAnalysisResult)"
	}
	return answer, failure
}

// evaluateFacts reads the described sign-in; what it leaves out stays unknown.
func evaluateFacts(body map[string]any) (conditionalaccess.Facts, *odata.Error) {
	var in struct {
		Context struct {
			Applications []string `json:"includeApplications"`
		} `json:"signInContext"`
		Conditions struct {
			ClientApp  string `json:"clientAppType"`
			Platform   string `json:"devicePlatform"`
			Country    string `json:"country"`
			IP         string `json:"ipAddress"`
			SignInRisk string `json:"signInRiskLevel"`
			UserRisk   string `json:"userRiskLevel"`
			Device     any    `json:"deviceInfo"`
			Flow       struct {
				TransferMethod string `json:"transferMethod"`
			} `json:"authenticationFlow"`
		} `json:"signInConditions"`
	}
	if failure := odata.DecodeInto(body, &in); failure != nil {
		return conditionalaccess.Facts{}, failure
	}
	// What several applications mean together is documented nowhere; every example has one.
	if len(in.Context.Applications) != 1 {
		return conditionalaccess.Facts{}, odata.BadRequest("Exactly one application is simulated in 'includeApplications'.")
	}
	f := conditionalaccess.Facts{
		Apps: state.WithSuites(slices.DeleteFunc(in.Context.Applications, state.IsSuite)...), Device: in.Conditions.Device != nil, ClientApp: in.Conditions.ClientApp, Platform: in.Conditions.Platform, Country: in.Conditions.Country,
		IP: in.Conditions.IP, SignInRisk: in.Conditions.SignInRisk, UserRisk: in.Conditions.UserRisk, TransferMethod: in.Conditions.Flow.TransferMethod,
	}
	return f, nil
}
