package graph

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// AppRoles reads the application permissions that an API offers, its name and each permission's value by its id: GET
// /servicePrincipals/{id}, Application.Read.All. An answer that is not about it, or has no list of them, is ErrUnavailable. https://learn.microsoft.com/graph/api/serviceprincipal-get
func (s Apps) AppRoles(ctx context.Context, servicePrincipalID string) (api string, byID map[string]string, err error) {
	const op = "read the permissions of an API"
	var answer struct {
		ID          objectid.ID `json:"id"`
		DisplayName string      `json:"displayName"`
		AppRoles    []struct {
			ID    objectid.ID `json:"id"`
			Value string      `json:"value"`
		} `json:"appRoles"`
	}
	address := s.client.v1("/servicePrincipals/"+segment(servicePrincipalID), "$select", "id,displayName,appRoles")
	err = s.client.getJSON(ctx, op, address, &answer)
	if err == nil && (!objectid.Same(string(answer.ID), servicePrincipalID) || answer.AppRoles == nil) {
		err = another(op)
	}
	if err != nil {
		return "", nil, err
	}
	byID = map[string]string{}
	for _, role := range answer.AppRoles {
		byID[string(role.ID)] = role.Value
	}
	return answer.DisplayName, byID, nil
}
