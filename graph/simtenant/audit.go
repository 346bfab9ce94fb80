package simtenant

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// auditEntry is one line of the directory audit log.
type auditEntry struct {
	id, correlationID   string
	at                  time.Time
	service, category   string
	activity, operation string
	actor               *user // nil when Microsoft acted
	targets             []auditTarget
}

type auditTarget struct {
	id, name, kind, upn string
	changes             []change
}

// change is a property's value before and after.
type change struct{ name, before, after string }

func (t *Tenant) auditLocked(actor *user, activity, service, category, operation string, targets ...auditTarget) {
	t.audits = append(t.audits, &auditEntry{
		id: t.newTraceIDLocked(), correlationID: t.newTraceIDLocked(), at: t.instant(),
		service: service, category: category, activity: activity, operation: operation, actor: actor, targets: targets,
	})
}

// auditUserLocked notes a change of an account.
func (t *Tenant) auditUserLocked(actor, u *user, activity, service, operation string, changes ...change) {
	t.auditLocked(actor, activity, service, "UserManagement", operation,
		auditTarget{id: u.id, name: u.displayName, kind: "User", upn: u.upn, changes: changes})
}

// auditPolicyLocked notes a change of a tenant-wide policy.
func (t *Tenant) auditPolicyLocked(actor *user, activity, service, name, id string, changes ...change) {
	t.auditLocked(actor, activity, service, "Policy", "Update", auditTarget{id: id, name: name, kind: "Policy", changes: changes})
}

// signInEntry is one line of the sign-in log.
type signInEntry struct {
	id, correlationID string
	at                time.Time
	user              *user
	attempt           signInAttempt
	code              int
	reason            string
	policies          []appliedPolicy
}

// appliedPolicy is what one Conditional Access policy made of a sign-in.
type appliedPolicy struct {
	id, name, result string
	controls         []string
}

func (t *Tenant) logSignInLocked(u *user, a signInAttempt, demands []demand, err *aadError) {
	e := &signInEntry{id: t.newTraceIDLocked(), correlationID: t.newTraceIDLocked(), at: t.instant(), user: u, attempt: a}
	if err != nil {
		e.code, e.reason, e.correlationID = err.Code, err.Message, err.CorrelationID
	}
	for _, p := range t.policies.Seen(t.instant(), t.opts.Lag) {
		e.policies = append(e.policies, t.appliedPolicyLocked(p, u, a, demands, err))
	}
	t.signIns = append(t.signIns, e)
}

func (t *Tenant) appliedPolicyLocked(p *conditionalaccess.Policy, u *user, a signInAttempt, demands []demand, err *aadError) appliedPolicy {
	out := appliedPolicy{id: p.ID, name: p.DisplayName, result: "notApplied"}
	applies := t.policyAppliesLocked(p, u, signInFacts(a))
	if p.GrantControls != nil && applies {
		out.controls = p.GrantControls.BuiltInControls
	}
	switch {
	case p.State == conditionalaccess.Disabled:
		out.result = "notEnabled"
	case p.State == conditionalaccess.ReportOnly && applies:
		out.result = "reportOnlyInterrupted"
	case p.State == conditionalaccess.ReportOnly:
		out.result = "reportOnlyNotApplied"
	case !applies, len(demands) == 0:
	case err == nil:
		out.result = "success"
	default:
		out.result = "failure"
	}
	return out
}
