package steps

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What was accepted for the application that this program signs in with, and what of it is this run's. Of the plan's consent there is a
// reading from before; of the sign-in's there can be none, because the first token that could read it exists after it. That is in
// Microsoft's log, once it has arrived; else it is not known.

// clientGrant is what was accepted for the application that this program signs in with.
type clientGrant struct {
	id, who, api string
	scopes       []string
	client       string // id of the application's service principal
}

// grantBefore is a grant of delegated permissions as the journal keeps it.
type grantBefore struct {
	Who    string   `json:"who,omitempty"` // empty is for everybody
	Scopes []string `json:"scopes"`
}

// clientGrants reads them. That the tenant does not know the application is an error: it gave it the token that reads this.
func clientGrants(ctx context.Context, r *Run, client *graph.Client) ([]clientGrant, error) {
	grants, err := client.Apps.Delegated(ctx, clientID(r))
	if err != nil {
		return nil, &Error{Op: "read what was accepted for this program", Err: err}
	}
	out := make([]clientGrant, len(grants))
	for i, g := range grants {
		out[i] = clientGrant{g.ID, g.PrincipalID, g.ResourceID, g.Scopes(), g.ClientID}
	}
	return out, nil
}

// keepGrantsBefore keeps what was accepted before this run asked for more than to read. A second look keeps the first.
func keepGrantsBefore(ctx context.Context, r *Run, client *graph.Client) error {
	if r.snapshot().choices.offboard.read {
		return nil
	}
	before, err := clientGrants(ctx, r, client)
	if err != nil {
		return err
	}
	r.update(func(m *memory) { m.choices.offboard.before, m.choices.offboard.read = before, true })
	return nil
}

// keepGrantsIfRead is the same where nothing else depends on it: what could not be read is not known, and nothing is taken back for it.
func keepGrantsIfRead(ctx context.Context, r *Run) {
	client, err := r.tenant()
	if err == nil {
		err = keepGrantsBefore(ctx, r, client)
	}
	if err != nil {
		r.log.Info("read what was accepted before", "error", err)
	}
}

// asksFor are all the permissions that this program ever asks for.
func asksFor() []string {
	all := mfa.Names(readScopes)
	for _, s := range []scope{
		writeUsers, writePassword, writeAsUser, writeRoles, mfa.WriteMFA, mfa.WritePolicies, mfa.WriteDefaults, writeApps, deleteAccount, writeGrants, grantRoles,
	} {
		all = append(all, s.Name)
	}
	return all
}

// pickConsents chooses the other of the two: all that this program asks for, or what this run added.
func (m *memory) pickConsents() {
	o := &m.choices.offboard
	o.all, o.picked = !o.all, true
}

// pickedConsents reports that one of them was chosen, so that Enter carries it out.
func pickedConsents(r *Run) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mem.choices.offboard.picked
}

func in(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}

// takenBack is what of a grant is taken back: what this run added, or all that this program asks for, whoever accepted it. What it never
// asks for always stays. That this run added it is known where it was not there before the plan's consent, or where Microsoft's log has it.
func (o offboardChoices) takenBack(g clientGrant) []string {
	var before []string
	for _, b := range o.before {
		if b.id == g.id {
			before = b.scopes
		}
	}
	var out []string
	for _, s := range g.scopes {
		if in(asksFor(), s) && (o.all || o.read && !in(before, s) || in(addedTo(o.added, g), s)) {
			out = append(out, s)
		}
	}
	return out
}

func consentsLeft(ctx context.Context, r *Run, client *graph.Client) (outlook, error) {
	grants, err := clientGrants(ctx, r, client)
	if err != nil {
		return outlook{}, err
	}
	keepAdditions(ctx, r, client, grants)
	o := r.snapshot().choices.offboard
	var unknown []Fact
	var out outlook
	note := func(title phrase.Format, g clientGrant, names []string) {
		s := Section{Title: phrase.T(title, whose(g).Spoken)}
		for _, name := range names {
			s.Facts = append(s.Facts, Fact{Label: name})
		}
		out.details = append(out.details, s)
	}
	added, all := o.both()
	asked := consentAskedFor(client, grants)
	for _, g := range grants {
		taken := o.takenBack(g)
		if rest := without(all.takenBack(g), added.takenBack(g)); len(rest) > 0 {
			unknown = append(unknown, notKnownWhose(g, len(rest), o.all))
			if !o.all {
				note("Not known whose, %s", g, rest)
			}
		}
		if len(taken) == 0 {
			continue
		}
		note("Taken back, %s", g, taken)
		c, row := consentChange(g, len(taken)), Fact{Label: whose(g).Spoken, Value: phrase.JoinFew(taken), Mark: MarkDecide}
		if asked && len(out.parts) == 0 { // which grant Microsoft adds it to, only whoever accepts it says: most have one
			c = consentChangeAsked(g, len(taken))
			row.Note = phrase.T("One more is asked for to take them back, and goes with them: %s.", writeGrants.Name)
		}
		out.facts = append(out.facts, row)
		out.parts = append(out.parts, part{c, func(ctx context.Context, report func(Event)) error { return takeBack(ctx, r, client, report, g) }})
	}
	if asked && len(out.parts) > 0 {
		last := &out.parts[len(out.parts)-1]
		before := last.take
		last.take = func(ctx context.Context, report func(Event)) error {
			if err := before(ctx, report); err != nil {
				return err
			}
			return takeBackAsked(ctx, r, client, report, grants)
		}
	}
	out.facts = append(out.facts, unknown...)
	n, other := o.countOf(grants, asked), all.countOf(grants, asked)
	if o.all {
		other = added.countOf(grants, asked)
	}
	if out.label = takeBackLabel(o.all, n); other > 0 && other != n {
		out.actions = []Action{{ID: actAllConsents, Label: takeBackLabel(!o.all, other)}}
	}
	return out, nil
}

