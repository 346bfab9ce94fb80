package analysis

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// AppPasswordVerdict is whether the account can create an app password and use it.
type AppPasswordVerdict struct {
	Offered Certainty // the security-info page will offer one
	Usable  Certainty // Exchange Online will accept it from a client of legacy authentication
	Reasons []Reason  // what is against either, or worth knowing
}

// Reason is one thing that bears on app passwords.
type Reason struct {
	Of     Question
	Leaves Certainty // the most that the question can still be answered with: Sure for a mere note
	Text   string
	WayOut string
	Rule   string
	Demand *Demand // nil where it is no demand
}

// Question is one of the two.
type Question int

// The questions.
const (
	Offered Question = iota
	Usable
)

// AppPasswords decides whether app passwords can work for the account as the facts have it: ask with WithState for
// the state that it will be in.
// https://learn.microsoft.com/entra/identity/authentication/howto-mfa-app-passwords
func AppPasswords(f Facts) AppPasswordVerdict {
	v := AppPasswordVerdict{Offered: Sure, Usable: May} // nothing that Graph shows makes it sure
	v.defaults(f)
	v.state(f)
	v.setting(f)
	v.page(f)
	v.submission(f)
	v.legacy(f)
	for _, r := range v.Reasons {
		switch r.Of {
		case Offered:
			v.Offered = min(v.Offered, r.Leaves)
		case Usable:
			v.Usable = min(v.Usable, r.Leaves)
		}
	}
	return v
}

// Against is what keeps a question from being answered with the surest yes, as a sentence, with a way that leads there past all that is
// against it for sure; empty where there is nothing.
func (v AppPasswordVerdict) Against(q Question) string {
	worst := Sure
	for _, r := range v.Reasons {
		if r.Of == q {
			worst = min(worst, r.Leaves)
		}
	}
	if worst == Sure {
		return ""
	}
	var first *Reason
	var also, ways []string
	for i := range v.Reasons {
		r := &v.Reasons[i]
		against := r.Of == q && r.Leaves == worst
		switch {
		case against && first == nil:
			first = r
		case against && first.Demand != nil && r.Demand != nil:
			also = append(also, r.Demand.Named())
		}
		if (against || r.Leaves == No) && !slices.Contains(ways, r.WayOut) {
			ways = append(ways, r.WayOut)
		}
	}
	said := first.Text
	if len(also) > 0 {
		said += "; " + phrase.T("so does %s", phrase.JoinAnd(also))
	}
	return phrase.T("%s. A way: %s.", said, strings.Join(ways, "; "))
}

func (v *AppPasswordVerdict) add(r ...Reason) { v.Reasons = append(v.Reasons, r...) }

func (v *AppPasswordVerdict) defaults(f Facts) {
	on, known := f.SecurityDefaults.Value()
	if known && !on {
		return
	}
	r := Reason{
		Leaves: No, Rule: ruleDefaults, Text: phrase.T("security defaults are on: no app password is offered, and every legacy protocol is refused"),
		WayOut: phrase.T("Delegate365 without an app password, or security defaults off for good, for the whole tenant"),
	}
	if !known {
		r.Leaves, r.Text, r.WayOut = May, phrase.T("whether security defaults are on is not known"), phrase.T("sign in with a role that may read policies")
	}
	usable := r
	usable.Of = Usable
	v.add(r, usable)
}

// state: only enforced per-user MFA brings app passwords; MFA that Conditional Access demands does not.
func (v *AppPasswordVerdict) state(f Facts) {
	state, known := f.PerUser.Value()
	r := Reason{Leaves: No, Rule: ruleRegistration, WayOut: phrase.T("set per-user MFA of this account to enforced")}
	switch {
	case state == graph.MFAEnforced:
		return
	case !known:
		r.Leaves, r.Text = May, phrase.T("the account's per-user MFA state is not known")
	case state == graph.MFAEnabled:
		r.Text = phrase.T("per-user MFA is enabled and not yet enforced")
		r.WayOut += " " + phrase.T("once it has registered")
	case slices.ContainsFunc(conditionalAccess(f, SetupBrowser(f.Platform)), Demand.AsksMFA):
		r.Text = phrase.T("only Conditional Access demands MFA of the account, and that brings no app passwords")
	default:
		r.Text = phrase.T("per-user MFA is %s", StateWord(state).Spoken)
	}
	v.add(r)
}

func (v *AppPasswordVerdict) setting(f Facts) {
	r := Reason{Rule: ruleAppPasswords, WayOut: phrase.T("allow users to create app passwords, in the service settings of per-user MFA")}
	allowed, known := f.AppPasswords.Value()
	switch {
	case known && allowed:
		return
	case known:
		r.Leaves, r.Text = No, phrase.T("the tenant does not allow users to create app passwords")
	default:
		r.Leaves, r.Text = May, phrase.T("whether the tenant allows app passwords is not known")
	}
	v.add(r)
}

// page: who cannot reach the security-info page cannot create an app password there.
func (v *AppPasswordVerdict) page(f Facts) {
	registered, known := f.registered()
	for _, d := range conditionalAccess(f, SecurityInfo()) {
		o := d.obstacle(known && !registered)
		if o == No || !d.Expected() {
			continue
		}
		r := Reason{Leaves: No, Demand: &d, Rule: d.Rule, Text: phrase.T("%s stands before the security-info page: %s", d.Named(), d.Why), WayOut: phrase.T("exclude the account from %s", d.Named())}
		if d.registering() && slices.Contains(d.Asks, AskMFA) {
			r.Rule = ruleRegisterFirst
			r.WayOut += phrase.T(", or sign in there with a Temporary Access Pass")
		}
		if min(o, d.Certainty) == May {
			r.Leaves = May
		}
		v.add(r)
	}
}

