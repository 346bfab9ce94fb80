package graphapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/graphapi"
)

func TestParseWithout(t *testing.T) {
	got, err := graphapi.ParseWithout(" what-if, Audit=403 ,pim=400,")
	want := []graphapi.Lack{{Name: "what-if", Status: http.StatusNotFound}, {Name: "audit", Status: http.StatusForbidden}, {Name: "pim", Status: http.StatusBadRequest}}
	if err != nil || len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%v, %v", got, err)
	}
	for text, word := range map[string]string{"weather": "secure-score", "audit=500": "400, 403 or 404", "audit=": "400, 403 or 404"} {
		if _, err := graphapi.ParseWithout(text); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v, without %q", text, err, word)
		}
	}
}
