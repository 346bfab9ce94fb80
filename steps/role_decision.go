package steps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// After setup the role is decided, not left: one that ends by itself ends unless somebody keeps it, one without an end is
// kept unless somebody removes it. Whether Delegate365 needs it then is the vendor's to say, and nobody here knows.

// roleDecision is what the operator is about to do with the role.
type roleDecision string

const (
	roleUndecided roleDecision = ""
	roleAsked     roleDecision = "asked" // they want to decide
	roleKeeps     roleDecision = "keep"
	roleEnds      roleDecision = "end"
	roleRemoves   roleDecision = "remove"
)

const (
	actDecideRole = "role-decide"
	actKeepRole   = "role-keep"
	actEndRole    = "role-end"
	actRemoveRole = "role-remove"
	ansReason     = "role-reason"
)

// vendorUnknown is said wherever the role is decided.
const (
	vendorUnknown = "Whether Delegate365 needs Global Administrator after its setup is UNKNOWN: the vendor's documentation does not say. Ask the vendor."
	againFirst    = "Without it, setup can be run again only after it was assigned again."
)

// answerRole takes the answers about the role, and reports whether it is one.
func answerRole(r *Run, id string, value graph.Secret) (bool, error) {
	next := map[string]roleDecision{
		actDecideRole: roleAsked, actKeepRole: roleKeeps, actEndRole: roleEnds, actRemoveRole: roleRemoves, ActBack: roleUndecided,
	}
	if id == ansReason {
		reason := strings.TrimSpace(value.Reveal())
		if reason == "" {
			return true, &Error{Op: "keep the role", Hint: phrase.T("Give the reason for which the account stays Global Administrator: it is shown on the last screen and in the report, and in the audit log where the role's end is taken away.")}
		}
		r.update(func(m *memory) { m.role.reason = reason })
		return true, nil
	}
	decision, known := next[id]
	if known {
		r.update(func(m *memory) { m.role.deciding = decision })
	}
	return known, nil
}

// decided reports that the role is to be kept, ended or removed.
func (m roleMemory) decided() bool { return m.deciding != roleUndecided && m.deciding != roleAsked }

// decideRole is the finding while the role is being decided; false while it is not.
func decideRole(m *memory, user graph.User, h heldRole) (Finding, bool) {
	f, deciding := roleQuestion(m, user, h)
	switch {
	case !deciding || m.handed.made == nil:
	case onlyTimed(m, h):
		f.Text = append(f.Text, finding.Advice("After a change the report is written anew: both of you then keep that one's fingerprint."))
	default:
		f.Text = append(f.Text, finding.Advice("After a change, or with a reason to keep it, the report is written anew: both of you then keep that one's fingerprint."))
	}
	return f, deciding
}

func roleQuestion(m *memory, user graph.User, h heldRole) (Finding, bool) {
	back := Action{ID: ActBack, Label: phrase.T("Back")}
	switch d := m.role.deciding; {
	case !h.held || d == roleUndecided:
		return Finding{}, false
	case d == roleRemoves:
		text := finding.Advise(vendorUnknown, againFirst)
		if h.timed && time.Since(h.start) < shortestRole {
			text = append(text, finding.Advice("Privileged Identity Management takes no role away in its first five minutes: this waits until then."))
		}
		return Finding{Status: Ready, Text: text, Changes: []Change{roleRemoval(user, h)}, Actions: []Action{{ID: ActApply, Label: phrase.T("Remove Global Administrator")}, back}}, true
	case d == roleKeeps && m.role.reason == "":
		help := phrase.T("It goes into the customer's report, as decided by %s.", m.identity.UserPrincipalName)
		switch {
		case !m.handed.kept:
			help = phrase.T("It is said at the end. This run writes no report.")
		case !h.timed && len(m.changes("")) == 0:
			help = phrase.T("It is said at the end. No report has it: none is written where this run has changed nothing.")
		}
		return Finding{
			Status: Ready, Text: finding.Advise(vendorUnknown, "Keeping it means that the account stays Global Administrator until somebody removes it."),
			Fields: []Field{{
				ID: ansReason, Label: phrase.T("Reason to keep it"), Words: true,
				Help: help,
			}},
			Actions: []Action{{ID: ActRetry, Label: phrase.T("Use this reason")}, back},
		}, true
	case d == roleKeeps && h.timed:
		return Finding{Status: Ready, Text: finding.Advise(vendorUnknown), Changes: []Change{roleKept(user, h)}, Actions: []Action{{ID: ActApply, Label: phrase.T("Keep Global Administrator")}, back}}, true
	case d == roleEnds && !h.timed && m.role.kept != nil:
		return Finding{Status: Ready, Text: finding.Advise(vendorUnknown), Changes: []Change{roleTimed(user, h, m)}, Actions: []Action{{ID: ActApply, Label: phrase.T("Let the role end")}, back}}, true
	case d != roleAsked:
		return Finding{}, false // it is as it was decided
	}
	row, actions := roleStands(m, h, nil), []Action{{ID: actKeepRole, Label: phrase.T("Keep the role")}, {ID: actRemoveRole, Label: phrase.T("Remove the role now")}, back}
	if onlyTimed(m, h) {
		actions = actions[1:]
	}
	f := Finding{Status: Ready, Text: finding.Advise(vendorUnknown, againFirst), Sections: []Section{{Facts: []Fact{row}}}, Actions: actions}
	if end := (Action{ID: actEndRole, Label: phrase.T("Let the role end")}); h.timed || m.role.kept != nil {
		f.Actions = append([]Action{end}, f.Actions...)
	}
	return f, true
}

