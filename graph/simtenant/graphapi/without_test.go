package graphapi

import (
	"net/http"
	"testing"
)

// Every path that a tenant can be without is one that it has otherwise.
func TestLackingPathsExist(t *testing.T) {
	for name := range lacking {
		api := &API{without: []Lack{{Name: name, Status: http.StatusForbidden}}}
		refused := 0
		for _, route := range Routes() {
			if e := api.refusedFor(route); e != nil {
				refused++
				if e.Status != http.StatusForbidden || e.Code == "" {
					t.Errorf("%s: %d %s", route.Path, e.Status, e.Code)
				}
			}
		}
		if refused == 0 && name != "app-management-policy" && name != "resource-actions" {
			t.Errorf("%s refuses nothing", name)
		}
	}
}
