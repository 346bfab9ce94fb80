// Package state is what a simulated tenant is, and the rules it keeps whoever asks: its accounts, roles, applications,
// policies, settings and logs. It answers no request: sign-in, Graph and the pages are built on it.
package state

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/replication"
)

// Rules of this package: one lock guards all of a tenant, because a request sees and changes all of it at once. What ends
// in Locked wants it held; everything else takes it.

// Tenant is one tenant's state.
type Tenant struct {
	*Base
	Organization *Organization
	Log          *Log
	Directory    *Directory
	Applications *Applications
	Policies     *Policies
	MFA          *MFA

	Newer bool // its Delegate365 needs no app password
}

// Base is what every part of a tenant rests on: its lock, its clock, its ids, and when readers see what was written.
type Base struct {
	sync.Mutex
	Now      func() time.Time
	Lag      time.Duration // how long a write takes to be seen
	Flapping bool          // what is written from now on reaches the replicas one after another
	Delays   func(flaps int) *[replication.Replicas]time.Duration
	flaps    int // writes that flapped

	Random *rand.Rand // ids of directory objects
	Noise  *rand.Rand // ids of requests and tokens, kept apart so that traffic does not change object ids
	taken  map[string]bool
	issued *issued
}

// Organization is what a tenant is called, and has bought.
type Organization struct {
	ID          string
	DisplayName string
	Created     time.Time
	Domains     []*Domain
	SKUs        []*SKU
	Scores      []*SecureScore
	SMTPAuth    bool // Exchange Online takes passwords by SMTP
}

// Log is the audit log and the sign-in log.
type Log struct {
	*Base
	Audits     []*AuditEntry
	SignIns    []*SignInEntry
	AuditDelay time.Duration
}

// Directory is who is in a tenant, and which roles they hold.
type Directory struct {
	*Base
	log          *Log
	organization *Organization

	Users       []*User
	Crowd       *Crowd // further users, of the profile big
	Deleted     []*User
	Groups      []*Group
	Assignments replication.Value[[]RoleAssignment]
	Eligible    []RoleEligibility
	Schedules   *Schedules
}

// Applications are a tenant's service principals and what was granted to them.
type Applications struct {
	*Base
	log          *Log
	organization *Organization

	Registered        []*Application
	ServicePrincipals []*ServicePrincipal
	Grants            []*PermissionGrant
	AppRoles          []*AppRoleAssignment

	deletedApplications []deleted[*Application]
	deletedPrincipals   []deleted[*ServicePrincipal]
}

// Policies are what a tenant demands of a sign-in, and of those who administer it.
type Policies struct {
	*Base
	log          *Log
	directory    *Directory
	organization *Organization

	Locations         []conditionalaccess.Location
	ConditionalAccess replication.Value[[]*conditionalaccess.Policy]
	SecurityDefaults  replication.Value[bool]
	Strengths         []*conditionalaccess.AuthenticationStrength
	AppManagement     AppManagementPolicy
	Protected         map[string]string // authentication contexts, by the protected action
}

// MFA is what people register, and the older settings of multi-factor authentication: per user, and of the whole tenant.
type MFA struct {
	*Base
	log       *Log
	directory *Directory
	policies  *Policies

	Campaign        replication.Value[Campaign]
	Service         replication.Value[MFAServicePolicy]
	ServiceReplaces bool // a PATCH of its settings replaces them
	Authorization   AuthorizationPolicy
	MigrationState  string
	MethodStates    map[string]bool // of the authentication methods policy, by the method's id
}

// New is a tenant without anything in it, whose ids follow from the seed.
func New(seed uint64) *Tenant {
	base := &Base{
		Now:    time.Now,
		Random: rand.New(rand.NewPCG(seed, 1)), Noise: rand.New(rand.NewPCG(seed, 2)), taken: map[string]bool{},
	}
	t := &Tenant{Base: base, Organization: &Organization{}, Log: &Log{Base: base}}
	t.Directory = &Directory{Base: base, log: t.Log, organization: t.Organization}
	t.Directory.Schedules = &Schedules{directory: t.Directory}
	t.Applications = &Applications{Base: base, log: t.Log, organization: t.Organization}
	t.Policies = &Policies{Base: base, log: t.Log, directory: t.Directory, organization: t.Organization}
	t.MFA = &MFA{
		Base: base, log: t.Log, directory: t.Directory, policies: t.Policies,
		MethodStates: map[string]bool{"MicrosoftAuthenticator": true, "SoftwareOath": true, "Sms": true},
	}
	return t
}
