package simtenant

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
}

// Operator is the administrator who runs the onboarding. AccessToken is set by Serve alone.
type Operator struct {
	UserPrincipalName string `json:"userPrincipalName"`
	Password          string `json:"password"`
	AccessToken       string `json:"accessToken"`
}

// Endpoints are those that Transport serves, the same for every tenant.
func (t *Tenant) Endpoints() Endpoints {
	return Endpoints{
		Graph:       "https://graph.sim.example",
		Authority:   "https://login.sim.example",
		Portal:      "https://portal.sim.example",
		Delegate365: "https://contoso.delegate365.com",
		TenantID:    t.id,
		Domain:      initialDomain,
		Operator:    Operator{UserPrincipalName: operatorUPN, Password: operatorPassword},
	}
}
