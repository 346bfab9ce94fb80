package simtest

import (
	"fmt"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Misdeed is what somebody did, as the audit log has it. Only the entry is made: for most of them this Graph has no request.
type Misdeed struct {
	By             string // user principal name; empty is an application without a user
	Activity       string
	Service        string
	Category       string
	Kind, Name, ID string // of what it was done to
}

// Log puts the entry into the tenant's audit log. The error names an unknown account.
func (m Misdeed) Log(t *Tenant) error {
	t.State.Lock()
	defer t.State.Unlock()
	var actor *state.User
	if m.By != "" {
		if actor = t.State.Directory.UserByUPNLocked(m.By); actor == nil {
			return fmt.Errorf("%w: %s", state.ErrNoUser, m.By)
		}
	}
	t.State.Log.AuditObjectLocked(actor, state.NewActivity(m.Activity, m.Service, "Update"), m.Category, state.Object{Kind: m.Kind, Name: m.Name, ID: m.ID})
	return nil
}
