package simtenant

// evaluate is the what-if of Conditional Access: every policy, report-only ones too, held against a sign-in that is only
// described. It knows nothing of security defaults and per-user MFA
// (https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate).
func evaluate(c *graphCall) (*graphAnswer, *graphError) {
	t := c.t
	if failure := c.licensedForCA(); failure != nil {
		return nil, failure
	}
	identity, _ := c.body["signInIdentity"].(map[string]any)
	context, _ := c.body["signInContext"].(map[string]any)
	if identity["@odata.type"] != "#microsoft.graph.userSignIn" || context["@odata.type"] != "#microsoft.graph.applicationContext" {
		return nil, badRequest("The parameters 'signInIdentity' and 'signInContext' need their '@odata.type': userSignIn and applicationContext.")
	}
	if c.body["signInConditions"] == nil {
		return nil, badRequest("A value is required for parameter 'signInConditions'.")
	}
	id, _ := identity["userId"].(string)
	u := t.userByIDLocked(id)
	if u == nil {
		return nil, notFound(id)
	}
	f, failure := evaluateFacts(c.body)
	if failure != nil {
		return nil, failure
	}
	if len(f.apps) == 0 {
		return nil, badRequest("A value is required for parameter 'includeApplications'.")
	}
	onlyApplied, _ := c.body["appliedPoliciesOnly"].(bool)
	var objects []map[string]any
	for _, p := range t.policies.seen(c.now, t.opts.Lag) {
		applies, reason := t.policyVerdictLocked(p, u, f)
		if p.State == policyDisabled {
			applies, reason = false, "policyNotEnabled"
		}
		if onlyApplied && !applies {
			continue
		}
		object, failure := p.object()
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
func evaluateFacts(body map[string]any) (facts, *graphError) {
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
			Flow       struct {
				TransferMethod string `json:"transferMethod"`
			} `json:"authenticationFlow"`
		} `json:"signInConditions"`
	}
	if failure := decodeInto(body, &in); failure != nil {
		return facts{}, failure
	}
	if (in.Conditions.IP == "") != (in.Conditions.Country == "") {
		return facts{}, badRequest("The conditions 'ipAddress' and 'country' are needed together.")
	}
	f := facts{
		apps: withSuites(in.Context.Applications...), clientApp: in.Conditions.ClientApp, platform: in.Conditions.Platform, country: in.Conditions.Country,
		ip: in.Conditions.IP, signInRisk: in.Conditions.SignInRisk, userRisk: in.Conditions.UserRisk, transferMethod: in.Conditions.Flow.TransferMethod,
	}
	return f, nil
}
