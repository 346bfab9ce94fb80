package graph

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// Policy is a Conditional Access policy, every condition of it.
// https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
type Policy struct {
	ID, Name          string
	State             string    // one of the constants above, or one that this program does not know
	Managed           bool      // Microsoft's own: state and exclusions can be changed, nothing else
	Created, Modified time.Time // zero where Graph does not say
	Users             PolicyUsers
	Applications      PolicyApplications
	ClientAppTypes    []string // all, browser, mobileAppsAndDesktopClients, exchangeActiveSync, other
	Platforms         Selection
	Locations         Selection
	Devices           Filter
	Workloads         PolicyWorkloads
	Risk              PolicyRisk
	TransferMethods   []string // deviceCodeFlow, authenticationTransfer
	Grant             *Grant   // nil where there are only session controls
	Session           bool     // session controls are present
	Elsewhere         bool     // it is about workloads, agents or network traffic, and so about no user account
	// Unknown are the paths of members that this program can't judge, and that narrow the policy or widen it.
	Unknown []string

	excluded []string // the excluded users as Graph spelled them
}

// Excludes reports that an account is among the policy's excluded users.
//
//go:noinline // every copy would be carried
func (p *Policy) Excludes(userID string) bool {
	return slices.ContainsFunc(p.Users.ExcludeUsers, func(id string) bool { return objectid.Same(id, userID) })
}

// Selection is what a condition includes and what it leaves out. Both are empty where the condition is not set.
type Selection struct {
	Include, Exclude []string
}

// PolicyWorkloads are the service principals that a policy is about, and their risk. One that names any is about no user.
type PolicyWorkloads struct {
	Include, Exclude, Risk []string
}

