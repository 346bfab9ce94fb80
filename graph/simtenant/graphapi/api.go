// Package graphapi is Microsoft Graph, v1.0 and beta, over a simulated tenant: its paths, who may call them, and what
// they answer and change.
package graphapi

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// API is Microsoft Graph of one tenant.
type API struct {
	tenant            *state.Tenant
	tokens            *entra.Tokens
	faults            *fault.Injector
	without           []Lack
	routes            []*Route
	ConditionalAccess CallLimit
	Reports           CallLimit
}

// New is the Graph of t, which lacks the reads named.
func New(t *state.Tenant, tokens *entra.Tokens, faults *fault.Injector, without []Lack) *API {
	return &API{
		tenant: t, tokens: tokens, faults: faults, without: without, routes: Routes(),
		ConditionalAccess: CallLimit{span: time.Second, Most: 1}, Reports: CallLimit{span: 10 * time.Second, Most: 5},
	}
}
