package simtest

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
)

// Fault is what happens to a request instead of, or after, its proper handling.
type Fault = fault.Fault

// GraphRequest is one request to Graph as it arrived.
type GraphRequest = fault.Request

// The kinds of faults that callers ask for by name.
const (
	FaultLag            = fault.Lag
	FaultRevoked        = fault.Revoked
	FaultDeviceCode     = fault.DeviceCode
	FaultConsentRefused = fault.ConsentRefused
)

// Requests are those that Graph has seen, in the order of their arrival. A batch is one.
func (t *Tenant) Requests() []GraphRequest {
	return t.Faults.Seen()
}

// FaultAt makes one fault happen to the n-th request to Graph, counted from 1 in the order of arrival. A request that the
// fault can't happen to is spared: GraphRequest.Fault stays empty. The error says that the kind is not known or not one of
// requests, or that the request has arrived already.
func (t *Tenant) FaultAt(n int, k simtenant.FaultKind) error { return t.Faults.At(n, k) }

// ForgetCalls lets the next call to Conditional Access be the first in its second.
func (t *Tenant) ForgetCalls() {
	t.State.Lock()
	defer t.State.Unlock()
	t.Graph.ConditionalAccess.Calls = nil
}
