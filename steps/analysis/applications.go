package analysis

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// matchApplications is whether a policy is about one of the resources that are signed in to, or about what is done
// there. A policy for an authentication context waits until a resource asks for that context, which none here does.
// https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps
func matchApplications(a graph.PolicyApplications, s SignIn) match {
	if s.UserAction != "" && has(a.UserActions, s.UserAction) {
		return match{certainty: Sure}
	}
	var best match
	for _, app := range s.Apps {
		if m := matchApplication(a, app); m.certainty > best.certainty {
			best = m
		}
	}
	strange := func(action string) bool { return !has([]string{actionRegister, actionDevice}, action) }
	if best.certainty == No && slices.ContainsFunc(a.UserActions, strange) {
		m := match{certainty: Sure}
		m.leave(Doubt{What: phrase.T("an action that this program does not know"), Rule: ruleApplications})
		return m
	}
	return best
}

func matchApplication(a graph.PolicyApplications, app string) match {
	included, excluded := names(a.Include, app), names(a.Exclude, app)
	filter := Doubt{What: phrase.T("the attributes of the applications"), Rule: ruleAppFilter, settled: byWhatIf}
	adds := a.Filter.Rule != "" && a.Filter.Mode != "exclude"
	if excluded == Sure || included == No && !adds {
		return match{}
	}
	m := match{certainty: Sure}
	if included == No || a.Filter.Rule != "" && !adds {
		m.leave(filter)
	}
	if included == May || excluded == May {
		m.leave(Doubt{What: phrase.T("a group of applications that this program does not know"), Rule: ruleApplications, settled: byWhatIf})
	}
	return m
}

// names reports whether a list of applications holds one. The suite Office 365 has Exchange Online in it and not
// Microsoft Graph; the admin portals have neither. A keyword that is not known may mean any application.
func names(list []string, app string) Certainty {
	found := No
	for _, entry := range list {
		switch {
		case strings.EqualFold(entry, "All"), strings.EqualFold(entry, app):
			return Sure
		case strings.EqualFold(entry, "Office365"):
			if app == AppExchangeOnline {
				return Sure
			}
		case strings.EqualFold(entry, "MicrosoftAdminPortals"):
			if app == AppAdminPortal {
				return Sure
			}
		case strings.EqualFold(entry, "None"), objectid.Is(entry): // another application's id
		default:
			found = May
		}
	}
	return found
}
