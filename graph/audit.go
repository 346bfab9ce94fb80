package graph

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// AuditFilter is what to look for in the directory's audit log; zero members are left out.
type AuditFilter struct {
	Since       time.Time
	InitiatedBy string // object id of a user
	Activity    string // display name, whole: Consent to application
}

// Audit is one entry of the directory's audit log.
type Audit struct {
	ID, Activity, Category, Result string
	At                             time.Time
	InitiatedBy                    string // user name or application
	Targets                        []string
	TargetIDs                      []string // beside Targets
}

// SignInRecord is one entry of the sign-in log.
type SignInRecord struct {
	ID                string
	At                time.Time
	App               string
	AppID             string
	IP                string
	Country           string // two letters
	ClientApp         string // Browser, Authenticated SMTP, …
	Interactive       bool
	ErrorCode         int // 0 is success, else the number of an AADSTS error
	FailureReason     string
	ConditionalAccess string // success, failure, notApplied
	CorrelationID     string
	RefusedBy         []string // the names of the Conditional Access policies that were not met
	BlockedBy         []string // those of them that block
}

// DirectoryAudits reads the audit log, newest first: GET /auditLogs/directoryAudits, AuditLog.Read.All. Entries arrive
// minutes late, and the log takes five requests in ten seconds.
// https://learn.microsoft.com/graph/api/directoryaudit-list
func (s Tenant) DirectoryAudits(ctx context.Context, f AuditFilter) ([]Audit, error) {
	var terms []string
	if !f.Since.IsZero() {
		terms = append(terms, "activityDateTime ge "+instant(f.Since))
	}
	if f.InitiatedBy != "" {
		terms = append(terms, "initiatedBy/user/id eq "+quoted(f.InitiatedBy))
	}
	if f.Activity != "" {
		terms = append(terms, "activityDisplayName eq "+quoted(f.Activity))
	}
	var query []string
	if len(terms) > 0 {
		query = []string{"$filter", strings.Join(terms, " and ")}
	}
	all, err := list[models.DirectoryAuditable](ctx, s.client, "read the audit log", s.client.v1("/auditLogs/directoryAudits", query...),
		models.CreateDirectoryAuditFromDiscriminatorValue)
	var audits []Audit
	for _, m := range all {
		audits = append(audits, auditOf(m))
	}
	return audits, err
}

// AuditLogReadable reads one entry of the audit log, whichever it is: true, or why the log can't be read. On a tenant
// without a licence Microsoft begins to keep it only when it is first read
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention).
func (s Tenant) AuditLogReadable(ctx context.Context) (bool, error) {
	_, err := firstPage[models.DirectoryAuditable](ctx, s.client, "read the audit log", s.client.v1("/auditLogs/directoryAudits", "$top", "1"),
		models.CreateDirectoryAuditFromDiscriminatorValue)
	return err == nil, err
}

func auditOf(m models.DirectoryAuditable) Audit {
	a := Audit{
		ID:       deref(m.GetId()),
		Activity: deref(m.GetActivityDisplayName()),
		Category: deref(m.GetCategory()),
		At:       deref(m.GetActivityDateTime()),
	}
	if r := m.GetResult(); r != nil {
		a.Result = r.String()
	}
	if by := m.GetInitiatedBy(); by != nil {
		if u := by.GetUser(); u != nil {
			a.InitiatedBy = firstOf(deref(u.GetUserPrincipalName()), deref(u.GetDisplayName()), deref(u.GetId()))
		} else if app := by.GetApp(); app != nil {
			a.InitiatedBy = firstOf(deref(app.GetDisplayName()), deref(app.GetAppId()))
		}
	}
	for _, t := range m.GetTargetResources() {
		a.TargetIDs = append(a.TargetIDs, objectid.Canonical(deref(t.GetId())))
		a.Targets = append(a.Targets, firstOf(deref(t.GetUserPrincipalName()), deref(t.GetDisplayName()), objectid.Canonical(deref(t.GetId()))))
	}
	return a
}

// SignIns reads a user's sign-ins since a time: GET /auditLogs/signIns, AuditLog.Read.All. ErrUnlicensed where the
// tenant has no Microsoft Entra ID P1. https://learn.microsoft.com/graph/api/signin-list
func (s Tenant) SignIns(ctx context.Context, userID string, since time.Time) ([]SignInRecord, error) {
	filter := "userId eq " + quoted(userID) + " and createdDateTime ge " + instant(since)
	all, err := list[models.SignInable](ctx, s.client, "read the sign-in log", s.client.v1("/auditLogs/signIns", "$filter", filter),
		models.CreateSignInFromDiscriminatorValue)
	var records []SignInRecord
	for _, m := range all {
		r := SignInRecord{
			ID:            deref(m.GetId()),
			At:            deref(m.GetCreatedDateTime()),
			App:           deref(m.GetAppDisplayName()),
			AppID:         objectid.Canonical(deref(m.GetAppId())),
			IP:            deref(m.GetIpAddress()),
			ClientApp:     deref(m.GetClientAppUsed()),
			Interactive:   deref(m.GetIsInteractive()),
			CorrelationID: deref(m.GetCorrelationId()),
		}
		if l := m.GetLocation(); l != nil {
			r.Country = deref(l.GetCountryOrRegion())
		}
		if s := m.GetStatus(); s != nil {
			r.ErrorCode, r.FailureReason = int(deref(s.GetErrorCode())), deref(s.GetFailureReason())
		}
		if s := m.GetConditionalAccessStatus(); s != nil {
			r.ConditionalAccess = s.String()
		}
		for _, p := range m.GetAppliedConditionalAccessPolicies() {
			if result := p.GetResult(); result != nil && *result == models.FAILURE_APPLIEDCONDITIONALACCESSPOLICYRESULT {
				r.RefusedBy = append(r.RefusedBy, deref(p.GetDisplayName()))
				if slices.ContainsFunc(p.GetEnforcedGrantControls(), func(c string) bool { return strings.EqualFold(c, "block") }) {
					r.BlockedBy = append(r.BlockedBy, deref(p.GetDisplayName()))
				}
			}
		}
		records = append(records, r)
	}
	return records, err
}

// instant is a time as an OData filter wants it.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
