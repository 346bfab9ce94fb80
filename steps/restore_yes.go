package steps

import (
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What restore decides where nobody is asked. Whatever makes the one account safer is done. What only the journal says, and what
// concerns everybody in the tenant and is not known to be this program's, is left as it is and said: somebody has to decide it.

// Decision is an answer that nobody gave.
type Decision struct {
	Action Action
	Said   string // what was decided, a sentence
	Left   bool   // something is left for somebody to decide
	Over   bool   // nothing is left to do
}

// DecideRestore answers a finding of one of the steps of Restore. It reports false where only a person can.
func DecideRestore(f Finding) (Decision, bool) {
	first := func(is func(Action) bool) (Action, bool) {
		i := slices.IndexFunc(f.Actions, is)
		if i < 0 {
			return Action{}, false
		}
		return f.Actions[i], true
	}
	if a, yes := first(func(a Action) bool { return strings.HasPrefix(a.ID, declines) }); yes {
		return Decision{Action: a, Said: phrase.T("Left as it is, because only the journal on this computer says so."), Left: true}, true
	}
	if a, yes := first(func(a Action) bool { return a.ID == actLeaveTakenOut }); yes {
		return Decision{Action: a, Said: phrase.T("What an offboarding took out is left out: whether to go on with it is for somebody to decide."), Left: true}, true
	}
	if a, yes := first(func(a Action) bool { return a.ID == actKeepDefaults }); yes {
		return Decision{Action: a, Said: phrase.T("Security defaults are left off, because turning them on concerns everybody in the tenant."), Left: true}, true
	}
	if a, yes := first(func(a Action) bool { return a.ID == ActApply }); yes && f.Status == Ready {
		return Decision{Action: a, Said: a.Label + "."}, true
	}
	if a, yes := first(func(a Action) bool { return a.ID == ActNext }); yes && f.Status == Done {
		return Decision{Action: a}, true
	}
	named := slices.ContainsFunc(f.Fields, func(field Field) bool { return field.ID == ansAccount })
	if named && f.Status == Ready {
		return Decision{Said: phrase.T("Nothing is known to be open, so nothing was changed. For another account, name it with its domain: --account."), Over: true}, true
	}
	return Decision{}, false
}
