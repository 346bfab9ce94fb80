package state

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
)

// User is an account of the tenant. What only Graph shows and nothing here acts upon is kept in attributes, by
// property name.
type User struct {
	ID, UPN, DisplayName, MailNickname string
	UserType                           string // "Member" or "Guest"
	HomeTenant                         string // of a partner's account, which is no object of this tenant; empty is this tenant
	AccountEnabled                     bool
	OnPremises                         bool
	Created, DeletedAt                 time.Time
	Attributes                         map[string]any
	Licences                           []string // SKU ids
	AcceptedTerms                      []string // ids of terms of use
	Extensions                         []*Extension

	Credentials Credentials
	Sessions    Sessions
	Factors     Factors

	Shown replication.Value[*User] // what readers see; nothing of an account that nobody has changed
}

// Credentials are an account's password and what is known of it.
type Credentials struct {
	Password          string
	Set               []string // passwords that were ever set by a request
	Policies          string
	LastChange        time.Time
	MustChange        bool
	MustChangeWithMFA bool
	Failures          int
	LockedUntil       time.Time
}

// Sessions are which of an account's tokens are still worth something.
type Sessions struct {
	ValidFrom    time.Time
	Challenged   int // the newest access token that is no longer accepted, by number, while its renewal is
	ChallengedAt time.Time
}

// Factors are what stands beside an account's password.
type Factors struct {
	PerUserMFA   string // MFADisabled, MFAEnabled or MFAEnforced
	Methods      []*Method
	AppPasswords []*AppPassword
}

// Method is a second factor that an account has registered.
type Method struct {
	ID      string
	Kind    string // "softwareOath", "microsoftAuthenticator", "fido2" or "temporaryAccessPass"
	Name    string
	Secret  []byte
	Created time.Time

	Lifetime   time.Duration // of a temporary access pass
	UsableOnce bool
	Used       bool
}

// strong says whether the method is a registration: a temporary access pass is not one.
func (m *Method) strong() bool { return m.Kind != MethodTAP }

// Kinds of methods, as Graph spells them.
const (
	MethodTOTP          = "softwareOath"
	MethodAuthenticator = "microsoftAuthenticator"
	MethodFIDO2         = "fido2"
	MethodTAP           = "temporaryAccessPass"
)

// StrongMethods are the registered second factors.
func (u *User) StrongMethods() []*Method {
	return slices.DeleteFunc(slices.Clone(u.Factors.Methods), func(m *Method) bool { return !m.strong() })
}

// DomainName is the part of the user principal name behind its @, in lower case.
func (u *User) DomainName() string {
	_, name, _ := strings.Cut(u.UPN, "@")
	return strings.ToLower(name)
}

// Group is a security group.
type Group struct {
	ID, DisplayName string
	Members         []string         // ids of users and of groups
	Rule            func(*User) bool // of a dynamic group; nil otherwise
	RuleText        string
	RoleAssignable  bool
	Licences        []string // ids of the licences that its members get
}

// Domain is a name that the tenant has, or has asked for.
type Domain struct {
	Name                         string
	Initial, Preferred, Verified bool
	Federated                    bool
}

// RoleAssignment gives a principal a role, for good or until an instant.
type RoleAssignment struct {
	ID, PrincipalID, RoleID, Scope string
	Created                        time.Time
	Until                          time.Time // when it ends by itself; zero of a permanent one
	Activated                      bool      // by its holder, who is eligible; else an administrator assigned it
}

// RoleEligibility lets a principal activate a role, and gives nothing until it does.
type RoleEligibility struct {
	ID, PrincipalID, RoleID string
	Created                 time.Time
}

// UserByIDLocked finds an account that is not deleted, or nil.
func (d *Directory) UserByIDLocked(id string) *User {
	i := slices.IndexFunc(d.Users, func(u *User) bool { return strings.EqualFold(u.ID, id) })
	if i < 0 {
		return d.Crowd.byID(id)
	}
	return d.Users[i]
}

