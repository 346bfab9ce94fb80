package web

import (
	"crypto/x509"
	"errors"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file: Delegate365's setup registers two applications and removes those an earlier run left; it acts as
// the account that was typed in, so it needs that account to be an active Global Administrator. The names and
// permissions are this simulation's: the vendor publishes none.

var errNotGlobalAdministrator = errors.New("insufficient privileges to complete the operation: the account is not a Global Administrator")

// errNoClientSecrets is in Graph's words. That the older setup adds a secret, and the newer a certificate, is this
// simulation's.
var errNoClientSecrets = errors.New("credential type not allowed as per assigned policy 'Default app management tenant policy'")

// setupPhase is one of the applications that the setup makes.
type setupPhase struct {
	name      string
	appRoles  []string
	delegated []string
}

// SetupPhases are in the order the setup makes them.
var SetupPhases = []setupPhase{
	{
		"Delegate365",
		[]string{"Directory.ReadWrite.All", "Group.ReadWrite.All", "User.ReadWrite.All", "Reports.Read.All"},
		[]string{"User.Read", "Directory.AccessAsUser.All"},
	},
	{"Delegate365 Automation", []string{"Directory.Read.All", "AuditLog.Read.All", "Sites.FullControl.All"}, []string{"User.Read"}},
}

// Name is what the application is called.
func (p setupPhase) Name() string { return p.name }

// RunSetupPhase makes one of the two applications; the first phase removes what an earlier setup left.
func (s *Site) RunSetupPhase(userID string, phase int) error {
	t := s.t
	t.Lock()
	defer t.Unlock()
	u := t.Directory.UserByIDLocked(userID)
	if u == nil {
		return state.ErrNoUser
	}
	if !state.HoldsAny(t.Directory.ActiveRolesLocked(u), []string{state.RoleGlobalAdministrator}) {
		return errNotGlobalAdministrator
	}
	if !t.Newer && t.Policies.AppManagement.SecretsRestricted(t.Instant()) {
		return errNoClientSecrets
	}
	if phase == 0 {
		for _, old := range slices.Clone(t.Applications.ServicePrincipals) {
			if strings.HasPrefix(old.DisplayName, "Delegate365") {
				removeServicePrincipal(t, u, old)
			}
		}
	}
	installVendorApp(t, u, SetupPhases[phase])
	return nil
}

// InstallLocked makes both applications, as a setup that this account ran.
func InstallLocked(t *state.Tenant, u *state.User) {
	for _, phase := range SetupPhases {
		installVendorApp(t, u, phase)
	}
}

func installVendorApp(t *state.Tenant, u *state.User, phase setupPhase) {
	_, s := t.Applications.RegisterLocked(u, phase.name, vendorCredential(t))
	graph := t.Applications.ServicePrincipalByAppLocked(state.AppGraph)
	for _, role := range phase.appRoles {
		t.Applications.GiveAppRoleLocked(u, s, graph, role)
	}
	grant := &state.PermissionGrant{ID: t.NewKeyLocked(43), ClientID: s.ID, ResourceID: graph.ID, Scopes: phase.delegated}
	t.Applications.Grants = append(t.Applications.Grants, grant)
	t.Applications.AuditGrantLocked(u, "Add delegated permission grant", grant, nil, phase.delegated)
	t.Applications.AuditConsentLocked(u, s, grant)
}

// vendorCredential is what the application signs in with: a secret, and of the newer Delegate365 a certificate, for two years.
func vendorCredential(t *state.Tenant) *state.AppCredential {
	c := &state.AppCredential{ID: t.NewIDLocked(), Name: "Delegate365", Starts: t.Instant(), Ends: t.Instant().AddDate(2, 0, 0)}
	if t.Newer {
		c.Certificate = &x509.Certificate{}
	}
	return c
}

func removeServicePrincipal(t *state.Tenant, actor *state.User, s *state.ServicePrincipal) {
	if r := t.Applications.RegisteredLocked(s.AppID); r != nil {
		t.Applications.UnregisterLocked(actor, r)
	}
	t.Applications.DropPrincipalLocked(actor, s)
}
