package e2e_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// servedTenant is a simulated tenant that programs reach over the network: in a process of its own, in the fast set in this one.
type servedTenant struct {
	t    *testing.T
	ep   simtenant.Endpoints
	file string // its addresses, as demo --connect takes them
	http *http.Client
}

func serve(t *testing.T, profile string, more ...string) *servedTenant {
	t.Helper()
	if testing.Short() && len(more) == 0 {
		_, o := quickly(t, simtenant.Options{Profile: profile, DeviceInterval: time.Second})
		return o
	}
	cmd := runnable(t, program(t), append([]string{"demo", "--serve", "--json", "--profile", profile}, more...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the tenant printed no addresses: %v", err)
	}
	return visit(t, line)
}

// quickly serves a tenant in this process, whose Delegate365 sets itself up at once.
func quickly(t *testing.T, options simtenant.Options) (*simtest.Tenant, *servedTenant) {
	t.Helper()
	tenant, err := simtest.New(options)
	if err != nil {
		t.Fatal(err)
	}
	tenant.WatchSecrets()
	server, err := tenant.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	ep := server.Endpoints()
	if ep.Operator.AccessToken, err = server.OperatorToken(); err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(ep)
	if err != nil {
		t.Fatal(err)
	}
	return tenant, visit(t, line)
}

// visit is the tenant whose addresses these are, as demo --serve --json prints them.
func visit(t *testing.T, line []byte) *servedTenant {
	t.Helper()
	o := &servedTenant{t: t, file: filepath.Join(t.TempDir(), "tenant.json")}
	if err := json.Unmarshal(line, &o.ep); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if err := os.WriteFile(o.file, line, 0o600); err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(o.ep.CA)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatal("the tenant's CA is no certificate")
	}
	o.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	return o
}

// get asks Graph as the operator, with nothing of this project's client between.
func (o *servedTenant) get(path string, into any) int {
	o.t.Helper()
	q, err := http.NewRequestWithContext(context.Background(), http.MethodGet, o.ep.Graph+path, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+o.ep.Operator.AccessToken)
	answer, err := o.http.Do(q)
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	if into != nil && answer.StatusCode == http.StatusOK {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			o.t.Fatal(err)
		}
	}
	return answer.StatusCode
}

const serviceAccount = "service.delegate365@contoso.com"

// onboarded asks the tenant whether the onboarding is there, whole, once, and closed.
func (o *servedTenant) onboarded() {
	o.t.Helper()
	var user struct{ ID string }
	if status := o.get("/v1.0/users/"+serviceAccount, &user); status != http.StatusOK {
		o.t.Fatalf("the service account: %d", status)
	}
	if roles := o.roles(user.ID); !slices.Equal(roles, []string{globalAdministrator}) {
		o.t.Errorf("its roles are %q", roles)
	}
	var mfa struct{ PerUserMfaState string }
	o.get("/beta/users/"+user.ID+"/authentication/requirements", &mfa)
	if mfa.PerUserMfaState != "enforced" {
		o.t.Errorf("its per-user MFA is %q", mfa.PerUserMfaState)
	}
	var apps struct {
		Value []struct{ DisplayName string }
	}
	o.get("/v1.0/servicePrincipals?$filter=startswith(displayName,'Delegate365')", &apps)
	if len(apps.Value) != 2 {
		o.t.Errorf("Delegate365's apps are %+v", apps.Value)
	}
	var setting struct{ AllowAppPasswords bool }
	o.get("/beta/policies/mfaServicePolicy", &setting)
	if !setting.AllowAppPasswords {
		o.t.Error("app passwords are not allowed")
	}
	var policies struct {
		Value []struct {
			DisplayName string
			Conditions  struct {
				Users struct{ ExcludeUsers []string }
			}
		}
	}
	o.get("/v1.0/identity/conditionalAccess/policies", &policies)
	for _, p := range policies.Value {
		for _, id := range p.Conditions.Users.ExcludeUsers {
			if id == user.ID {
				o.t.Errorf("%s still excludes it", p.DisplayName)
			}
		}
	}
}

// untouched asks the tenant whether nobody made the service account.
func (o *servedTenant) untouched() {
	o.t.Helper()
	if status := o.get("/v1.0/users/"+serviceAccount, nil); status != http.StatusNotFound {
		o.t.Errorf("the service account answers %d", status)
	}
}
