// Package analysis judges, from what was read about a tenant, what stands between one account and a sign-in with its
// password alone: which sources demand MFA of it or refuse it, why, how surely, and what would lift each of them, and
// whether app passwords can work. It is pure: facts in, demands out. It reads nothing, waits for nothing and knows no
// screen. Every rule it applies names the page of Microsoft's documentation it stands on.
package analysis

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Reading is something that was read, or what kept it from being read. The zero value was not read.
type Reading[T any] struct {
	value T
	err   error
	read  bool
}

// Read takes the result of a call as it is.
func Read[T any](value T, err error) Reading[T] {
	return Reading[T]{value: value, err: err, read: err == nil}
}

// Value is what was read, and whether it was.
func (r Reading[T]) Value() (T, bool) { return r.value, r.read }

// Content is what was read; the zero value where nothing was.
func (r Reading[T]) Content() T { return r.value }

// Done reports an answer, or the reason why there is none: nobody waits for it any more.
func (r Reading[T]) Done() bool { return r.read || r.err != nil }

// Err says why it was not read. It is nil too where nobody tried.
func (r Reading[T]) Err() error { return r.err }

// Facts are everything that was read about one account's MFA. What could not be read demands nothing
// here; whoever asks looks at each Reading too, so that nobody takes that for an all-clear.
type Facts struct {
	Account          Account
	PerUser          Reading[graph.MFAState]
	SecurityDefaults Reading[bool]           // on
	Policies         Reading[[]graph.Policy] // graph.ErrUnlicensed means that there is no Conditional Access here
	Lapsed           bool                    // there are policies, and the licence to change them has ended
	Platform         string                  // of the browser on this computer; empty where it is not known
	// WhatIf are Microsoft's own verdicts, as Settle puts them together, by the id of the sign-in that was evaluated.
	WhatIf map[string]Reading[[]graph.WhatIf]
	// WhatIfRoles are the roles that the account held when what-if was asked. Of a policy about another role of
	// Account.Roles it could not know: so the same facts are judged before and after Global Administrator applies.
	WhatIfRoles  []string
	Strengths    Reading[[]Strength]
	Campaign     Reading[Campaign]
	SSPR         Reading[bool] // administrators may reset their own password, and so register for it
	AppPasswords Reading[bool] // the tenant's setting: users may create app passwords
	Methods      Reading[[]graph.AuthMethod]
	Founded      time.Time // when the organisation was created; zero is not known
	Sovereign    bool      // a cloud of a government or of China: Microsoft's admin portals demand no MFA of their own there
}

// Account is the account that is judged.
type Account struct {
	ID, UPN     string
	Roles       []string // template ids of the active roles for the whole tenant, those through groups included
	RolesKnown  bool     // Roles are all
	Groups      []string // ids, transitive
	GroupsKnown bool     // Groups are all
	Guest       bool     // its userType is Guest
}

// Campaign is the registration campaign, as it concerns the account.
// https://learn.microsoft.com/entra/identity/authentication/how-to-mfa-registration-campaign
type Campaign struct {
	On       bool
	Excluded bool // the account, or a group of it, is among the excluded
	Snooze   bool // it can be snoozed without end
}

// WithRole is the same facts for the account as it will be once it holds a role too.
func (f Facts) WithRole(templateID string) Facts {
	if !has(f.Account.Roles, templateID) {
		f.Account.Roles = append(slices.Clone(f.Account.Roles), templateID)
	}
	return f
}

// WithState is the same facts with per-user MFA in a state that it will be in.
func (f Facts) WithState(s graph.MFAState) Facts {
	f.PerUser = Read(s, nil)
	return f
}

// policies are the tenant's policies and whether they are known: a tenant without a licence for them has none.
func (f Facts) policies() ([]graph.Policy, bool) {
	if errors.Is(f.Policies.err, graph.ErrUnlicensed) {
		return nil, true
	}
	return f.Policies.Value()
}

// registered reports whether the account has a method that satisfies MFA, and whether that is known.
func (f Facts) registered() (yes, known bool) {
	methods, known := f.Methods.Value()
	return slices.ContainsFunc(methods, graph.AuthMethod.Strong), known
}

// has reports an id or a keyword in a list. Graph writes ids in either case.
//
//go:noinline // every copy would be carried
func has(list []string, id string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, id) })
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return has(b, s) })
}
