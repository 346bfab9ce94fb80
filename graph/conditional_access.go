package graph

import (
	"context"
	"slices"
	"strings"
	"time"
)

// States of a Conditional Access policy.
const (
	StateEnabled    = "enabled"
	StateDisabled   = "disabled"
	StateReportOnly = "enabledForReportingButNotEnforced"
)

// Policy is a Conditional Access policy, every condition of it.
// https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
type Policy struct {
	ID, Name          string
	State             string // one of the constants above
	Managed           bool   // Microsoft's own: state and exclusions can be changed, nothing else
	TemplateID        string
	Created, Modified time.Time // zero where Graph does not say
	Users             PolicyUsers
	Applications      PolicyApplications
	ClientAppTypes    []string // all, browser, mobileAppsAndDesktopClients, exchangeActiveSync, other
	Platforms         Selection
	Locations         Selection
	Devices           Filter
	ServicePrincipals Selection
	UserRisk          []string
	SignInRisk        []string
	WorkloadRisk      []string // of service principals
	InsiderRisk       []string
	TransferMethods   []string // deviceCodeFlow, authenticationTransfer
	Grant             *Grant   // nil where there are only session controls
	Session           bool     // session controls are present
	EveryTime         bool     // one of them is a sign-in frequency of every time
}

// Selection is what a condition includes and what it leaves out. Both are empty where the condition is not set.
type Selection struct {
	Include, Exclude []string
}

// Filter is a rule over devices or applications. Both are empty where there is none.
type Filter struct {
	Mode, Rule string // include or exclude
}

// PolicyApplications are the applications or actions that a policy is about.
type PolicyApplications struct {
	Include, Exclude      []string // ids, All, None, Office365, MicrosoftAdminPortals
	UserActions           []string // urn:user:registersecurityinfo, urn:user:registerdevice
	AuthenticationContext []string
	Filter                Filter
}

// Grant is what a policy demands.
type Grant struct {
	Operator     string   // AND, OR
	Controls     []string // block, mfa, compliantDevice, domainJoinedDevice, approvedApplication, compliantApplication, passwordChange, riskRemediation
	StrengthID   string   // authentication strength; empty where none is demanded
	StrengthName string
	TermsOfUse   []string
	Custom       []string
}

// PolicyUsers is whom a policy is about.
type PolicyUsers struct {
	IncludeUsers, ExcludeUsers   []string // ids, All, None, GuestsOrExternalUsers
	IncludeGroups, ExcludeGroups []string
	IncludeRoles, ExcludeRoles   []string // template ids
	IncludeGuests, ExcludeGuests Guests
}

// DemandsMFA reports that the policy is enforced and asks for MFA or an authentication strength of whom it applies to.
func (p Policy) DemandsMFA() bool { return p.State == StateEnabled && p.Grant.demandsMFA() }

func (g *Grant) demandsMFA() bool {
	return g != nil && (slices.Contains(g.Controls, "mfa") || g.StrengthID != "")
}

const policies = conditionalAccess + "policies"

// Policies reads every Conditional Access policy: GET /identity/conditionalAccess/policies, Policy.Read.All.
// ErrUnlicensed where the tenant has no Microsoft Entra ID P1, and so no Conditional Access.
// https://learn.microsoft.com/graph/api/conditionalaccessroot-list-policies
func (c *Client) Policies(ctx context.Context) ([]Policy, error) {
	all, err := listJSON[policyJSON](ctx, c, "read the Conditional Access policies", c.v1(policies))
	var list []Policy
	for _, w := range all {
		list = append(list, w.policy())
	}
	return list, err
}

// Policy reads one policy: GET /identity/conditionalAccess/policies/{id}, Policy.Read.All.
// https://learn.microsoft.com/graph/api/conditionalaccesspolicy-get
func (c *Client) Policy(ctx context.Context, id string) (Policy, error) {
	var w policyJSON
	if err := c.getJSON(ctx, "read the Conditional Access policy", c.v1(policies+"/"+segment(id)), &w); err != nil {
		return Policy{}, err
	}
	return w.policy(), nil
}

// SetPolicyUsers replaces whom a policy is about and touches nothing else, which is all that a Microsoft-managed
// policy permits: PATCH of the policy, Policy.Read.All, Policy.ReadWrite.ConditionalAccess and Application.Read.All.
// Lists are replaced, not merged, and there is no protection against somebody else's change: pass what Policy
// returned a moment ago, with the one difference. https://learn.microsoft.com/graph/api/conditionalaccesspolicy-update
func (c *Client) SetPolicyUsers(ctx context.Context, policyID string, users PolicyUsers) error {
	var w struct {
		Conditions struct {
			Users usersJSON `json:"users"`
		} `json:"conditions"`
	}
	w.Conditions.Users = users.json()
	return c.patchJSON(ctx, "change whom the Conditional Access policy is about", c.v1(policies+"/"+segment(policyID)), w)
}

// SetPolicyState switches a policy to one of the states above and touches nothing else, which a Microsoft-managed
// policy permits too: PATCH of the policy, Policy.Read.All, Policy.ReadWrite.ConditionalAccess and
// Application.Read.All. ErrInvalid while security defaults are on, which let no policy be enabled.
// https://learn.microsoft.com/graph/api/conditionalaccesspolicy-update
func (c *Client) SetPolicyState(ctx context.Context, policyID, state string) error {
	const op = "change the state of the Conditional Access policy"
	switch state {
	case StateEnabled, StateDisabled, StateReportOnly:
	default:
		return &Error{Op: op, Message: "no state is called " + state, kind: ErrInvalid, unsent: true}
	}
	return c.patchJSON(ctx, op, c.v1(policies+"/"+segment(policyID)), struct {
		State string `json:"state"`
	}{state})
}

func isManaged(name string) bool { return strings.HasPrefix(name, "Microsoft-managed:") }
