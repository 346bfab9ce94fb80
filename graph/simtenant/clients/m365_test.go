package clients

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
)

// Rules of this file: the CLI for Microsoft 365 runs as it comes from npm. It believes to be at Microsoft: a proxy leads
// Microsoft's names to the simulated tenant, and a managed identity's endpoint hands it the operator's token.

const m365Version = "11.11.0"

// m365Package is the installed package, which is installed first where it is not.
func m365Package(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, program, err)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		missing(t, "a folder for the CLI for Microsoft 365", err)
	}
	dir := filepath.Join(cache, "delegate365-onboard", "cli-microsoft365-"+m365Version)
	installed := filepath.Join(dir, "node_modules", "@pnp", "cli-microsoft365")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err == nil {
		return installed
	}
	install := exec.CommandContext(t.Context(), "npm", "install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent",
		"@pnp/cli-microsoft365@"+m365Version)
	if out, err := install.CombinedOutput(); err != nil {
		t.Logf("%s", out)
		missing(t, "the CLI for Microsoft 365", err)
	}
	return installed
}

// m365Command is one command, and what is in its answer.
type m365Command struct {
	Command string         `json:"command"`
	Options map[string]any `json:"options"`
	want    []string       // pieces of JSON without spaces
	failure string         // instead of an answer
}

func TestCLIForMicrosoft365(t *testing.T) {
	if testing.Short() {
		t.Skip("it comes from npm, and takes seconds to start")
	}
	pkg := m365Package(t)
	tenant, server := serveTenant(t, "business")
	if err := tenant.Settings.BuyPremium("P2"); err != nil {
		t.Fatal(err)
	}
	at := endpoints(t, server)
	commands := m365Commands("service.m365@"+at.Domain, at.TenantID)
	for i, said := range runM365(t, pkg, at, commands) {
		c := commands[i]
		if !strings.Contains(said.Failure, c.failure) || (said.Failure != "") != (c.failure != "") {
			t.Errorf("%s: failed with %q, want %q", c.Command, said.Failure, c.failure)
		}
		for _, want := range c.want {
			if !strings.Contains(compact(said.Output), want) {
				t.Errorf("%s: no %s in %s", c.Command, want, said.Output)
			}
		}
	}
	account := tenant.Snapshot().Users["service.m365@"+at.Domain]
	if account.PerUserMFA != "enforced" || !slices.Contains(account.Roles, "Global Administrator") {
		t.Errorf("it left %+v", account)
	}
}

// m365Commands are what an onboarding does, as somebody would do it with this client.
func m365Commands(account, tenant string) []m365Command {
	requirements := "@graphbeta/users/" + account + "/authentication/requirements"
	return []m365Command{
		{Command: "login", Options: map[string]any{"authType": "identity"}},
		{
			Command: "entra user add",
			Options: map[string]any{
				"displayName": "Delegate365 Service", "userName": account, "password": "Correct-Horse-9", "lastName": "Service", "usageLocation": "AT", "jobTitle": "Machine",
			},
			want: []string{`"userPrincipalName":"` + account + `"`, `"displayName":"Delegate365Service"`},
		},
		{
			Command: "entra user get", Options: map[string]any{"userName": account, "properties": "Id,surName,mailNickName"},
			want: []string{`"surname":"Service"`, `"mailNickname":"service.m365"`},
		},
		{
			Command: "entra roleassignment add", Options: map[string]any{"roleDefinitionName": "Global Administrator", "principal": account},
			want: []string{`"roleDefinitionId":"` + globalAdministrator + `"`, `"directoryScopeId":"/"`},
		},
		{
			Command: "entra policy list", Options: map[string]any{"type": "conditionalAccess"},
			want: []string{`"displayName":"CA05`, `"state":"enabled"`},
		},
		{
			Command: "entra pim role assignment list", Options: map[string]any{"userName": account, "withPrincipalDetails": true, "startDateTime": "2020-01-01T00:00:00Z"},
			want: []string{`"roleDefinition":{"displayName":"GlobalAdministrator"}`, `"userPrincipalName":"` + account + `"`, `"assignmentType":"Assigned"`},
		},
		{Command: "request", Options: map[string]any{"url": requirements, "method": "get"}, want: []string{`"perUserMfaState":"disabled"`}},
		{Command: "request", Options: map[string]any{"url": requirements, "method": "patch", "content-type": "application/json", "body": `{"perUserMfaState":"enforced"}`}},
		{Command: "request", Options: map[string]any{"url": requirements, "method": "get"}, want: []string{`"perUserMfaState":"enforced"`}},
		{Command: "tenant id get", Options: map[string]any{"domainName": "contoso.com"}, want: []string{tenant}},
		{Command: "entra group list", failure: "The simulated tenant does not have 'groups'"},
	}
}

func compact(text string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(text) }

// m365Said is what came of one command.
type m365Said struct{ Output, Failure string }

func runM365(t *testing.T, pkg string, at simtenant.Endpoints, commands []m365Command) []m365Said {
	t.Helper()
	told, err := json.Marshal(map[string]any{"package": pkg, "commands": commands})
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	settings := filepath.Join(home, ".config", "configstore")
	if err := os.MkdirAll(settings, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(settings, "cli-m365-config.json"), []byte(`{"disableTelemetry":true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	identity, secret := serveIdentity(t, at.Operator.AccessToken)
	tenant, err := url.Parse(at.Graph)
	if err != nil {
		t.Fatal(err)
	}
	var out, problem bytes.Buffer
	run := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "m365", "commands.mjs"))
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(told), &out, &problem
	run.Env = append(
		os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "IDENTITY_ENDPOINT="+identity, "IDENTITY_HEADER="+secret,
	)
	run.Env = append(run.Env, throughProxy(serveProxy(t, tenant.Host), at.CA)...)
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, problem.String(), out.String())
	}
	var said []m365Said
	if err := json.Unmarshal(out.Bytes(), &said); err != nil || len(said) != len(commands) {
		t.Fatalf("%v: %s", err, out.String())
	}
	return said
}
