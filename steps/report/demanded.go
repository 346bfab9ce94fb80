package report

import "github.com/delegate365-onboard/delegate365-onboard/steps/phrase"

// Demanded is what demands MFA of the account at every sign-in, as all that may was read at once. The zero value is that nothing but
// its own state does.
type Demanded struct {
	By      string // security defaults demand it; empty where nothing surely does
	Partial bool   // not all of it could be read
}

// mfaOf is whether MFA is on for an account, as it was read.
func mfaOf(now *Snapshot, account string, d Demanded) string {
	state, read := now.Of(WhatPerUserMFA, account)
	switch {
	case read && demands(state.Value), now != nil && d.By != "":
		return MFAOn
	case read && state.Value == "disabled" && !d.Partial:
		return MFAOff
	}
	return MFAUnknown
}

// demands reports a state of per-user MFA in which it is demanded.
func demands(state string) bool { return state == "enforced" || state == "enabled" }

// demanding says what demands MFA, and when that was read.
func demanding(r *Report, f *Facts) string {
	at := stamp(phrase.Spoken(), f.After.At)
	if state, _ := f.After.Of(WhatPerUserMFA, r.Account.ID); demands(state.Value) || f.Around.Demanded.By == "" {
		return phrase.T("per-user MFA is %s, read from the tenant on %s.", ours(phrase.Spoken(), state.Value), at)
	}
	return phrase.T("%s, read from the tenant on %s.", f.Around.Demanded.By, at)
}

// unknown says why nobody knows whether MFA is on.
func unknown(r *Report, f *Facts) string {
	a := r.Account.UserPrincipalName
	if gone(r, f.After) {
		return phrase.T("%s is gone, read from the tenant on %s.", a, stamp(phrase.Spoken(), f.After.At)) + " " + phrase.T(restored)
	}
	if state, read := f.After.Of(WhatPerUserMFA, r.Account.ID); read && state.Value == "disabled" {
		return phrase.T("IT IS NOT KNOWN whether MFA is on for %s: per-user MFA is disabled, and not all else that may demand it could be read. Treat it as off.", a) + " " + phrase.T(putBack, r.Tenant.DefaultDomain)
	}
	return phrase.T("IT IS NOT KNOWN whether MFA is on for %s: the tenant could not be read. Treat it as off.", a) + " " + phrase.T(putBack, r.Tenant.DefaultDomain)
}

// restored is to be known of an account that is gone.
const restored phrase.Format = "Whoever restores it, for which there are 30 days, may make it Global Administrator without MFA again: run restore then."

// gone reports an account that was deleted, as the tenant was read.
func gone(r *Report, now *Snapshot) bool {
	_, there := now.Of(WhatAccount, r.Account.ID)
	return now != nil && r.Account.ID != "" && !there && now.Unreadable(WhatAccount) == ""
}
