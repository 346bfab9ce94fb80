package simtenant

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
)

// Rules of this file: what tests and rehearsals do to a tenant behind everybody's back. Nothing here is in Microsoft's
// power to refuse, and nothing here is written to a log.

// AccessToken signs a token for Graph as if upn had signed in to Microsoft's command-line client. Without scopes it
// carries every scope there is. The error names an unknown account.
func (t *Tenant) AccessToken(upn string, scopes ...string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByUPNLocked(upn)
	if u == nil {
		return "", fmt.Errorf("%w: %s", errNoUser, upn)
	}
	if len(scopes) == 0 {
		scopes = allGraphScopes()
	}
	req := &tokenRequest{user: u, client: &commandLineTools, completedMFA: true}
	return t.accessTokenLocked(publicCloud, req, scopes), nil
}

// AddUser adds an enabled account with this password and returns its id.
func (t *Tenant) AddUser(upn, displayName, password string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.seedUser(employee{upn: upn, name: displayName, password: password})
	u.created, u.sessionsValidFrom = t.instant(), t.instant()
	return u.id
}

// AddPartner adds the account of a partner with delegated rights here (GDAP): it signs in to this tenant, and is no object
// of it.
func (t *Tenant) AddPartner(upn, password, homeTenant string) {
	t.AddUser(upn, "Partner", password)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.userByUPNLocked(upn).homeTenant = homeTenant
}

// SetRole gives the account a role, or takes it away, at once and without replication lag.
func (t *Tenant) SetRole(upn, roleID string, on bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", errNoUser, upn)
	}
	left := slices.DeleteFunc(slices.Clone(t.assignments.Latest()), func(a roleAssignment) bool { return a.principalID == u.id && a.roleID == roleID })
	if on {
		left = append(left, roleAssignment{id: t.newSecretLocked(43), principalID: u.id, roleID: roleID, scope: "/", created: t.instant()})
	}
	t.assignments.Settle(left)
	return nil
}

// DeleteUserBehindBack removes the account for good.
func (t *Tenant) DeleteUserBehindBack(upn string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", errNoUser, upn)
	}
	t.dropUserLocked(u)
	return nil
}

// SetSecurityDefaults turns security defaults on or off at once.
func (t *Tenant) SetSecurityDefaults(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.securityDefaults.Settle(on)
}

// SetLag changes how long writes take to be seen, by every reader alike.
func (t *Tenant) SetLag(lag time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.opts.Lag, t.flapping = lag, false
}

// ClearFaults ends the weather and forgets what FaultAt was to do. What has happened stays: the clock is as wrong as it
// was, a lost consent is lost, and what was written reaches its readers when it was going to.
func (t *Tenant) ClearFaults() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults.Clear()
	t.flapping, t.auditDelay, t.blockDeviceCode = false, 0, false
	t.consentRefusals, t.refreshesToConsentLoss = 0, 0
}

// RefuseConsent makes every consent to one of these scopes fail with AADSTS90094.
func (t *Tenant) RefuseConsent(scopes ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, scope := range scopes {
		t.refusedScopes[scope] = true
	}
}

// BlockDeviceCode makes sign-ins by device code fail with AADSTS53003.
func (t *Tenant) BlockDeviceCode(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.blockDeviceCode = on
}

// BlockBrowser makes sign-ins of Graph clients by browser fail with AADSTS53003.
func (t *Tenant) BlockBrowser(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.blockBrowser = on
}

// SetFault asks f about every request; what it returns is played out. Nil ends it. It is called without any lock and
// from several goroutines.
func (t *Tenant) SetFault(f func(*http.Request) *fault.Fault) { t.faults.Set(f) }

// Snapshot is the tenant as it is, without secrets, for comparing before and after. It encodes to JSON.
type Snapshot struct {
	Users            map[string]UserSnapshot   `json:"users"` // by user principal name
	Deleted          []string                  `json:"deleted"`
	Policies         map[string]PolicySnapshot `json:"policies"` // by display name
	Applications     []string                  `json:"applications"`
	SecurityDefaults bool                      `json:"securityDefaults"`
	AppPasswords     bool                      `json:"allowAppPasswords"`
	CampaignExcludes []string                  `json:"campaignExcludes"`
}

// UserSnapshot is one account.
type UserSnapshot struct {
	ID            string   `json:"id"`
	DisplayName   string   `json:"displayName"`
	Enabled       bool     `json:"enabled"`
	Roles         []string `json:"roles"` // display names, directly assigned, one for each assignment
	PerUserMFA    string   `json:"perUserMfa"`
	Methods       []string `json:"methods"`
	AppPasswords  int      `json:"appPasswords"`
	MustChange    bool     `json:"mustChangePassword"`
	PasswordRules string   `json:"passwordPolicies"`
}

// PolicySnapshot is whom one Conditional Access policy concerns.
type PolicySnapshot struct {
	ID    string                  `json:"id"`
	State string                  `json:"state"`
	Users conditionalaccess.Users `json:"users"`
}

// Snapshot copies the tenant's present state, before any replication lag. Of the crowd of the profile big it has those
// that are no longer as they were.
func (t *Tenant) Snapshot() Snapshot {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Snapshot{
		Users: map[string]UserSnapshot{}, Policies: map[string]PolicySnapshot{},
		SecurityDefaults: t.securityDefaults.Latest(), AppPasswords: t.mfaService.Latest().allowAppPasswords,
	}
	for _, u := range t.users {
		s.Users[u.upn] = t.userSnapshotLocked(u)
	}
	for i, u := range t.crowd.all() {
		if now := t.userSnapshotLocked(u); len(now.Roles) > 0 || !reflect.DeepEqual(now, t.userSnapshotLocked(t.crowd.fresh(i))) {
			s.Users[u.upn] = now
		}
	}
	for _, u := range t.deleted {
		s.Deleted = append(s.Deleted, u.upn)
	}
	for _, p := range t.policies.Latest() {
		s.Policies[p.DisplayName] = PolicySnapshot{p.ID, p.State, p.Conditions.Users.Clone()}
	}
	for _, sp := range t.sps {
		s.Applications = append(s.Applications, sp.displayName)
	}
	slices.Sort(s.Applications)
	for _, target := range t.campaign.Latest().excludeTargets {
		s.CampaignExcludes = append(s.CampaignExcludes, target.ID)
	}
	return s
}

func (t *Tenant) userSnapshotLocked(u *user) UserSnapshot {
	out := UserSnapshot{
		ID: u.id, DisplayName: u.displayName, Enabled: u.accountEnabled, PerUserMFA: u.mfaState, AppPasswords: len(u.appPasswords),
		MustChange: u.mustChangePassword || u.mustChangeWithMFA, PasswordRules: u.passwordPolicies,
	}
	for _, a := range t.assignments.Latest() {
		if a.principalID == u.id {
			role, _ := roleByID(a.roleID)
			out.Roles = append(out.Roles, role.name)
		}
	}
	slices.Sort(out.Roles)
	for _, m := range u.methods {
		out.Methods = append(out.Methods, m.kind)
	}
	return out
}

// PolicyIDs lists the Conditional Access policies whose name contains text.
func (t *Tenant) PolicyIDs(text string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var ids []string
	for _, p := range t.policies.Latest() {
		if strings.Contains(p.DisplayName, text) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}
