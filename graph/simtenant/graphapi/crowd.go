package graphapi

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// crowdMatches holds a member against a filter without making it, as long as nobody has met it.
func crowdMatches(c *state.Crowd, i int, filter []odata.Condition) bool {
	if u, met := c.All()[i]; met {
		return odata.MatchesAll(userObject(u), filter)
	}
	return !slices.ContainsFunc(filter, func(f odata.Condition) bool { return !f.Holds(crowdProperty(c, i, f.Path)) })
}

// crowdProperty is what Graph's filters can ask of an account.
func crowdProperty(c *state.Crowd, i int, name string) any {
	switch name {
	case "id":
		return c.ID(i)
	case "userPrincipalName", "mail":
		return c.UPN(i)
	case "mailNickname":
		return state.Nickname(c.UPN(i))
	case "displayName":
		return c.DisplayName(i)
	case "accountEnabled":
		return true
	case "userType":
		return "Member"
	}
	return nil
}
