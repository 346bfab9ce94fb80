package graph

import (
	"cmp"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

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
		ID: string(w.ID), Name: w.Name, State: w.State, Managed: isManaged(w.Name, w.Description),
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
	p.Elsewhere, p.Unknown = elsewhere(w.unknown)
	for name, control := range w.Session {
		p.Session = p.Session || control != nil && !strings.HasPrefix(name, "@")
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
