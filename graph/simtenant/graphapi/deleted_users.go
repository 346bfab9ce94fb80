package graphapi

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func (c *Call) deletedSubject() (*state.User, *odata.Error) {
	list := c.t.Directory.DeletedUsersLocked()
	i := slices.IndexFunc(list, func(u *state.User) bool { return strings.EqualFold(u.ID, c.params["id"]) })
	if i < 0 {
		return nil, odata.NotFound(c.params["id"])
	}
	return list[i], nil
}

func listDeletedUsers(c *Call) (*Answer, *odata.Error) {
	return c.listOfUsers("users", c.t.Directory.DeletedUsersLocked(), nil)
}

func getDeletedUser(c *Call) (*Answer, *odata.Error) {
	u, failure := c.deletedSubject()
	if failure != nil {
		return nil, failure
	}
	answer, failure := c.entity("directoryObjects", c.userView(u))
	if failure == nil {
		answer.body["@odata.type"] = "#microsoft.graph.user"
	}
	return answer, failure
}

// restoreUser brings an account back under its old name, unless somebody else has that name now.
func restoreUser(c *Call) (*Answer, *odata.Error) {
	u, failure := c.deletedSubject()
	if failure != nil {
		return nil, failure
	}
	t := c.t
	upn := strings.TrimPrefix(u.UPN, strings.ReplaceAll(u.ID, "-", ""))
	if failure := c.checkUPN(upn, u); failure != nil {
		return nil, failure
	}
	t.Directory.Deleted = slices.DeleteFunc(t.Directory.Deleted, func(other *state.User) bool { return other == u })
	u.UPN, u.DeletedAt = upn, time.Time{}
	t.Directory.Users = append(t.Directory.Users, u)
	t.Log.AuditUserLocked(c.who.User, u, state.NewActivity("Restore user", "Core Directory", "Update"))
	return restored(c, "user", c.userView(u))
}
