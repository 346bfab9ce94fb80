package state

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// States of per-user MFA, as Graph spells them.
const (
	MFADisabled = "disabled"
	MFAEnabled  = "enabled"
	MFAEnforced = "enforced"
)

// Why nothing was registered or set.
var (
	ErrNoUser    = errors.New("no such user")
	errNoMethod  = errors.New("no such sign-in method")
	ErrMethodOff = errors.New("the authentication methods policy does not allow this method")
)

// RegisterMethod adds a second factor, as the end of a registration does. The first one moves an account that is
// enabled for per-user MFA on to enforced.
func (mfa *MFA) RegisterMethod(userID, kind, name string, secret []byte) (*Method, error) {
	mfa.Lock()
	defer mfa.Unlock()
	u := mfa.directory.UserByIDLocked(userID)
	if u == nil {
		return nil, ErrNoUser
	}
	if kind != MethodTOTP && kind != MethodAuthenticator {
		return nil, fmt.Errorf("method %q cannot be registered here", kind)
	}
	if !mfa.methodOfferedLocked(kind) {
		return nil, ErrMethodOff
	}
	first := len(u.StrongMethods()) == 0
	m := &Method{ID: mfa.NewIDLocked(), Kind: kind, Name: name, Secret: slices.Clone(secret), Created: mfa.Instant()}
	enforce := first && u.Factors.PerUserMFA == MFAEnabled
	mfa.directory.ChangeUserLocked(u, func() {
		u.Factors.Methods = append(u.Factors.Methods, m)
		if enforce {
			u.Factors.PerUserMFA = MFAEnforced
		}
	})
	mfa.log.AuditUserLocked(u, u, NewActivity("User registered security info", "Authentication Methods", "Add"))
	if first {
		mfa.log.AuditUserLocked(u, u, NewActivity("User registered all required security info", "Authentication Methods", "Add"))
	}
	if enforce {
		mfa.log.AuditUserLocked(u, u, NewActivity("Enable Strong Authentication", "Core Directory", "Update"))
	}
	return m, nil
}

// DeleteMethod takes a second factor away. The state of per-user MFA stays as it is.
func (mfa *MFA) DeleteMethod(userID, id string) error {
	mfa.Lock()
	defer mfa.Unlock()
	u := mfa.directory.UserByIDLocked(userID)
	if u == nil {
		return ErrNoUser
	}
	i := slices.IndexFunc(u.Factors.Methods, func(m *Method) bool { return m.ID == id })
	if i < 0 {
		return errNoMethod
	}
	u.Factors.Methods = slices.Delete(u.Factors.Methods, i, i+1)
	mfa.log.AuditUserLocked(u, u, NewActivity("User deleted security info", "Authentication Methods", "Delete"))
	return nil
}

// methodOfferedLocked says whether people may register such a method. Until the authentication methods policy has taken
// over from the older settings, those settings offer the authenticator app too
// (https://learn.microsoft.com/entra/identity/authentication/how-to-authentication-methods-manage).
func (mfa *MFA) methodOfferedLocked(kind string) bool {
	return mfa.MigrationState != "migrationComplete" || mfa.MethodStates[strings.ToUpper(kind[:1])+kind[1:]]
}

// SetPerUserMFA sets an account's per-user MFA state exactly, as the portal does: an account that is enabled again
// stays enabled until somebody enforces it.
func (mfa *MFA) SetPerUserMFA(actorID, userID, state string) error {
	mfa.Lock()
	defer mfa.Unlock()
	u := mfa.directory.UserByIDLocked(userID)
	if u == nil {
		return ErrNoUser
	}
	if !slices.Contains([]string{MFADisabled, MFAEnabled, MFAEnforced}, state) {
		return fmt.Errorf("per-user MFA has no state %q", state)
	}
	mfa.SetPerUserMFALocked(mfa.directory.UserByIDLocked(actorID), u, state)
	return nil
}

// SetPerUserMFALocked sets an account's state and logs it; a nil actor is Microsoft.
func (mfa *MFA) SetPerUserMFALocked(actor, u *User, state string) {
	old := u.Factors.PerUserMFA
	mfa.directory.ChangeUserLocked(u, func() { u.Factors.PerUserMFA = state })
	mfa.log.AuditUserLocked(actor, u, NewActivity("Update per-user multifactor authentication state", "Authentication Methods", "Update"),
		Change{"perUserMfaState", old, state})
	if state == MFADisabled && old != MFADisabled {
		mfa.log.AuditUserLocked(actor, u, NewActivity("Disable Strong Authentication", "Core Directory", "Update"))
	}
	if state != MFADisabled && old == MFADisabled {
		mfa.log.AuditUserLocked(actor, u, NewActivity("Enable Strong Authentication", "Core Directory", "Update"))
	}
}

// MFAServicePolicy is the tenant-wide part of the old multi-factor settings.
type MFAServicePolicy struct {
	AllowAppPasswords   bool
	SkipMFAForFederated bool
	RememberOnDevice    bool
	RememberDays        int
	TrustedIPs          []string       // ranges from which per-user MFA asks for nothing; only the page shows them
	Unseen              map[string]any // members that no document and no other program knows
}

// Trusts reports that per-user MFA asks nothing of requests from this address
// (https://learn.microsoft.com/entra/identity/authentication/howto-mfa-mfasettings#trusted-ips).
func (p MFAServicePolicy) Trusts(address string) bool {
	ip, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(p.TrustedIPs, func(text string) bool {
		r, err := netip.ParsePrefix(text)
		return err == nil && r.Contains(ip)
	})
}

// SetTrustedIPs is the service-settings page's list of ranges. It refuses what is no range of IPv4 addresses, as the page does.
func (mfa *MFA) SetTrustedIPs(actorID string, ranges []string) error {
	for _, text := range ranges {
		if r, err := netip.ParsePrefix(text); err != nil || !r.Addr().Is4() {
			return fmt.Errorf("%q is not a range of IPv4 addresses such as 203.0.113.0/27", text)
		}
	}
	mfa.Lock()
	defer mfa.Unlock()
	p := mfa.Service.Latest()
	p.TrustedIPs = slices.Clone(ranges)
	mfa.SetMFAServicePolicyLocked(mfa.directory.UserByIDLocked(actorID), p)
	return nil
}

// TrustedIPs are the ranges as the page shows them.
func (mfa *MFA) TrustedIPs() []string {
	mfa.Lock()
	defer mfa.Unlock()
	return mfa.Service.Latest().TrustedIPs
}

// SetAllowAppPasswords is the service-settings page's switch.
func (mfa *MFA) SetAllowAppPasswords(actorID string, on bool) {
	mfa.Lock()
	defer mfa.Unlock()
	p := mfa.Service.Latest()
	p.AllowAppPasswords = on
	mfa.SetMFAServicePolicyLocked(mfa.directory.UserByIDLocked(actorID), p)
}

// SetMFAServicePolicyLocked replaces the service settings and logs it.
func (mfa *MFA) SetMFAServicePolicyLocked(actor *User, p MFAServicePolicy) {
	old := mfa.Service.Latest()
	Replicate(mfa.Base, &mfa.Service, p)
	mfa.log.AuditPolicyLocked(actor, NewActivity("MFA Service Policy Update", "Authentication Methods", "Update"), "MFA Service Policy", "",
		Change{"allowAppPasswords", fmt.Sprint(old.AllowAppPasswords), fmt.Sprint(p.AllowAppPasswords)})
}
