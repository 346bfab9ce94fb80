package steps

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// groupRows name the policies in force that leave the account out because of a group it belongs to, whichever group contains
// which. No run makes such an exclusion, and none takes one back.
func groupRows(ctx context.Context, client *graph.Client, f *mfa.Facts) []Fact {
	leaving := slices.DeleteFunc(slices.Clone(f.PolicyList()), func(p graph.Policy) bool {
		return p.State == graph.StateDisabled || p.State == graph.StateReportOnly || len(p.Users.ExcludeGroups) == 0
	})
	if len(leaving) == 0 {
		return nil
	}
	groups, err := client.Users.MemberGroups(ctx, f.User.ID)
	var names []string
	for _, p := range leaving {
		if slices.ContainsFunc(p.Users.ExcludeGroups, func(id string) bool {
			return slices.ContainsFunc(groups, func(g graph.Group) bool { return objectid.Same(g.ID, id) })
		}) {
			names = append(names, p.Name)
		}
	}
	row := Fact{Label: phrase.T("Excluded through a group"), Value: phrase.JoinAnd(names), Mark: MarkNote, Note: phrase.T("The account belongs to a group that these policies leave out. No run did that, and it stays. Per-user MFA demands MFA all the same.")}
	switch {
	case err != nil:
		row.Value, row.Note = phrase.T("not known"), phrase.T("The account's groups could not be read, and there are policies that leave groups out.")
	case len(names) == 0:
		return nil
	}
	return []Fact{row}
}
