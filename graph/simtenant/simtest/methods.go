package simtest

import (
	"fmt"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Register gives the account a method of this kind, by this name, as its owner does on the security info page or an administrator in the
// portal, and returns the method's id. The error names an unknown account.
func (t SignIns) Register(upn, kind, name string) (string, error) {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return "", fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	m := &state.Method{ID: t.State.NewIDLocked(), Kind: kind, Name: name, Created: t.State.Instant()}
	t.State.Directory.ChangeUserLocked(u, func() { u.Factors.Methods = append(u.Factors.Methods, m) })
	return m.ID, nil
}

// Unregister takes from the account every method that it has, as an administrator does in the portal. The error names an unknown account.
func (t SignIns) Unregister(upn string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil {
		return fmt.Errorf("%w: %s", state.ErrNoUser, upn)
	}
	t.State.Directory.ChangeUserLocked(u, func() { u.Factors.Methods = nil })
	return nil
}
