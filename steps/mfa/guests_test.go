package mfa

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
)

// What kind of guest an account is stands in its type, not in its name alone: a policy for the one kind is about no other.
func TestKindsOfGuests(t *testing.T) {
	const here, invited = "svc@contoso.com", "svc_fabrikam.com#ext#@contoso.onmicrosoft.com"
	kinds := []string{"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember"}
	for name, c := range map[string]struct {
		upn  string
		kind graph.UserType
		want string
	}{
		"a member":                       {here, graph.Member, ""},
		"a guest of this tenant itself":  {here, graph.Guest, "internalGuest"},
		"who was invited":                {invited, graph.Guest, "b2bCollaborationGuest"},
		"a member who was invited":       {invited, graph.Member, "b2bCollaborationMember"},
		"the type not read":              {here, graph.UnknownType, ""},
		"the type not read, was invited": {invited, graph.UnknownType, "b2bCollaborationGuest"},
	} {
		t.Run(name, func(t *testing.T) {
			f := factsOf(graph.User{ID: account, UserPrincipalName: c.upn, Type: c.kind})
			f.Account.RolesKnown, f.Account.GroupsKnown = true, true
			for _, kind := range kinds {
				p := graph.Policy{ID: policy, Name: kind, State: graph.StateEnabled, Grant: &graph.Grant{Operator: "OR", Controls: []string{"mfa"}}}
				p.Users.IncludeGuests = graph.Guests(`{"guestOrExternalUserTypes":"` + kind + `","externalTenants":{"membershipKind":"all"}}`)
				p.Applications.Include = []string{"All"}
				f.Policies = analysis.Read([]graph.Policy{p}, nil)
				if asked := len(f.Demands()) > 0; asked != (kind == c.want) {
					t.Errorf("a policy for %s asks: %v", kind, asked)
				}
			}
		})
	}
}
