package simtenant_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
)

func TestDiscovery(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	for name, is := range map[string]struct{ inIssuer, inAddress string }{
		w.ep.TenantID: {w.ep.TenantID, w.ep.TenantID}, "common": {"{tenantid}", "common"}, "Organizations": {"{tenantid}", "organizations"}, "contoso.com": {w.ep.TenantID, w.ep.TenantID},
	} {
		r := w.send("GET", w.ep.Authority+"/"+name+"/v2.0/.well-known/openid-configuration", "")
		if r.body["issuer"] != w.ep.Authority+"/"+is.inIssuer+"/v2.0" || r.body["token_endpoint"] != w.ep.Authority+"/"+is.inAddress+"/oauth2/v2.0/token" ||
			(r.body["tenant_region_scope"] == nil) != (is.inIssuer == "{tenantid}") || r.body["cloud_instance_name"] != "microsoftonline.com" {
			t.Errorf("%s: %s", name, r.text)
		}
		keys := w.send("GET", r.body["jwks_uri"].(string), "")
		if !strings.Contains(keys.text, `"issuer":"`+w.ep.Authority+"/"+is.inIssuer+`/v2.0"`) {
			t.Errorf("%s: keys are %s", name, keys.text)
		}
		r = w.send("GET", w.ep.Authority+"/"+name+"/.well-known/openid-configuration", "")
		if r.body["issuer"] != "https://sts.windows.net/"+is.inIssuer+"/" || r.body["token_endpoint"] != w.ep.Authority+"/"+is.inAddress+"/oauth2/token" {
			t.Errorf("%s, version 1.0: %s", name, r.text)
		}
	}
	w.entraRefusal(w.send("GET", w.ep.Authority+"/fabrikam.com/v2.0/.well-known/openid-configuration", ""), "invalid_request", entra.AADTenantUnknown)
	keys := w.send("GET", w.ep.Authority+"/common/discovery/v2.0/keys", "")
	var set struct {
		Keys []struct{ Kid, N, E, Kty string }
	}
	if err := json.Unmarshal([]byte(keys.text), &set); err != nil || len(set.Keys) != 1 || set.Keys[0].Kid != entra.SigningKeyID() || set.Keys[0].E != "AQAB" {
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
	w := newWire(t, simtenant.Options{})
	r := w.send("GET", "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration", "")
	if r.body["issuer"] != "https://login.microsoftonline.com/{tenantid}/v2.0" {
		t.Errorf("issuer is %v", r.body["issuer"])
	}
	r = w.send("GET", "https://login.windows.net/common/v2.0/.well-known/openid-configuration", "")
	if r.body["issuer"] != "https://login.microsoftonline.com/{tenantid}/v2.0" || r.body["msgraph_host"] != "graph.microsoft.com" || r.body["userinfo_endpoint"] != "https://graph.microsoft.com/oidc/userinfo" {
		t.Errorf("an alias answers %s", r.text)
	}
	r = w.send("GET", "https://login.chinacloudapi.cn/organizations/v2.0/.well-known/openid-configuration", "")
	if r.body["issuer"] != "https://login.partner.microsoftonline.cn/{tenantid}/v2.0" || r.body["msgraph_host"] != "microsoftgraph.chinacloudapi.cn" {
		t.Errorf("China answers %s", r.text)
	}
	me := w.send("GET", "https://graph.microsoft.com/v1.0/me", "", "Authorization", "Bearer "+w.token)
	if me.body["@odata.context"] != "https://graph.microsoft.com/v1.0/$metadata#users/$entity" {
		t.Errorf("answered %s", me.text)
	}
}

// Instance discovery lists Microsoft's clouds with their aliases, and refuses an authority that is in none.
func TestInstanceDiscovery(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	for at, entries := range map[string]int{"https://login.microsoftonline.com": 4, "https://login.windows.net": 4, w.ep.Authority: 4 + 1} {
		r := w.send("GET", at+"/common/discovery/instance?api-version=1.1&authorization_endpoint="+at+"/organizations/oauth2/v2.0/authorize", "")
		list, _ := r.body["metadata"].([]any)
		if len(list) != entries || r.body["tenant_discovery_endpoint"] != at+"/organizations/v2.0/.well-known/openid-configuration" {
			t.Fatalf("%s: %s", at, r.text)
		}
		public, _ := list[entries-4].(map[string]any)
		if public["preferred_network"] != "login.microsoftonline.com" || public["preferred_cache"] != "login.windows.net" || len(public["aliases"].([]any)) != 4 {
			t.Errorf("%s: %v", at, public)
		}
	}
	for _, unknown := range []string{"https://login.example.com/common/oauth2/v2.0/authorize", "http://login.microsoftonline.com/common/oauth2/v2.0/authorize", "::"} {
		w.entraRefusal(w.send("GET", "https://login.microsoftonline.com/common/discovery/instance?authorization_endpoint="+unknown, ""), "invalid_instance", entra.AADInstanceUnknown)
	}
}

func TestUserInfo(t *testing.T) {
	w := newWire(t, simtenant.Options{})
	for _, at := range []string{"https://graph.microsoft.com", w.ep.Authority} {
		r := w.send("GET", at+"/oidc/userinfo", "", "Authorization", "Bearer "+w.token)
		if r.status != 200 || r.body["name"] != "Ada Admin" || r.body["sub"] == nil {
			t.Errorf("%s: %s", at, r.text)
		}
		if r = w.send("GET", at+"/oidc/userinfo", ""); r.status != 401 || r.code() != "InvalidAuthenticationToken" {
			t.Errorf("%s without a token: %s", at, r.text)
		}
	}
}
