package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// asksRole reports that it is the operator who has to say, before the window is opened, whether their role outlasts it.
func asksRole(ctx context.Context, r *Run, client *graph.Client) (Finding, bool) {
	m := r.snapshot()
	if m.choices.roleLasts || m.posture == nil || m.posture.ownTerm().past(r.window.Due()) != mayOutlast {
		return Finding{}, false
	}
	p := readOwnRoles(ctx, r, client)
	if p.ownTerm().past(r.window.Due()) != mayOutlast {
		return Finding{}, false
	}
	unread := p.endUnread()
	return askFirst(Action{ID: actRoleLasts, Label: phrase.T("Go on: it lasts until MFA is back")}, unread.In(roleEndUnread), unread.In("%s", p.whyUnread())), true
}

// askOwnRole has the check ask it, before the first write, where it is known by then that somebody has to say. What was read since is asked
// about before the window is opened.
func askOwnRole(f Finding, p *posture, m *memory) Finding {
	if m.choices.roleLasts || staysOn(p, m) || p.ownTerm().past(time.Now().Add(m.window.Cap)) != mayOutlast {
		return f
	}
	f.Text = append(f.Text, p.endUnread().In(roleEndUnread))
	f.Actions[0] = Action{ID: actRoleLasts, Label: phrase.T("My role lasts that long: show the plan")}
	return f
}

// endUnread is the claim that it can't be read until when the operator has their role.
func (p *posture) endUnread() finding.Claim {
	if p.privileged.own.Err() == nil {
		return finding.Outside.Of("own roles", "through a group")
	}
	return finding.Unread.Of("own roles", "")
}
