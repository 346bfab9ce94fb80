package steps

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// The operator's own roles may end by themselves: one that was activated, and one that was assigned until then. Past that neither
// they nor the guard, which works with their token, could put MFA back; so no window is opened that the roles do not outlast.
// Where it can't be read until when they last, the operator decides: in the check, or else before the window is opened.

const (
	rowOwnRole    = "own-role"
	actRoleLasts  = "role-lasts"
	ownRoleLabel  = "Your role"
	roleEndUnread = "Until when your role lasts can't be read. Should it end while MFA is off, neither you nor the guard could put MFA back."
)

// closingTakes is how much later than the window has to be closed a role ends that outlasts it.
const closingTakes = 2 * time.Minute

var (
	errRoleEnds      = errors.New("your own role ends sooner")
	errRoleEndUnread = errors.New("it is not known until when your own role lasts")
)

// never is when something ends that has no end, in seconds since 1970.
const never = int64(1) << 40

// ownTerm is until when the operator has a role, or all that the run needs.
type ownTerm struct {
	surely, perhaps int64  // seconds since 1970; 0 is not at all
	role            string // the one that it rests on
}

func (t ownTerm) end() time.Time { return time.Unix(t.perhaps, 0) }

// outlasting is whether a role outlasts an instant.
type outlasting int

const (
	endsBefore outlasting = iota
	mayOutlast
	outlastsIt
)

func (t ownTerm) past(due time.Time) outlasting {
	latest := due.Add(closingTakes).Unix()
	switch {
	case t.surely > latest:
		return outlastsIt
	case t.perhaps > latest:
		return mayOutlast
	}
	return endsBefore
}

// or is the term of whoever needs only one of the two.
//
//go:noinline // every copy would be carried
func (t ownTerm) or(o ownTerm) ownTerm {
	if o.perhaps > t.perhaps {
		t.role = o.role
	}
	return ownTerm{max(t.surely, o.surely), max(t.perhaps, o.perhaps), t.role}
}

// and is the term of whoever needs both.
//
//go:noinline // every copy would be carried
func (t ownTerm) and(o ownTerm) ownTerm {
	if o.perhaps < t.perhaps {
		t.role = o.role
	}
	return ownTerm{min(t.surely, o.surely), min(t.perhaps, o.perhaps), t.role}
}

// rolesMayEnd reports a tenant in which a role may end by itself: it is licensed for that, or nobody knows.
func (p *posture) rolesMayEnd() bool {
	return !p.skus.Done() || p.skus.Err() != nil || graph.Privileged(p.skus.Content())
}

// ownTerm is until when the operator has Global Administrator, or the roles that do in its place.
func (p *posture) ownTerm() ownTerm {
	_, licencesRead := p.skus.Value()
	if !p.rolesMayEnd() || !licencesRead && errors.Is(p.privileged.own.Err(), graph.ErrUnlicensed) {
		return ownTerm{surely: never, perhaps: never}
	}
	instead := p.termOf(neededRoles[0].id)
	for _, role := range neededRoles[1:] {
		instead = instead.and(p.termOf(role.id))
	}
	if licensedForPolicies(p) {
		instead = instead.and(p.termOf(graph.ConditionalAccessAdministrator).or(p.termOf(graph.SecurityAdministrator)))
	}
	return p.termOf(graph.GlobalAdministrator).or(instead).sooner(p.privileged.slow)
}

// sooner is the term by a clock that is behind Microsoft's, by which a role ends sooner than Microsoft says.
func (t ownTerm) sooner(slow time.Duration) ownTerm {
	for _, end := range []*int64{&t.surely, &t.perhaps} {
		if *end > 0 && *end != never {
			*end = max(*end-int64(slow.Seconds()), 1)
		}
	}
	return t
}

// slowBy is by how much this computer's clock is behind Microsoft's; 0 where it is not.
func slowBy(r *Run) time.Duration { return max(time.Until(r.requests.Now()).Round(time.Second), 0) }

// termOf is until when the operator has one role. It is doubt where they have it, and no instance of their own says so: through a
// group, whose instance has the group's id and whose memberships end by themselves too
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/concept-pim-for-groups).
func (p *posture) termOf(id string) ownTerm {
	t := termIn(p.privileged.own.Content(), id)
	active := !p.roles.Done() || p.roles.Err() != nil
	for i, r := range p.roles.Content() {
		if objectid.Same(r.TemplateID, id) {
			active, t.role = true, rolesSpoken(p.roles.Content()[i : i+1])[0]
		}
	}
	switch {
	case t.perhaps > 0:
	case termIn(p.privileged.checked, id).perhaps > 0 && p.privileged.own.Err() == nil: // it has ended since
		t.perhaps = time.Now().Unix()
	case active:
		t.perhaps = never
	}
	return t
}

// termIn is until when a role lasts by the instances that somebody has of it.
func termIn(all []graph.RoleInstance, id string) ownTerm {
	t := ownTerm{role: phrase.T(ownRoleLabel)}
	for _, i := range all {
		if i.Scope != "/" || !objectid.Same(i.RoleID, id) {
			continue
		}
		end := never
		if !i.Ends.IsZero() {
			end = i.Ends.Unix()
		}
		if t.perhaps = max(t.perhaps, end); i.Through == "Direct" {
			t.surely = max(t.surely, end)
		}
	}
	return t
}

