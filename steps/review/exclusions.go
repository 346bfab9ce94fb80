package review

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

const (
	exclusionID                  = "exclusion"
	exclusionLabel phrase.Format = "Excluded from"
)

// exclusions are a row for each policy that leaves the account out, and one that says so where none does.
func exclusions(f Facts) []Row {
	policies, known := f.Standing.Policies.Value()
	switch err := f.Standing.Policies.Err(); {
	case errors.Is(err, graph.ErrUnlicensed):
		policies = nil
	case !known:
		return []Row{f.unread(exclusionID, phrase.T(exclusionLabel), err)}
	}
	var rows []Row
	for _, p := range policies {
		if how := left(f, &p); how != "" {
			rows = append(rows, excluded(f, &p, how))
		}
	}
	if err := f.Groups.Err(); err != nil && slices.ContainsFunc(policies, func(p graph.Policy) bool { return len(p.Users.ExcludeGroups) > 0 && left(f, &p) == "" }) {
		rows = append(rows, f.unread(exclusionID, phrase.T(exclusionLabel), err))
	}
	if err := f.Campaign.Err(); err != nil {
		rows = append(rows, f.unread(exclusionID, phrase.T(exclusionLabel), err))
	}
	if slices.ContainsFunc(f.Campaign.Content().Exclude, func(t graph.CampaignTarget) bool { return objectid.Same(t.ID, f.User.ID) }) {
		rows = append(rows, Row{
			ID: exclusionID, Label: phrase.T(exclusionLabel), Value: phrase.T("the registration campaign"), Mark: Drift,
			Note: phrase.T("The onboarding takes that back. Since when it is so is not known. Take it out, under Authentication methods, Registration campaign."),
		})
	}
	if len(rows) == 0 {
		rows = []Row{{ID: exclusionID, Label: phrase.T(exclusionLabel), Value: phrase.T("nothing"), Mark: OK}}
	}
	return rows
}

// left is how a policy leaves the account out; empty where it does not.
func left(f Facts, p *graph.Policy) string {
	if p.Excludes(f.User.ID) {
		return byItself
	}
	for _, g := range f.Groups.Content() {
		if slices.ContainsFunc(p.Users.ExcludeGroups, func(id string) bool { return names(id, g.ID) }) {
			if g.Name == "" {
				return phrase.T("through the group %s", g.ID)
			}
			return phrase.T("through the group %s", phrase.Name(g.Name))
		}
	}
	for _, role := range f.Standing.Account.Roles {
		if slices.ContainsFunc(p.Users.ExcludeRoles, func(id string) bool { return names(id, role) }) {
			return phrase.T("through a role of its own")
		}
	}
	return ""
}

// names reports an entry that is an id, or the keyword for all there are.
func names(entry, id string) bool { return entry == "All" || objectid.Same(entry, id) }

const byItself = "by itself"

func excluded(f Facts, p *graph.Policy, how string) Row {
	r := Row{ID: exclusionID, Label: phrase.T(exclusionLabel), Value: phrase.Name(p.Name), Mark: Note}
	onPurpose := f.Report != nil && f.Report.Excludes(p.ID)
	switch {
	case how != byItself:
		r.Note = phrase.T("It is left out %s, which is somebody's arrangement.", how)
	case onPurpose:
		r.Note = phrase.T("The report has it.") + " " + since(f, p)
	case p.DemandsMFA():
		r.Mark, r.Note = Drift, phrase.T("The policy demands MFA, and the onboarding takes such exclusions back. %s Take it out of the excluded users.", since(f, p))
	case !p.DemandsNoMFA():
		r.Mark, r.Note = Drift, phrase.T("Whether the policy demands MFA is not known to this program: look at it. %s Take it out of the excluded users where it does.", since(f, p))
	default:
		r.Note = phrase.T("The policy demands no MFA, or is not on.") + " " + since(f, p)
	}
	return r
}

// since says since when the account is excluded, as far as that is known: Microsoft's log is kept for 7 or 30 days, and the policy
// itself only knows when it was last changed.
func since(f Facts, p *graph.Policy) string {
	for _, e := range f.Updates.Content() {
		if !slices.ContainsFunc(e.Targets, func(t graph.AuditTarget) bool { return objectid.Same(t.ID, p.ID) && adds(t, f.User.ID) }) {
			continue
		}
		if e.ByName != "" {
			return phrase.T("Since %s, by %s.", day(e.At), phrase.Name(e.ByName))
		}
		return phrase.T("Since %s.", day(e.At))
	}
	if p.Modified.IsZero() {
		return phrase.T("Since when is not known.")
	}
	return phrase.T("Since when is not known; the policy was last changed on %s.", day(p.Modified))
}

