package graph

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	appGraph      = "00000003-0000-0000-c000-000000000000"
	policiesAdmin = "policies@contoso.com" // Conditional Access Administrator
)

// What-if is asked for both sign-ins: the setup's in a browser, and that of an app password.
func TestEvaluateLegacyAuthentication(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "business")
		c, id := s.as(globalReader), s.id(nobodyMuch)
		for client, blocked := range map[string]bool{"browser": false, "mobileAppsAndDesktopClients": false, "exchangeActiveSync": true, "other": true} {
			verdicts, err := c.ConditionalAccess.Evaluate(t.Context(), SignInContext{UserID: id, AppID: appGraph, ClientApp: client, Platform: "windows", Country: "AT", IPAddress: "203.0.113.5"})
			block := slices.ContainsFunc(verdicts, func(w WhatIf) bool {
				return strings.HasPrefix(w.Name, "CA07") && w.Applies && w.State == StateEnabled && slices.Contains(w.Grant.Controls, "block")
			})
			if err != nil || block != blocked {
				t.Errorf("%s: blocked %v, %v", client, block, err)
			}
		}
		if _, err := c.ConditionalAccess.Evaluate(t.Context(), SignInContext{UserID: "no-such-account", AppID: appGraph}); !errors.Is(err, ErrNotFound) {
			t.Errorf("no such account: %v", err)
		}
	})
}

func TestSecurityDefaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "business")
		admin := s.as(policiesAdmin, "Policy.Read.All", "Policy.ReadWrite.SecurityDefaults")
		if err := admin.MFA.SetSecurityDefaults(t.Context(), true); !errors.Is(err, ErrInvalid) || OutcomeOf(err) != Refused {
			t.Errorf("on beside policies: %v", err)
		}
		s.SetSecurityDefaults(true)
		if on, err := admin.MFA.SecurityDefaults(t.Context()); err != nil || !on {
			t.Errorf("on: %v, %v", on, err)
		}
		for who, c := range map[string]*Client{"without the permission": s.as(policiesAdmin, "Policy.Read.All"), "without the role": s.as(globalReader)} {
			if err := c.MFA.SetSecurityDefaults(t.Context(), false); !errors.Is(err, ErrForbidden) {
				t.Errorf("%s: %v", who, err)
			}
		}
		managed := func() (n int) {
			policies, err := admin.ConditionalAccess.Policies(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range policies {
				if p.Managed {
					n++
				}
			}
			return n
		}
		before := managed()
		if err := admin.MFA.SetSecurityDefaults(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		if on, err := admin.MFA.SecurityDefaults(t.Context()); err != nil || on {
			t.Errorf("off: %v, %v", on, err)
		}
		if after := managed(); after != before+4 {
			t.Errorf("%d of Microsoft's own policies became %d", before, after)
		}
	})
}

func TestSetPolicyState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "business")
		id := s.PolicyIDs("Microsoft-managed:")[0]
		write := []string{"Policy.Read.All", "Policy.ReadWrite.ConditionalAccess", "Application.Read.All"}
		c := s.as(policiesAdmin, write...)
		before, err := c.ConditionalAccess.Policy(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range []string{StateReportOnly, StateDisabled, StateEnabled} {
			if err := c.ConditionalAccess.SetPolicyState(t.Context(), id, state); err != nil {
				t.Fatalf("%s: %v", state, err)
			}
			time.Sleep(5 * time.Second)
			after, err := c.ConditionalAccess.Policy(t.Context(), id)
			if err != nil || after.State != state || len(after.Users.IncludeRoles) != len(before.Users.IncludeRoles) || len(after.Users.ExcludeGroups) != 1 {
				t.Errorf("%s: %+v, %v", state, after, err)
			}
		}
		if err := c.ConditionalAccess.SetPolicyState(t.Context(), id, "on"); !errors.Is(err, ErrInvalid) || OutcomeOf(err) != Refused {
			t.Errorf("no such state: %v", err)
		}
		if err := c.ConditionalAccess.SetPolicyState(t.Context(), "no-such-policy", StateDisabled); !errors.Is(err, ErrNotFound) {
			t.Errorf("no such policy: %v", err)
		}
		for who, c := range map[string]*Client{"without the permission": s.as(policiesAdmin, write[:2]...), "without the role": s.as(globalReader)} {
			if err := c.ConditionalAccess.SetPolicyState(t.Context(), id, StateDisabled); !errors.Is(err, ErrForbidden) {
				t.Errorf("%s: %v", who, err)
			}
		}
		s.SetSecurityDefaults(true)
		if err := c.ConditionalAccess.SetPolicyState(t.Context(), id, StateEnabled); !errors.Is(err, ErrInvalid) {
			t.Errorf("enabled beside security defaults: %v", err)
		}
		if err := simulate(t, "fresh").as(globalAdmin).ConditionalAccess.SetPolicyState(t.Context(), id, StateEnabled); !errors.Is(err, ErrUnlicensed) {
			t.Errorf("without a licence: %v", err)
		}
	})
}

