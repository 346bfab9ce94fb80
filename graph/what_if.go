package graph

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	abs "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

const evaluatePath = conditionalAccess + "evaluate"

// SignInContext is a sign-in to be evaluated, before it happens. Of what is left empty what-if knows nothing: a policy that
// depends on it is said not to apply, for a reason that is none.
type SignInContext struct {
	UserID    string
	AppID     string // the application signed in to; what several of them mean is documented nowhere
	ClientApp string // browser, mobileAppsAndDesktopClients; legacy authentication: exchangeActiveSync, other
	Platform  string // windows, macOS, linux, iOS, android
	Country   string // two letters
	IPAddress string
}

// WhatIf is one policy's verdict on a sign-in.
type WhatIf struct {
	PolicyID, Name string
	State          string // report-only policies are evaluated too: see StateEnabled
	Modified       time.Time
	Applies        bool
	Reasons        string // why it does not apply: users, application, platform, …
	Grant          *Grant
}

// DemandsMFA reports that the policy applies, is enforced and asks for MFA or an authentication strength.
func (w WhatIf) DemandsMFA() bool {
	return w.Applies && w.State == StateEnabled && w.Grant.demandsMFA()
}

// Evaluate asks of every policy whether it would apply to a sign-in without risk: POST
// /identity/conditionalAccess/evaluate, Policy.Read.ConditionalAccess or Policy.Read.All; where version 1.0 does not take
// the question, beta. It changes nothing, and is advice: some tenants do not answer it. It knows nothing of security defaults, of
// per-user MFA and of the MFA that Microsoft's admin portals demand. https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate
func (s ConditionalAccess) Evaluate(ctx context.Context, in SignInContext) ([]WhatIf, error) {
	const op = "evaluate Conditional Access"
	body, err := in.model()
	if err != nil {
		return nil, err
	}
	var answer struct {
		Value *[]verdictJSON `json:"value"`
	}
	err = s.client.policies.evaluations.ask(s.client.v1(evaluatePath), s.client.beta(evaluatePath), func(address string) error {
		return s.client.call(ctx, request{op, abs.POST, address, body}, func(ctx context.Context, ri *abs.RequestInformation) error {
			answer.Value = nil
			if err := s.client.sendJSON(ctx, ri, &answer); err != nil {
				return err
			}
			if answer.Value == nil {
				return errNoValue
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	var verdicts []WhatIf
	for _, v := range *answer.Value {
		p := v.policy.policy().whole()
		verdicts = append(verdicts, WhatIf{
			PolicyID: p.ID, Name: p.Name, State: p.State, Modified: p.Modified, Applies: v.Applies, Reasons: v.Reasons, Grant: p.Grant,
		})
	}
	return verdicts, nil
}

// verdictJSON is a policy with what-if's verdict beside its own members.
type verdictJSON struct {
	Applies bool   `json:"policyApplies"`
	Reasons string `json:"analysisReasons"`
	policy  policyJSON
}

// UnmarshalJSON reads both.
func (v *verdictJSON) UnmarshalJSON(raw []byte) error {
	type plain verdictJSON
	return errors.Join(json.Unmarshal(raw, (*plain)(v)), json.Unmarshal(raw, &v.policy))
}

// evaluation is the body of the request, which the SDK has only in its request builder's package.
type evaluation struct {
	identity   models.SignInIdentityable
	context    models.SignInContextable
	conditions models.SignInConditionsable
}

// Serialize writes the members of the action's parameters.
func (e *evaluation) Serialize(w serialization.SerializationWriter) error {
	applied := false
	for _, err := range []error{
		w.WriteObjectValue("signInIdentity", e.identity),
		w.WriteObjectValue("signInContext", e.context),
		w.WriteObjectValue("signInConditions", e.conditions),
		w.WriteBoolValue("appliedPoliciesOnly", &applied), // absence would be no denial,
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
	app.SetIncludeApplications([]string{s.AppID})
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