// activatedUntil is when the operator's activation of Global Administrator ends; zero where there is none, or it is over.
func activatedUntil(p *posture, now time.Time) (end time.Time) {
	for _, i := range p.privileged.own.Content() {
		if i.Activated && i.Scope == "/" && objectid.Same(i.RoleID, graph.GlobalAdministrator) && i.Ends.After(now) && i.Ends.After(end) {
			end = i.Ends.UTC().Truncate(time.Second)
		}
	}
	return end
}

// ownRoleRow is the check's row about it; none where there is nothing to say.
func ownRoleRow(p *posture, m *memory) []Fact {
	t := p.ownTerm()
	lasts := t.past(time.Now().Add(m.window.Cap))
	if lasts == outlastsIt && t.perhaps == never || len(missingRoles(p.roles.Content(), licensedForPolicies(p))) > 0 {
		return nil
	}
	f := Fact{ID: rowOwnRole, Label: phrase.T(ownRoleLabel), Value: phrase.T("%s until %s", t.role, clock(t.end())), Mark: MarkOK}
	switch lasts {
	case endsBefore:
		f.Mark, f.Note = MarkNote, phrase.T("That is too soon: MFA may be off for %s, and past that neither you nor the guard could put it back. Activate the role for longer or have it assigned for longer, then check again, or choose a shorter time.", phrase.Roughly(m.window.Cap))
	case mayOutlast:
		f.Value, f.Mark, f.Note = phrase.T("until when it lasts can't be read"), MarkDecide, p.whyUnread()
		if m.choices.roleLasts {
			f.Mark = MarkNote
		}
	case outlastsIt:
	}
	return []Fact{f}
}

// whyUnread is why it can't be read until when the operator has their role.
func (p *posture) whyUnread() string {
	if err := p.privileged.own.Err(); err != nil {
		return Explain(err).What
	}
	return phrase.T("You have it through a group, and only the group's administrators see until when you are in that.")
}

// ownInstances are the roles that the operator has by themselves and, where one of those ends, by their groups as well: such a role
// may go on through one. A group that can't be read is an error, which is doubt.
func ownInstances(ctx context.Context, client *graph.Client) ([]graph.RoleInstance, error) {
	me := client.Identity().ObjectID
	own, err := client.Roles.RoleInstances(ctx, me)
	if err != nil || !slices.ContainsFunc(own, func(i graph.RoleInstance) bool { return !i.Ends.IsZero() }) {
		return own, err
	}
	groups, err := client.Users.MemberGroups(ctx, me)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if !g.RoleAssignable && g.Name != "" { // without a name only the id was read
			continue
		}
		through, err := client.Roles.RoleInstances(ctx, g.ID)
		if err != nil {
			return nil, err
		}
		for i := range through {
			through[i].Through = "Group"
		}
		own = append(own, through...)
	}
	return own, nil
}

// readOwnRoles reads anew until when the operator has their roles: they may have activated one meanwhile.
func readOwnRoles(ctx context.Context, r *Run, client *graph.Client) *posture {
	p := &posture{}
	own := analysis.Read(ownInstances(ctx, client))
	slow := slowBy(r)
	r.update(func(m *memory) {
		if m.posture != nil {
			*p = *m.posture // which others may be reading
			m.posture = p
		}
		p.privileged.own, p.privileged.slow = own, slow
	})
	return p
}

// rolesLast refuses to open a window, which has to be closed by an instant, that the operator's roles do not outlast.
func rolesLast(ctx context.Context, r *Run, due time.Time) error {
	m := r.snapshot()
	client, err := r.tenant()
	if err != nil || m.neverEnds() {
		return err
	}
	p := readOwnRoles(ctx, r, client)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	t := p.ownTerm()
	switch t.past(due) {
	case endsBefore:
		e := &Error{
			Op:   "open the exposure window",
			Hint: phrase.T("Nothing was changed. %s ends at %s: past that neither you nor the guard could put MFA back. Activate it for longer or have it assigned for longer, then check again.", t.role, clock(t.end())),
			Err:  errRoleEnds,
		}
		if _, open := r.Exposure(); !open {
			if left := (time.Until(t.end()) - 2*closingTakes).Truncate(time.Minute); left >= window.LeastCap {
				e.Hint += " " + phrase.T("Or choose at most %s without MFA in the check.", phrase.Roughly(left))
			}
		}
		return e
	case mayOutlast:
		if !m.choices.roleLasts {
			return &Error{Op: "open the exposure window", Hint: phrase.T("Nothing was changed. %s %s", phrase.T(roleEndUnread), p.whyUnread()), Err: errRoleEndUnread}
		}
	case outlastsIt:
	}
	return nil
}

// rolesEnd is until when the operator's roles let a window be closed, as far as that was read. It may be called by the window.
func rolesEnd(r *Run) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.mem.posture; p != nil {
		if t := p.ownTerm(); t.perhaps > 0 {
			return t.end().Add(-closingTakes)
		}
	}
	return time.Unix(never, 0)
}