// PolicyRisk are the levels of risk at which a policy applies, of the account, of the sign-in, and of an insider.
type PolicyRisk struct {
	User, SignIn, Insider []string
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

// DemandsMFA reports that the policy is enforced and asks for MFA, an authentication strength or another provider's factor of
// whom it applies to.
//
//go:noinline // every copy would be carried
func (p *Policy) DemandsMFA() bool { return p.State == StateEnabled && p.Grant.demandsMFA() }

// DemandsNoMFA reports that the policy surely demands none: it is off, or all that it asks for is known to be something else.
// Of what came after this program neither this nor DemandsMFA is true.
//
//go:noinline // every copy would be carried
func (p *Policy) DemandsNoMFA() bool {
	if p.State == StateDisabled || p.State == StateReportOnly {
		return true
	}
	may := func(control string) bool { return !slices.Contains(noFactors, control) }
	unknown := func(path string) bool { return strings.HasPrefix(path, "grantControls.") }
	return p.State == StateEnabled && !slices.ContainsFunc(p.Unknown, unknown) &&
		(p.Grant == nil || !p.Grant.demandsMFA() && !slices.ContainsFunc(p.Grant.Controls, may))
}

// noFactors are the controls that are met without a second factor. What remediates a risk may be one.
// https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant
var noFactors = []string{"block", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication", "passwordChange"}

func (g *Grant) demandsMFA() bool {
	return g != nil && (slices.Contains(g.Controls, "mfa") || g.StrengthID != "" || len(g.Custom) > 0)
}

// Conditional Access is read as JSON, not through the SDK's models: they turn a member of an enumeration that they do
// not know into its first one. In v1.89.0 the grant control riskRemediation reads as block, and a client app type of
// next year would read as all.

type policyJSON struct {
	ID          objectid.ID    `json:"id"`
	Name        string         `json:"displayName"`
	Description string         `json:"description"`
	State       string         `json:"state"`
	TemplateID  objectid.ID    `json:"templateId"`
	Created     *time.Time     `json:"createdDateTime"`
	Modified    *time.Time     `json:"modifiedDateTime"`
	Conditions  conditionsJSON `json:"conditions"`
	Grant       *grantJSON     `json:"grantControls"`
	Session     map[string]any `json:"sessionControls"`

	unknown []string
}

type grantJSON struct {
	Operator string   `json:"operator"`
	Controls []string `json:"builtInControls"`
	Custom   []string `json:"customAuthenticationFactors"`
	Terms    []string `json:"termsOfUse"`
	Strength *struct {
		ID   objectid.ID `json:"id"`
		Name string      `json:"displayName"`
	} `json:"authenticationStrength"`
}

type conditionsJSON struct {
	Users          usersJSON `json:"users"`
	ClientAppTypes []string  `json:"clientAppTypes"`
	UserRisk       []string  `json:"userRiskLevels"`
	SignInRisk     []string  `json:"signInRiskLevels"`
	WorkloadRisk   []string  `json:"servicePrincipalRiskLevels"`
	InsiderRisk    string    `json:"insiderRiskLevels"`
	Applications   struct {
		Include objectid.List `json:"includeApplications"`
		Exclude objectid.List `json:"excludeApplications"`
		Actions []string      `json:"includeUserActions"`
		Context []string      `json:"includeAuthenticationContextClassReferences"`
		Filter  *filterJSON   `json:"applicationFilter"`
	} `json:"applications"`
	Platforms struct {
		Include []string `json:"includePlatforms"`
		Exclude []string `json:"excludePlatforms"`
	} `json:"platforms"`
	Locations struct {
		Include objectid.List `json:"includeLocations"`
		Exclude objectid.List `json:"excludeLocations"`
	} `json:"locations"`
	Devices struct {
		Filter *filterJSON `json:"deviceFilter"`
	} `json:"devices"`
	Workloads struct {
		Include objectid.List `json:"includeServicePrincipals"`
		Exclude objectid.List `json:"excludeServicePrincipals"`
	} `json:"clientApplications"`
	Flows struct {
		Methods string `json:"transferMethods"`
	} `json:"authenticationFlows"`
}

type filterJSON struct {
	Mode string `json:"mode"`
	Rule string `json:"rule"`
}

type usersJSON struct {
	IncludeUsers  objectid.List   `json:"includeUsers"`
	ExcludeUsers  objectid.List   `json:"excludeUsers"`
	IncludeGroups objectid.List   `json:"includeGroups"`
	ExcludeGroups objectid.List   `json:"excludeGroups"`
	IncludeRoles  objectid.List   `json:"includeRoles"`
	ExcludeRoles  objectid.List   `json:"excludeRoles"`
	IncludeGuests json.RawMessage `json:"includeGuestsOrExternalUsers"`
	ExcludeGuests json.RawMessage `json:"excludeGuestsOrExternalUsers"`

	spelled []string // ExcludeUsers
}

// UnmarshalJSON keeps the spelling of the excluded users, which are written back.
func (w *usersJSON) UnmarshalJSON(raw []byte) error {
	type plain usersJSON
	var spelling struct {
		Spelled []string `json:"excludeUsers"`
	}
	if err := errors.Join(json.Unmarshal(raw, (*plain)(w)), json.Unmarshal(raw, &spelling)); err != nil {
		return err
	}
	w.spelled = spelling.Spelled
	return nil
}

func (w policyJSON) policy() Policy {
	c := w.Conditions
	p := Policy{
		ID: string(w.ID), Name: w.Name, State: w.State, Managed: isManaged(w.Name),
		Created: deref(w.Created), Modified: deref(w.Modified),
		Users: c.Users.users(), excluded: c.Users.spelled,
		Applications: PolicyApplications{
			Include: c.Applications.Include.Strings(), Exclude: c.Applications.Exclude.Strings(), UserActions: c.Applications.Actions,
			AuthenticationContext: c.Applications.Context, Filter: Filter(deref(c.Applications.Filter)),
		},
		ClientAppTypes:  c.ClientAppTypes,
		Platforms:       Selection(c.Platforms),
		Locations:       Selection{c.Locations.Include.Strings(), c.Locations.Exclude.Strings()},
		Devices:         Filter(deref(c.Devices.Filter)),
		Workloads:       PolicyWorkloads{c.Workloads.Include.Strings(), c.Workloads.Exclude.Strings(), c.WorkloadRisk},
		Risk:            PolicyRisk{c.UserRisk, c.SignInRisk, flags(c.InsiderRisk)},
		TransferMethods: flags(c.Flows.Methods),
		Grant:           w.grant(),
	}
	p.Elsewhere, p.Unknown = p.elsewhere(w.unknown)
	asks := asksUnknown(w.unknown)
	for name, control := range w.Session {
		p.Session = p.Session || control != nil && !strings.HasPrefix(name, "@")
		asks = asks || holds(control) && !strings.Contains(name, "@") && !slices.Contains(letsIn, name)
	}
	if p.Grant.asksNothing() && asks {
		p.Grant = unknownGrant()
	}
	return p
}

func (w policyJSON) grant() *Grant {
	if w.Grant == nil {
		return nil
	}
	g := &Grant{Operator: w.Grant.Operator, Controls: w.Grant.Controls, TermsOfUse: w.Grant.Terms, Custom: w.Grant.Custom}
	if s := w.Grant.Strength; s != nil {
		g.StrengthID, g.StrengthName = cmp.Or(string(s.ID), notGiven), s.Name
	}
	return g
}

// letsIn are the session controls that refuse nobody a sign-in. Token protection, secureSignInSession, refuses every client that has none.
// https://learn.microsoft.com/entra/identity/conditional-access/concept-token-protection
var letsIn = []string{"applicationEnforcedRestrictions", "cloudAppSecurity", "continuousAccessEvaluation", "disableResilienceDefaults", "persistentBrowser", "signInFrequency"}

// flags splits an enumeration of which several members may be set.
func flags(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func (w usersJSON) users() PolicyUsers {
	return PolicyUsers{
		IncludeUsers: w.IncludeUsers.Strings(), ExcludeUsers: w.ExcludeUsers.Strings(),
		IncludeGroups: w.IncludeGroups.Strings(), ExcludeGroups: w.ExcludeGroups.Strings(),
		IncludeRoles: w.IncludeRoles.Strings(), ExcludeRoles: w.ExcludeRoles.Strings(),
		IncludeGuests: present(w.IncludeGuests), ExcludeGuests: present(w.ExcludeGuests),
	}
}

func present(raw json.RawMessage) Guests {
	if string(raw) == "null" {
		return ""
	}
	return Guests(raw)
}
