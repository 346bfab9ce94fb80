package simtest

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

// RunDelegate365Setup runs the whole setup as the account userID.
func (t *Tenant) RunDelegate365Setup(userID string) error {
	for phase := range web.SetupPhases {
		if err := t.Web.RunSetupPhase(userID, phase); err != nil {
			return err
		}
	}
	return nil
}
