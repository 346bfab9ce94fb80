package report

import (
	"cmp"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Accepted are permissions that were accepted for an application.
type Accepted struct {
	For    string // id of an account; empty is for everybody in the tenant
	Scopes []string
}

// accepted is what the operator accepted for an application of Microsoft's, which this program signs in with. After an offboarding it is
// what is accepted for that application still, whoever did.
func accepted(r *Report, still []Accepted) (out []Leftover) {
	if r.offboards() {
		for _, a := range still {
			out = append(out, acceptedStill(r, a))
		}
		return out
	}
	if r.Operator.ClientName == "" || len(r.Operator.Scopes) == 0 {
		return nil
	}
	by := english("the operator")
	if len(r.Operator.Before) > 0 {
		by = byUnknown
	}
	return []Leftover{{
		Kind: string(journal.InverseConsent), ID: r.Operator.ClientID,
		What: english("Permissions of the application that you signed in with, %s", r.Operator.ClientName),
		Why:  whyAccepted(r),
		Risk: english("They can be used again through that application."),
		Undo: english("Entra admin center, Enterprise applications, the application, Permissions: remove them, if nobody else uses it."), By: by,
	}}
}

// whyAccepted says where the program itself can take them back: an onboarding that comes to its end has a step for that, restore has none.
func whyAccepted(r *Report) string {
	if r.Ended.How != Finished {
		return english("This program reads and writes with them.")
	}
	return english("This program reads and writes with them. They can be taken back in its last step, after this report.")
}

func acceptedStill(r *Report, a Accepted) Leftover {
	names := strings.Join(a.Scopes, ", ")
	why := english("Accepted for everybody in the tenant: %s.", names)
	if a.For != "" {
		why = english("Accepted for the account %s: %s.", a.For, names)
	}
	return Leftover{
		Kind: string(journal.InverseConsent), ID: r.Operator.ClientID,
		What: english("Permissions of the application that you signed in with, %s", cmp.Or(r.Operator.ClientName, r.Operator.ClientID)), Why: why,
		Risk: english("They can be used again through that application."),
		Undo: english("Entra admin center, Enterprise applications, the application, Permissions: remove them, if nobody else uses it."), By: byUnknown,
	}
}