// legacy: every control of a policy that applies to a client of legacy authentication refuses it. ActiveSync is told
// for completeness; the onboarding needs the other clients.
func (v *AppPasswordVerdict) legacy(f Facts) {
	blocked := conditionalAccess(f, LegacyAuthentication())
	for _, d := range blocked {
		if !d.Expected() {
			continue
		}
		r := Reason{Of: Usable, Leaves: No, Demand: &d, Rule: d.Rule, Text: phrase.T("%s refuses legacy authentication: %s", d.Named(), d.Why), WayOut: phrase.T("exclude the account from %s", d.Named())}
		if slices.Equal(d.Asks, []Ask{AskMFA}) {
			r.Leaves, r.Rule = May, ruleAppPasswords
			r.Text = phrase.T("%s asks legacy authentication for MFA, and Microsoft does not say whether an app password meets that", d.Named())
		}
		if d.Certainty == May {
			r.Leaves = May
		}
		v.add(r)
	}
	names := Sources(blocked)
	for _, d := range conditionalAccess(f, ActiveSync()) {
		if d.Expected() && !slices.Contains(names, d.Source) {
			v.add(Reason{Of: Usable, Leaves: Sure, Demand: &d, Rule: d.Rule, Text: phrase.T("%s refuses Exchange ActiveSync: %s", d.Named(), d.Why), WayOut: phrase.T("none is needed")})
		}
	}
	if _, known := f.policies(); !known && !f.WhatIf[LegacyAuthentication().ID].read {
		v.add(Reason{
			Of: Usable, Leaves: May, Rule: ruleBlockLegacy, Text: phrase.T("whether a policy refuses legacy authentication is not known"),
			WayOut: phrase.T("sign in with a role that may read policies"),
		})
	}
}

// smtpAuthOffSince is when new organisations began to have SMTP AUTH off.
var smtpAuthOffSince = time.Date(2020, time.February, 1, 0, 0, 0, 0, time.UTC)

// submission: sending mail is all that an app password is still good for, and whether it is good for that stands nowhere
// in Graph.
func (v *AppPasswordVerdict) submission(f Facts) {
	v.add(
		Reason{Of: Usable, Leaves: May, Rule: ruleSubmission, Text: SubmissionOff(f.Founded), WayOut: phrase.T("turn SMTP AUTH on for this mailbox, in the Exchange admin center")},
		Reason{
			Of: Usable, Leaves: May, Rule: ruleSubmission, Text: phrase.T("this program gives the account no licence, and without a mailbox Exchange Online accepts nothing from it"),
			WayOut: phrase.T("give it a licence with Exchange Online"),
		},
	)
}

// SubmissionOff says why SMTP AUTH may be off in an organisation, by when it was created; zero is not known.
func SubmissionOff(founded time.Time) string {
	off := phrase.T("whether SMTP AUTH is on, for the organisation and for the mailbox, can't be read here")
	switch {
	case founded.IsZero():
		return off + phrase.T(", and it is off by default in organisations created after January 2020")
	case founded.Before(smtpAuthOffSince):
		return off + phrase.T(", and Microsoft switches it off by default at the end of December 2026")
	}
	return off + phrase.T(", and it is off by default in organisations created after January 2020, as this one was in %s", phrase.Month(founded))
}

// registering reports a policy about the registration itself.
func (d Demand) registering() bool {
	return d.Policy != nil && has(d.Policy.Applications.UserActions, actionRegister)
}

// LockedOut are the policies that surely keep the account out of a sign-in in a browser: they block it, or ask for what it has not and can't
// register on the way, or keep it from registering where MFA is asked for. Of an account that has a second factor, or a Temporary Access
// Pass, nobody here knows: with one it may register a passkey
// (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths).
func LockedOut(f Facts) (named []string) {
	methods, known := f.Methods.Value()
	if !known || slices.ContainsFunc(methods, func(m graph.AuthMethod) bool { return m.Strong() || m.Kind == "temporaryAccessPass" }) {
		return nil
	}
	browser := SetupBrowser(f.Platform)
	asked := len(perUser(f, browser)) > 0
	for _, d := range conditionalAccess(f, browser) {
		shown := slices.Contains(d.Asks, AskDevice) || slices.Contains(d.Asks, AskClientApp) // the window's own device may be one
		if !shown && min(d.obstacle(true), d.Certainty) == Sure {
			named = append(named, d.Named())
		}
		asked = asked || d.Certainty == Sure && d.AsksMFA()
	}
	if len(named) == 0 && asked {
		return Barring(f)
	}
	return named
}

// obstacle is how surely a person with a browser, Authenticator and no special device is stopped by a demand.
func (d Demand) obstacle(unregistered bool) Certainty {
	or := strings.EqualFold(d.Policy.Grant.Operator, "OR")
	result := No
	if or {
		result = Sure
	}
	for _, a := range d.Asks {
		o := No
		switch a {
		case AskBlock, AskDevice, AskClientApp:
			o = Sure
		case AskStrength:
			if o = Sure - d.Strength.Registrable(); d.Strength.allows("password") {
				o = No
			}
		case AskMFA:
			if unregistered && d.registering() {
				o = Sure
			}
		case AskUnknown:
			o = May
		}
		if or {
			result = min(result, o)
		} else {
			result = max(result, o)
		}
	}
	return result
}
