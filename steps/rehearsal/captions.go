package rehearsal

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Caption says in a sentence or two what happens in a step, for whoever watches a rehearsal that plays itself.
func Caption(id steps.ID) string {
	switch id {
	case steps.SignIn:
		return phrase.T("The operator signs in with their own admin account, and allows this program to read. It never sees the password.")
	case steps.Check:
		return phrase.T("Whatever could stop the onboarding is read first, and the plan says what will change. Nothing of that is written yet.")
	case steps.CreateAccount:
		return phrase.T("Delegate365 gets an account of its own. Each change is shown before it is made, and read back afterwards.")
	case steps.AssignAdmin:
		return phrase.T("The account becomes Global Administrator, because Delegate365's setup demands one.")
	case steps.SuspendMFA:
		return phrase.T("What would ask the account for MFA is suspended, and the clock runs. Whatever ends this program now, a second one puts MFA back.")
	case steps.RunSetup:
		return phrase.T("Delegate365's own setup runs in a private browser window. Its apps are noticed in the tenant as soon as they are there.")
	case steps.ReenableMFA:
		return phrase.T("MFA is demanded again, what was suspended is taken back, and the tenant is read to prove it.")
	case steps.EnableAppPasswords:
		return phrase.T("An older Delegate365 needs an app password, and the tenant has to allow them first.")
	case steps.CaptureAppPassword:
		return phrase.T("A telephone is registered as second factor. The app password that comes with it is taken over without being shown.")
	case steps.HandOver:
		return phrase.T("The app password is entered in Delegate365 and tested there. The last screen says what was done and what stays.")
	}
	return ""
}
