package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
)

// inProcess is a place whose tenant a test holds in its hands.
type inProcess struct{ w world }

func (inProcess) define(*pflag.FlagSet) {}

func (p inProcess) in(act func(world) error) error { return act(p.w) }

// A provider's scheduler reviews one tenant after the other without anybody: one line each, and an exit code.
func TestReviewWithoutAPerson(t *testing.T) {
	permissions := []string{"AuditLog.Read.All", "Directory.Read.All", "Policy.Read.All", "RoleManagement.Read.Directory", "UserAuthenticationMethod.Read.All"}
	for name, c := range map[string]struct {
		profile     string
		permissions []string
		life        time.Duration
		says        string
		err         error
	}{
		"stands":          {"onboarded", permissions, time.Hour, "contoso.com: as it should be (15 rows)", nil},
		"drifted":         {"drifted", permissions, time.Hour, "contoso.com: drifted: Per-user MFA: disabled; ", errDoesNotHold},
		"less permission": {"onboarded", permissions[:4], time.Hour, "contoso.com: not known: Registered factors: could not be read", errNotChecked},
		"no permission":   {"onboarded", nil, time.Hour, "contoso.com: not read: Could not read the tenant's name.", errNotChecked},
		"over":            {"onboarded", permissions, -time.Minute, "contoso.com: not read: Could not sign in. The certificate is not one of the application", errNotChecked},
	} {
		t.Run(name, func(t *testing.T) {
			tenant, err := simtest.New(simtenant.Options{Profile: c.profile})
			if err != nil {
				t.Fatal(err)
			}
			tenant.Graph.ConditionalAccess.Most, tenant.Graph.Reports.Most = 1<<30, 1<<30
			certificate, err := simtest.NewCertificate(time.Now(), c.life)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "review.pem")
			if err := os.WriteFile(file, certificate.PEM, 0o600); err != nil {
				t.Fatal(err)
			}
			id, ep := simtest.AddApplication(tenant, "Provider's review", certificate, c.permissions...), tenant.Endpoints()
			var out, said bytes.Buffer
			usual, usualErr := stdout, stderr
			stdout, stderr = &out, &said
			defer func() { stdout, stderr = usual, usualErr }()
			command := reviewCommand(inProcess{world{
				cloud:   graph.Cloud{Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: ep.Portal, Account: ep.Portal, SecurityInfo: ep.Portal, Delegate365: ep.Delegate365, Custom: true},
				journal: t.TempDir(), keyRing: &keyring.Memory{}, transport: tenant.Transport(),
			}})
			command.SilenceUsage, command.SilenceErrors = true, true
			command.SetArgs([]string{"--tenant", "contoso.com", "--client-id", id, "--certificate", file, "--quiet"})
			if err := command.ExecuteContext(t.Context()); !errors.Is(err, c.err) {
				t.Errorf("%v, want %v", err, c.err)
			}
			if text := out.String(); !strings.HasPrefix(text, c.says) || strings.Count(text, "\n") != 1 {
				t.Errorf("it says %q, want %q", text, c.says)
			}
			if said.Len() > 0 {
				t.Errorf("it says more: %q", said.String())
			}
		})
	}
}
