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
func (c *Client) UserExtension(ctx context.Context, userID, name string) (map[string]any, error) {
	var members map[string]any
	if err := c.getJSON(ctx, "read the extension "+name, c.v1("/users/"+segment(userID)+"/extensions/"+segment(name)), &members); err != nil {
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
func (c *Client) CreateUserExtension(ctx context.Context, userID, name string, members map[string]any) error {
	body := maps.Clone(members)
	body["@odata.type"], body["extensionName"] = openExtensionType, name
	return c.postJSON(ctx, "write the extension "+name, c.v1("/users/"+segment(userID)+"/extensions"), body, &struct{}{})
}

// SetUserExtension replaces all members of an open extension: PATCH /users/{id}/extensions/{name}, User.ReadWrite.All. A member
// that is not named is deleted. https://learn.microsoft.com/graph/api/opentypeextension-update
func (c *Client) SetUserExtension(ctx context.Context, userID, name string, members map[string]any) error {
	body := maps.Clone(members)
	body["@odata.type"] = openExtensionType
	return c.patchJSON(ctx, "change the extension "+name, c.v1("/users/"+segment(userID)+"/extensions/"+segment(name)), body)
}

// DeleteUserExtension takes an open extension away: DELETE /users/{id}/extensions/{name}, User.ReadWrite.All.
// https://learn.microsoft.com/graph/api/opentypeextension-delete
func (c *Client) DeleteUserExtension(ctx context.Context, userID, name string) error {
	return c.write(ctx, "delete the extension "+name, abs.DELETE, c.v1("/users/"+segment(userID)+"/extensions/"+segment(name)), nil)
}
