package simtenant

import (
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
	"time"
)

// Rules of this file (Entra, "Enforce Microsoft Entra multifactor authentication with legacy applications using app
// passwords"): an app password is generated, shown once, offered only to an account whose per-user MFA is enforced,
// and there are 40 at most; nothing legacy signs in where security defaults are on.

const maxAppPasswords = 40

type appPassword struct {
	id, name, secret string
	created          time.Time
}

var (
	errNotEnforced         = errors.New("app passwords are offered only to accounts whose per-user MFA is enforced")
	errAppPasswordsOff     = errors.New("the tenant does not allow users to create app passwords")
	errSecurityDefaults    = errors.New("app passwords are not available while security defaults are on")
	errTooManyAppPasswords = errors.New("an account can have 40 app passwords at most")
	errNoAppPassword       = errors.New("no such app password")
	errNoName              = errors.New("an app password needs a name")
)

// appPasswordOfferLocked is nil when the security-info page offers u an app password, else the reason why not.
func (t *Tenant) appPasswordOfferLocked(u *user) error {
	now := t.instant()
	switch {
	case t.securityDefaults.Seen(now, t.opts.Lag):
		return errSecurityDefaults
	case u.mfaState != mfaEnforced:
		return errNotEnforced
	case !t.mfaService.Seen(now, t.opts.Lag).allowAppPasswords:
		return errAppPasswordsOff
	}
	return nil
}

// createAppPassword makes an app password of sixteen lower-case letters. The value is not shown again.
func (t *Tenant) createAppPassword(userID, name string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByIDLocked(userID)
	if u == nil {
		return "", errNoUser
	}
	if err := t.appPasswordOfferLocked(u); err != nil {
		return "", err
	}
	if len(u.appPasswords) >= maxAppPasswords {
		return "", errTooManyAppPasswords
	}
	if strings.TrimSpace(name) == "" {
		return "", errNoName
	}
	secret := make([]byte, 16)
	for i := range secret {
		secret[i] = byte('a' + t.noise.IntN(26))
	}
	u.appPasswords = append(u.appPasswords, &appPassword{id: t.newIDLocked(), name: name, secret: string(secret), created: t.instant()})
	t.auditUserLocked(u, u, "Create application password for user", "Core Directory", "Add")
	return string(secret), nil
}

// deleteAppPassword removes an app password, which stops working at once.
func (t *Tenant) deleteAppPassword(userID, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByIDLocked(userID)
	if u == nil {
		return errNoUser
	}
	i := slices.IndexFunc(u.appPasswords, func(p *appPassword) bool { return p.id == id })
	if i < 0 {
		return errNoAppPassword
	}
	u.appPasswords = slices.Delete(u.appPasswords, i, i+1)
	t.auditUserLocked(u, u, "Delete application password for user", "Core Directory", "Delete")
	return nil
}

// checkAppPassword is a legacy sign-in, as SMTP AUTH makes it. An app password works whatever its spaces; once per-user
// MFA is enforced the account's own password does not. It stands for a second factor, but it is in no authentication
// strength (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths).
func (t *Tenant) checkAppPassword(upn, password string) *aadError {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := signInAttempt{UPN: upn, Password: password, AppID: appExchange, AppName: "Office 365 Exchange Online", ClientApp: clientOther}
	u := t.userByUPNLocked(upn)
	if u == nil {
		return t.refuseLocked(aadUserNotFound, "", "The user account %s does not exist in the %s directory.", upn, t.displayName)
	}
	err := t.legacyRefusalLocked(u, a)
	t.logSignInLocked(u, a, t.demandsLocked(u, a), err)
	return err
}

func (t *Tenant) legacyRefusalLocked(u *user, a signInAttempt) *aadError {
	if u.lockedUntil.After(t.instant()) {
		return t.lockedRefusalLocked()
	}
	secret := strings.ReplaceAll(a.Password, " ", "")
	isApp := slices.ContainsFunc(u.appPasswords, func(p *appPassword) bool {
		return subtle.ConstantTimeCompare([]byte(p.secret), []byte(secret)) == 1
	})
	isOwn := u.password != "" && a.Password == u.password
	if !isApp && !isOwn || isOwn && u.mfaState == mfaEnforced {
		t.countFailureLocked(u)
		return t.badCredentialsLocked()
	}
	if !u.accountEnabled {
		return t.disabledLocked()
	}
	for _, d := range t.demandsLocked(u, a) {
		switch {
		case d.kind == demandBlock, d.kind == demandDevice, d.kind == demandTerms:
			return t.blockedLocked(d)
		case d.source != sourcePerUser && d.kind != demandRegister && (!isApp || d.kind == demandStrength):
			return t.refuseLocked(aadMFARequired, "", mfaRequiredText, "Office 365 Exchange Online")
		}
	}
	u.failures = 0
	return nil
}
