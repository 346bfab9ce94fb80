package steps

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// readAsOff is where per-user MFA reads as off. A read that lags shows it so too, after this run has set it.
func readAsOff(m *memory, user graph.User, rows []Fact) Finding {
	f := Finding{
		Status:   Blocked,
		Text:     []Sentence{finding.PerUser.Of(user.UserPrincipalName, string(graph.MFADisabled)).In("Per-user MFA of the account is off, so no app password can be created.")},
		Sections: []Section{{Facts: rows}},
		Actions:  []Action{{ID: ActGo + string(ReenableMFA), Label: phrase.T("Go back to Re-enable MFA")}, {ID: ActRetry, Label: phrase.T("Check again")}},
	}
	if len(m.window.Exposed()) > 0 {
		f.Text = []Sentence{finding.Restored.Of(user.UserPrincipalName, "yes").In("This run put per-user MFA back and read it, and now a read shows it as off.").
			And(finding.Advice("Check again in a minute. If it stays so, somebody turned it off."))}
		f.Actions[0], f.Actions[1] = f.Actions[1], f.Actions[0]
	}
	return f
}
