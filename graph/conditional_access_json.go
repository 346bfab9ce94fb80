package graph

import (
	"encoding/json"
	"strings"
	"time"
)

// Conditional Access is read as JSON, not through the SDK's models: they turn a member of an enumeration that they do
// not know into its first one. In v1.89.0 the grant control riskRemediation reads as block, and a client app type of
// next year would read as all.

type policyJSON struct {
	ID         string         `json:"id"`
	Name       string         `json:"displayName"`
	State      string         `json:"state"`
	TemplateID string         `json:"templateId"`
	Created    *time.Time     `json:"createdDateTime"`
	Modified   *time.Time     `json:"modifiedDateTime"`
	Conditions conditionsJSON `json:"conditions"`
	Grant      *struct {
		Operator string   `json:"operator"`
		Controls []string `json:"builtInControls"`
		Custom   []string `json:"customAuthenticationFactors"`
		Terms    []string `json:"termsOfUse"`
		Strength *struct {
			ID   string `json:"id"`
			Name string `json:"displayName"`
		} `json:"authenticationStrength"`
	} `json:"grantControls"`
	Session map[string]any `json:"sessionControls"`
}

type conditionsJSON struct {
	Users          usersJSON `json:"users"`
	ClientAppTypes []string  `json:"clientAppTypes"`
	UserRisk       []string  `json:"userRiskLevels"`
	SignInRisk     []string  `json:"signInRiskLevels"`
	WorkloadRisk   []string  `json:"servicePrincipalRiskLevels"`
	InsiderRisk    string    `json:"insiderRiskLevels"`
	Applications   struct {
		Include []string    `json:"includeApplications"`
		Exclude []string    `json:"excludeApplications"`
		Actions []string    `json:"includeUserActions"`
		Context []string    `json:"includeAuthenticationContextClassReferences"`
		Filter  *filterJSON `json:"applicationFilter"`
	} `json:"applications"`
	Platforms struct {
		Include []string `json:"includePlatforms"`
		Exclude []string `json:"excludePlatforms"`
	} `json:"platforms"`
	Locations struct {
		Include []string `json:"includeLocations"`
		Exclude []string `json:"excludeLocations"`
	} `json:"locations"`
	Devices struct {
		Filter *filterJSON `json:"deviceFilter"`
	} `json:"devices"`
	Workloads struct {
		Include []string `json:"includeServicePrincipals"`
		Exclude []string `json:"excludeServicePrincipals"`
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
	IncludeUsers  []string        `json:"includeUsers"`
	ExcludeUsers  []string        `json:"excludeUsers"`
	IncludeGroups []string        `json:"includeGroups"`
	ExcludeGroups []string        `json:"excludeGroups"`
	IncludeRoles  []string        `json:"includeRoles"`
	ExcludeRoles  []string        `json:"excludeRoles"`
	IncludeGuests json.RawMessage `json:"includeGuestsOrExternalUsers,omitempty"`
	ExcludeGuests json.RawMessage `json:"excludeGuestsOrExternalUsers,omitempty"`
}

func (w policyJSON) policy() Policy {
	c := w.Conditions
	p := Policy{
		ID: w.ID, Name: w.Name, State: w.State, Managed: isManaged(w.Name), TemplateID: w.TemplateID,
		Created: deref(w.Created), Modified: deref(w.Modified),
		Users: c.Users.users(),
		Applications: PolicyApplications{
			Include: c.Applications.Include, Exclude: c.Applications.Exclude, UserActions: c.Applications.Actions,
			AuthenticationContext: c.Applications.Context, Filter: Filter(deref(c.Applications.Filter)),
		},
		ClientAppTypes:    c.ClientAppTypes,
		Platforms:         Selection(c.Platforms),
		Locations:         Selection(c.Locations),
		Devices:           Filter(deref(c.Devices.Filter)),
		ServicePrincipals: Selection(c.Workloads),
		UserRisk:          c.UserRisk, SignInRisk: c.SignInRisk, WorkloadRisk: c.WorkloadRisk,
		InsiderRisk: flags(c.InsiderRisk), TransferMethods: flags(c.Flows.Methods),
		Grant: w.grant(),
	}
	for name, control := range w.Session {
		p.Session = p.Session || control != nil && !strings.HasPrefix(name, "@")
	}
	frequency, _ := w.Session["signInFrequency"].(map[string]any)
	p.EveryTime = frequency["isEnabled"] == true && frequency["frequencyInterval"] == "everyTime"
	return p
}

func (w policyJSON) grant() *Grant {
	if w.Grant == nil {
		return nil
	}
	g := &Grant{Operator: w.Grant.Operator, Controls: w.Grant.Controls, TermsOfUse: w.Grant.Terms, Custom: w.Grant.Custom}
	if s := w.Grant.Strength; s != nil {
		g.StrengthID, g.StrengthName = s.ID, s.Name
	}
	return g
}

// flags splits an enumeration of which several members may be set.
func flags(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func (w usersJSON) users() PolicyUsers {
	return PolicyUsers{
		IncludeUsers: w.IncludeUsers, ExcludeUsers: w.ExcludeUsers,
		IncludeGroups: w.IncludeGroups, ExcludeGroups: w.ExcludeGroups,
		IncludeRoles: w.IncludeRoles, ExcludeRoles: w.ExcludeRoles,
		IncludeGuests: present(w.IncludeGuests), ExcludeGuests: present(w.ExcludeGuests),
	}
}

func present(raw json.RawMessage) Guests {
	if string(raw) == "null" {
		return ""
	}
	return Guests(raw)
}

// json is the whole of users: an empty list has to be sent as such, or it would stay as it is.
func (u PolicyUsers) json() usersJSON {
	return usersJSON{
		IncludeUsers: notNil(u.IncludeUsers), ExcludeUsers: notNil(u.ExcludeUsers),
		IncludeGroups: notNil(u.IncludeGroups), ExcludeGroups: notNil(u.ExcludeGroups),
		IncludeRoles: notNil(u.IncludeRoles), ExcludeRoles: notNil(u.ExcludeRoles),
		IncludeGuests: json.RawMessage(u.IncludeGuests), ExcludeGuests: json.RawMessage(u.ExcludeGuests),
	}
}

func notNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
