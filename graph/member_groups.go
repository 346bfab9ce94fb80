package graph

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// Group is a group that somebody is a member of.
type Group struct {
	ID             string
	Name           string // empty where the operator may not read it
	RoleAssignable bool   // it may hold directory roles
}

// MemberGroups reads the groups that an account is a member of, directly or through other groups: GET
// /users/{id}/transitiveMemberOf/microsoft.graph.group, User.Read.All, and GroupMember.Read.All for their names. A
// change may take a while to be seen. https://learn.microsoft.com/graph/api/user-list-transitivememberof
func (s Users) MemberGroups(ctx context.Context, userID string) ([]Group, error) {
	all, err := listJSON[struct {
		ID         objectid.ID `json:"id"`
		Name       string      `json:"displayName"`
		Assignable bool        `json:"isAssignableToRole"`
	}](ctx, s.client, "read the account's groups", s.client.v1("/users/"+segment(userID)+"/transitiveMemberOf/microsoft.graph.group",
		"$select", "id,displayName,isAssignableToRole", "$top", "999"))
	var groups []Group
	for _, g := range all {
		groups = append(groups, Group{ID: string(g.ID), Name: g.Name, RoleAssignable: g.Assignable})
	}
	return groups, err
}
