package steps

import (
	"context"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// addition is what a consent made of a grant, as Microsoft's log has it.
type addition struct{ added, after []string }

// keepAdditions reads what this run's operator has accepted since it began. It arrives minutes late; where it can't be read it is not
// known, and nothing is taken back for it.
func keepAdditions(ctx context.Context, r *Run, client *graph.Client, grants []clientGrant) {
	o := r.snapshot().choices.offboard
	known := func(g clientGrant) bool { return len(addedTo(o.added, g)) > 0 }
	if o.all || len(grants) == 0 || slices.ContainsFunc(grants, known) {
		return
	}
	records, err := client.Tenant.ConsentRecords(ctx, r.began)
	if err != nil {
		r.log.Info("read what was accepted in this run", "error", err)
		return
	}
	var all []addition
	for _, rec := range records {
		if !rec.ByUser || !objectid.Same(rec.ByID, client.Identity().ObjectID) || !concerns(rec, grants[0].client, clientID(r)) {
			continue
		}
		for _, t := range rec.Targets {
			for _, c := range t.Changes {
				a := addition{after: scopesOf(c.New)}
				if c.Name == "DelegatedPermissionGrant.Scope" && one(grants, a.in) {
					a.added = without(a.after, scopesOf(c.Old))
					all = append(all, a)
				}
			}
		}
	}
	r.update(func(m *memory) { m.choices.offboard.added = all })
}

// concerns reports an entry that names the application: as its target, or in a value.
func concerns(rec graph.AuditRecord, names ...string) bool {
	return slices.ContainsFunc(rec.Targets, func(t graph.AuditTarget) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return objectid.Same(t.ID, name) || slices.ContainsFunc(t.Changes, func(c graph.AuditChange) bool {
				return strings.Contains(strings.ToLower(c.New), strings.ToLower(name))
			})
		})
	})
}

// scopesOf are the names in a value of the log, which is JSON, mostly.
func scopesOf(value string) []string {
	return strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune(` "[],`, c) })
}

// in reports a grant that has all that this consent left in it. The log does not say which grant it was.
func (a addition) in(g clientGrant) bool {
	return len(a.after) > 0 && len(without(a.after, g.scopes)) == 0
}

// one reports that what is asked holds of exactly one.
func one(grants []clientGrant, holds func(clientGrant) bool) bool {
	return len(slices.DeleteFunc(slices.Clone(grants), func(g clientGrant) bool { return !holds(g) })) == 1
}

// addedTo are the scopes that these consents added to a grant.
func addedTo(all []addition, g clientGrant) (scopes []string) {
	for _, a := range all {
		if a.in(g) {
			scopes = append(scopes, a.added...)
		}
	}
	return scopes
}
