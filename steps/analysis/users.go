package analysis

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

const guestsOrExternal = "GuestsOrExternalUsers"

// matchUsers is whether a policy is about the account. An exclusion beats every inclusion.
// https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-users-groups
func matchUsers(u graph.PolicyUsers, a Account) match {
	kind := a.guestKind()
	excluded := matchGuests(u.ExcludeGuests, kind)
	if has(u.ExcludeUsers, a.ID) || has(u.ExcludeUsers, "All") || kind != "" && has(u.ExcludeUsers, guestsOrExternal) ||
		anyOf(u.ExcludeRoles, a.Roles) || anyOf(u.ExcludeGroups, a.Groups) || excluded == Sure {
		return match{}
	}
	m := includes(u, a, kind)
	if m.certainty == No {
		return match{}
	}
	if len(u.ExcludeRoles) > 0 && !a.RolesKnown {
		m.leave(doubtRoles())
	}
	if len(u.ExcludeGroups) > 0 && !a.GroupsKnown {
		m.leave(doubtGroups())
	}
	if excluded == May {
		m.leave(doubtHome())
	}
	if strange(u.ExcludeUsers) {
		m.leave(doubtKeyword())
	}
	return m
}

// anyOf reports a list that names one of the ids, or, with its keyword, all there are.
// https://learn.microsoft.com/graph/api/resources/conditionalaccessusers?view=graph-rest-beta
func anyOf(list, ids []string) bool { return len(ids) > 0 && has(list, "All") || overlap(list, ids) }

// strange reports a list of users with a keyword that came after this program.
func strange(list []string) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		return !objectid.Is(entry) && !has([]string{"All", "None", guestsOrExternal}, entry)
	})
}

func doubtRoles() Doubt {
	return Doubt{What: phrase.T("the account's roles"), Rule: ruleUsers, settled: byDirectory}
}

func doubtGroups() Doubt {
	return Doubt{What: phrase.T("the account's groups"), Rule: ruleUsers, settled: byDirectory}
}

func doubtKeyword() Doubt {
	return Doubt{What: phrase.T("a kind of account that this program does not know"), Rule: ruleUsers, settled: byDirectory}
}

func doubtHome() Doubt {
	return Doubt{What: phrase.T("the tenant that the guest comes from"), Rule: ruleUsers, settled: byDirectory}
}

func includes(u graph.PolicyUsers, a Account, kind string) match {
	guests := matchGuests(u.IncludeGuests, kind)
	switch {
	case has(u.IncludeUsers, "All"):
		return match{certainty: Sure, who: phrase.T("all users")}
	case has(u.IncludeUsers, a.ID):
		return match{certainty: Sure, who: phrase.T("this account")}
	case anyOf(u.IncludeRoles, a.Roles):
		return match{certainty: Sure, who: phrase.T("a role of the account")}
	case anyOf(u.IncludeGroups, a.Groups):
		return match{certainty: Sure, who: phrase.T("a group of the account")}
	case guests == Sure, kind != "" && has(u.IncludeUsers, guestsOrExternal):
		return match{certainty: Sure, who: phrase.T("guests")}
	}
	m := match{certainty: Sure}
	if len(u.IncludeRoles) > 0 && !a.RolesKnown {
		m.leave(doubtRoles())
		m.who = phrase.T("some roles")
	}
	if len(u.IncludeGroups) > 0 && !a.GroupsKnown {
		m.leave(doubtGroups())
		m.who = phrase.T("some groups")
	}
	if guests == May {
		m.leave(doubtHome())
		m.who = phrase.T("some guests")
	}
	if strange(u.IncludeUsers) {
		m.leave(doubtKeyword())
		m.who = phrase.T("some accounts")
	}
	if m.certainty == Sure {
		return match{}
	}
	return m
}

// guestKind is what Conditional Access calls the account among guests and external users; empty for an ordinary member.
// An account that was invited carries #EXT# in its name.
func (a Account) guestKind() string {
	external := strings.Contains(strings.ToUpper(a.UPN), "#EXT#")
	switch {
	case a.Guest && external:
		return "b2bCollaborationGuest"
	case a.Guest:
		return "internalGuest"
	case external:
		return "b2bCollaborationMember"
	}
	return ""
}

func matchGuests(g graph.Guests, kind string) Certainty {
	switch {
	case kind == "" || !slices.Contains(g.Kinds(), kind):
		return No
	case kind == "internalGuest" || g.AnyTenant():
		return Sure
	}
	return May
}
