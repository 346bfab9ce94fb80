package report

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The data has its words in English, whatever the language of the page: other programs read them. What is this program's of them is
// told in the page's language; anything else is quoted.

// ours is a text of this program's own, which the data has in English.
//
//go:noinline // every copy would be carried
func ours(l phrase.Language, text string) string { return l.T(phrase.Format(text)) }

// english is a text of the data.
//
//go:noinline // every copy would be carried
func english(words phrase.Format, values ...any) string { return phrase.English.T(words, values...) }

// What a snapshot names, and what states it has.
var _ = []phrase.Format{
	WhatAccount, WhatPerUserMFA, WhatRole, WhatPolicy, WhatExclusion, WhatDefaults, WhatService, WhatCampaign, WhatApp, WhatPermission,
	WhatMethods, WhatAdmins, WhatLog, "enforced", "enabled", "disabled", "assigned", "not assigned", "on", "off", "unknown", "untouched",
	IfNeeded, "there", "deleted", "excluded", "granted", "true", "false", "Conditional Access for the account", "Global Administrator", "nobody", "how many hold it directly",
	"the account", "the account is excluded", "whether it can be read", SignedIn, "failure", "none of them", "for everybody in the tenant",
}

// Why something is not known.
var _ = []phrase.Format{
	"it was not read", "nothing was changed, so it was not read", "the audit log was not read",
	"the account was only just created, and its id is in no line of the journal", "it is registered in another tenant, which alone can read them",
	"the service account", "the tenant today", "what is accepted for the application that you signed in with",
	"the report names no key of its seal", "the seal does not fit what it seals", "the seal is not spelt as this program writes it", "the seal is about another report",
	"line 1 follows a line that is not there",
}

// withTexts are the texts of the data that have others of its texts in them.
var withTexts = []phrase.Format{
	unread, unreadMany, "Deleted: %s", "their names could not be read: %s", "Could not %s.", "%s, at the end", "%s, before",
	"%s, and no read has shown it: it may have been made, or come later",
	"permissions of the application that you signed in with, %s", addFactor,
}

// Reasons for which something was not read, as the data has them.
const (
	unread     phrase.Format = "it could not be read: %s"
	unreadMany phrase.Format = "they could not be read: %s"
)

// reason is why something was not read, to follow that it was not.
func reason(l phrase.Language, why string) string {
	for _, f := range []phrase.Format{unread, unreadMany} {
		why = strings.TrimPrefix(why, strings.TrimSuffix(string(f), "%s"))
	}
	return Retold(l, why)
}

// withValues are the texts of the data that have values in them.
var withValues = append(withTexts, []phrase.Format{
	"Service account %s, enabled",
	"Service account %s, disabled",
	"Global Administrator, assigned to %s",
	"Perhaps Global Administrator, assigned to %s",
	"Exclusion of %s from the policy %s: take it out, or say why it stays",
	"Exclusion of %s from the policy %s",
	"App password of %s",
	"Second factor of %s",
	"It can be restored until %s.",
	"If Delegate365 can't use it: delete the app password of %s",
	"Finish the onboarding, or disable %s until then",
	"Register a second factor for %s, or disable it meanwhile, which stops Delegate365's work",
	"Application %s",
	"Delegate365's setup needs it. Whether it may go afterwards is the vendor's to say. It ends by itself: Entra removes it at %s.",
	"Delegate365's setup needs it. Whether it may go afterwards is the vendor's to say. It was assigned until %s, but Entra keeps the last assigned Global Administrator: remove it by hand.",
	"Change %s asked for it, and it was not read back. When the tenant was read it was not there; it may have come later.",
	"Entries of Microsoft's log may come a day late; then it is settled what they show. Microsoft keeps them until %s only.",
	"Renew the certificate of %s, or let it end",
	"Renew the secret of %s, or let it end",
	"user %s",
	"password of %s",
	"password policies of %s",
	"report named by the account %s",
	"security defaults of the whole tenant %s",
	"sign-in of %s",
	"assigned for %s",
	"for the account %s",
	"%s taken back, %s kept",
	"deleted, with the registration of the application %s",
	"deleted; the application %s stays registered in another tenant",
	"account %s",
	"excluded users of %s",
	"state of %s",
	"per-user MFA of %s",
	"Global Administrator for %s",
	"open extension %s of %s",
	"app %s (%s)",
	"application %s (%s)",
	"there, with %s permissions",
	"there, with %s permission",
	"%s permissions",
	"%s permission",
	"%s fewer",
	"MFA for %s",
	"%s policy leaves it out",
	"%s policies leave it out",
	"Hash of this report, in an open extension of %s",
	"permissions of the API %s",
	"certificates and secrets of %s",
	"Permissions of the application that you signed in with, %s",
	"Accepted for everybody in the tenant: %s.",
	"Accepted for the account %s: %s.",
	"line %s is no entry of a journal",
	"after line %s comes line %s",
	"line %s does not follow the one before it",
	"line %s is about another tenant",
}...)

var patterned = sync.OnceValue(func() []*regexp.Regexp {
	all := make([]*regexp.Regexp, len(withValues))
	for i, f := range withValues {
		parts := strings.Split(string(f), "%s")
		for j, p := range parts {
			parts[j] = regexp.QuoteMeta(p)
		}
		all[i] = regexp.MustCompile("^" + strings.Join(parts, "(.+?)") + "$")
	}
	return all
})

// Retold is a text of the data in this language, as far as it is one of this program's.
func Retold(l phrase.Language, text string) string {
	if said := ours(l, text); l == phrase.English || said != text {
		return said
	}
	if said, both := eachRetold(l, text); both {
		return said
	}
	for i, p := range patterned() {
		m := p.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		var values []any
		for _, value := range m[1:] {
			if t, err := time.Parse(dayAndTime, value); err == nil {
				value = stamp(l, t)
			} else if t, err := time.Parse("2 Jan 2006", value); err == nil {
				value = l.Day(t)
			}
			if i < len(withTexts) {
				value = Retold(l, value)
			}
			values = append(values, value)
		}
		return l.T(withValues[i], values...)
	}
	return text
}

// eachRetold are two sentences that are told each by itself; false where one of them is not this program's.
func eachRetold(l phrase.Language, text string) (string, bool) {
	first, rest, two := strings.Cut(text, ". ")
	if !two {
		return text, false
	}
	first += "."
	a, b := Retold(l, first), Retold(l, rest)
	return a + " " + b, a != first && b != rest
}
