package graph

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLookupCloud(t *testing.T) {
	for name, graph := range map[string]string{
		"":       "https://graph.microsoft.com",
		"global": "https://graph.microsoft.com",
		"USGov":  "https://graph.microsoft.us",
		"dod":    "https://dod-graph.microsoft.us",
		"china":  "https://microsoftgraph.chinacloudapi.cn",
	} {
		c, err := LookupCloud(name)
		if err != nil || c.Graph != graph || c.Custom || c.Authority == "" {
			t.Errorf("%q is %+v, %v", name, c, err)
		}
		if err := c.validate(); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestCloudFile(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		want    Cloud
		fails   string
	}{
		"whole": {
			content: `{"name":"mine","authority":"https://login.example/","graph":"https://graph.example:8443","portal":"https://portal.example","account":"https://account.example","securityInfo":"https://me.example/security-info"}`,
			want:    Cloud{Name: "login.example (mine)", Authority: "https://login.example", Graph: "https://graph.example:8443", Portal: "https://portal.example", Account: "https://account.example", SecurityInfo: "https://me.example/security-info", Custom: true},
		},
		"least":      {content: `{"authority":"https://a.example","graph":"https://g.example"}`, want: Cloud{Name: "a.example (cloud)", Authority: "https://a.example", Graph: "https://g.example", Custom: true}},
		"http":       {content: `{"authority":"http://a.example","graph":"https://g.example"}`, fails: "authority must begin with https://, not http://"},
		"http graph": {content: `{"authority":"https://a.example","graph":"http://127.0.0.1:80"}`, fails: "graph must begin with https://"},
		"no graph":   {content: `{"authority":"https://a.example"}`, fails: "graph is missing"},
		"path":       {content: `{"authority":"https://a.example/common","graph":"https://g.example"}`, fails: "authority must be a host without a path"},
		"query":      {content: `{"authority":"https://a.example","graph":"https://g.example?x=1"}`, fails: "graph must be a plain https address"},
		"user":       {content: `{"authority":"https://u:p@a.example","graph":"https://g.example"}`, fails: "authority must be a plain https address"},
		"no host":    {content: `{"authority":"login.example","graph":"https://g.example"}`, fails: "authority must be a plain https address"},
		"called Microsoft's": {
			content: `{"name":"Microsoft 365","authority":"https://evil.example","graph":"https://g.example"}`,
			want:    Cloud{Name: "evil.example (Microsoft 365)", Authority: "https://evil.example", Graph: "https://g.example", Custom: true},
		},
		"Cyrillic name":   {content: `{"name":"gl\u043ebal","authority":"https://a.example","graph":"https://g.example"}`, fails: "ASCII"},
		"name of a line":  {content: `{"name":"a\nb","authority":"https://a.example","graph":"https://g.example"}`, fails: "ASCII"},
		"Cyrillic host":   {content: `{"authority":"https://login.micros\u043eft.example","graph":"https://g.example"}`, fails: "authority must be a plain https address"},
		"empty":           {content: ``, fails: "not the JSON object"},
		"array":           {content: `[]`, fails: "not the JSON object"},
		"two objects":     {content: `{"authority":"https://a.example","graph":"https://g.example"}{}`, fails: "something follows"},
		"Microsoft's own": {content: `{"name":"Global","authority":"https://a.example","graph":"https://g.example"}`, fails: "choose another"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cloud.json")
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := LookupCloud(path)
			switch {
			case test.fails == "" && (err != nil || got != test.want):
				t.Errorf("got %+v, %v", got, err)
			case test.fails != "" && (err == nil || !strings.Contains(err.Error(), test.fails) || !strings.Contains(err.Error(), path)):
				t.Errorf("error is %v, want %q", err, test.fails)
			}
		})
	}
	if _, err := LookupCloud("gobal"); err == nil || !strings.Contains(err.Error(), "use global, usgov, dod, china") {
		t.Errorf("a misspelt name gives %v", err)
	}
	if _, err := LookupCloud(filepath.Join(t.TempDir(), "none.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
}

func TestCloudLinks(t *testing.T) {
	global, _ := LookupCloud("global")
	gov, _ := LookupCloud("usgov")
	for name, test := range map[string]struct{ got, want string }{
		"per-user MFA":         {global.PerUserMFAURL(), "https://entra.microsoft.com/#view/Microsoft_AAD_AuthenticationMethods/MultifactorAuthenticationConfig.ReactView/tabId/users"},
		"service settings":     {global.ServiceSettingsURL(), "https://account.activedirectory.windowsazure.com/UserManagement/MfaSettings.aspx"},
		"service settings gov": {gov.ServiceSettingsURL(), gov.PerUserMFAURL()},
		"app passwords":        {global.AppPasswordsURL(), "https://account.activedirectory.windowsazure.com/AppPasswords.aspx"},
		"app passwords gov":    {gov.AppPasswordsURL(), ""},
		"security info":        {global.SecurityInfoURL(), "https://mysignins.microsoft.com/security-info"},
		"security info gov":    {gov.SecurityInfoURL(), ""},
		"device":               {global.DeviceLoginURL(), "https://microsoft.com/devicelogin"},
		"device gov":           {gov.DeviceLoginURL(), "https://login.microsoftonline.us/common/oauth2/deviceauth"},
		"user":                 {gov.UserURL("1"), "https://entra.microsoft.us/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/1"},
		"no portal":            {Cloud{}.ConditionalAccessURL(), ""},
	} {
		if test.got != test.want {
			t.Errorf("%s is %q, want %q", name, test.got, test.want)
		}
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	for name, o := range map[string]Options{
		"http graph":     {Cloud: Cloud{Authority: "https://a.example", Graph: "http://g.example"}},
		"http authority": {Cloud: Cloud{Authority: "http://a.example", Graph: "https://g.example"}},
		"client id":      {ClientID: "my app"},
		"tenant":         {Tenant: "contoso.example/evil"},
	} {
		if _, err := New(o); !errors.Is(err, ErrInvalid) || OutcomeOf(err) != Refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A document leads to the cloud's own pages and to Microsoft's documentation, by https, and to no other.
func TestOwnPage(t *testing.T) {
	global, _ := builtInCloud("global")
	china, _ := builtInCloud("china")
	for _, c := range []struct {
		cloud   Cloud
		address string
		own     bool
	}{
		{global, "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess", true},
		{global, global.UserURL("an id"), true},
		{global, "https://learn.microsoft.com/entra", true},
		{global, global.ServiceSettingsURL(), true},
		{china, "https://learn.microsoft.com/entra", true},
		{china, "https://entra.microsoft.com/", false},
		{global, "http://entra.microsoft.com/", false},
		{global, "https://entra.microsoft.com.example/", false},
		{global, "https://eve@entra.microsoft.com/", false},
		{global, "javascript:alert(1)", false},
		{global, "https://security.microsoft.com/", false},
		{global, "", false},
	} {
		if got := c.cloud.OwnPage(c.address); (got == c.address && got != "") != c.own {
			t.Errorf("%s in %s: %q", c.address, c.cloud.Name, got)
		}
	}
}
