package report

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// What a screen asks a person for, as the journal has it.
const (
	AskSettings = "service-settings"
	AskSetup    = "setup"
	AskFactor   = "register-mfa"
	AskPassword = "app-password"
	AskPortal   = "portal-version"   // a sign-in to Delegate365, at which Microsoft may have a second factor registered
	AskTest     = "test-credentials" // the same
)

// askedOf is when a screen asked a person for something.
func askedOf(entries []journal.Entry) map[string][]time.Time {
	out := map[string][]time.Time{}
	for _, e := range entries {
		if e.Kind == journal.KindAsked {
			out[e.Note] = append(out[e.Note], e.At)
		}
	}
	return out
}

// wasAsked is how often a person had been asked for one of these by then.
func (c classifying) wasAsked(at time.Time, parts ...string) (times int) {
	for _, part := range parts {
		for _, when := range c.asks[part] {
			if !at.Before(when.Add(-earliest)) {
				times++
			}
		}
	}
	return times
}

// asks are what a screen asks for, of the account itself or by the operator on it.
var asks = []string{
	registered, "User registered all required security info", "User started security info registration",
	"User changed default security info", "User reviewed security info", "Enable Strong Authentication", "Update user",
}

// signsIn are screens that have the account sign in where Microsoft may have it register a second factor, unasked by this program.
var signsIn = []string{AskPortal, AskTest}

// asked reports what the program asked for, after it had: registering a second factor, and as many app passwords, by the account
// itself and not in a window that was opened after it was asked; and the tenant's app-password setting, by the operator's own hand.
func (c *classifying) asked(e Entry, account bool) bool {
	switch {
	case !account:
		return strings.EqualFold(e.Activity, serviceUpdated) && c.wasAsked(e.At, AskSettings) > 0
	case !c.onAccount(e) || c.inWindow(e.At, 0, 0) && !c.askedInIts(e.At):
		return false
	case strings.EqualFold(e.Activity, appPasswordMade):
		return c.takesPassword(e)
	case !anyOf(asks, e.Activity) || c.wasAsked(e.At, append(signsIn, AskFactor, AskPassword)...) == 0:
		return false
	}
	if strings.EqualFold(e.Activity, registered) {
		c.registrations++
	}
	return true
}

// askedInIts reports that the account was asked in the window that is open at a time. A window may stay open by the journal, although
// MFA is demanded again, until the last exclusion was read to be gone.
func (c classifying) askedInIts(at time.Time) bool {
	i := slices.IndexFunc(c.windows, func(w Window) bool { return !at.Before(w.OpenedAt) && (w.ClosedAt.IsZero() || !at.After(w.ClosedAt)) })
	if i < 0 {
		return false
	}
	for _, part := range append(signsIn, AskFactor, AskPassword) {
		for _, when := range c.asks[part] {
			if !when.Before(c.windows[i].OpenedAt) && !at.Before(when.Add(-earliest)) {
				return true
			}
		}
	}
	return false
}

// takesPassword reports an app password that is one of those asked for. The page that registers a second factor may make one as
// well, also where Microsoft showed it at a sign-in.
func (c *classifying) takesPassword(e Entry) bool {
	pages := max(c.wasAsked(e.At, AskFactor), min(c.registrations, c.wasAsked(e.At, signsIn...)))
	if c.passwords >= pages+c.wasAsked(e.At, AskPassword) {
		return false
	}
	c.passwords++
	return true
}

// Activities by which the log says that the MFA service settings were changed, that an app password was made, and that a second
// factor was registered.
const (
	serviceUpdated  = "MFA Service Policy Update"
	appPasswordMade = "Create application password for user"
	registered      = "User registered security info"
)
