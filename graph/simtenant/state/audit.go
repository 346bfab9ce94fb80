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
	Actor               *User // nil when Microsoft acted
	Targets             []auditTarget
}

type auditTarget struct {
	ID, Name, Kind, UPN string
	Changes             []Change
}

// Change is a property's value before and after.
type Change struct{ Name, Before, After string }

func (l *Log) auditLocked(actor *User, activity, service, category, operation string, targets ...auditTarget) {
	l.Audits = append(l.Audits, &AuditEntry{
		ID: l.NewTraceIDLocked(), CorrelationID: l.NewTraceIDLocked(), At: l.Instant(),
		Service: service, Category: category, Activity: activity, Operation: operation, Actor: actor, Targets: targets,
	})
}

// AuditUserLocked notes a change of an account.
func (l *Log) AuditUserLocked(actor, u *User, activity, service, operation string, changes ...Change) {
	l.auditLocked(actor, activity, service, "UserManagement", operation,
		auditTarget{ID: u.ID, Name: u.DisplayName, Kind: "User", UPN: u.UPN, Changes: changes})
}

// AuditPolicyLocked notes a change of a tenant-wide policy.
func (l *Log) AuditPolicyLocked(actor *User, activity, service, name, id string, changes ...Change) {
	l.auditLocked(actor, activity, service, "Policy", "Update", auditTarget{ID: id, Name: name, Kind: "Policy", Changes: changes})
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
