package graph

import (
	"context"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// NamedLocations reads the names of the locations that policies refer to, by their ids: GET
// /identity/conditionalAccess/namedLocations, Policy.Read.All. ErrUnlicensed where the tenant has no Microsoft Entra
// ID P1. https://learn.microsoft.com/graph/api/conditionalaccessroot-list-namedlocations
func (s ConditionalAccess) NamedLocations(ctx context.Context) (map[string]string, error) {
	all, err := listJSON[struct {
		ID   objectid.ID `json:"id"`
		Name string      `json:"displayName"`
	}](ctx, s.client, "read the named locations", s.client.v1(conditionalAccess+"namedLocations", "$select", "id,displayName", "$top", "999"))
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(all))
	for _, l := range all {
		names[string(l.ID)] = l.Name
	}
	return names, nil
}
