package steps

import (
	"errors"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// poweredSaid says of an account that is Global Administrator before this run whether it has a second factor, or why it can't register one;
// empty of any other.
func poweredSaid(f foundUser, p *posture, m *memory) string {
	read, known := m.choices.methods.read.Value()
	switch {
	case !f.facts.Administrator:
		return ""
	case !f.user.Enabled:
		return phrase.T("It is Global Administrator already, and disabled.")
	case !known:
		return phrase.T("It is Global Administrator already; whether it has a second factor could not be read.")
	case isFactorIn(read):
		return phrase.T("It is Global Administrator already, and has a second factor.")
	}
	as := *m
	as.posture = p
	if why := barred(&as); why != "" {
		return phrase.T("It is Global Administrator already, without a second factor, and can't register one itself: %s.", why)
	}
	return phrase.T("It is Global Administrator already, without a second factor: whoever first signs in with its password registers theirs.")
}

// bareAdmin reports an account that is Global Administrator and can be signed in to, and of which a read has shown that it has no second
// factor.
func bareAdmin(f foundUser, m *memory) bool {
	read, known := m.choices.methods.read.Value()
	return f.facts.Administrator && f.user.Enabled && known && !isFactorIn(read) && objectid.Same(m.choices.methods.user, f.user.ID)
}

// doubtsMethods reports that a Global Administrator has a method of which no screen is known to have asked for it, or may have. To go on
// gives nothing away, so no screen asks whose it is: somebody has to look.
func doubtsMethods(f foundUser, m *memory) bool {
	s := &m.choices.methods
	asked := !m.appPasswords.unasked && isFactorIn(s.read.Content())
	return s.user == f.user.ID && s.assigned && len(s.keys()) > 0 && !asked
}

// withRolesOtherwise adds the roles that an account has, or can have at any time, otherwise than by an assignment of its own.
func withRolesOtherwise(row Fact, f foundUser) Fact {
	var said []string
	if f.facts.Administrator && !f.facts.Assigned {
		said = append(said, phrase.T("It has Global Administrator through a group."))
	}
	waiting, known := f.waiting.Value()
	if len(waiting) > 0 {
		said = append(said, phrase.T("It can activate at any time: %s.", phrase.JoinAnd(rolesSpoken(waiting))))
	}
	if len(said) > 0 && row.Mark != MarkBlocks {
		row.Mark = MarkDecide
	}
	if f.waiting.Done() && !known && !errors.Is(f.waiting.Err(), graph.ErrUnlicensed) {
		said = append(said, phrase.T("Which roles it can activate could not be read."))
	}
	if len(said) > 0 {
		row.Note += " " + strings.Join(said, " ")
	}
	return row
}

// accountRow is the row about what has the service account's name.
func accountRow(p *posture, m *memory, f foundUser) Fact {
	row := Fact{ID: rowAccount, Label: phrase.T(accountLabel), Value: f.name.String(), Mark: MarkOK}
	switch {
	case f.err != nil:
		problem := Explain(f.err)
		row.Mark, row.Note = MarkBlocks, problem.What+" "+problem.Next
	case f.exposed:
		row.Mark, row.Note = MarkDecide, phrase.T("It is Global Administrator, and nothing demands MFA of it now. Go on, or leave: leaving puts MFA back.")
	case f.user.Synced:
		row.Mark, row.Note = MarkBlocks, phrase.T("An account of this name comes from an on-premises directory. Choose another name.")
	case asksAccount(f, m):
		row.Mark, row.Note = MarkBlocks, phrase.T("%s The onboarding asks what is to become of it, before there is a plan.", finding.Read(accountFinding(f, m).Text))
	case ours(f.user):
		row.Mark, row.Note = MarkNote, phrase.T("It exists, and carries this program's mark; per-user MFA %s. It is used again.", stateWords(f.facts.PerUser))
		if said := poweredSaid(f, p, m); said != "" {
			row.Note += " " + said
		}
		if bareAdmin(f, m) {
			row.Mark = MarkLook
		}
		if doubtsMethods(f, m) {
			row.Mark, row.Note = MarkLook, row.Note+" "+finding.Read(m.choices.methods.finding(f.user.UserPrincipalName, Action{}).Text)
		}
		if f.elsewhere {
			row.Mark, row.Note = MarkDecide, row.Note+" "+elsewhereSaid(f.user)
		}
		if window.MayShowRole(f.user, time.Now()) && f.facts.State() != graph.MFAEnforced && f.facts.State() != graph.MFAEnabled {
			row.Note += " " + phrase.T("It was made a few minutes ago: if a run was ended right after it made it Global Administrator, the tenant may show that later.")
		}
	case f.user.ID != "":
		row.Mark, row.Note = MarkDecide, phrase.T("An account of this name exists that this program did not make: %s.", phrase.Name(f.user.DisplayName))
		if m.choices.adopt == f.user.ID {
			row.Mark, row.Note = MarkNote, row.Note+" "+phrase.T("It is used, as you chose.")
		}
	case f.deleted.ID != "":
		row.Mark, row.Note = MarkDecide, phrase.T("A deleted account had the user name %s. It can be restored for 30 days after it was deleted.", f.name.String())
		if m.choices.ignoreBin {
			row.Mark, row.Note = MarkNote, row.Note+" "+phrase.T("A new one takes it, as you chose.")
		}
	case f.binErr != nil:
		row.Mark, row.Note = MarkNote, phrase.T("No account has this name. Whether a deleted one had it could not be read.")
	default:
		row.Note = phrase.T("It does not exist yet.")
	}
	row = withRolesOtherwise(row, f)
	if f.at.After(p.at) && !p.at.IsZero() {
		row.Note += " " + phrase.T("Looked up at %s.", phrase.Clock(f.at))
	}
	return row
}
