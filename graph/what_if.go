package graph

import (
	"context"

	abs "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

const evaluatePath = conditionalAccess + "evaluate"

// SignInContext is a sign-in to be evaluated, before it happens. What is left empty is not evaluated: policies that
// depend on it are left out of the answer.
type SignInContext struct {
	UserID    string
	AppIDs    []string // the applications signed in to, by application id
	ClientApp string   // browser, mobileAppsAndDesktopClients; legacy authentication: exchangeActiveSync, other
	Platform  string   // windows, macOS, linux, iOS, android
	Country   string   // two letters; only together with IPAddress
	IPAddress string
}

// WhatIf is one policy's verdict on a sign-in.
type WhatIf struct {
	PolicyID, Name string
	State          string // report-only policies are evaluated too: see StateEnabled
	Applies        bool
	Reasons        string // why it does not apply: users, application, platform, …
	Grant          *Grant
}

// DemandsMFA reports that the policy applies, is enforced and asks for MFA or an authentication strength.
func (w WhatIf) DemandsMFA() bool {
	return w.Applies && w.State == StateEnabled && w.Grant.demandsMFA()
}

// Evaluate asks which policies would apply to a sign-in without risk: POST /identity/conditionalAccess/evaluate,
// Policy.Read.ConditionalAccess or Policy.Read.All. It changes nothing. It knows nothing of security defaults, of
// per-user MFA and of the MFA that Microsoft's admin portals demand. https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate
func (c *Client) Evaluate(ctx context.Context, s SignInContext) ([]WhatIf, error) {
	const op = "evaluate Conditional Access"
	body, err := s.model()
	if err != nil {
		return nil, err
	}
	var answer struct {
		Value *[]struct {
			policyJSON
			Applies bool   `json:"policyApplies"`
			Reasons string `json:"analysisReasons"`
		} `json:"value"`
	}
	err = c.call(ctx, op, abs.POST, c.v1(evaluatePath), body, func(ctx context.Context, ri *abs.RequestInformation) error {
		if err := c.sendJSON(ctx, ri, &answer); err != nil {
			return err
		}
		if answer.Value == nil {
			return errNoValue
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var verdicts []WhatIf
	for _, v := range *answer.Value {
		verdicts = append(verdicts, WhatIf{PolicyID: v.ID, Name: v.Name, State: v.State, Applies: v.Applies, Reasons: v.Reasons, Grant: v.grant()})
	}
	return verdicts, nil
}

// evaluation is the body of the request, which the SDK has only in its request builder's package.
type evaluation struct {
	identity   models.SignInIdentityable
	context    models.SignInContextable
	conditions models.SignInConditionsable
}

// Serialize writes the members of the action's parameters.
func (e *evaluation) Serialize(w serialization.SerializationWriter) error {
	applied := true
	for _, err := range []error{
		w.WriteObjectValue("signInIdentity", e.identity),
		w.WriteObjectValue("signInContext", e.context),
		w.WriteObjectValue("signInConditions", e.conditions),
		w.WriteBoolValue("appliedPoliciesOnly", &applied),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// GetFieldDeserializers is empty: an evaluation is only written.
func (e *evaluation) GetFieldDeserializers() map[string]func(serialization.ParseNode) error {
	return nil
}

func (s SignInContext) model() (*evaluation, error) {
	invalid := func(what, value string) error {
		return &Error{Op: "evaluate Conditional Access", Message: "no " + what + " is called " + value, kind: ErrInvalid, unsent: true}
	}
	identity := models.NewUserSignIn()
	identity.SetUserId(&s.UserID)
	app := models.NewApplicationContext()
	app.SetIncludeApplications(s.AppIDs)
	conditions := models.NewSignInConditions()
	risk := models.NONE_RISKLEVEL
	conditions.SetSignInRiskLevel(&risk)
	conditions.SetUserRiskLevel(&risk)
	if s.ClientApp != "" {
		v, _ := models.ParseConditionalAccessClientApp(s.ClientApp)
		kind, ok := v.(*models.ConditionalAccessClientApp)
		if !ok {
			return nil, invalid("client app type", s.ClientApp)
		}
		conditions.SetClientAppType(kind)
	}
	if s.Platform != "" {
		v, _ := models.ParseConditionalAccessDevicePlatform(s.Platform)
		platform, ok := v.(*models.ConditionalAccessDevicePlatform)
		if !ok {
			return nil, invalid("platform", s.Platform)
		}
		conditions.SetDevicePlatform(platform)
	}
	if s.Country != "" {
		conditions.SetCountry(&s.Country)
	}
	if s.IPAddress != "" {
		conditions.SetIpAddress(&s.IPAddress)
	}
	return &evaluation{identity, app, conditions}, nil
}
