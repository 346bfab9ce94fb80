package graphapi_test

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestBatch(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{Profile: "business"})
	w.As(state.OperatorUPN, "User.Read", "Policy.Read.All", "User.ReadWrite.All")
	body := `{"requests":[
		{"id":"1","method":"GET","url":"/me?$select=id"},
		{"id":"2","method":"GET","url":"/users/nobody@contoso.com"},
		{"id":"3","method":"GET","url":"/me","dependsOn":["2"]},
		{"id":"4","method":"POST","url":"users","headers":{"Content-Type":"application/json"},"body":` + simtest.NewUserBody + `},
		{"id":"5","method":"GET","url":"/identity/conditionalAccess/policies"},
		{"id":"6","method":"GET","url":"/identity/conditionalAccess/policies"},
		{"id":"7","method":"GET","url":"/auditLogs/directoryAudits"}
	]}`
	r := w.Must(200, "POST", "/v1.0/$batch", strings.ReplaceAll(body, "\n\t\t", ""))
	want := []float64{200, 404, 424, 201, 200, 429, 403}
	for i, item := range r.Body["responses"].([]any) {
		response := item.(map[string]any)
		if response["status"] != want[i] {
			t.Errorf("item %v: %v, want %v", response["id"], response["status"], want[i])
		}
	}
	if _, created := w.Tenant.Snapshot().Users[simtest.NewUserUPN]; !created {
		t.Error("the batch created no account")
	}
	// Microsoft's Go SDK sends a body of null with every item that has none.
	null := w.Must(200, "POST", "/v1.0/$batch", `{"requests":[{"id":"a","method":"GET","url":"/me","headers":{},"body":null}]}`)
	if got := null.Body["responses"].([]any)[0].(map[string]any)["status"]; got != 200.0 {
		t.Errorf("a body of null: %s", null.Text)
	}
	beta := w.Must(200, "POST", "/beta/$batch", `{"requests":[{"id":"a","method":"GET","url":"/users/`+w.ID(state.OperatorUPN)+`/authentication/requirements"}]}`)
	inner := beta.Body["responses"].([]any)[0].(map[string]any)["body"].(map[string]any)
	if inner["perUserMfaState"] != state.MFAEnforced {
		t.Errorf("beta batch: %s", beta.Text)
	}
}
