package steps

import (
	"context"
	"errors"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What somebody accepts for the same application between the last reading of a grant and its writing is overwritten, and no reading of the
// grant shows that: only Microsoft's log has what stood there. It comes minutes late.

// withdrawal is what this run did to one grant of what was accepted.
type withdrawal struct {
	id, client, api string
	before, rest    []string // as it was read last, and as it was written
}

// withdraw reads the grant, and takes these permissions out of it.
func withdraw(ctx context.Context, r *Run, client *graph.Client, id string, taken []string) error {
	now, err := clientGrants(ctx, r, client)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(now, func(g clientGrant) bool { return g.id == id })
	if i < 0 {
		return nil
	}
	g, rest := now[i], without(now[i].scopes, taken)
	r.update(func(m *memory) {
		o := &m.choices.offboard
		o.drawn = append(slices.DeleteFunc(slices.Clone(o.drawn), func(w withdrawal) bool { return w.id == id }), withdrawal{id, g.client, g.api, g.scopes, rest})
	})
	if len(rest) == 0 {
		return goneIsDone(client.Apps.DeleteGrant(ctx, id))
	}
	return client.Apps.SetGrant(ctx, id, rest)
}

// keepLost reads of Microsoft's log what was overwritten, as far as it has arrived.
func keepLost(ctx context.Context, r *Run) {
	client, err := r.tenant()
	drawn := r.snapshot().choices.offboard.drawn
	if err != nil || len(drawn) == 0 {
		return
	}
	given, err := client.Tenant.ConsentRecords(ctx, r.began)
	taken, failed := client.Tenant.ConsentRemovals(ctx, r.began)
	now, unread := clientGrants(ctx, r, client)
	if err := errors.Join(err, failed, unread); err != nil {
		r.log.Info("read what was accepted meanwhile", "error", err)
		return
	}
	var lost []string
	for _, w := range drawn {
		for _, rec := range append(slices.Clone(given), taken...) {
			if !concerns(rec, w.client, w.api, clientID(r)) {
				continue
			}
			for _, t := range rec.Targets {
				for _, c := range t.Changes {
					lost = append(lost, w.lost(c)...)
				}
			}
		}
	}
	for _, g := range now {
		lost = without(lost, g.scopes)
	}
	slices.Sort(lost)
	r.update(func(m *memory) { m.choices.offboard.lost = slices.Compact(lost) })
}

// lost is what an entry of the log shows of the grant that the last reading did not: it was added to what was read, or it stood there when
// it was written. The log does not say which grant it was.
func (w withdrawal) lost(c graph.AuditChange) []string {
	before, after := scopesOf(c.Old), scopesOf(c.New)
	added := len(without(w.before, after)) == 0
	written := len(without(w.rest, after)) == 0 && len(without(after, w.rest)) == 0
	if c.Name != "DelegatedPermissionGrant.Scope" || len(without(w.before, before)) > 0 || !added && !written {
		return nil
	}
	return without(append(before, after...), w.before)
}

// lostRows name it.
func lostRows(m *memory) []Fact {
	lost := m.choices.offboard.lost
	if len(lost) == 0 {
		return nil
	}
	return []Fact{{
		Label: phrase.T("Accepted meanwhile"), Value: phrase.JoinFew(lost), Mark: MarkDecide,
		Note: phrase.T("Somebody accepted it for this application while it was taken back, and it went with that, as Microsoft's log shows. Accept it again where it is needed."),
	}}
}
