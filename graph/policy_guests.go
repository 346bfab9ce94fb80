package graph

import "encoding/json"

// Guests are the guests and external users that a policy includes or excludes: the JSON of guestsOrExternalUsers as
// it was read, so that writing it back leaves it as it was. Empty where there are none.
// https://learn.microsoft.com/graph/api/resources/conditionalaccessguestsorexternalusers
type Guests string

// Kinds are the kinds of guests: internalGuest, b2bCollaborationGuest, b2bCollaborationMember, b2bDirectConnectUser,
// otherExternalUser, serviceProvider.
func (g Guests) Kinds() []string { return flags(g.read().Kinds) }

// AnyTenant reports guests of whatever tenant they come from, and not of listed ones.
func (g Guests) AnyTenant() bool {
	tenants := g.read().Tenants
	return tenants == nil || tenants.Kind == "all"
}

type guestsJSON struct {
	Kinds   string `json:"guestOrExternalUserTypes"`
	Tenants *struct {
		Kind string `json:"membershipKind"`
	} `json:"externalTenants"`
}

func (g Guests) read() (w guestsJSON) {
	if g != "" {
		_ = json.Unmarshal([]byte(g), &w) // it was JSON when it was read; another shape names no guests
	}
	return w
}
