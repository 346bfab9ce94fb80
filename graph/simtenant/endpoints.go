package simtenant

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Endpoints are where a tenant is reached.
type Endpoints struct {
	Graph       string   `json:"graph"` // without the version
	Authority   string   `json:"authority"`
	Portal      string   `json:"portal"`
	Delegate365 string   `json:"delegate365"`
	SMTP        string   `json:"smtp"` // host:port of mail submission
	TenantID    string   `json:"tenantId"`
	Domain      string   `json:"domain"`
	CA          string   `json:"ca"`          // path of a PEM file
	WelcomeMail string   `json:"welcomeMail"` // path of an .eml file
	Operator    Operator `json:"operator"`

	// ServiceAccount is the one that Delegate365's setup was run as before the tenant opened; nil is none.
	ServiceAccount *Account `json:"serviceAccount,omitempty"`
}

// Operator is the administrator who runs the onboarding. AccessToken is of a tenant that other programs use:
// OperatorToken makes one.
type Operator struct {
	UserPrincipalName string `json:"userPrincipalName"`
	Password          string `json:"password"`
	AccessToken       string `json:"accessToken"`
}

// Account is one that somebody signs in with.
type Account struct {
	UserPrincipalName string `json:"userPrincipalName"`
	Password          string `json:"password"`
}

// Endpoints are those that Transport serves, the same for every tenant.
func (t *Tenant) Endpoints() Endpoints {
	return Endpoints{
		Graph:       "https://graph.sim.example",
		Authority:   "https://login.sim.example",
		Portal:      "https://portal.sim.example",
		Delegate365: "https://contoso.delegate365.com",
		TenantID:    t.State.Organization.ID,
		Domain:      state.InitialDomain,
		Operator:    Operator{UserPrincipalName: state.OperatorUPN, Password: state.OperatorPassword},

		ServiceAccount: t.setUp,
	}
}

// WelcomeMail is the mail that brings the setup address and the configuration password, for a portal at the address base.
func (t *Tenant) WelcomeMail(base string) []byte { return t.Web.WelcomeMail(base) }

// Lack is one read that the tenant answers with a refusal.
type Lack = graphapi.Lack

// LackingNames lists what Options.Without takes, sorted.
func LackingNames() []string { return graphapi.LackingNames() }

// ParseWithout reads names joined by commas, such as "what-if,audit=403". Without a status it is 404. The error names
// what is not known, and what is.
func ParseWithout(text string) ([]Lack, error) { return graphapi.ParseWithout(text) }
