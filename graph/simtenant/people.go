package simtenant

import (
	"net/http"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
)

// Person plays the human parts of the onboarding.
type Person = person.Person

// NewPerson is somebody who reaches the pages of ep through client: one over Transport in the same process, or one that
// trusts the Server's CertPool. Only its transport and timeout are used.
func (t *Tenant) NewPerson(client *http.Client, ep Endpoints) *Person {
	p := person.New(client, person.Places{
		Portal: ep.Portal, Delegate365: ep.Delegate365, OperatorName: ep.Operator.UserPrincipalName, OperatorPassword: ep.Operator.Password,
	}, t.State.Now)
	if known := ep.ServiceAccount; known != nil {
		p.Knows(person.Credentials{UserName: known.UserPrincipalName, Password: known.Password})
	}
	return p
}
