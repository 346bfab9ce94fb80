package graphapi_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

func TestAdvancedFilters(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	names := func(filter string) string {
		w.Helper()
		r := w.Must(200, "GET", "/v1.0/users?$select=displayName&$count=true&$filter="+filter, "", "ConsistencyLevel", "eventual")
		var out []string
		for _, u := range r.List() {
			out = append(out, u["displayName"].(string))
		}
		if r.Body["@odata.count"] != float64(len(out)) {
			t.Errorf("%s: counted %v, listed %d", filter, r.Body["@odata.count"], len(out))
		}
		return strings.Join(out, ", ")
	}
	for filter, want := range map[string]string{
		"userType ne 'Member'":              "Gita Guest",
		"endsWith(mail,'CORP.contoso.com')": "Payroll (federated)",
		"endswith(userPrincipalName,'@contoso.onmicrosoft.com') and userType ne 'Guest'":                   "Ada Admin, Break Glass",
		"displayName eq 'or (not) in a name' and accountEnabled ne true":                                   "",
		"startswith(displayName,'Siobh') and mail ne null and userPrincipalName eq 'o''brien@contoso.com'": "Siobhán O'Brien",
	} {
		if got := names(url.QueryEscape(filter)); got != want {
			t.Errorf("%s: %s", filter, got)
		}
	}
	// The log orders both ways.
	w.Must(201, "POST", "/v1.0/users", simtest.NewUserBody)
	w.Must(204, "DELETE", "/v1.0/users/"+simtest.NewUserUPN, "")
	for order, first := range map[string]string{"activityDateTime desc": "Delete user", "activityDateTime asc": "Add user"} {
		if list := w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits?$top=1&$orderby="+order, "").List(); len(list) != 1 || list[0]["activityDisplayName"] != first {
			t.Errorf("%s: %v", order, list)
		}
	}
	w.Must(204, "PATCH", "/v1.0/users/auditor@contoso.com", `{"jobTitle":"x"}`, "If-Match", "*")
}

// A page's address goes on with its own query and with no other.
func TestPageTokenBelongsToItsQuery(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	next, _ := w.Must(200, "GET", "/v1.0/users?$top=2&$select=id&$filter=userType eq 'Member'", "").Body["@odata.nextLink"].(string)
	u, err := url.Parse(next)
	if err != nil || u.Query().Get("$skiptoken") == "" {
		t.Fatalf("%q %v", next, err)
	}
	if list := w.Must(200, "GET", u.RequestURI(), "").List(); len(list) != 2 {
		t.Errorf("%v", list)
	}
	for _, name := range []string{"$top", "$filter", "$select"} {
		q := u.Query()
		q.Del(name)
		if r := w.Must(400, "GET", u.Path+"?"+q.Encode(), ""); r.Code() != "Directory_ExpiredPageToken" {
			t.Errorf("without %s: %s", name, r.Text)
		}
	}
}
