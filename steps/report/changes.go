package report

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// changesOf are the writes of an onboarding, in their order.
func changesOf(entries []journal.Entry) []Change {
	out := []Change{}
	acts := []*journal.Inverse{} // what each takes back, beside out
	for _, e := range entries {
		switch {
		case e.Kind == journal.KindIntent, e.Kind == journal.KindOutcome && e.Intent == 0 && e.Change.Op != "":
			out = append(out, changeOf(e, len(out)+1))
			acts = append(acts, e.Restores)
			if e.Kind == journal.KindOutcome {
				answered(&out[len(out)-1], e)
			}
		case e.Kind == journal.KindOutcome && e.Intent > 0:
			if i := slices.IndexFunc(out, func(c Change) bool { return c.Line == e.Intent }); i >= 0 {
				answered(&out[i], e)
			}
		}
	}
	for i := range out {
		keep(out, acts, i)
	}
	return out
}

func changeOf(e journal.Entry, n int) Change {
	c := Change{
		N: n, Step: e.Step, Op: e.Change.Op, From: e.Change.From, To: e.Change.To, At: second(e.At), By: string(e.By), Line: e.Seq,
		Outcome: string(journal.Unknown), Restores: e.Restores != nil, Object: Object{Kind: "account", ID: e.Account.ID, Name: e.Change.Object},
	}
	if i := inverseOf(e); i != nil {
		c.Object.Kind, c.Object.ID = string(i.Kind), i.TargetID
	} else if e.Target != nil {
		c.Object.Kind, c.Object.ID = e.Target.Kind, e.Target.ID
	}
	return c
}

// inverseOf is what a line is about: what it takes back, where it does, or else what takes it back.
func inverseOf(e journal.Entry) *journal.Inverse {
	if e.Restores != nil {
		return e.Restores
	}
	return e.Inverse
}

func answered(c *Change, e journal.Entry) {
	c.Outcome, c.RequestID, c.ClientID, c.Answered = string(e.Outcome), e.RequestID, e.ClientID, second(e.At)
	if e.Verified {
		c.Verified = &Claim{Layer: c.shownBy(), At: second(e.At), RequestID: e.RequestID, Line: e.Seq}
	}
}

// shownBy is what shows the change where it is shown: for a password nothing but Microsoft's answer.
func (c *Change) shownBy() string {
	if (journal.Change{Object: c.Object.Name}).Unreadable() {
		return LayerAnswer
	}
	return LayerTenant
}

// keep says of a change whether it was taken back later, and if not, how it can be. One that takes something back is not kept
// for its own sake.
func keep(out []Change, acts []*journal.Inverse, i int) {
	c := &out[i]
	if acts[i] != nil || c.undone() {
		return
	}
	for j := i + 1; j < len(out); j++ {
		if acts[j] != nil && string(acts[j].Kind) == c.Object.Kind && acts[j].TargetID == c.Object.ID && out[j].Verified != nil {
			c.RestoredBy = out[j].N
			return
		}
		if acts[j] == nil && out[j].Object == c.Object && out[j].Op == "~" && out[j].From == c.To && out[j].Verified != nil {
			c.ReplacedBy = out[j].N
			return
		}
	}
	c.Kept = true
	c.Undo = string(undoing[journal.InverseKind(c.Object.Kind)])
}

// undoing is how to take a change out, by what it is about.
var undoing = map[journal.InverseKind]phrase.Format{
	journal.InversePerUserMFA:         "Entra admin center, Users, Per-user MFA: enforce MFA for the account, or run restore.",
	journal.InversePolicyExclusion:    "Entra admin center, Conditional Access, this policy, Users, Exclude: take the account out, or run restore.",
	journal.InverseRoleAssignment:     "Entra admin center, Roles and admins, Global Administrator: remove the account's assignment.",
	journal.InverseRoleEnd:            "Entra admin center, Privileged Identity Management, Microsoft Entra roles, Assignments, Active assignments: give the account's assignment an end, or remove it.",
	journal.InverseUser:               "Entra admin center, Users: delete the account. That ends Delegate365's work in this tenant.",
	journal.InverseAppPasswordSetting: "Entra admin center, Users, Per-user MFA, Service settings: do not allow app passwords. Delete the existing ones first: they go on working.",
	journal.TargetPolicyState:         "Entra admin center, Conditional Access: turn it on, once security defaults are off. Microsoft lets no policy be on beside them.",
	journal.InverseSecurityDefaults:   "Entra admin center, Overview, Properties, Manage security defaults: set them to enabled, or run restore.",
	journal.InverseUserExtension:      "Graph Explorer: DELETE /users/{the account's id}/extensions/com.delegate365.onboard.report.",
	journal.InverseSignIn:             "Entra admin center, Users, the account, Edit account status: set it as it was.",
	journal.InverseDeletedApp:         "Entra admin center, App registrations and Enterprise applications, Deleted applications: restore it within 30 days, and grant again what it had.",
	journal.InverseConsent:            "Entra admin center, Enterprise applications, the application, Permissions: grant them again.",
	journal.InverseCampaignExclusion:  "Entra admin center, Authentication methods, Registration campaign: take the account out of the excluded users.",
}

func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// undone reports a change that was surely not carried out: it was refused, or not sent.
func (c *Change) undone() bool { return journal.Outcome(c.Outcome).Undone() }
