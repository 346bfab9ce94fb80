package simtenant

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// States of per-user MFA, as Graph spells them.
const (
	mfaDisabled = "disabled"
	mfaEnabled  = "enabled"
	mfaEnforced = "enforced"
)

var (
	errNoUser    = errors.New("no such user")
	errNoMethod  = errors.New("no such sign-in method")
	errMethodOff = errors.New("the authentication methods policy does not allow this method")
)

// registerMethod adds a second factor, as the end of a registration does. The first one moves an account that is
// enabled for per-user MFA on to enforced.
func (t *Tenant) registerMethod(userID, kind, name string, secret []byte) (*method, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByIDLocked(userID)
	if u == nil {
		return nil, errNoUser
	}
	if kind != methodTOTP && kind != methodAuthenticator {
		return nil, fmt.Errorf("method %q cannot be registered here", kind)
	}
	if !t.methodOfferedLocked(kind) {
		return nil, errMethodOff
	}
	first := len(u.strongMethods()) == 0
	m := &method{id: t.newIDLocked(), kind: kind, name: name, secret: slices.Clone(secret), created: t.instant()}
	enforce := first && u.mfaState == mfaEnabled
	t.changeUserLocked(u, func() {
		u.methods = append(u.methods, m)
		if enforce {
			u.mfaState = mfaEnforced
		}
	})
	t.auditUserLocked(u, u, "User registered security info", "Authentication Methods", "Add")
	if first {
		t.auditUserLocked(u, u, "User registered all required security info", "Authentication Methods", "Add")
	}
	if enforce {
		t.auditUserLocked(u, u, "Enable Strong Authentication", "Core Directory", "Update")
	}
	return m, nil
}

// deleteMethod takes a second factor away. The state of per-user MFA stays as it is.
func (t *Tenant) deleteMethod(userID, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByIDLocked(userID)
	if u == nil {
		return errNoUser
	}
	i := slices.IndexFunc(u.methods, func(m *method) bool { return m.id == id })
	if i < 0 {
		return errNoMethod
	}
	u.methods = slices.Delete(u.methods, i, i+1)
	t.auditUserLocked(u, u, "User deleted security info", "Authentication Methods", "Delete")
	return nil
}

// methodOfferedLocked says whether people may register such a method. Until the authentication methods policy has taken
// over from the older settings, those settings offer the authenticator app too
// (https://learn.microsoft.com/entra/identity/authentication/how-to-authentication-methods-manage).
func (t *Tenant) methodOfferedLocked(kind string) bool {
	return t.migrationState != "migrationComplete" || t.methodStates[strings.ToUpper(kind[:1])+kind[1:]]
}

// setPerUserMFA sets an account's per-user MFA state exactly, as the portal does: an account that is enabled again
// stays enabled until somebody enforces it.
func (t *Tenant) setPerUserMFA(actorID, userID, state string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByIDLocked(userID)
	if u == nil {
		return errNoUser
	}
	if !slices.Contains([]string{mfaDisabled, mfaEnabled, mfaEnforced}, state) {
		return fmt.Errorf("per-user MFA has no state %q", state)
	}
	t.setPerUserMFALocked(t.userByIDLocked(actorID), u, state)
	return nil
}

func (t *Tenant) setPerUserMFALocked(actor, u *user, state string) {
	old := u.mfaState
	t.changeUserLocked(u, func() { u.mfaState = state })
	t.auditUserLocked(actor, u, "Update per-user multifactor authentication state", "Authentication Methods", "Update",
		change{"perUserMfaState", old, state})
	if state == mfaDisabled && old != mfaDisabled {
		t.auditUserLocked(actor, u, "Disable Strong Authentication", "Core Directory", "Update")
	}
	if state != mfaDisabled && old == mfaDisabled {
		t.auditUserLocked(actor, u, "Enable Strong Authentication", "Core Directory", "Update")
	}
}

// mfaServicePolicy is the tenant-wide part of the old multi-factor settings.
type mfaServicePolicy struct {
	allowAppPasswords   bool
	skipMFAForFederated bool
	rememberOnDevice    bool
	rememberDays        int
	unseen              map[string]any // members that no document and no other program knows
}

// setAllowAppPasswords is the service-settings page's switch.
func (t *Tenant) setAllowAppPasswords(actorID string, on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.mfaService.Latest()
	p.allowAppPasswords = on
	t.setMFAServicePolicyLocked(t.userByIDLocked(actorID), p)
}

func (t *Tenant) setMFAServicePolicyLocked(actor *user, p mfaServicePolicy) {
	old := t.mfaService.Latest()
	replicate(t, &t.mfaService, p)
	t.auditPolicyLocked(actor, "MFA Service Policy Update", "Authentication Methods", "MFA Service Policy", "",
		change{"allowAppPasswords", fmt.Sprint(old.allowAppPasswords), fmt.Sprint(p.allowAppPasswords)})
}
