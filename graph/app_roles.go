package graph

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// AppRoles reads the application permissions that an API offers, its name and each permission's value by its id: GET
// /servicePrincipals/{id}, Application.Read.All. https://learn.microsoft.com/graph/api/serviceprincipal-get
func (s Apps) AppRoles(ctx context.Context, servicePrincipalID string) (api string, byID map[string]string, err error) {
	var answer struct {
		DisplayName string `json:"displayName"`
		AppRoles    []struct {
			ID    objectid.ID `json:"id"`
			Value string      `json:"value"`
		} `json:"appRoles"`
	}
	address := s.client.v1("/servicePrincipals/"+segment(servicePrincipalID), "$select", "displayName,appRoles")
	if err := s.client.getJSON(ctx, "read the permissions of an API", address, &answer); err != nil {
		return "", nil, err
	}
	byID = map[string]string{}
	for _, role := range answer.AppRoles {
		byID[string(role.ID)] = role.Value
	}
	return answer.DisplayName, byID, nil
}
