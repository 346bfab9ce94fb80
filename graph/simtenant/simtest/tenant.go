package simtest

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// AddUser adds an enabled account with this password and returns its id.
func (t *Tenant) AddUser(upn, displayName, password string) string {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.SeedUser(state.Employee{UPN: upn, Name: displayName, Password: password})
	u.Created, u.Sessions.ValidFrom = t.State.Instant(), t.State.Instant()
	return u.ID
}

// SetUserType makes an account a "Guest" or a "Member".
func (t Settings) SetUserType(upn, kind string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	t.State.Directory.ChangeUserLocked(u, func() { u.UserType = kind })
	return nil
}

// AddPartner adds the account of a partner with delegated rights here (GDAP): it signs in to this tenant, and is no object
// of it.
func (t *Tenant) AddPartner(upn, password, homeTenant string) {
	t.AddUser(upn, "Partner", password)
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Directory.UserByUPNLocked(upn).HomeTenant = homeTenant
}

// SetRole gives the account a role, or takes it away, at once and without replication lag.
func (t *Tenant) SetRole(upn, roleID string, on bool) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	left := slices.DeleteFunc(slices.Clone(t.State.Directory.Assignments.Latest()), func(a state.RoleAssignment) bool { return a.PrincipalID == u.ID && a.RoleID == roleID })
	if on {
		left = append(left, state.RoleAssignment{ID: t.State.NewKeyLocked(43), PrincipalID: u.ID, RoleID: roleID, Scope: "/", Created: t.State.Instant()})
	}
	t.State.Directory.Assignments.Settle(left)
	return nil
}

// DeleteUserBehindBack removes the account for good.
func (t *Tenant) DeleteUserBehindBack(upn string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	t.State.Directory.DropUserLocked(u)
	return nil
}

// SetSecurityDefaults turns security defaults on or off at once.
func (t *Tenant) SetSecurityDefaults(on bool) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Policies.SecurityDefaults.Settle(on)
}

// SetLag changes how long writes take to be seen, by every reader alike.
func (t *Tenant) SetLag(lag time.Duration) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Lag, t.State.Flapping = lag, false
}

// ClearFaults ends the weather and forgets what FaultAt was to do. What has happened stays: the clock is as wrong as it
// was, a lost consent is lost, and what was written reaches its readers when it was going to.
func (t *Tenant) ClearFaults() {
	t.State.Lock()
	defer t.State.Unlock()
	t.Faults.Clear()
	t.State.Flapping, t.State.Log.AuditDelay, t.Entra.SignIn.BlockDeviceCode = false, 0, false
	t.Entra.Consents.ConsentRefusals, t.Entra.Consents.RefreshesToConsentLoss = 0, 0
}

// EndTokens ends every access token that was issued until now, as for who believes by a clock of their own that they last longer.
func (t SignIns) EndTokens() {
	t.State.Lock()
	defer t.State.Unlock()
	t.Entra.Tokens.Ended = t.Entra.Tokens.TokensIssued
}

// RefuseConsent makes every consent to one of these scopes fail with AADSTS90094.
func (t SignIns) RefuseConsent(scopes ...string) {
	t.State.Lock()
	defer t.State.Unlock()
	for _, scope := range scopes {
		t.Entra.Consents.RefusedScopes[scope] = true
	}
}

// BlockDeviceCode makes sign-ins by device code fail with AADSTS53003.
func (t SignIns) BlockDeviceCode(on bool) {
	t.State.Lock()
	defer t.State.Unlock()
	t.Entra.SignIn.BlockDeviceCode = on
}

// BlockBrowser makes sign-ins of Graph clients by browser fail with AADSTS53003.
func (t SignIns) BlockBrowser(on bool) {
	t.State.Lock()
	defer t.State.Unlock()
	t.Entra.SignIn.BlockBrowser = on
}

// SetFault asks f about every request; what it returns is played out. Nil ends it. It is called without any lock and
// from several goroutines.
func (t *Tenant) SetFault(f func(*http.Request) *fault.Fault) { t.Faults.Set(f) }

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
	t.State.Lock()
	defer t.State.Unlock()
	s := Snapshot{
		Users: map[string]UserSnapshot{}, Policies: map[string]PolicySnapshot{},
		SecurityDefaults: t.State.Policies.SecurityDefaults.Latest(), AppPasswords: t.State.MFA.Service.Latest().AllowAppPasswords,
	}
	for _, u := range t.State.Directory.Users {
		s.Users[u.UPN] = t.userSnapshotLocked(u)
	}
	for i, u := range t.State.Directory.Crowd.All() {
		if now := t.userSnapshotLocked(u); len(now.Roles) > 0 || !reflect.DeepEqual(now, t.userSnapshotLocked(t.State.Directory.Crowd.Fresh(i))) {
			s.Users[u.UPN] = now
		}
	}
	for _, u := range t.State.Directory.Deleted {
		s.Deleted = append(s.Deleted, u.UPN)
	}
	for _, p := range t.State.Policies.ConditionalAccess.Latest() {
		s.Policies[p.DisplayName] = PolicySnapshot{p.ID, p.State, p.Conditions.Users.Clone()}
	}
	for _, sp := range t.State.Applications.ServicePrincipals {
		s.Applications = append(s.Applications, sp.DisplayName)
	}
	slices.Sort(s.Applications)
	for _, target := range t.State.MFA.Campaign.Latest().ExcludeTargets {
		s.CampaignExcludes = append(s.CampaignExcludes, target.ID)
	}
	return s
}

func (t *Tenant) userSnapshotLocked(u *state.User) UserSnapshot {
	out := UserSnapshot{
		ID: u.ID, DisplayName: u.DisplayName, Enabled: u.AccountEnabled, PerUserMFA: u.Factors.PerUserMFA, AppPasswords: len(u.Factors.AppPasswords),
		MustChange: u.Credentials.MustChange || u.Credentials.MustChangeWithMFA, PasswordRules: u.Credentials.Policies,
	}
	for _, a := range t.State.Directory.Assignments.Latest() {
		if a.PrincipalID == u.ID && t.State.Directory.Schedules.ActiveLocked(a) {
			role, _ := state.RoleByID(a.RoleID)
			out.Roles = append(out.Roles, role.Name)
		}
	}
	slices.Sort(out.Roles)
	for _, m := range u.Factors.Methods {
		out.Methods = append(out.Methods, m.Kind)
	}
	return out
}

// PolicyIDs lists the Conditional Access policies whose name contains text.
func (t *Tenant) PolicyIDs(text string) []string {
	t.State.Lock()
	defer t.State.Unlock()
	var ids []string
	for _, p := range t.State.Policies.ConditionalAccess.Latest() {
		if strings.Contains(p.DisplayName, text) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}
