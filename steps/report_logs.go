package steps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// auditBefore is how long before the first change the audit log is read from.
const auditBefore = 10 * time.Minute

// How long Microsoft keeps its audit log
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention).
const (
	keptFree    = 7 * 24 * time.Hour
	keptPremium = 30 * 24 * time.Hour
)

// readAudit reads Microsoft's audit log since shortly before a time.
func readAudit(ctx context.Context, client *graph.Client, first time.Time, licence string) report.Reading {
	l := report.Reading{Operator: client.Identity().ObjectID}
	switch licence {
	case "p1", "p2":
		l.Kept = keptPremium
	case "free":
		l.Kept = keptFree
	}
	if first.IsZero() {
		l.Err = "nothing was changed, so it was not read"
		return l
	}
	l.From = first.Add(-auditBefore)
	records, err := client.Tenant.AuditRecords(ctx, l.From)
	if err != nil {
		l.Err, l.Refused = "it could not be read: "+problem.Plainly(err), claimOf(err, report.LayerAudit)
		return l
	}
	l.At = time.Now()
	for _, r := range records {
		l.Entries = append(l.Entries, entryOf(r))
	}
	return l
}

func entryOf(r graph.AuditRecord) report.Entry {
	e := report.Entry{
		ID: r.ID, At: r.At.UTC().Truncate(time.Second), Activity: r.Activity, Category: r.Category, Service: r.Service, Operation: r.Operation, Result: r.Result,
		CorrelationID: r.CorrelationID, By: report.Actor{ID: r.ByID, Name: r.ByName, IP: r.ByIP}, Targets: []report.Target{},
	}
	switch {
	case r.ByUser:
		e.By.Kind = "user"
	case r.ByApp:
		e.By.Kind = "app"
	}
	for _, t := range r.Targets {
		target := report.Target{ID: t.ID, Name: cmp.Or(t.UserPrincipalName, t.Name), Type: t.Type, Changes: []report.Property{}}
		for _, c := range t.Changes {
			target.Changes = append(target.Changes, report.Property{Name: c.Name, Old: report.Shortened(c.Old), New: report.Shortened(c.New)})
		}
		e.Targets = append(e.Targets, target)
	}
	for _, d := range r.Details {
		e.Details = append(e.Details, report.Detail{Name: d.Name, Value: report.Shortened(d.Value)})
	}
	return e
}

// readSignIns reads the service account's sign-ins. The claim is the answer by which they could not be read.
func readSignIns(ctx context.Context, client *graph.Client, o report.Outlined) (report.SignIns, *report.Claim) {
	s := report.SignIns{Items: []report.SignIn{}}
	if o.AccountID == "" {
		s.Why = "the account was only just created, and its id is in no line of the journal"
		return s, nil
	}
	records, err := client.Tenant.SignIns(ctx, o.AccountID, o.From)
	if err != nil {
		s.Why = "they could not be read: " + problem.Plainly(err)
		return s, claimOf(err, report.LayerAudit)
	}
	s.Read = true
	for _, r := range records {
		result := report.SignedIn
		if r.ErrorCode != 0 {
			result = fmt.Sprintf("failure %d: %s", r.ErrorCode, r.FailureReason)
		}
		s.Items = append(s.Items, report.SignIn{
			ID: r.ID, At: r.At.UTC().Truncate(time.Second), App: r.App, AppID: r.AppID, IP: r.IP, Country: r.Country, ClientApp: r.ClientApp, Result: result, ConditionalAccess: r.ConditionalAccess, CorrelationID: r.CorrelationID,
		})
	}
	return s, nil
}

// appsOf are Delegate365's applications with every permission by its name. A name that could not be read is its id, with a doubt.
func appsOf(ctx context.Context, client *graph.Client, p *posture, doubts []report.Doubt) ([]report.App, []report.Doubt) {
	type api struct {
		name  string
		roles map[string]string
	}
	apis := map[string]api{}
	look := func(id string) api {
		if known, done := apis[id]; done {
			return known
		}
		var a api
		var err error
		if a.name, a.roles, err = client.Apps.AppRoles(ctx, id); err != nil {
			doubts = append(doubts, report.Doubt{About: "permissions of the API " + id, Why: "their names could not be read: " + problem.Plainly(err), Claim: claimOf(err, report.LayerTenant)})
		}
		apis[id] = a
		return a
	}
	var out []report.App
	for _, a := range p.apps.Content() {
		made := report.App{ID: a.ID, AppID: a.AppID, Name: a.DisplayName, Owner: a.OwnerTenantID, Permissions: []report.Permission{}}
		for _, g := range a.grants {
			of := look(g.ResourceID)
			permission := report.Permission{API: cmp.Or(of.name, g.Resource, g.ResourceID), Kind: "delegated", All: g.Application || g.ConsentType == "AllPrincipals"}
			if g.Application {
				permission.Kind = "application"
			}
			for scope := range strings.FieldsSeq(g.Scope) {
				permission.Name = scope
				if g.Application {
					permission.Name = cmp.Or(of.roles[strings.ToLower(scope)], scope)
				}
				permission.Risk = report.RiskOf(permission)
				made.Permissions = append(made.Permissions, permission)
			}
		}
		doubts = readCredentials(ctx, client, &made, doubts)
		out = append(out, made)
	}
	return out, doubts
}

// readCredentials adds what the application proves itself with. Where it is registered in another tenant, only that one knows.
func readCredentials(ctx context.Context, client *graph.Client, a *report.App, doubts []report.Doubt) []report.Doubt {
	found, err := client.Apps.Application(ctx, a.AppID)
	about := "certificates and secrets of " + a.Name
	switch {
	case errors.Is(err, graph.ErrNone):
		return append(doubts, report.Doubt{About: about, Why: "it is registered in another tenant, which alone can read them"})
	case err != nil:
		return append(doubts, report.Doubt{About: about, Why: "they could not be read: " + problem.Plainly(err), Claim: claimOf(err, report.LayerTenant)})
	}
	a.Created = found.Created.UTC().Truncate(time.Second)
	for _, c := range found.Credentials {
		kind := "secret"
		if c.Certificate {
			kind = "certificate"
		}
		a.Credentials = append(a.Credentials, report.Credential{Kind: kind, Ends: c.Ends.UTC().Truncate(time.Second)})
	}
	return doubts
}
