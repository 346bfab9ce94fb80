package report

import "github.com/delegate365-onboard/delegate365-onboard/steps/phrase"

// titles are the steps' names as a person knows them from the screens. The data has their ids.
var titles = map[string]phrase.Format{
	"sign-in": "Sign in", "check": "Check the tenant", "create-account": "Create service account", "assign-admin": "Assign Global Admin",
	"suspend-mfa": "Suspend MFA", "run-setup": "Run Delegate365 setup", "reenable-mfa": "Re-enable MFA", "enable-app-passwords": "Enable app passwords",
	"capture-app-password": "Capture app password", "hand-over": "Hand over", "restore": "Put MFA back", closesWindow: "Put MFA back",
	"offboard-plan": "Look at what is there", "end-exclusions": "End exclusions", "remove-role": "Remove Global Admin", "remove-apps": "Remove the apps",
	"forbid-app-passwords": "Forbid app passwords", "delete-account": "Delete the account", "take-back-consents": "Take back consents", "offboarded": "Offboarded",
}

// StepTitle is a step's title; of a step that this version does not know its id.
func StepTitle(l phrase.Language, id string) string {
	if title := titles[id]; title != "" {
		return l.T(title)
	}
	return shown(id)
}