// What demands MFA, and what surely demands none, are not all there is: of what came after this program neither is said.
func TestWhatPoliciesDemand(t *testing.T) {
	for name, c := range map[string]struct {
		policy  string
		is, not bool
	}{
		"MFA":                       {`"state":"enabled","grantControls":{"builtInControls":["mfa"]}`, true, false},
		"a strength":                {`"state":"enabled","grantControls":{"authenticationStrength":{"id":"s"}}`, true, false},
		"another provider's factor": {`"state":"enabled","grantControls":{"customAuthenticationFactors":["RequireDuoMfa"]}`, true, false},
		"a device or MFA":           {`"state":"enabled","grantControls":{"operator":"OR","builtInControls":["compliantDevice","mfa"]}`, true, false},
		"a device":                  {`"state":"enabled","grantControls":{"builtInControls":["compliantDevice"]}`, false, true},
		"a block":                   {`"state":"enabled","grantControls":{"builtInControls":["block"]}`, false, true},
		"terms of use":              {`"state":"enabled","grantControls":{"termsOfUse":["t"]}`, false, true},
		"a session":                 {`"state":"enabled","sessionControls":{"signInFrequency":{"isEnabled":true}}`, false, true},
		"what remediates a risk":    {`"state":"enabled","grantControls":{"builtInControls":["riskRemediation"]}`, false, false},
		"a control of next year":    {`"state":"enabled","grantControls":{"builtInControls":["mfaOrPasskey"]}`, false, false},
		"a grant of next year":      {`"state":"enabled","grantControls":{"builtInControls":["compliantDevice"],"passkeys":["p"]}`, false, false},
		"nothing that is known":     {`"state":"enabled"`, false, false},
		"MFA, off":                  {`"state":"disabled","grantControls":{"builtInControls":["mfa"]}`, false, true},
		"MFA, report-only":          {`"state":"enabledForReportingButNotEnforced","grantControls":{"builtInControls":["mfa"]}`, false, true},
		"MFA, a state of next year": {`"state":"enabledInStages","grantControls":{"builtInControls":["mfa"]}`, false, false},
		"a device, no state":        {`"grantControls":{"builtInControls":["compliantDevice"]}`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			var w policyJSON
			if err := json.Unmarshal([]byte(`{"id":"p","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}},`+c.policy+`}`), &w); err != nil {
				t.Fatal(err)
			}
			if p := w.policy().whole(); p.DemandsMFA() != c.is || p.DemandsNoMFA() != c.not {
				t.Errorf("demands MFA %v, none %v", p.DemandsMFA(), p.DemandsNoMFA())
			}
		})
	}
}

// Whose a policy is stands in its name alone: a colleague may write the rest, and names of their own after it.
func TestMicrosoftsOwnPolicies(t *testing.T) {
	for name, is := range map[string]bool{
		"Microsoft-managed: Block legacy authentication":                       true,
		"Require phishing resistant authentication for admins":                 true,
		"Require phishing resistant authentication for admins - Contoso pilot": false,
		"CA10 MFA for all, in place of Baseline Security Mode":                 false,
		"CA11, as Microsoft-managed: MFA for all":                              false,
	} {
		w := policyJSON{Name: name, Description: "Created by baseline security mode"}
		if got := w.policy().Managed; got != is {
			t.Errorf("%s: %v", name, got)
		}
	}
}
