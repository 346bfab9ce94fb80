package graph

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// alwaysAnswering is a client to whom everything is answered with this.
func alwaysAnswering(t *testing.T, body string) *Client {
	return newTestClient(t, inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ok(body)(w) })})
}

// A list that is no list, or has nothing where something has to be, is no empty list.
func TestAnswersWithoutAList(t *testing.T) {
	for _, body := range []string{`{}`, `{"value":null}`, `{"value":[null]}`, `[]`, `null`, `{"value":[],"error":{"code":"UnknownError"}}`, `{"error":{},"value":[{"id":"1"}]}`} {
		c := alwaysAnswering(t, body)
		for name, read := range map[string]func() (int, error){
			"licences": func() (int, error) { all, err := c.Tenant.SubscribedSKUs(t.Context()); return len(all), err },
			"audit log": func() (int, error) {
				all, err := c.Tenant.DirectoryAudits(t.Context(), AuditFilter{})
				return len(all), err
			},
			"can be read": func() (int, error) { _, err := c.Tenant.AuditLogReadable(t.Context()); return 0, err },
			"score":       func() (int, error) { _, err := c.Tenant.SecureScore(t.Context()); return 0, err },
			"domains":     func() (int, error) { all, err := c.Tenant.Domains(t.Context()); return len(all), err },
			"protected":   func() (int, error) { all, err := c.Roles.ProtectedActions(t.Context()); return len(all), err },
			"policies":    func() (int, error) { all, err := c.ConditionalAccess.Policies(t.Context()); return len(all), err },
		} {
			if n, err := read(); n != 0 || !errors.Is(err, ErrUnavailable) {
				t.Errorf("%s of %s: %d, %v", name, body, n, err)
			}
		}
	}
}

// An answer about one object that is another one, or has an error in it, is no answer about it.
func TestAnswersWithoutTheObject(t *testing.T) {
	for name, read := range map[string]func(c *Client) error{
		"account":           func(c *Client) error { _, err := c.Users.User(t.Context(), operatorID); return err },
		"account by name":   func(c *Client) error { _, err := c.Users.User(t.Context(), "a@c.example"); return err },
		"deleted account":   func(c *Client) error { _, err := c.Users.Deleted(t.Context(), operatorID); return err },
		"policy":            func(c *Client) error { _, err := c.ConditionalAccess.Policy(t.Context(), operatorID); return err },
		"methods policy":    func(c *Client) error { _, err := c.MFA.AuthenticationMethodsPolicy(t.Context()); return err },
		"service principal": func(c *Client) error { _, err := c.Apps.OwnCredentials(t.Context(), operatorID); return err },
		"sign-ins":          func(c *Client) error { _, err := c.Users.SignInActivity(t.Context(), operatorID); return err },
		"password":          func(c *Client) error { _, err := c.Users.PasswordChanged(t.Context(), operatorID); return err },
		"permissions":       func(c *Client) error { _, _, err := c.Apps.AppRoles(t.Context(), operatorID); return err },
		"security defaults": func(c *Client) error { _, err := c.MFA.SecurityDefaults(t.Context()); return err },
		"per-user MFA":      func(c *Client) error { _, err := c.MFA.PerUserMFA(t.Context(), operatorID); return err },
	} {
		for _, body := range []string{
			`{}`, `{"value":[]}`, `{"error":{"code":"UnknownError"}}`, `{"id":"x","userPrincipalName":"x@c.example"}`, `{"id":"x","conditions":{"users":{"excludeUsers":[]}}}`,
			`{"id":"` + operatorID + `","conditions":{"users":{"excludeUsers":null}},"error":{"code":"UnknownError"}}`,
		} {
			if err := read(alwaysAnswering(t, body)); !errors.Is(err, ErrUnavailable) {
				t.Errorf("%s of %s: %v", name, body, err)
			}
		}
	}
	for _, body := range []string{`{"id":"p"}`, `{"id":"p","conditions":null}`, `{"id":"p","conditions":{"users":{"excludeUsers":null}}}`} {
		if p, err := alwaysAnswering(t, body).ConditionalAccess.Policy(t.Context(), "p"); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %+v, %v", body, p, err)
		}
	}
	if u, err := alwaysAnswering(t, `{"id":"`+strings.ToUpper(operatorID)+`","error":null}`).Users.User(t.Context(), operatorID); err != nil || u.ID != operatorID {
		t.Errorf("in capitals: %v, %v", u, err)
	}
}

