package state

import (
	"time"
)

// AuditEntry is one line of the directory audit log.
type AuditEntry struct {
	ID, CorrelationID   string
	At                  time.Time
	Service, Category   string
	Activity, Operation string
	Actor               *User  // nil when Microsoft acted
	App                 string // what Microsoft acted as; empty is the manager of its policies
	Targets             []auditTarget
}

type auditTarget struct {
	ID, Name, Kind, UPN string
	Changes             []Change
}

// Change is a property's value before and after.
type Change struct{ Name, Before, After string }

// Activity is what was done, as the audit log names it.
type Activity struct{ name, service, operation string }

// NewActivity is an activity by its display name, the service that logs it, and the kind of operation.
func NewActivity(name, service, operation string) Activity { return Activity{name, service, operation} }

func (l *Log) auditLocked(actor *User, what Activity, category string, targets ...auditTarget) {
	l.Audits = append(l.Audits, &AuditEntry{
		ID: l.NewTraceIDLocked(), CorrelationID: l.NewTraceIDLocked(), At: l.Instant(),
		Service: what.service, Category: category, Activity: what.name, Operation: what.operation, Actor: actor, Targets: targets,
	})
}

// AuditUserLocked notes a change of an account.
func (l *Log) AuditUserLocked(actor, u *User, what Activity, changes ...Change) {
	l.auditLocked(actor, what, "UserManagement", auditTarget{ID: u.ID, Name: u.DisplayName, Kind: "User", UPN: u.UPN, Changes: changes})
}

// AuditPolicyLocked notes a change of a tenant-wide policy.
func (l *Log) AuditPolicyLocked(actor *User, what Activity, name, id string, changes ...Change) {
	l.auditLocked(actor, what, "Policy", auditTarget{ID: id, Name: name, Kind: "Policy", Changes: changes})
}

// SignInEntry is one line of the sign-in log.
type SignInEntry struct {
	ID, CorrelationID string
	At                time.Time
	User              *User
	Attempt           SignInAttempt
	Code              int
	Reason            string
	Policies          []AppliedPolicy
}

// AppliedPolicy is what one Conditional Access policy made of a sign-in.
type AppliedPolicy struct {
	ID, Name, Result string
	Controls         []string
}

// LogDelayLocked is how long an entry takes to appear in the audit and sign-in logs.
func (l *Log) LogDelayLocked() time.Duration { return max(l.Lag, l.AuditDelay) }

// Object is what something was done to.
type Object struct{ Kind, Name, ID string }

// AuditObjectLocked notes what was done to an object of any kind.
func (l *Log) AuditObjectLocked(actor *User, what Activity, category string, o Object) {
	l.auditLocked(actor, what, category, auditTarget{ID: o.ID, Name: o.Name, Kind: o.Kind})
}
