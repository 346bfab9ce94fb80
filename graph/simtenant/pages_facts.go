package simtenant

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

// accountFacts is what the pages show of one account, copied so that no page holds the tenant's lock.
type accountFacts struct {
	ID, Name, UPN string
	MFAState      string
	Roles         []string
	Methods       []methodFacts
	AppPasswords  []appPasswordFacts
	Offered       bool   // an app password can be created now
	NotOffered    string // why none can, which a real page would not tell
	Manage        bool   // app passwords can be deleted: the tenant allows them at all
}

type methodFacts struct {
	ID     string
	Kind   string // in words
	Name   string
	secret []byte // of an authenticator app that shows codes; nil where the telephone asks instead
	push   bool
}

type appPasswordFacts struct {
	ID, Name, Created string
}

// facts looks an account up by its id. It is false for an account that is gone or disabled.
func (t *Tenant) facts(userID string) (accountFacts, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByIDLocked(userID)
	if u == nil || !u.accountEnabled {
		return accountFacts{}, false
	}
	f := accountFacts{
		ID: u.id, Name: u.displayName, UPN: u.upn, MFAState: u.mfaState, Roles: t.activeRolesLocked(u),
		Manage: t.mfaService.Seen(t.instant(), t.opts.Lag).allowAppPasswords,
	}
	if err := t.appPasswordOfferLocked(u); err != nil {
		f.NotOffered = err.Error()
	}
	f.Offered = f.NotOffered == ""
	for _, m := range u.strongMethods() {
		f.Methods = append(f.Methods, methodFacts{ID: m.id, Kind: methodWords[m.kind], Name: m.name, secret: m.secret, push: m.kind != methodTOTP})
	}
	for _, p := range u.appPasswords {
		f.AppPasswords = append(f.AppPasswords, appPasswordFacts{p.id, p.name, p.created.Format(time.DateTime)})
	}
	return f, true
}

var methodWords = map[string]string{
	methodTOTP:          "Authenticator app (code)",
	methodAuthenticator: "Authenticator app (notice on the telephone)",
	methodFIDO2:         "Passkey",
}

// push says whether one of the account's methods asks on the telephone; code, whether one shows codes.
func (f accountFacts) push() bool {
	return slices.ContainsFunc(f.Methods, func(m methodFacts) bool { return m.push })
}

func (f accountFacts) code() bool {
	return slices.ContainsFunc(f.Methods, func(m methodFacts) bool { return !m.push })
}

// codeMatches checks a code against every authenticator app of the account.
func (f accountFacts) codeMatches(code string, now time.Time) bool {
	return slices.ContainsFunc(f.Methods, func(m methodFacts) bool { return !m.push && totp.Matches(m.secret, code, now) })
}

// members are the accounts the per-user MFA page lists.
func (t *Tenant) members() []accountFacts {
	t.mu.Lock()
	ids := make([]string, 0, len(t.users))
	for _, u := range t.users {
		ids = append(ids, u.id)
	}
	t.mu.Unlock()
	var list []accountFacts
	for _, id := range ids {
		if f, ok := t.facts(id); ok {
			list = append(list, f)
		}
	}
	return list
}

// appPasswordsAllowed is the tenant's switch as its own settings page reads it.
func (t *Tenant) appPasswordsAllowed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mfaService.Latest().allowAppPasswords
}