// adds reports an entry by which an id came into a policy.
func adds(t graph.AuditTarget, id string) bool {
	return slices.ContainsFunc(t.Changes, func(c graph.AuditChange) bool {
		in := func(s string) bool { return strings.Contains(strings.ToLower(s), strings.ToLower(id)) }
		return in(c.New) && !in(c.Old)
	})
}

// policies are what would ask the account for something, or block it. Only what was not so when it was onboarded is a row of its own.
func policies(f Facts) []Row {
	id, label := "policies", phrase.T("Policies for its sign-ins")
	demands := append(analysis.SetupDemands(f.Standing), analysis.Demands(f.Standing, analysis.LegacyAuthentication())...)
	switch err := f.Standing.Policies.Err(); {
	case errors.Is(err, graph.ErrUnlicensed):
		return []Row{{ID: id, Label: label, Value: phrase.T("none"), Mark: OK, Note: phrase.T("The tenant has no licence for Conditional Access.")}}
	case err != nil:
		return []Row{f.unread(id, label, err)}
	}
	var seen, asking []string // ids: two policies may have one name
	var rows []Row
	for _, d := range demands {
		if d.Policy == nil || !d.Expected() || slices.Contains(seen, d.Policy.ID) {
			continue
		}
		seen = append(seen, d.Policy.ID)
		if r, new := changed(f, d); new {
			rows = append(rows, r)
		} else {
			asking = append(asking, d.Named())
		}
	}
	all := Row{ID: id, Label: label, Value: phrase.T("none asks"), Mark: OK}
	if len(rows) > 0 {
		all.Value = phrase.T("none asks from before")
	}
	if len(asking) > 0 {
		all.Value, all.Note = phrase.Count(len(asking), "asks or blocks", "ask or block"), phrase.Upper(phrase.JoinFew(asking))+"."
	}
	return append([]Row{all}, rows...)
}

// changed is the row of a demand whose policy was made or changed after the onboarding; false where it stood then.
func changed(f Facts, d analysis.Demand) (Row, bool) {
	p, began := *d.Policy, then(f)
	at := p.Created
	if p.Modified.After(at) {
		at = p.Modified
	}
	if !began.IsZero() && (at.IsZero() || !at.After(began)) {
		return Row{}, false
	}
	r := Row{ID: "policy", Label: phrase.T("A policy since then"), Value: phrase.Name(p.Name), Mark: Note}
	when := phrase.T("It was made or changed on %s, after the onboarding.", day(at))
	if began.IsZero() {
		when = phrase.T("Whether it stood when the account was onboarded is not known.")
	}
	r.Note = phrase.T("%s It %s.", when, asks(d))
	if stops(d) {
		r.Mark = Drift
		if d.Certainty != analysis.Sure {
			r.Note = phrase.T("%s Depending on %s, it %s.", when, d.Depending(), asks(d))
			r.Mark = Note
		}
	}
	return r, true
}

// settled is how long after its account was made an onboarding is over, where no report says when that was.
const settled = 24 * time.Hour

// then is when the onboarding was over; zero where that is not known.
func then(f Facts) time.Time {
	switch {
	case f.Report != nil && f.Report.MadeAt.After(f.At): // by a clock that was ahead, or a forger's: then nothing came after it
		return time.Time{}
	case f.Report != nil:
		return f.Report.MadeAt
	case f.Ours && !f.User.Created.IsZero():
		return f.User.Created.Add(settled)
	}
	return time.Time{}
}

// asks is what a demand does, as a sentence goes on about it.
func asks(d analysis.Demand) string {
	if slices.Contains(d.Asks, analysis.AskBlock) {
		return phrase.T("blocks the sign-in")
	}
	var words []string
	for _, a := range d.Asks {
		words = append(words, a.Words())
	}
	return phrase.T("asks for %s", phrase.Join(words, "or"))
}

// stops reports a demand that nothing which signs in unattended, or with a registered factor, can meet.
func stops(d analysis.Demand) bool {
	meets := func(a analysis.Ask) bool {
		switch a {
		case analysis.AskMFA, analysis.AskRegistration, analysis.AskAppPassword:
			return true
		case analysis.AskStrength:
			return d.Strength != nil && d.Strength.Registrable() != analysis.No
		}
		return false
	}
	if d.Policy.Grant != nil && strings.EqualFold(d.Policy.Grant.Operator, "OR") {
		return !slices.ContainsFunc(d.Asks, meets)
	}
	return slices.ContainsFunc(d.Asks, func(a analysis.Ask) bool { return !meets(a) })
}
