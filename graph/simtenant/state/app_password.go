package state

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Rules of this file (Entra, "Enforce Microsoft Entra multifactor authentication with legacy applications using app
// passwords"): an app password is generated, shown once, offered only to an account whose per-user MFA is enforced,
// and there are 40 at most; nothing legacy signs in where security defaults are on.

const maxAppPasswords = 40

// AppPassword is a password that stands in for a second factor where none can be asked for.
type AppPassword struct {
	ID, Name, Secret string
	Created          time.Time
}

// Why an account has, or gets, no app password.
var (
	ErrNotEnforced         = errors.New("app passwords are offered only to accounts whose per-user MFA is enforced")
	ErrAppPasswordsOff     = errors.New("the tenant does not allow users to create app passwords")
	ErrSecurityDefaults    = errors.New("app passwords are not available while security defaults are on")
	ErrTooManyAppPasswords = errors.New("an account can have 40 app passwords at most")
	errNoAppPassword       = errors.New("no such app password")
	ErrNoName              = errors.New("an app password needs a name")
)

// AppPasswordOfferLocked is nil when the security-info page offers u an app password, else the reason why not.
func (mfa *MFA) AppPasswordOfferLocked(u *User) error {
	now := mfa.Instant()
	switch {
	case mfa.policies.SecurityDefaults.Seen(now, mfa.Lag):
		return ErrSecurityDefaults
	case u.Factors.PerUserMFA != MFAEnforced:
		return ErrNotEnforced
	case !mfa.Service.Seen(now, mfa.Lag).AllowAppPasswords:
		return ErrAppPasswordsOff
	}
	return nil
}

// CreateAppPassword makes an app password of sixteen lower-case letters. The value is not shown again.
func (mfa *MFA) CreateAppPassword(userID, name string) (string, error) {
	mfa.Lock()
	defer mfa.Unlock()
	u := mfa.directory.UserByIDLocked(userID)
	if u == nil {
		return "", ErrNoUser
	}
	if err := mfa.AppPasswordOfferLocked(u); err != nil {
		return "", err
	}
	if len(u.Factors.AppPasswords) >= maxAppPasswords {
		return "", ErrTooManyAppPasswords
	}
	if strings.TrimSpace(name) == "" {
		return "", ErrNoName
	}
	secret := make([]byte, 16)
	for i := range secret {
		secret[i] = byte('a' + mfa.Noise.IntN(26))
	}
	u.Factors.AppPasswords = append(u.Factors.AppPasswords, &AppPassword{ID: mfa.NewIDLocked(), Name: name, Secret: string(secret), Created: mfa.Instant()})
	mfa.log.AuditUserLocked(u, u, NewActivity("Create application password for user", "Core Directory", "Add"))
	return string(secret), nil
}

// DeleteAppPassword removes an app password, which stops working at once.
func (mfa *MFA) DeleteAppPassword(userID, id string) error {
	mfa.Lock()
	defer mfa.Unlock()
	u := mfa.directory.UserByIDLocked(userID)
	if u == nil {
		return ErrNoUser
	}
	i := slices.IndexFunc(u.Factors.AppPasswords, func(p *AppPassword) bool { return p.ID == id })
	if i < 0 {
		return errNoAppPassword
	}
	u.Factors.AppPasswords = slices.Delete(u.Factors.AppPasswords, i, i+1)
	mfa.log.AuditUserLocked(u, u, NewActivity("Delete application password for user", "Core Directory", "Delete"))
	return nil
}
