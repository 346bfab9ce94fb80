package graph

import (
	"context"
	"maps"

	abs "github.com/microsoft/kiota-abstractions-go"
)

// openExtensionType is how Graph names the type of an open extension.
const openExtensionType = "#microsoft.graph.openTypeExtension"

// UserExtension reads an open extension of an account, its members without annotations: GET /users/{id}/extensions/{name},
// User.Read.All. ErrNotFound where there is none. https://learn.microsoft.com/graph/api/opentypeextension-get
func (s Users) UserExtension(ctx context.Context, userID, name string) (map[string]any, error) {
	var members map[string]any
	if err := s.client.getJSON(ctx, "read the extension "+name, s.client.v1("/users/"+segment(userID)+"/extensions/"+segment(name)), &members); err != nil {
		return nil, err
	}
	for member := range members {
		if member == "id" || member == "extensionName" || member != "" && member[0] == '@' {
			delete(members, member)
		}
	}
	return members, nil
}

// CreateUserExtension adds an open extension to an account: POST /users/{id}/extensions, User.ReadWrite.All for another account
// than the own (https://learn.microsoft.com/graph/extensibility-overview). An account takes two of each application that makes
// them. https://learn.microsoft.com/graph/api/opentypeextension-post-opentypeextension
func (s Users) CreateUserExtension(ctx context.Context, userID, name string, members map[string]any) error {
	body := maps.Clone(members)
	body["@odata.type"], body["extensionName"] = openExtensionType, name
	return s.client.postJSON(ctx, "write the extension "+name, s.client.v1("/users/"+segment(userID)+"/extensions"), body, &struct{}{})
}

// SetUserExtension replaces all members of an open extension: PATCH /users/{id}/extensions/{name}, User.ReadWrite.All. A member
// that is not named is deleted. https://learn.microsoft.com/graph/api/opentypeextension-update
func (s Users) SetUserExtension(ctx context.Context, userID, name string, members map[string]any) error {
	body := maps.Clone(members)
	body["@odata.type"] = openExtensionType
	return s.client.patchJSON(ctx, "change the extension "+name, s.client.v1("/users/"+segment(userID)+"/extensions/"+segment(name)), body)
}

// DeleteUserExtension takes an open extension away: DELETE /users/{id}/extensions/{name}, User.ReadWrite.All.
// https://learn.microsoft.com/graph/api/opentypeextension-delete
func (s Users) DeleteUserExtension(ctx context.Context, userID, name string) error {
	return s.client.write(ctx, "delete the extension "+name, abs.DELETE, s.client.v1("/users/"+segment(userID)+"/extensions/"+segment(name)), nil)
}
