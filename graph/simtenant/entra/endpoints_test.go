package entra_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

func TestDiscovery(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	for name, is := range map[string]struct{ inIssuer, inAddress string }{
		w.Endpoints.TenantID: {w.Endpoints.TenantID, w.Endpoints.TenantID}, "common": {"{tenantid}", "common"}, "Organizations": {"{tenantid}", "organizations"}, "contoso.com": {w.Endpoints.TenantID, w.Endpoints.TenantID},
	} {
		r := w.Send("GET", w.Endpoints.Authority+"/"+name+"/v2.0/.well-known/openid-configuration", "")
		if r.Body["issuer"] != w.Endpoints.Authority+"/"+is.inIssuer+"/v2.0" || r.Body["token_endpoint"] != w.Endpoints.Authority+"/"+is.inAddress+"/oauth2/v2.0/token" ||
			(r.Body["tenant_region_scope"] == nil) != (is.inIssuer == "{tenantid}") || r.Body["cloud_instance_name"] != "microsoftonline.com" {
			t.Errorf("%s: %s", name, r.Text)
		}
		keys := w.Send("GET", r.Body["jwks_uri"].(string), "")
		if !strings.Contains(keys.Text, `"issuer":"`+w.Endpoints.Authority+"/"+is.inIssuer+`/v2.0"`) {
			t.Errorf("%s: keys are %s", name, keys.Text)
		}
		r = w.Send("GET", w.Endpoints.Authority+"/"+name+"/.well-known/openid-configuration", "")
		if r.Body["issuer"] != "https://sts.windows.net/"+is.inIssuer+"/" || r.Body["token_endpoint"] != w.Endpoints.Authority+"/"+is.inAddress+"/oauth2/token" {
			t.Errorf("%s, version 1.0: %s", name, r.Text)
		}
	}
	w.EntraRefusal(w.Send("GET", w.Endpoints.Authority+"/fabrikam.com/v2.0/.well-known/openid-configuration", ""), "invalid_request", entra.AADTenantUnknown)
	keys := w.Send("GET", w.Endpoints.Authority+"/common/discovery/v2.0/keys", "")
	var set struct {
		Keys []struct{ Kid, N, E, Kty string }
	}
	if err := json.Unmarshal([]byte(keys.Text), &set); err != nil || len(set.Keys) != 1 || set.Keys[0].Kid != entra.SigningKeyID() || set.Keys[0].E != "AQAB" {
		t.Errorf("keys are %s", keys.Text)
	}
	for upn, want := range map[string]string{"a@contoso.com": "Managed", "a@corp.contoso.com": "Federated", "a@example.org": "Unknown", "a@contoso.example": "Unknown"} {
		if r := w.Send("GET", w.Endpoints.Authority+"/common/UserRealm/"+upn+"?api-version=1.0", ""); r.Body["account_type"] != want {
			t.Errorf("%s: %s", upn, r.Text)
		}
	}
	r := w.Send("GET", w.Endpoints.Authority+"/common/discovery/instance?api-version=1.1", "")
	if r.Body["tenant_discovery_endpoint"] == nil || r.Body["metadata"] == nil {
		t.Errorf("instance discovery: %s", r.Text)
	}
}

func TestHostsDoNotMatter(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	r := w.Send("GET", "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration", "")
	if r.Body["issuer"] != "https://login.microsoftonline.com/{tenantid}/v2.0" {
		t.Errorf("issuer is %v", r.Body["issuer"])
	}
	r = w.Send("GET", "https://login.windows.net/common/v2.0/.well-known/openid-configuration", "")
	if r.Body["issuer"] != "https://login.microsoftonline.com/{tenantid}/v2.0" || r.Body["msgraph_host"] != "graph.microsoft.com" || r.Body["userinfo_endpoint"] != "https://graph.microsoft.com/oidc/userinfo" {
		t.Errorf("an alias answers %s", r.Text)
	}
	r = w.Send("GET", "https://login.chinacloudapi.cn/organizations/v2.0/.well-known/openid-configuration", "")
	if r.Body["issuer"] != "https://login.partner.microsoftonline.cn/{tenantid}/v2.0" || r.Body["msgraph_host"] != "microsoftgraph.chinacloudapi.cn" {
		t.Errorf("China answers %s", r.Text)
	}
	me := w.Send("GET", "https://graph.microsoft.com/v1.0/me", "", "Authorization", "Bearer "+w.Token)
	if me.Body["@odata.context"] != "https://graph.microsoft.com/v1.0/$metadata#users/$entity" {
		t.Errorf("answered %s", me.Text)
	}
}

// Instance discovery lists Microsoft's clouds with their aliases, and refuses an authority that is in none.
func TestInstanceDiscovery(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	for at, entries := range map[string]int{"https://login.microsoftonline.com": 4, "https://login.windows.net": 4, w.Endpoints.Authority: 4 + 1} {
		r := w.Send("GET", at+"/common/discovery/instance?api-version=1.1&authorization_endpoint="+at+"/organizations/oauth2/v2.0/authorize", "")
		list, _ := r.Body["metadata"].([]any)
		if len(list) != entries || r.Body["tenant_discovery_endpoint"] != at+"/organizations/v2.0/.well-known/openid-configuration" {
			t.Fatalf("%s: %s", at, r.Text)
		}
		public, _ := list[entries-4].(map[string]any)
		if public["preferred_network"] != "login.microsoftonline.com" || public["preferred_cache"] != "login.windows.net" || len(public["aliases"].([]any)) != 4 {
			t.Errorf("%s: %v", at, public)
		}
	}
	for _, unknown := range []string{"https://login.example.com/common/oauth2/v2.0/authorize", "http://login.microsoftonline.com/common/oauth2/v2.0/authorize", "::"} {
		w.EntraRefusal(w.Send("GET", "https://login.microsoftonline.com/common/discovery/instance?authorization_endpoint="+unknown, ""), "invalid_instance", entra.AADInstanceUnknown)
	}
}

func TestUserInfo(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	for _, at := range []string{"https://graph.microsoft.com", w.Endpoints.Authority} {
		r := w.Send("GET", at+"/oidc/userinfo", "", "Authorization", "Bearer "+w.Token)
		if r.Status != 200 || r.Body["name"] != "Ada Admin" || r.Body["sub"] == nil {
			t.Errorf("%s: %s", at, r.Text)
		}
		if r = w.Send("GET", at+"/oidc/userinfo", ""); r.Status != 401 || r.Code() != "InvalidAuthenticationToken" {
			t.Errorf("%s without a token: %s", at, r.Text)
		}
	}
}