func roleRemoval(user graph.User, h heldRole) Change {
	return finding.Changed(Remove, phrase.Both("Global Administrator for %s", user.UserPrincipalName), h.words(), phrase.Both("not assigned"))
}

func roleKept(user graph.User, h heldRole) Change {
	return finding.Changed(Modify, phrase.Both("Global Administrator for %s", user.UserPrincipalName), h.words(), phrase.Both("assigned, without an end"))
}

func roleTimed(user graph.User, h heldRole, m *memory) Change {
	return finding.Changed(Modify, phrase.Both("Global Administrator for %s", user.UserPrincipalName), h.words(), timedAgain(m).assigned())
}

// timedAgain are the terms by which a role that was kept ends after all.
func timedAgain(m *memory) roleTerms {
	if m.posture == nil {
		return roleTerms{}
	}
	return termsForATime(m.posture, m)
}

// applyRole carries out what was decided about the role of an account.
func applyRole(ctx context.Context, r *Run, user graph.User, step ID, report func(Event)) error {
	client, err := r.tenant()
	if err != nil {
		return err
	}
	d := r.snapshot().role.deciding
	if d == roleUndecided || d == roleAsked {
		return nil
	}
	h, err := roleOf(ctx, r, client, user)
	if err != nil {
		return &Error{Op: "read the roles of %s", Of: []any{user.UserPrincipalName}, Err: err}
	}
	switch {
	case !h.held:
		return nil
	case h.unread != nil:
		return &Error{Op: "read whether Global Administrator ends by itself", Hint: phrase.T("Nothing was changed: how it is taken away depends on it. Try again."), Err: h.unread}
	}
	takes := changeRoleEnd
	if d == roleRemoves {
		takes = removeRoles
	}
	if err := r.require(ctx, report, takes); err != nil {
		return err
	}
	m := r.snapshot()
	write := change.Write{Step: step, Until: change.Stable}
	switch d {
	case roleRemoves:
		write.Restores = &journal.Inverse{Kind: journal.InverseRoleAssignment, TargetID: user.ID, Value: graph.GlobalAdministrator}
		write.Change, write.Send = roleRemoval(user, h), func(ctx context.Context) error { return sendRemoval(ctx, client, user, h, report) }
		write.Shows = func(ctx context.Context) (bool, error) { return roleGone(ctx, client, user) }
	case roleKeeps:
		write.Inverse = &journal.Inverse{Kind: journal.InverseRoleEnd, TargetID: user.ID, Value: h.end.UTC().Format(time.RFC3339)}
		write.Change, write.Send = roleKept(user, h), sendEnd(client, user, 0, m.role.reason)
		write.Shows = func(ctx context.Context) (bool, error) {
			now, err := readRole(ctx, client, user)
			return now.held && !now.timed && now.unread == nil, errors.Join(err, now.unread)
		}
	case roleEnds:
		lasts := timedAgain(m).lasts
		write.Restores = m.role.kept
		write.Change, write.Send = roleTimed(user, h, m), sendEnd(client, user, lasts, roleReason)
		write.Shows = func(ctx context.Context) (bool, error) {
			now, err := readRole(ctx, client, user)
			return now.timed, errors.Join(err, now.unread)
		}
	}
	if err := r.window.Writer().Apply(ctx, report, write); err != nil {
		return err
	}
	roleApplied(r, d, write.Inverse)
	return nil
}

