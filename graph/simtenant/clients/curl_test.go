package clients

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// curl is raw HTTP: every address, header and body is written out here.
type curl struct {
	*testing.T
	job
	program string
	got     exchanges
}

func runCurl(t *testing.T, j job) exchanges {
	program, err := exec.LookPath("curl")
	if err != nil {
		missing(t, "curl", err)
	}
	c := &curl{t, j, program, exchanges{}}
	query := func(pairs ...string) string {
		var parts []string
		for i := 0; i < len(pairs); i += 2 {
			parts = append(parts, pairs[i]+"="+url.QueryEscape(pairs[i+1]))
		}
		return "?" + strings.Join(parts, "&")
	}
	c.call("list", "GET", "/domains", "")
	c.call("me", "GET", "/me"+query("$select", "id,displayName,userPrincipalName"), "")
	c.call("filter", "GET", "/users"+query("$filter", finder, "$select", "id,displayName,userPrincipalName", "$count", "true"), "", "ConsistencyLevel: eventual")
	account := c.call("create", "POST", "/users", `{"accountEnabled":true,"displayName":"Delegate365 Service","mailNickname":"`+j.Nickname+
		`","userPrincipalName":"`+j.Account+`","passwordProfile":{"password":"`+j.Password+`","forceChangePasswordNextSignIn":false}}`)
	c.call("read", "GET", "/users/"+account+query("$select", "id,displayName,accountEnabled,userPrincipalName"), "")
	c.call("patch", "PATCH", "/users/"+account, `{"jobTitle":"Service"}`)
	assignment := c.call("assign", "POST", "/roleManagement/directory/roleAssignments",
		`{"roleDefinitionId":"`+globalAdministrator+`","principalId":"`+account+`","directoryScopeId":"/"}`)
	c.call("assigned", "GET", "/roleManagement/directory/roleAssignments"+query("$filter", "principalId eq '"+account+"'", "$expand", "principal"), "")
	c.call("security defaults", "GET", "/policies/identitySecurityDefaultsEnforcementPolicy", "")
	c.call("policies", "GET", "/identity/conditionalAccess/policies"+query("$filter", "state eq 'enabled'"), "")
	c.call("batch", "POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"/users/`+account+`?$select=jobTitle"},`+
		`{"id":"2","method":"GET","url":"/users/nobody@contoso.com"},{"id":"3","method":"GET","url":"/domains/contoso.com"}]}`)
	c.call("not found", "GET", "/users/nobody@contoso.com", "")
	c.Token, j.Token = c.WeakToken, c.Token
	c.call("forbidden", "GET", "/domains", "")
	c.Token = j.Token
	for next := c.Graph + "/users" + query("$top", "4", "$select", "userPrincipalName"); next != ""; {
		next = c.page("pages", next)
	}
	c.call("unassign", "DELETE", "/roleManagement/directory/roleAssignments/"+assignment, "")
	c.call("delete", "DELETE", "/users/"+account, "")
	return c.got
}

// call makes one call and returns the id in its answer.
func (c *curl) call(name, method, path, body string, headers ...string) string {
	c.Helper()
	var answered struct{ ID string }
	_ = json.Unmarshal(c.send(name, method, c.Graph+path, body, headers...), &answered)
	return answered.ID
}

// page fetches a page and returns the address of the next.
func (c *curl) page(name, address string) string {
	c.Helper()
	var answered struct {
		Next string `json:"@odata.nextLink"`
	}
	_ = json.Unmarshal(c.send(name, "GET", address, ""), &answered)
	return answered.Next
}

// send gives curl its options on its standard input, where no list of processes shows the token.
func (c *curl) send(name, method, address, body string, headers ...string) []byte {
	c.Helper()
	options := []string{"url = " + strconv.Quote(address), "request = " + method, `header = "Authorization: Bearer ` + c.Token + `"`}
	for _, header := range headers {
		options = append(options, "header = "+strconv.Quote(header))
	}
	if body != "" {
		options = append(options, `header = "Content-Type: application/json"`, "data-binary = "+strconv.Quote(body))
	}
	run := exec.CommandContext(c.Context(), c.program, "--silent", "--show-error", "--globoff", "--noproxy", "*", "--cacert", c.CA, "--write-out", `\n%{http_code}`, "--config", "-")
	run.Stdin = strings.NewReader(strings.Join(options, "\n") + "\n")
	var out, problem bytes.Buffer
	run.Stdout, run.Stderr = &out, &problem
	if err := run.Run(); err != nil {
		c.Fatalf("%s: %v: %s", name, err, problem.String())
	}
	end := bytes.LastIndexByte(out.Bytes(), '\n')
	var a answer
	if _, err := fmt.Sscan(string(out.Bytes()[end+1:]), &a.Status); err != nil {
		c.Fatalf("%s: %s", name, out.String())
	}
	a.Body = out.Bytes()[:end]
	c.got[name] = append(c.got[name], a)
	return a.Body
}
