package simtenant

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

const deletedLifetime = 30 * 24 * time.Hour

// deletedLocked are the soft-deleted accounts that can still be restored.
func (t *Tenant) deletedLocked() []*user {
	return slices.DeleteFunc(slices.Clone(t.deleted), func(u *user) bool { return !u.deletedAt.Add(deletedLifetime).After(t.instant()) })
}

func (c *graphCall) deletedSubject() (*user, *odata.Error) {
	list := c.t.deletedLocked()
	i := slices.IndexFunc(list, func(u *user) bool { return strings.EqualFold(u.id, c.params["id"]) })
	if i < 0 {
		return nil, odata.NotFound(c.params["id"])
	}
	return list[i], nil
}

func listDeletedUsers(c *graphCall) (*graphAnswer, *odata.Error) {
	return c.listOfUsers("users", c.t.deletedLocked(), nil)
}

func getDeletedUser(c *graphCall) (*graphAnswer, *odata.Error) {
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
func restoreUser(c *graphCall) (*graphAnswer, *odata.Error) {
	u, failure := c.deletedSubject()
	if failure != nil {
		return nil, failure
	}
	t := c.t
	upn := strings.TrimPrefix(u.upn, strings.ReplaceAll(u.id, "-", ""))
	if failure := c.checkUPN(upn, u); failure != nil {
		return nil, failure
	}
	t.deleted = slices.DeleteFunc(t.deleted, func(other *user) bool { return other == u })
	u.upn, u.deletedAt = upn, time.Time{}
	t.users = append(t.users, u)
	t.auditUserLocked(c.who.user, u, "Restore user", "Core Directory", "Update")
	answer, failure := c.entity("directoryObjects", c.userView(u))
	if failure == nil {
		answer.body["@odata.type"] = "#microsoft.graph.user"
	}
	return answer, failure
}
