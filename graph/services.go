package graph

// What the client asks of Graph, by what it asks about. Each is the client's, and is used through it.
type (
	// Users are the accounts, deleted ones too: https://learn.microsoft.com/graph/api/resources/user
	Users struct{ client *Client }
	// Roles are those of the directory, assigned or eligible: https://learn.microsoft.com/graph/api/resources/rolemanagement
	Roles struct{ client *Client }
	// ConditionalAccess are policies, and what they would do: https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
	ConditionalAccess struct{ client *Client }
	// MFA is what demands a second factor beside policies, and what is registered: per-user MFA, its settings, security
	// defaults, authentication methods. https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview
	MFA struct{ client *Client }
	// Tenant is the organisation, its licences, settings and logs: https://learn.microsoft.com/graph/api/resources/organization
	Tenant struct{ client *Client }
	// Apps are the service principals, and what was granted to them: https://learn.microsoft.com/graph/api/resources/serviceprincipal
	Apps struct{ client *Client }
)
