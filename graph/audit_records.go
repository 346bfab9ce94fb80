package graph

import (
	"context"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// AuditRecord is one entry of the directory's audit log with everything that proves something: who, from where, and from what
// value to what.
type AuditRecord struct {
	ID, CorrelationID  string
	At                 time.Time
	Activity, Category string
	Service, Operation string
	Result             string
	ByUser, ByApp      bool // neither where the entry names nobody
	ByID, ByName, ByIP string
	Targets            []AuditTarget
	Details            []AuditDetail
}

// AuditDetail is what Microsoft adds to an entry: for a new service principal the tenant that the application belongs to and how
// it came here (https://learn.microsoft.com/entra/identity/monitoring-health/howto-view-service-principal-creation-with-audit-log-properties).
type AuditDetail struct{ Name, Value string }

// AuditTarget is one object that an entry is about.
type AuditTarget struct {
	ID, Name, Type, UserPrincipalName string
	Changes                           []AuditChange
}

// AuditChange is a property's value before and after, as the log has it: JSON, mostly.
type AuditChange struct{ Name, Old, New string }

// AuditRecords reads the audit log from a time on, newest first: GET /auditLogs/directoryAudits, AuditLog.Read.All. Entries
// arrive minutes late, and the log takes five requests in ten seconds. https://learn.microsoft.com/graph/api/directoryaudit-list
func (s Tenant) AuditRecords(ctx context.Context, since time.Time) ([]AuditRecord, error) {
	return s.auditRecords(ctx, "activityDateTime ge "+instant(since))
}

// PolicyUpdates reads of the audit log, from a time on, what was changed in Conditional Access policies, newest first: GET
// /auditLogs/directoryAudits, AuditLog.Read.All. https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
func (s Tenant) PolicyUpdates(ctx context.Context, since time.Time) ([]AuditRecord, error) {
	return s.auditRecords(ctx, "activityDateTime ge "+instant(since)+" and activityDisplayName eq 'Update conditional access policy'")
}

// ConsentRecords reads of the audit log, from a time on, which delegated permissions were granted, newest first: GET
// /auditLogs/directoryAudits, AuditLog.Read.All. https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
func (s Tenant) ConsentRecords(ctx context.Context, since time.Time) ([]AuditRecord, error) {
	return s.auditRecords(ctx, "activityDateTime ge "+instant(since)+" and activityDisplayName eq 'Add delegated permission grant'")
}

// ConsentRemovals is the same of those that were taken back.
func (s Tenant) ConsentRemovals(ctx context.Context, since time.Time) ([]AuditRecord, error) {
	return s.auditRecords(ctx, "activityDateTime ge "+instant(since)+" and activityDisplayName eq 'Remove delegated permission grant'")
}

// RoleAdditions reads of the audit log, from a time on, who was given a directory role, newest first: GET
// /auditLogs/directoryAudits, AuditLog.Read.All. https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
func (s Tenant) RoleAdditions(ctx context.Context, since time.Time) ([]AuditRecord, error) {
	return s.auditRecords(ctx, "activityDateTime ge "+instant(since)+" and activityDisplayName eq 'Add member to role'")
}

func (s Tenant) auditRecords(ctx context.Context, filter string) ([]AuditRecord, error) {
	all, err := list[models.DirectoryAuditable](ctx, s.client, "read the audit log",
		s.client.v1("/auditLogs/directoryAudits", "$filter", filter), models.CreateDirectoryAuditFromDiscriminatorValue)
	var records []AuditRecord
	for _, m := range all {
		records = append(records, auditRecord(m))
	}
	return records, err
}

func auditRecord(m models.DirectoryAuditable) AuditRecord {
	r := AuditRecord{
		ID: deref(m.GetId()), CorrelationID: deref(m.GetCorrelationId()), At: deref(m.GetActivityDateTime()), Activity: deref(m.GetActivityDisplayName()),
		Category: deref(m.GetCategory()), Service: deref(m.GetLoggedByService()), Operation: deref(m.GetOperationType()),
	}
	if result := m.GetResult(); result != nil {
		r.Result = result.String()
	}
	if by := m.GetInitiatedBy(); by != nil {
		if u := by.GetUser(); u != nil {
			r.ByUser, r.ByID, r.ByName, r.ByIP = true, objectid.Canonical(deref(u.GetId())), firstOf(deref(u.GetUserPrincipalName()), deref(u.GetDisplayName())), deref(u.GetIpAddress())
		} else if app := by.GetApp(); app != nil {
			r.ByApp, r.ByID, r.ByName = true, objectid.Canonical(firstOf(deref(app.GetServicePrincipalId()), deref(app.GetAppId()))), deref(app.GetDisplayName())
		}
	}
	for _, t := range m.GetTargetResources() {
		target := AuditTarget{ID: objectid.Canonical(deref(t.GetId())), Name: deref(t.GetDisplayName()), UserPrincipalName: deref(t.GetUserPrincipalName()), Type: deref(t.GetTypeEscaped())}
		for _, p := range t.GetModifiedProperties() {
			target.Changes = append(target.Changes, AuditChange{deref(p.GetDisplayName()), deref(p.GetOldValue()), deref(p.GetNewValue())})
		}
		r.Targets = append(r.Targets, target)
	}
	for _, d := range m.GetAdditionalDetails() {
		r.Details = append(r.Details, AuditDetail{deref(d.GetKey()), deref(d.GetValue())})
	}
	return r
}
