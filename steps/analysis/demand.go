package analysis

import (
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Kind is where a demand comes from.
type Kind int

// The sources.
const (
	PerUserMFA Kind = iota
	SecurityDefaults
	ConditionalAccess
	RegistrationCampaign
	SelfServicePasswordReset // registration for it
	MandatoryMFA             // of Microsoft's admin portals
	RecentMFA                // of the security-info page: within the last ten minutes
)

// Certainty is how surely something is so.
type Certainty int

// The order matters: of several conditions that all have to hold, the least certain decides.
const (
	No Certainty = iota
	May
	Sure
)

func (c Certainty) String() string { return [...]string{"no", "may", "sure"}[c] }

// Ask is what a demand asks for.
type Ask string

// What can be asked for. Where a demand asks for several, its policy's operator says whether all are needed.
const (
	AskMFA             Ask = "MFA"
	AskStrength        Ask = "an authentication strength"
	AskBlock           Ask = "nothing, because it blocks the sign-in"
	AskDevice          Ask = "a compliant or joined device"
	AskClientApp       Ask = "an approved or protected app"
	AskTermsOfUse      Ask = "acceptance of terms of use"
	AskPasswordChange  Ask = "a new password"
	AskRiskRemediation Ask = "remediation of the risk"
	AskCustomFactor    Ask = "another provider's factor"
	AskRegistration    Ask = "registration for MFA"
	AskAppPassword     Ask = "an app password in place of the password"
	AskUnknown         Ask = "something that this program does not know"
)

// Words are what is asked for, as a sentence has it.
func (a Ask) Words() string { return phrase.T(phrase.Format(a)) }

// Lift is how a demand can be taken away.
type Lift int

// Only ByTenant concerns other accounts.
const (
	ByState     Lift = iota // the account's per-user MFA state
	ByExclusion             // the account among the excluded of the policy or the campaign
	ByTenant                // a setting of the whole tenant
	Never
)

// OneAccount reports that the demand can be lifted for one account alone.
func (l Lift) OneAccount() bool { return l == ByState || l == ByExclusion }

// Verdict is what what-if says of a policy.
type Verdict int

// NotAsked covers what-if refused, and a role that the account did not hold when it was asked.
const (
	NotAsked Verdict = iota
	Applies
	AppliesNot
)

// Doubt is a condition that a policy's text alone cannot decide.
type Doubt struct {
	What string // noun phrase: the location
	Rule string

	settled settlement
}

// settlement is who can settle a doubt before the sign-in.
type settlement int

const (
	bySignIn    settlement = iota // nobody: the place, the device and the platform show then
	byWhatIf                      // what-if, for a sign-in without risk
	byDirectory                   // what-if, for good: it knows who is in what
)

// Demand is one thing in the tenant that asks the account for more than its password at a sign-in, or refuses it.
type Demand struct {
	Source    string // as screens name it: per-user MFA, or the policy's name
	Kind      Kind
	Policy    *graph.Policy // of Conditional Access; only id, name, state and grant where the text could not be read
	Unread    bool          // Policy is known from what-if only
	Certainty Certainty     // May or Sure: that the account is asked
	Text      Certainty     // that the policy applies, by its text alone
	WhatIf    Verdict
	Doubts    []Doubt // what makes it May, or would without what-if
	Why       string
	Asks      []Ask
	Strength  *Strength // where one is asked for; without combinations where they could not be read
	Lift      Lift
	// Everywhere reports that it surely asks for MFA at every sign-in, wherever and with whatever that is: the demand
	// that closes the exposure window. Of a policy its text has to say so: what-if may lag behind who is in which group.
	Everywhere bool
	Except     string // what Everywhere may leave out all the same; a sentence
	Skippable  bool   // the person may put it off
	Rule       string // the page of Microsoft's documentation it stands on
}

// AsksMFA reports that it asks for a second factor, for a strength, or for the registration of either.
func (d Demand) AsksMFA() bool {
	return slices.ContainsFunc(d.Asks, func(a Ask) bool { return a == AskMFA || a == AskStrength || a == AskRegistration })
}

// Expected reports that the sign-in has to be expected to stumble: surely, or perhaps with nothing that says
// otherwise. A demand that may stand, that what-if was asked about and denied, is only worth a note.
func (d Demand) Expected() bool {
	return !d.Skippable && (d.Certainty == Sure || d.WhatIf != AppliesNot)
}

// Open reports a demand that may stand and that nobody can tell before the sign-in.
func (d Demand) Open() bool {
	return d.Certainty == May && slices.ContainsFunc(d.Doubts, func(d Doubt) bool { return d.settled == bySignIn })
}

// undecided reports a demand that what-if could settle, and has not.
func (d Demand) undecided() bool {
	return d.Certainty == May && d.WhatIf == NotAsked && slices.ContainsFunc(d.Doubts, func(d Doubt) bool { return d.settled != bySignIn })
}

// Depending are the doubts in words; empty where there is none.
func (d Demand) Depending() string {
	var words []string
	for _, doubt := range d.Doubts {
		words = append(words, doubt.What)
	}
	return phrase.JoinAnd(words)
}

// Disagreement shows both verdicts where a policy's text and what-if contradict each other, and is empty otherwise.
// A condition that the text leaves open is no contradiction.
func (d Demand) Disagreement() string {
	switch {
	case d.Text == Sure && d.WhatIf == AppliesNot:
		return phrase.T("its text says that it applies, Microsoft's what-if that it does not")
	case d.Text == No && d.WhatIf == Applies && !d.Unread:
		return phrase.T("Microsoft's what-if says that it applies, its text that it does not")
	}
	return ""
}

// Named is the source as it stands inside a sentence: a policy's name is somebody else's.
func (d Demand) Named() string { return d.NamedBoth().Spoken }

// NamedBoth is Named, in English as well.
func (d Demand) NamedBoth() phrase.Pair {
	switch d.Kind {
	case PerUserMFA:
		return phrase.Both(sourcePerUser)
	case SecurityDefaults:
		return phrase.Both(sourceDefaults)
	}
	if d.Policy == nil {
		return phrase.Same(d.Source)
	}
	return phrase.Same(phrase.Name(d.Source))
}

// Demanding is the source with what it does, as a sentence says it after a colon.
func (d Demand) Demanding() string {
	if d.Kind == SecurityDefaults {
		return phrase.T("security defaults demand it")
	}
	return phrase.T("%s demands it", d.Named())
}

// Sources are the names of the demands, in their order.
func Sources(demands []Demand) []string {
	names := make([]string, len(demands))
	for i, d := range demands {
		names[i] = d.Source
	}
	return names
}
