package entra_test

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

func TestConsent(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	plain, admin := w.ID("yuki.tanaka@contoso.com"), w.ID(state.OperatorUPN)
	missing := func(user string, scopes ...string) string {
		return strings.Join(w.Tenant.Entra.Consents.ScopesNeedingConsent(user, state.AppCommandLine, scopes), " ")
	}
	if got := missing(plain, "openid", "User.Read", "AuditLog.Read.All", ".default"); got != "User.Read AuditLog.Read.All" {
		t.Errorf("missing %q", got)
	}
	for _, test := range []struct {
		name, user string
		scopes     []string
		wide       bool
		code       int
	}{
		{"own scope", plain, []string{"User.Read"}, false, 0},
		{"an administrator's scope", plain, []string{"AuditLog.Read.All"}, false, entra.AADAdminConsentRequired},
		{"for everybody", plain, []string{"User.Read"}, true, entra.AADAdminConsentRequired},
		{"administrator for himself", admin, []string{"AuditLog.Read.All"}, false, 0},
	} {
		refusal := w.Tenant.Entra.Consents.GrantConsent(test.user, state.AppCommandLine, test.scopes, test.wide)
		if got := refusal != nil; got != (test.code != 0) || got && refusal.Code != test.code {
			t.Errorf("%s: %v", test.name, refusal)
		}
	}
	if got := missing(plain, "AuditLog.Read.All"); got == "" {
		t.Error("one administrator's own consent is everybody's")
	}
	w.Tenant.SignIns.RefuseConsent("Domain.Read.All")
	if refusal := w.Tenant.Entra.Consents.GrantConsent(admin, state.AppCommandLine, []string{"Domain.Read.All"}, true); refusal == nil {
		t.Error("a refused scope was granted")
	}
	if refusal := w.Tenant.Entra.Consents.GrantConsent(admin, state.AppCommandLine, []string{"AuditLog.Read.All"}, true); refusal != nil {
		t.Error(refusal)
	}
	if got := missing(plain, "AuditLog.Read.All"); got != "" {
		t.Errorf("missing after consent for everybody: %q", got)
	}
	grants := w.Must(200, "GET", "/v1.0/oauth2PermissionGrants?$filter=consentType eq 'AllPrincipals'", "").List()
	if len(grants) != 1 || grants[0]["scope"] != "AuditLog.Read.All" || grants[0]["principalId"] != nil {
		t.Errorf("grants are %v", grants)
	}
}

// Azure CLI is Microsoft's own: it has its scopes in any tenant without consent, and nobody can consent to others for it.
func TestPreauthorizedClient(t *testing.T) {
	w := simtest.NewWire(t, simtenant.Options{})
	admin := w.ID(state.OperatorUPN)
	consents := w.Tenant.Entra.Consents
	if missing := consents.ScopesNeedingConsent(admin, state.AppAzureCLI, []string{"User.ReadWrite.All", "Policy.Read.All"}); len(missing) != 1 || missing[0] != "Policy.Read.All" {
		t.Errorf("missing %v", missing)
	}
	if refusal := consents.GrantConsent(admin, strings.ToUpper(state.AppAzureCLI), []string{"Policy.Read.All"}, true); refusal == nil || refusal.Code != entra.AADNotPreauthorized {
		t.Errorf("consent: %v", refusal)
	}
}