// UserByUPNLocked finds an account that is not deleted by its user principal name, whatever the case, or nil.
func (d *Directory) UserByUPNLocked(upn string) *User {
	i := slices.IndexFunc(d.Users, func(u *User) bool { return strings.EqualFold(u.UPN, upn) })
	if i < 0 {
		return d.Crowd.byUPN(upn)
	}
	return d.Users[i]
}

// DropUserLocked takes an account out of the directory.
func (d *Directory) DropUserLocked(u *User) {
	if !d.Crowd.drop(u) {
		d.Users = slices.DeleteFunc(d.Users, func(other *User) bool { return other == u })
	}
}

// CountUsersLocked is how many accounts there are that are not deleted.
func (d *Directory) CountUsersLocked() int { return len(d.Users) + d.Crowd.Count() }

// UserLocked finds an account by its id or its user principal name, or nil.
func (d *Directory) UserLocked(key string) *User {
	if strings.Contains(key, "@") {
		return d.UserByUPNLocked(key)
	}
	return d.UserByIDLocked(key)
}

// DomainLocked is the domain of this name, or nil.
func (o *Organization) DomainLocked(name string) *Domain {
	i := slices.IndexFunc(o.Domains, func(d *Domain) bool { return strings.EqualFold(d.Name, name) })
	if i < 0 {
		return nil
	}
	return o.Domains[i]
}

// GroupLocked is the group with this id, or nil.
func (d *Directory) GroupLocked(id string) *Group {
	i := slices.IndexFunc(d.Groups, func(g *Group) bool { return strings.EqualFold(g.ID, id) })
	if i < 0 {
		return nil
	}
	return d.Groups[i]
}

// GroupsOfLocked are the groups that u is in, directly or through another group.
func (d *Directory) GroupsOfLocked(u *User) []*Group {
	var found []*Group
	wanted := []string{u.ID}
	for len(wanted) > 0 {
		id := wanted[0]
		wanted = wanted[1:]
		for _, g := range d.Groups {
			in := slices.Contains(g.Members, id) || id == u.ID && g.Rule != nil && g.Rule(u)
			if in && !slices.Contains(found, g) {
				found = append(found, g)
				wanted = append(wanted, g.ID)
			}
		}
	}
	return found
}

// DirectGroupsLocked are the groups that list u itself.
func (d *Directory) DirectGroupsLocked(u *User) []*Group {
	var found []*Group
	for _, g := range d.Groups {
		if slices.Contains(g.Members, u.ID) || g.Rule != nil && g.Rule(u) {
			found = append(found, g)
		}
	}
	return found
}

// rolesLocked are the role template ids that u holds through assignments, its own and its role-assignable groups'.
func (d *Directory) rolesLocked(u *User, assignments []RoleAssignment) []string {
	principals := []string{u.ID}
	if slices.ContainsFunc(d.Groups, func(g *Group) bool { return g.RoleAssignable }) {
		for _, g := range d.GroupsOfLocked(u) {
			if g.RoleAssignable {
				principals = append(principals, g.ID)
			}
		}
	}
	var roles []string
	for _, a := range assignments {
		if !d.Schedules.ActiveLocked(a) {
			continue
		}
		if slices.Contains(principals, a.PrincipalID) && !slices.Contains(roles, a.RoleID) {
			roles = append(roles, a.RoleID)
		}
	}
	return roles
}

// ActiveRolesLocked are the roles u holds now, before any replication.
func (d *Directory) ActiveRolesLocked(u *User) []string {
	return d.rolesLocked(u, d.Assignments.Latest())
}

// SeenRolesLocked are the roles u holds as readers and policies see it.
func (d *Directory) SeenRolesLocked(u *User) []string {
	return d.rolesLocked(u, d.Assignments.Seen(d.Instant(), d.Lag))
}

// IsAdminLocked says whether u holds any directory role.
func (d *Directory) IsAdminLocked(u *User) bool { return len(d.ActiveRolesLocked(u)) > 0 }