func sendEnd(client *graph.Client, user graph.User, lasts time.Duration, reason string) func(context.Context) error {
	return func(ctx context.Context) error {
		return client.Roles.ChangeRoleEnd(ctx, graph.RoleRequest{PrincipalID: user.ID, RoleID: graph.GlobalAdministrator, Lasts: lasts, Justification: reason})
	}
}

// sendRemoval takes the role away, as soon as Privileged Identity Management lets it go.
func sendRemoval(ctx context.Context, client *graph.Client, user graph.User, h heldRole, report func(Event)) error {
	report(Event{Text: phrase.T("Removing Global Administrator")})
	if !h.timed {
		return removeAssignments(ctx, client, user)
	}
	for {
		err := client.Roles.EndRole(ctx, graph.RoleRequest{PrincipalID: user.ID, RoleID: graph.GlobalAdministrator, Justification: removalReason})
		switch {
		case errors.Is(err, graph.ErrNotFound): // it was held a moment ago, and has ended since: both lists are read
			return nil
		case errors.Is(err, graph.ErrInvalid) && h.last:
			return &Error{Op: "remove the role", Hint: phrase.T("It is the last assigned Global Administrator, and nobody can take that away. Make somebody else one for good, then try again."), Err: err}
		case !errors.Is(err, graph.ErrTooSoon):
			return err
		}
		wait := max(time.Until(h.start.Add(shortestRole)), 0) + 5*time.Second
		wait = min(wait, shortestRole+provisioningSlack) // a clock may be wrong
		report(Event{Wait: &Wait{Text: phrase.T("Privileged Identity Management takes no role away in its first five minutes"), Until: time.Now().Add(wait)}})
		if err := pause.For(ctx, wait); err != nil {
			return err
		}
	}
}

func removeAssignments(ctx context.Context, client *graph.Client, user graph.User) error {
	all, err := client.Roles.RoleAssignments(ctx, user.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.RoleID != graph.GlobalAdministrator || a.Scope != "/" {
			continue
		}
		if err := client.Roles.RemoveRoleAssignment(ctx, a.ID); err != nil && !errors.Is(err, graph.ErrNotFound) {
			return err
		}
	}
	return nil
}

// roleGone reports an account that neither list of role assignments has.
func roleGone(ctx context.Context, client *graph.Client, user graph.User) (bool, error) {
	assigned, err := mfa.IsAdministrator(ctx, client, user.ID)
	if err != nil || assigned {
		return false, err
	}
	holdings, err := client.Roles.RoleHoldings(ctx, graph.GlobalAdministrator)
	if errors.Is(err, graph.ErrUnlicensed) {
		return true, nil
	}
	return !slices.ContainsFunc(holdings, func(h graph.RoleHolding) bool { return objectid.Same(h.PrincipalID, user.ID) }), err
}

// offerRemoval has restore offer to take the role away, once MFA is back.
func offerRemoval(ctx context.Context, r *Run, client *graph.Client, f Finding) Finding {
	m := r.snapshot()
	if m.role.after.ID == "" || !roleIsOurs(r, m.role.after) {
		return f
	}
	h, err := roleOf(ctx, r, client, m.role.after)
	if err != nil || !h.held {
		return f
	}
	if decide, deciding := decideRole(m, m.role.after, h); deciding {
		if decide.Actions[0].ID == ActApply {
			signInFirst(r, &decide.Actions[0], []scope{writeRoles})
		}
		return decide
	}
	settleRole(r, h, nil)
	f.Sections = append(f.Sections, Section{Facts: []Fact{h.fact()}})
	f.Actions = append(f.Actions, Action{ID: actRemoveRole, Label: phrase.T("Remove Global Administrator")})
	return f
}

// roleIsOurs reports a role that this program assigned, as far as that is known: the account is one of its own, or the journal
// has the assignment.
func roleIsOurs(r *Run, user graph.User) bool {
	return ours(user) || slices.ContainsFunc(r.recorder.Read().Outstanding(), func(i journal.Inverse) bool {
		return i.Kind == journal.InverseRoleAssignment && objectid.Same(i.TargetID, user.ID)
	})
}