// both are the two that can be chosen between: what this run added, and all that this program asks for.
func (o offboardChoices) both() (added, all offboardChoices) {
	added, all = o, o
	added.all, all.all = false, true
	return added, all
}

// countOf is how many permissions one of them takes back, with the one that is asked for to do it.
//
//go:noinline // every copy would be carried
func (o offboardChoices) countOf(grants []clientGrant, asked bool) (n int) {
	for _, g := range grants {
		n += len(o.takenBack(g))
	}
	if asked && n > 0 {
		n++
	}
	return n
}

// takeBackLabel says of what so many are taken back: of all that this program asks for, or of what this run added.
//
//go:noinline // every copy would be carried
func takeBackLabel(all bool, n int) string {
	if all {
		return phrase.T("Take back all this program asks for: %d", n)
	}
	return phrase.T("Take back only what this run added: %d", n)
}

// notKnownWhose is the difference between the two.
//
//go:noinline // every copy would be carried
func notKnownWhose(g clientGrant, n int, taken bool) Fact {
	row := Fact{Label: whose(g).Spoken, Value: phrase.Count(n, "permission", "permissions"), Mark: MarkNote}
	row.Note = phrase.T("An earlier run may have added them, or somebody else: nobody can tell. They stay, unless you take back all.")
	if taken {
		row.Note = phrase.T("An earlier run may have added them, or somebody else: nobody can tell. They go as well.")
	}
	return row
}

func whose(g clientGrant) phrase.Pair {
	if g.who == "" {
		return phrase.Both("for everybody in the tenant")
	}
	return phrase.Both("for the account %s", g.who)
}

// consentAskedFor reports that Microsoft asks for the permission to take permissions back, which goes with them.
func consentAskedFor(client *graph.Client, grants []clientGrant) bool {
	return len(mfa.Lacking(client, []scope{writeGrants})) > 0 &&
		!slices.ContainsFunc(grants, func(g clientGrant) bool { return in(g.scopes, writeGrants.Name) })
}

// consentChange says how many of a grant's permissions go, and how many stay of those that were read.
func consentChange(g clientGrant, taken int) Change {
	return consentsGo(g, permissionCount(len(g.scopes)), taken, len(g.scopes)-taken)
}

// consentChangeAsked is the same where one more is asked for, and goes as well.
func consentChangeAsked(g clientGrant, taken int) Change {
	return consentsGo(g, phrase.Both("%s and one for this", permissionCount(len(g.scopes))), taken+1, len(g.scopes)-taken)
}

func consentsGo(g clientGrant, from phrase.Pair, taken, kept int) Change {
	to := phrase.Both("%s taken back, %s kept", strconv.Itoa(taken), strconv.Itoa(kept))
	if kept == 0 {
		to = phrase.Both("none of them")
	}
	return finding.Changed(Modify, phrase.Both("permissions of the application that you signed in with, %s", whose(g)), from, to)
}

func permissionCount(n int) phrase.Pair { return phrase.BothCount(n, "permission", "permissions") }

// takeBackAsked takes back what was asked for to do this, where it was accepted as a grant of its own.
func takeBackAsked(ctx context.Context, r *Run, client *graph.Client, report func(Event), seen []clientGrant) error {
	now, err := clientGrants(ctx, r, client)
	if err != nil {
		return err
	}
	for _, g := range now {
		if in(g.scopes, writeGrants.Name) && !slices.ContainsFunc(seen, func(s clientGrant) bool { return s.id == g.id && in(s.scopes, writeGrants.Name) }) {
			if err := takeBack(ctx, r, client, report, clientGrant{id: g.id}); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeBack takes out of the grant what is this program's, the permission to do so included. Microsoft replaces a grant's permissions as a
// whole, and protects nothing that somebody accepts meanwhile: the grant is read once more as the last thing before it is written, and
// what came between stays.
func takeBack(ctx context.Context, r *Run, client *graph.Client, report func(Event), seen clientGrant) error {
	now, err := clientGrants(ctx, r, client)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(now, func(g clientGrant) bool { return g.id == seen.id })
	if i < 0 {
		return nil
	}
	id, taken := seen.id, r.snapshot().choices.offboard.takenBack(now[i])
	if !in(seen.scopes, writeGrants.Name) && !in(taken, writeGrants.Name) { // accepted for this, since it was looked at
		taken = append(taken, writeGrants.Name)
	}
	return r.window.Writer().Apply(ctx, report, change.Write{
		Step: finding.TakeBackConsents, Until: change.Once, Change: consentChange(now[i], len(now[i].scopes)-len(without(now[i].scopes, taken))),
		Inverse: &journal.Inverse{Kind: journal.InverseConsent, TargetID: id, Value: now[i].api, Before: asJSON(grantBefore{now[i].who, now[i].scopes})},
		Send: func(ctx context.Context) error {
			return withdraw(ctx, r, client, id, taken)
		},
		Shows: func(ctx context.Context) (bool, error) {
			after, err := clientGrants(ctx, r, client)
			if err != nil {
				return false, err
			}
			return !slices.ContainsFunc(after, func(g clientGrant) bool {
				return g.id == id && slices.ContainsFunc(g.scopes, func(s string) bool { return in(taken, s) })
			}), nil
		},
	})
}
