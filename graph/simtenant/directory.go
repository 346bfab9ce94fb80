package simtenant

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
)

// user is an account of the tenant. What only Graph shows and nothing here acts upon is kept in attributes, by
// property name.
type user struct {
	id, upn, displayName, mailNickname string
	userType                           string // "Member" or "Guest"
	homeTenant                         string // of a partner's account, which is no object of this tenant; empty is this tenant
	password                           string
	passwords                          []string // that were ever set by a request
	passwordPolicies                   string
	lastPasswordChange                 time.Time
	mustChangePassword                 bool
	mustChangeWithMFA                  bool
	accountEnabled                     bool
	onPremises                         bool
	created, deletedAt                 time.Time
	sessionsValidFrom                  time.Time
	attributes                         map[string]any
	licences                           []string // SKU ids

	methods      []*method
	appPasswords []*appPassword
	mfaState     string // mfaDisabled, mfaEnabled or mfaEnforced

	acceptedTerms []string // ids of terms of use

	challenged   int // the newest access token that is no longer accepted, by number, while its renewal is
	challengedAt time.Time

	failures    int
	lockedUntil time.Time

	shown replication.Value[*user] // what readers see; nothing of an account that nobody has changed
}

// method is a second factor that an account has registered.
type method struct {
	id      string
	kind    string // "softwareOath", "microsoftAuthenticator", "fido2" or "temporaryAccessPass"
	name    string
	secret  []byte
	created time.Time

	lifetime   time.Duration // of a temporary access pass
	usableOnce bool
	used       bool
}

// strong says whether the method is a registration: a temporary access pass is not one.
func (m *method) strong() bool { return m.kind != methodTAP }

const (
	methodTOTP          = "softwareOath"
	methodAuthenticator = "microsoftAuthenticator"
	methodFIDO2         = "fido2"
	methodTAP           = "temporaryAccessPass"
)

// strongMethods are the registered second factors.
func (u *user) strongMethods() []*method {
	return slices.DeleteFunc(slices.Clone(u.methods), func(m *method) bool { return !m.strong() })
}

// domainName is the part of the user principal name behind its @, in lower case.
func (u *user) domainName() string {
	_, name, _ := strings.Cut(u.upn, "@")
	return strings.ToLower(name)
}

type group struct {
	id, displayName string
	members         []string         // ids of users and of groups
	rule            func(*user) bool // of a dynamic group; nil otherwise
	ruleText        string
	roleAssignable  bool
	licences        []string // ids of the licences that its members get
}

type domain struct {
	name                         string
	initial, preferred, verified bool
	federated                    bool
}

type roleAssignment struct {
	id, principalID, roleID, scope string
	created                        time.Time
	until                          time.Time // of an activation; zero of a permanent one
}

// roleEligibility lets a principal activate a role, and gives nothing until it does.
type roleEligibility struct {
	id, principalID, roleID string
	created                 time.Time
}

// ended says whether an activation is over.
func (a roleAssignment) ended(now time.Time) bool { return !a.until.IsZero() && !a.until.After(now) }

// userByIDLocked finds an account that is not deleted, or nil.
func (t *Tenant) userByIDLocked(id string) *user {
	i := slices.IndexFunc(t.users, func(u *user) bool { return strings.EqualFold(u.id, id) })
	if i < 0 {
		return t.crowd.byID(id)
	}
	return t.users[i]
}

// userByUPNLocked finds an account that is not deleted by its user principal name, whatever the case, or nil.
func (t *Tenant) userByUPNLocked(upn string) *user {
	i := slices.IndexFunc(t.users, func(u *user) bool { return strings.EqualFold(u.upn, upn) })
	if i < 0 {
		return t.crowd.byUPN(upn)
	}
	return t.users[i]
}

// dropUserLocked takes an account out of the directory.
func (t *Tenant) dropUserLocked(u *user) {
	if !t.crowd.drop(u) {
		t.users = slices.DeleteFunc(t.users, func(other *user) bool { return other == u })
	}
}

// countUsersLocked is how many accounts there are that are not deleted.
func (t *Tenant) countUsersLocked() int { return len(t.users) + t.crowd.count() }

// userLocked finds an account by its id or its user principal name, or nil.
func (t *Tenant) userLocked(key string) *user {
	if strings.Contains(key, "@") {
		return t.userByUPNLocked(key)
	}
	return t.userByIDLocked(key)
}

func (t *Tenant) domainLocked(name string) *domain {
	i := slices.IndexFunc(t.domains, func(d *domain) bool { return strings.EqualFold(d.name, name) })
	if i < 0 {
		return nil
	}
	return t.domains[i]
}

func (t *Tenant) groupLocked(id string) *group {
	i := slices.IndexFunc(t.groups, func(g *group) bool { return strings.EqualFold(g.id, id) })
	if i < 0 {
		return nil
	}
	return t.groups[i]
}

// groupsOfLocked are the groups that u is in, directly or through another group.
func (t *Tenant) groupsOfLocked(u *user) []*group {
	var found []*group
	wanted := []string{u.id}
	for len(wanted) > 0 {
		id := wanted[0]
		wanted = wanted[1:]
		for _, g := range t.groups {
			in := slices.Contains(g.members, id) || id == u.id && g.rule != nil && g.rule(u)
			if in && !slices.Contains(found, g) {
				found = append(found, g)
				wanted = append(wanted, g.id)
			}
		}
	}
	return found
}

// directGroupsLocked are the groups that list u itself.
func (t *Tenant) directGroupsLocked(u *user) []*group {
	var found []*group
	for _, g := range t.groups {
		if slices.Contains(g.members, u.id) || g.rule != nil && g.rule(u) {
			found = append(found, g)
		}
	}
	return found
}

// rolesLocked are the role template ids that u holds through assignments, its own and its role-assignable groups'.
func (t *Tenant) rolesLocked(u *user, assignments []roleAssignment) []string {
	principals := []string{u.id}
	if slices.ContainsFunc(t.groups, func(g *group) bool { return g.roleAssignable }) {
		for _, g := range t.groupsOfLocked(u) {
			if g.roleAssignable {
				principals = append(principals, g.id)
			}
		}
	}
	var roles []string
	for _, a := range assignments {
		if a.ended(t.instant()) {
			continue
		}
		if slices.Contains(principals, a.principalID) && !slices.Contains(roles, a.roleID) {
			roles = append(roles, a.roleID)
		}
	}
	return roles
}

// activeRolesLocked are the roles u holds now, before any replication.
func (t *Tenant) activeRolesLocked(u *user) []string {
	return t.rolesLocked(u, t.assignments.Latest())
}

// seenRolesLocked are the roles u holds as readers and policies see it.
func (t *Tenant) seenRolesLocked(u *user) []string {
	return t.rolesLocked(u, t.assignments.Seen(t.instant(), t.opts.Lag))
}

// isAdminLocked says whether u holds any directory role.
func (t *Tenant) isAdminLocked(u *user) bool { return len(t.activeRolesLocked(u)) > 0 }
