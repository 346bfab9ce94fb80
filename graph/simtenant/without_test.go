package simtenant

import (
	"net/http"
	"strings"
	"testing"
)

func TestParseWithout(t *testing.T) {
	got, err := ParseWithout(" what-if, Audit=403 ,pim=400,")
	want := []Lack{{"what-if", http.StatusNotFound}, {"audit", http.StatusForbidden}, {"pim", http.StatusBadRequest}}
	if err != nil || len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%v, %v", got, err)
	}
	for text, word := range map[string]string{"weather": "secure-score", "audit=500": "400, 403 or 404", "audit=": "400, 403 or 404"} {
		if _, err := ParseWithout(text); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v, without %q", text, err, word)
		}
	}
}

// Every path that a tenant can be without is one that it has otherwise.
func TestLackingPathsExist(t *testing.T) {
	for name := range lacking {
		tenant := &Tenant{opts: Options{Without: []Lack{{name, http.StatusForbidden}}}}
		refused := 0
		for _, route := range graphRoutes() {
			if e := tenant.refusedFor(route); e != nil {
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
