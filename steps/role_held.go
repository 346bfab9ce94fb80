package steps

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Until when the account is Global Administrator, as the tenant shows it. The end is read and never computed: it moves with
// the time that carrying the request out takes.

// roleMemory is what a run knows of the account's role.
type roleMemory struct {
	assigned string // id of the account that this run has seen as Global Administrator
	choice   roleChoice
	stays    bool      // Entra keeps it past its end
	until    time.Time // when the role ends that this run has seen; zero where nothing is known of an end
	deciding roleDecision
	settled  bool             // somebody has decided
	reason   string           // why it is kept
	noted    string           // the reason that the journal has
	kept     *journal.Inverse // gives back the end that this run took from it
	after    graph.User       // whose role restore may take away, once MFA is back
	shown    readBack[heldRole]
	noDemand noDemandSeen
}

// heldRole is a role as the tenant shows it.
type heldRole struct {
	held       bool
	timed      bool // Privileged Identity Management shows it, and that it ends
	start, end time.Time
	last       bool  // nobody else is known to be Global Administrator for longer
	unread     error // why it is not known whether it ends
}

// readRole reads whether an account is Global Administrator, and until when.
func readRole(ctx context.Context, client *graph.Client, user graph.User) (heldRole, error) {
	assigned, err := mfa.IsAdministrator(ctx, client, user.ID)
	if err != nil || !assigned {
		return heldRole{}, err
	}
	h := heldRole{held: true}
	holdings, err := client.Roles.RoleHoldings(ctx, graph.GlobalAdministrator)
	switch {
	case errors.Is(err, graph.ErrUnlicensed):
		return h, nil
	case err != nil:
		h.unread = err
		return h, nil
	}
	i := slices.IndexFunc(holdings, func(x graph.RoleHolding) bool { return objectid.Same(x.PrincipalID, user.ID) && x.Scope == "/" })
	if i < 0 {
		h.unread = errNoHolding
		return h, nil
	}
	h.start, h.end = holdings[i].Start, holdings[i].End
	if h.timed = !h.end.IsZero(); h.timed {
		h.last = !another(holdings, user.ID, h.end)
	}
	return h, nil
}

var errNoHolding = errors.New("the two lists of role assignments do not agree")

// roleOf is the same in a run. Where the check saw no licence for an end, none is asked for.
func roleOf(ctx context.Context, r *Run, client *graph.Client, user graph.User) (heldRole, error) {
	if r.snapshot().neverEnds() {
		assigned, err := mfa.IsAdministrator(ctx, client, user.ID)
		return heldRole{held: assigned}, err
	}
	h, err := readRole(ctx, client, user)
	if err == nil && h.timed {
		r.update(func(m *memory) { m.role.until, m.role.stays = h.end, h.last })
	}
	return h, err
}

// neverEnds reports a tenant in which no role ends by itself: the check saw its licences, and none is for that.
func (m *memory) neverEnds() bool {
	return m.posture != nil && !m.posture.rolesMayEnd()
}

// clock is a time of day with its zone, since the report has it as well, and with its date where that is not today.
func clock(t time.Time) string {
	if l, now := t.Local(), time.Now().Local(); l.Year() != now.Year() || l.YearDay() != now.YearDay() {
		return phrase.DateTime(l)
	}
	return t.Local().Format("15:04 ") + phrase.Zone(t)
}

// words say how the role is held.
func (h heldRole) words() phrase.Pair {
	switch {
	case !h.held:
		return phrase.Both("not assigned")
	case h.unread != nil:
		return phrase.Both("assigned; whether it ends could not be read")
	case !h.timed:
		return phrase.Both("assigned, without an end")
	case !h.end.After(time.Now()):
		return phrase.Both("past its end at %s: remove it by hand", clock(h.end))
	case h.last:
		return phrase.Both("until %s and longer: Entra will keep it, remove it by hand", clock(h.end))
	}
	return phrase.Both("until %s, then Entra removes it", clock(h.end))
}

