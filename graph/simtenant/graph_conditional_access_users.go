package simtenant

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// asObject is a part of a body that was checked to be an object, or nothing.
func asObject(part any) map[string]any {
	object, _ := part.(map[string]any)
	return object
}

// checkSentUsers holds the members of conditions.users that a body has against the directory. Those it leaves out are not
// looked at.
func (c *graphCall) checkSentUsers() *odata.Error {
	return c.t.checkUsersLocked(asObject(asObject(c.body["conditions"])["users"]))
}

func (t *Tenant) checkUsersLocked(users map[string]any) *odata.Error {
	for _, side := range []string{"include", "exclude"} {
		named := slices.Contains(texts(users[side+"Users"]), "GuestsOrExternalUsers")
		if named && users[side+"GuestsOrExternalUsers"] != nil {
			return badPolicy("'GuestsOrExternalUsers' cannot be combined with guestOrExternalUserTypes.")
		}
		for _, list := range []struct {
			member, kind string
			keywords     []string
			known        func(string) bool
		}{
			{side + "Users", "user", []string{"All", "None", "GuestsOrExternalUsers"}, func(id string) bool { return t.userByIDLocked(id) != nil }},
			{side + "Groups", "group", []string{"All"}, func(id string) bool { return t.groupLocked(id) != nil }},
			{side + "Roles", "role", []string{"All"}, func(id string) bool { _, known := roleByID(strings.ToLower(id)); return known }},
		} {
			for _, id := range texts(users[list.member]) {
				if !slices.Contains(list.keywords, id) && !list.known(id) {
					return badPolicy("1054: Invalid %s value: %s.", list.kind, id)
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