// A list that is filtered on the way has nothing of others: what is found in it is deleted, or granted to.
func TestAnswersOfOthers(t *testing.T) {
	const body = `{"value":[{"id":"x","appId":"x","principalId":"x","roleDefinitionId":"x","directoryScopeId":"/"}]}`
	for name, read := range map[string]func(c *Client) error{
		"service principal": func(c *Client) error { _, err := c.Apps.ServicePrincipal(t.Context(), operatorID); return err },
		"registration":      func(c *Client) error { _, err := c.Apps.Application(t.Context(), operatorID); return err },
		"roles":             func(c *Client) error { _, err := c.Roles.RoleAssignments(t.Context(), operatorID); return err },
	} {
		if err := read(alwaysAnswering(t, body)); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An account that never signed in has no such property, and one whose password was never set has no such time: the answer is about it all the same.
func TestAnswersThatLeaveOut(t *testing.T) {
	c := alwaysAnswering(t, `{"id":"`+strings.ToUpper(operatorID)+`"}`)
	if a, err := c.Users.SignInActivity(t.Context(), operatorID); err != nil || a != (SignInActivity{}) {
		t.Errorf("never signed in: %+v, %v", a, err)
	}
	if at, err := c.Users.PasswordChanged(t.Context(), operatorID); err != nil || !at.IsZero() {
		t.Errorf("never set: %v, %v", at, err)
	}
	if _, _, err := c.Apps.AppRoles(t.Context(), operatorID); !errors.Is(err, ErrUnavailable) {
		t.Errorf("without the list that was asked for: %v", err)
	}
	c = alwaysAnswering(t, `{"id":"`+operatorID+`","displayName":null,"appRoles":[]}`)
	if api, roles, err := c.Apps.AppRoles(t.Context(), operatorID); err != nil || api != "" || len(roles) != 0 {
		t.Errorf("none offered: %q, %v, %v", api, roles, err)
	}
}

// A policy that lacks what every policy has is about everybody, and asks for something, for all that is known.
func TestPolicyThatLacksMembers(t *testing.T) {
	const users, applications, grant = `"users":{"includeUsers":["All"]}`, `"applications":{"includeApplications":["All"]}`, `"grantControls":{"operator":"OR","builtInControls":["mfa"]}`
	whole := func(conditions, rest string) string {
		return `{"value":[{"id":"1","displayName":"CA","state":"enabled","conditions":` + conditions + `,` + rest + `}]}`
	}
	const session = `"sessionControls":{"signInFrequency":{"value":1,"type":"hours","isEnabled":true}}`
	for name, c := range map[string]struct {
		body    string
		unknown string
		asks    string
	}{
		"unknown grant":      {whole("{"+users+","+applications+"}", session+`,"grantControls":{"operator":"OR","builtInControls":[],"passkeyProof":{"isRequired":true}}`), "grantControls.passkeyProof", notGiven},
		"unknown demand":     {whole("{"+users+","+applications+"}", session+`,"grantControls":null,"proofControls":{"builtInControls":["mfa"]}`), "proofControls", notGiven},
		"unknown condition":  {whole(`{"mood":"bad",`+users+","+applications+"}", session+`,"grantControls":null`), "mood", ""},
		"agents":             {whole(`{"agentIdRiskLevels":"high","users":{"includeUsers":["None"]},`+applications+"}", grant), "", "mfa"},
		"agents and users":   {whole(`{"agentIdRiskLevels":"high",`+users+","+applications+"}", grant), "agentIdRiskLevels", "mfa"},
		"whole":              {whole("{"+users+","+applications+"}", grant), "", "mfa"},
		"no users":           {whole("{"+applications+"}", grant), "users", "mfa"},
		"null users":         {whole(`{"users":null,`+applications+"}", grant), "users", "mfa"},
		"no applications":    {whole("{"+users+"}", grant), "applications", "mfa"},
		"null conditions":    {whole("null", grant), "users applications", "mfa"},
		"null grant":         {whole("{"+users+","+applications+"}", `"grantControls":null`), "", notGiven},
		"no grant":           {whole("{"+users+","+applications+"}", `"sessionControls":null`), "", notGiven},
		"empty grant":        {whole("{"+users+","+applications+"}", `"grantControls":{"operator":"OR","builtInControls":[]}`), "", notGiven},
		"only session":       {whole("{"+users+","+applications+"}", `"grantControls":null,"sessionControls":{"persistentBrowser":{"isEnabled":true}}`), "", ""},
		"workloads":          {whole(`{"clientApplications":{"includeServicePrincipals":["All"]},`+applications+"}", grant), "", "mfa"},
		"strength of no id":  {whole("{"+users+","+applications+"}", `"grantControls":{"authenticationStrength":{"displayName":"x"}}`), "", "strength"},
		"token protection":   {whole("{"+users+","+applications+"}", `"grantControls":null,"sessionControls":{"secureSignInSession":{"isEnabled":true}}`), "", notGiven},
		"protection is off":  {whole("{"+users+","+applications+"}", `"grantControls":null,"sessionControls":{"secureSignInSession":{"isEnabled":false},"signInFrequency":{"isEnabled":true}}`), "", ""},
		"unknown session":    {whole("{"+users+","+applications+"}", `"sessionControls":{"onlyOurBrowser":{"isEnabled":true}}`), "", notGiven},
		"nothing but its id": {`{"value":[{"id":"1"}]}`, "users applications", notGiven},
	} {
		all, err := alwaysAnswering(t, c.body).ConditionalAccess.Policies(t.Context())
		if err != nil || len(all) != 1 {
			t.Errorf("%s: %+v, %v", name, all, err)
			continue
		}
		p := all[0]
		var asks []string
		if p.Grant != nil {
			asks = slices.Clone(p.Grant.Controls)
			if p.Grant.StrengthID != "" {
				asks = append(asks, "strength")
			}
		}
		if strings.Join(p.Unknown, " ") != c.unknown || strings.Join(asks, " ") != c.asks || p.State == "" || p.Name == "" {
			t.Errorf("%s: unknown %v, asks %v, %s %s", name, p.Unknown, asks, p.State, p.Name)
		}
		if c.unknown == "users" && !slices.Equal(p.Users.IncludeUsers, []string{"All"}) {
			t.Errorf("%s: about %v", name, p.Users.IncludeUsers)
		}
	}
	if all, err := alwaysAnswering(t, `{"value":[{"displayName":"CA","state":"enabled"}]}`).ConditionalAccess.Policies(t.Context()); !errors.Is(err, ErrUnavailable) || all != nil {
		t.Errorf("without an id: %+v, %v", all, err)
	}
}

// What came after this program may include what the members that it knows do not.
func TestPolicyThatMayIncludeMore(t *testing.T) {
	const grant = `"grantControls":{"operator":"OR","builtInControls":["block"]}`
	for conditions, included := range map[string]func(Policy) []string{
		`"users":{"includeUsers":["None"],"includeUnits":["x"]}`:                func(p Policy) []string { return p.Users.IncludeUsers },
		`"users":{"includeGroups":["x"],"audience":"everybody"}`:                func(p Policy) []string { return p.Users.IncludeUsers },
		`"applications":{"includeApplications":["None"],"includeSuites":["x"]}`: func(p Policy) []string { return p.Applications.Include },
		`"platforms":{"includePlatforms":["android"],"includeVersions":["x"]}`:  func(p Policy) []string { return p.Platforms.Include },
		`"users":{"includeUsers":["None"],"excludeUnits":["x"]}`:                nil,
		`"platforms":{"includePlatforms":[],"includeVersions":["x"]}`:           nil,
		`"applications":{"includeApplications":["None"],"excludeSuites":["x"]}`: nil,
	} {
		all, err := alwaysAnswering(t, `{"value":[{"id":"1","displayName":"CA","state":"enabled","conditions":{`+conditions+`},`+grant+`}]}`).ConditionalAccess.Policies(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%s: %+v, %v", conditions, all, err)
		}
		p := all[0]
		switch marked := slices.Contains(slices.Concat(p.Users.IncludeUsers, p.Applications.Include, p.Platforms.Include), notGiven); {
		case included == nil && marked, included != nil && !slices.Contains(included(p), notGiven):
			t.Errorf("%s: %+v", conditions, p)
		}
	}
}

// An account is disabled only where the answer says so.
func TestUserWithoutAState(t *testing.T) {
	for body, enabled := range map[string]bool{`{"id":"1"}`: true, `{"id":"1","accountEnabled":null}`: true, `{"id":"1","accountEnabled":false}`: false} {
		if u, err := alwaysAnswering(t, body).Users.User(t.Context(), "1"); err != nil || u.Enabled != enabled {
			t.Errorf("%s: %v, %v", body, u.Enabled, err)
		}
	}
}
