package simtenant_test

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestBatch(t *testing.T) {
	w := newWire(t, simtenant.Options{Profile: "business"})
	w.as(state.OperatorUPN, "User.Read", "Policy.Read.All", "User.ReadWrite.All")
	body := `{"requests":[
		{"id":"1","method":"GET","url":"/me?$select=id"},
		{"id":"2","method":"GET","url":"/users/nobody@contoso.com"},
		{"id":"3","method":"GET","url":"/me","dependsOn":["2"]},
		{"id":"4","method":"POST","url":"users","headers":{"Content-Type":"application/json"},"body":` + newUserBody + `},
		{"id":"5","method":"GET","url":"/identity/conditionalAccess/policies"},
		{"id":"6","method":"GET","url":"/identity/conditionalAccess/policies"},
		{"id":"7","method":"GET","url":"/auditLogs/directoryAudits"}
	]}`
	r := w.must(200, "POST", "/v1.0/$batch", strings.ReplaceAll(body, "\n\t\t", ""))
	want := []float64{200, 404, 424, 201, 200, 429, 403}
	for i, item := range r.body["responses"].([]any) {
		response := item.(map[string]any)
		if response["status"] != want[i] {
			t.Errorf("item %v: %v, want %v", response["id"], response["status"], want[i])
		}
	}
	if _, created := w.tenant.Snapshot().Users[newUserUPN]; !created {
		t.Error("the batch created no account")
	}
	// Microsoft's Go SDK sends a body of null with every item that has none.
	null := w.must(200, "POST", "/v1.0/$batch", `{"requests":[{"id":"a","method":"GET","url":"/me","headers":{},"body":null}]}`)
	if got := null.body["responses"].([]any)[0].(map[string]any)["status"]; got != 200.0 {
		t.Errorf("a body of null: %s", null.text)
	}
	beta := w.must(200, "POST", "/beta/$batch", `{"requests":[{"id":"a","method":"GET","url":"/users/`+w.id(state.OperatorUPN)+`/authentication/requirements"}]}`)
	inner := beta.body["responses"].([]any)[0].(map[string]any)["body"].(map[string]any)
	if inner["perUserMfaState"] != state.MFAEnforced {
		t.Errorf("beta batch: %s", beta.text)
	}
}
