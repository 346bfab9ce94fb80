package graphapi

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// AsObject is a part of a body that was checked to be an object, or nothing.
func AsObject(part any) map[string]any {
	object, _ := part.(map[string]any)
	return object
}

// checkSentUsers holds the members of conditions.users that a body has against the directory. Those it leaves out are not
// looked at.
func (c *Call) checkSentUsers() *odata.Error {
	return CheckUsers(c.t, AsObject(AsObject(c.body["conditions"])["users"]))
}

// CheckUsers holds the users of conditions against the directory.
func CheckUsers(t *state.Tenant, users map[string]any) *odata.Error {
	for _, side := range []string{"include", "exclude"} {
		named := slices.Contains(texts(users[side+"Users"]), "GuestsOrExternalUsers")
		if named && users[side+"GuestsOrExternalUsers"] != nil {
			return BadPolicy("'GuestsOrExternalUsers' cannot be combined with guestOrExternalUserTypes.")
		}
		for _, list := range []struct {
			member, kind string
			keywords     []string
			known        func(string) bool
		}{
			{side + "Users", "user", []string{"All", "None", "GuestsOrExternalUsers"}, func(id string) bool { return t.Directory.UserByIDLocked(id) != nil }},
			{side + "Groups", "group", []string{"All"}, func(id string) bool { return t.Directory.GroupLocked(id) != nil }},
			{side + "Roles", "role", []string{"All"}, func(id string) bool { _, known := state.RoleByID(strings.ToLower(id)); return known }},
		} {
			for _, id := range texts(users[list.member]) {
				if !slices.Contains(list.keywords, id) && !list.known(id) {
					return BadPolicy("1054: Invalid %s value: %s.", list.kind, id)
				}
			}
		}
	}
	return nil
}

// texts are the strings of a list in a body.
func texts(list any) []string {
	var out []string
	items, _ := list.([]any)
	for _, item := range items {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
