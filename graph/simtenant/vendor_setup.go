package simtenant

import (
	"errors"
	"slices"
	"strings"
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

// setupPhases are in the order the setup makes them.
var setupPhases = []setupPhase{
	{
		"Delegate365",
		[]string{"Directory.ReadWrite.All", "Group.ReadWrite.All", "User.ReadWrite.All", "Reports.Read.All"},
		[]string{"User.Read", "Directory.AccessAsUser.All"},
	},
	{"Delegate365 Automation", []string{"Directory.Read.All", "AuditLog.Read.All", "Sites.FullControl.All"}, []string{"User.Read"}},
}

// runDelegate365Setup runs the whole setup as the account userID.
func (t *Tenant) runDelegate365Setup(userID string) error {
	for phase := range setupPhases {
		if err := t.runDelegate365SetupPhase(userID, phase); err != nil {
			return err
		}
	}
	return nil
}

// runDelegate365SetupPhase makes one of the two applications; the first phase removes what an earlier setup left.
func (t *Tenant) runDelegate365SetupPhase(userID string, phase int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByIDLocked(userID)
	if u == nil {
		return errNoUser
	}
	if !slices.Contains(t.activeRolesLocked(u), roleGlobalAdministrator) {
		return errNotGlobalAdministrator
	}
	if !t.newer && t.appManagement.secretsRestricted(t.instant()) {
		return errNoClientSecrets
	}
	if phase == 0 {
		for _, s := range slices.Clone(t.sps) {
			if strings.HasPrefix(s.displayName, "Delegate365") {
				t.removeServicePrincipalLocked(u, s)
			}
		}
	}
	t.installVendorAppLocked(u, setupPhases[phase])
	return nil
}

func (t *Tenant) installVendorAppLocked(u *user, phase setupPhase) {
	s := &servicePrincipal{
		id: t.newIDLocked(), appID: t.newIDLocked(), displayName: phase.name, ownerTenant: t.id, created: t.instant(),
		tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"},
	}
	t.sps = append(t.sps, s)
	t.auditApplicationLocked(u, "Add application", "Add", s)
	t.auditApplicationLocked(u, "Add service principal", "Add", s)
	graph := t.servicePrincipalByAppLocked(appGraph)
	for _, role := range graph.appRoles {
		if slices.Contains(phase.appRoles, role.value) {
			t.appRole = append(t.appRole, &appRoleAssignment{id: t.newSecretLocked(43), principalID: s.id, resourceID: graph.id, roleID: role.id, created: t.instant()})
			t.auditApplicationLocked(u, "Add app role assignment to service principal", "Assign", s, change{"AppRole.Value", "", role.value})
		}
	}
	t.grants = append(t.grants, &permissionGrant{id: t.newSecretLocked(43), clientID: s.id, resourceID: graph.id, scopes: phase.delegated})
	t.auditApplicationLocked(u, "Add delegated permission grant", "Add", s, change{"DelegatedPermissionGrant.Scope", "", strings.Join(phase.delegated, " ")})
	t.auditApplicationLocked(u, "Consent to application", "Add", s, change{"ConsentContext.IsAdminConsent", "", "True"})
}

func (t *Tenant) removeServicePrincipalLocked(actor *user, s *servicePrincipal) {
	t.sps = slices.DeleteFunc(t.sps, func(other *servicePrincipal) bool { return other.id == s.id })
	t.grants = slices.DeleteFunc(t.grants, func(g *permissionGrant) bool { return g.clientID == s.id })
	t.appRole = slices.DeleteFunc(t.appRole, func(a *appRoleAssignment) bool { return a.principalID == s.id })
	t.auditApplicationLocked(actor, "Remove service principal", "Delete", s)
}
