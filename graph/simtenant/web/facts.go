package web

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
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
func (s *Site) facts(userID string) (accountFacts, bool) {
	t := s.t
	t.Lock()
	defer t.Unlock()
	u := t.Directory.UserByIDLocked(userID)
	if u == nil || !u.AccountEnabled {
		return accountFacts{}, false
	}
	f := accountFacts{
		ID: u.ID, Name: u.DisplayName, UPN: u.UPN, MFAState: u.Factors.PerUserMFA, Roles: t.Directory.ActiveRolesLocked(u),
		Manage: t.MFA.Service.Seen(t.Instant(), t.Lag).AllowAppPasswords,
	}
	if err := t.MFA.AppPasswordOfferLocked(u); err != nil {
		f.NotOffered = err.Error()
	}
	f.Offered = f.NotOffered == ""
	for _, m := range u.StrongMethods() {
		f.Methods = append(f.Methods, methodFacts{ID: m.ID, Kind: methodWords[m.Kind], Name: m.Name, secret: m.Secret, push: m.Kind != state.MethodTOTP})
	}
	for _, p := range u.Factors.AppPasswords {
		f.AppPasswords = append(f.AppPasswords, appPasswordFacts{p.ID, p.Name, p.Created.Format(time.DateTime)})
	}
	return f, true
}

var methodWords = map[string]string{
	state.MethodTOTP:          "Authenticator app (code)",
	state.MethodAuthenticator: "Authenticator app (notice on the telephone)",
	state.MethodFIDO2:         "Passkey",
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
func (s *Site) members() []accountFacts {
	t := s.t
	t.Lock()
	ids := make([]string, 0, len(t.Directory.Users))
	for _, u := range t.Directory.Users {
		ids = append(ids, u.ID)
	}
	t.Unlock()
	var list []accountFacts
	for _, id := range ids {
		if f, ok := s.facts(id); ok {
			list = append(list, f)
		}
	}
	return list
}

// appPasswordsAllowed is the tenant's switch as its own settings page reads it.
func (s *Site) appPasswordsAllowed() bool {
	t := s.t
	t.Lock()
	defer t.Unlock()
	return t.MFA.Service.Latest().AllowAppPasswords
}
