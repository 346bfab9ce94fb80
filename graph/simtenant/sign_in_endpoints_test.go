package simtenant

import (
	"encoding/json"
	"testing"
)

func TestDiscovery(t *testing.T) {
	w := newWire(t, Options{})
	for _, name := range []string{w.ep.TenantID, "common", "organizations", "contoso.com"} {
		r := w.send("GET", w.ep.Authority+"/"+name+"/v2.0/.well-known/openid-configuration", "")
		if r.body["issuer"] != w.ep.Authority+"/"+w.ep.TenantID+"/v2.0" || r.body["token_endpoint"] != w.ep.Authority+"/"+name+"/oauth2/v2.0/token" {
			t.Errorf("%s: %s", name, r.text)
		}
	}
	w.entraRefusal(w.send("GET", w.ep.Authority+"/fabrikam.com/v2.0/.well-known/openid-configuration", ""), "invalid_request", aadTenantUnknown)
	keys := w.send("GET", w.ep.Authority+"/common/discovery/v2.0/keys", "")
	var set struct {
		Keys []struct{ Kid, N, E, Kty string }
	}
	if err := json.Unmarshal([]byte(keys.text), &set); err != nil || len(set.Keys) != 1 || set.Keys[0].Kid != signingKeyID() || set.Keys[0].E != "AQAB" {
		t.Errorf("keys are %s", keys.text)
	}
	for upn, want := range map[string]string{"a@contoso.com": "Managed", "a@corp.contoso.com": "Federated", "a@example.org": "Unknown", "a@contoso.example": "Unknown"} {
		if r := w.send("GET", w.ep.Authority+"/common/UserRealm/"+upn+"?api-version=1.0", ""); r.body["account_type"] != want {
			t.Errorf("%s: %s", upn, r.text)
		}
	}
	r := w.send("GET", w.ep.Authority+"/common/discovery/instance?api-version=1.1", "")
	if r.body["tenant_discovery_endpoint"] == nil || r.body["metadata"] == nil {
		t.Errorf("instance discovery: %s", r.text)
	}
}

func TestHostsDoNotMatter(t *testing.T) {
	w := newWire(t, Options{})
	r := w.send("GET", "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration", "")
	if r.body["issuer"] != "https://login.microsoftonline.com/"+w.ep.TenantID+"/v2.0" {
		t.Errorf("issuer is %v", r.body["issuer"])
	}
	me := w.send("GET", "https://graph.microsoft.com/v1.0/me", "", "Authorization", "Bearer "+w.token)
	if me.body["@odata.context"] != "https://graph.microsoft.com/v1.0/$metadata#users/$entity" {
		t.Errorf("answered %s", me.text)
	}
}
