// Package simtest is what tests do to a simulated tenant behind everybody's back, and what they look at from outside.
// Nothing here is in Microsoft's power to refuse, and nothing here is written to a log.
package simtest

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Tenant is a simulated tenant in the hands of a test.
type Tenant struct {
	*simtenant.Tenant
	Settings Settings
	SignIns  SignIns
}

// Settings are what an organisation buys and sets, which Graph or a portal would show somebody doing.
type Settings struct{ *simtenant.Tenant }

// SignIns are what stands in the way of sign-ins and of consent.
type SignIns struct{ *simtenant.Tenant }

// Of is a tenant that somebody else has built.
func Of(t *simtenant.Tenant) *Tenant {
	return &Tenant{Tenant: t, Settings: Settings{t}, SignIns: SignIns{t}}
}

// New builds the tenant that o describes, as simtenant.New does.
func New(o simtenant.Options) (*Tenant, error) {
	t, err := simtenant.New(o)
	if err != nil {
		return nil, err
	}
	return Of(t), nil
}

// Issued is something that nobody but its owner may see, and what it is.
type Issued = state.Issued