// fact is the row that says it.
func (h heldRole) fact() Fact {
	f := Fact{Label: phrase.T("Global Administrator"), Value: h.words().Spoken, Mark: MarkOK}
	switch {
	case h.held && h.unread == nil && !h.timed:
		f.Value = phrase.T("assigned, active, whole tenant")
	case h.unread != nil:
		f.Mark, f.Note = MarkNote, Explain(h.unread).What
	case h.last:
		f.Mark, f.Note = MarkNote, phrase.T("Entra does not end the last assigned Global Administrator, and nobody can remove it before there is another one.")
	}
	return f
}

// roleEnded is the finding where the role has ended by itself before it was used. false is that it has not.
func roleEnded(ctx context.Context, r *Run, client *graph.Client, user graph.User) (Finding, bool) {
	until := r.snapshot().role.until
	if until.IsZero() || until.After(time.Now()) {
		return Finding{}, false
	}
	if assigned, err := mfa.IsAdministrator(ctx, client, user.ID); err != nil || assigned {
		return Finding{}, false
	}
	r.update(func(m *memory) { m.role.assigned = "" })
	return Finding{
		Status: Blocked,
		Text: []Sentence{
			finding.Role.Of(user.UserPrincipalName, "no").In("Global Administrator has ended by itself at %s, as it was to: %s has it no longer.", clock(until), user.UserPrincipalName),
			finding.Advice("Delegate365's setup needs it. Assign it again, and go on from there."),
		},
		Actions: []Action{{ID: ActGo + string(AssignAdmin), Label: phrase.T("Go to Assign Global Admin")}, {ID: ActRetry, Label: phrase.T("Check again")}, {ID: ActLeave, Label: phrase.T("Leave")}},
	}, true
}

// assignment is the write that makes an account Global Administrator.
func (t roleTerms) assignment(client *graph.Client, user graph.User, report func(Event)) change.Write {
	w := change.Write{
		Step:    AssignAdmin,
		Change:  t.adminChange(user),
		Inverse: &journal.Inverse{Kind: journal.InverseRoleAssignment, TargetID: user.ID, Value: graph.GlobalAdministrator},
		Shows:   func(ctx context.Context) (bool, error) { return mfa.IsAdministrator(ctx, client, user.ID) },
		Until:   change.Stable,
	}
	send := func(ctx context.Context) error {
		_, err := client.Roles.AssignRole(ctx, user.ID, graph.GlobalAdministrator)
		return err
	}
	if t.lasts > 0 {
		w.Named, w.Taken = true, phrase.T("Somebody else has assigned it, or for later. Look in Privileged Identity Management, under Assignments of Global Administrator. It is left as it is.")
		w.Shows = func(ctx context.Context) (bool, error) { return showsEnd(ctx, client, user, t.lasts) }
		send = func(ctx context.Context) error {
			err := client.Roles.AssignRoleFor(ctx, graph.RoleRequest{PrincipalID: user.ID, RoleID: graph.GlobalAdministrator, Lasts: t.lasts, Justification: roleReason})
			if errors.Is(err, graph.ErrPending) { // what becomes of it is read
				return nil
			}
			return err
		}
	}
	w.Send = func(ctx context.Context) error {
		said := phrase.T("Assigning Global Administrator")
		if t.lasts > 0 {
			said += " " + phrase.T("for %s", phrase.Roughly(t.lasts))
		}
		report(Event{Text: said})
		return change.WhenKnown(ctx, report, func() error { return send(ctx) })
	}
	return w
}

// provisioningSlack is how far an assignment may be from the time that was asked for
// (measured in a live tenant: the end moves with the beginning, to the second).
const provisioningSlack = 2 * time.Minute

// showsEnd reports a role that is shown by both lists and ends as it was asked to. Anything else is somebody else's.
func showsEnd(ctx context.Context, client *graph.Client, user graph.User, lasts time.Duration) (bool, error) {
	h, err := readRole(ctx, client, user)
	if err != nil {
		return false, err
	}
	if errors.Is(h.unread, errNoHolding) {
		return false, nil
	}
	return h.timed && (h.end.Sub(h.start)-lasts).Abs() <= provisioningSlack, h.unread
}
