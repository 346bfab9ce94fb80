package steps

import (
	"cmp"
	"context"
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Rules of this file: whether this Delegate365 needs an app password is known only to somebody who sees its menu, or was
// told. Newer versions work with an app and a certificate instead (the vendor, 2020); in which version the page went is
// not known. Until somebody says, nothing is done for an app password.

// portalVersion is whether this Delegate365 has a page for the account and its app password.
type portalVersion string

const (
	versionUnknown portalVersion = ""     // nobody has said yet
	versionOlder   portalVersion = "page" // it takes an app password
	versionNewer   portalVersion = "none" // it needs none
	versionSkipped portalVersion = "skip" // it takes one, or nobody can say; it gets none from this run
)

const (
	ansVersion   = "office"
	actWithPage  = "with-office"
	actSkip      = "without-app-password"
	onlyIfPage   = "only for an older Delegate365"
	newerVersion = "This Delegate365 has no page " + accountPage + ": it works with an app and a certificate, and needs no app password."
	skippedPage  = "No app password is made by this run, as you chose."
	mayNeedIt    = "If the portal has the page " + accountPage + ", it has none to work with."
	needsIt      = "The portal has the page " + accountPage + ", as you said: it has none to work with."
	whatItProves = "Exchange Online takes an app password only for sending mail (SMTP), and in most tenants not even for that: the test of an older Delegate365 mostly fails. A current Delegate365, with an app and a certificate, is the supported way."
)

func optionPage() Option {
	return Option{ID: string(versionOlder), Label: phrase.T("older: with the page %s", accountPage)}
}

func optionNewer() Option {
	return Option{ID: string(versionNewer), Label: phrase.T("newer, without that page (the recommended version)")}
}

// versionField asks for the version where nobody has to know it yet.
func versionField(m *memory) Field {
	f := Field{
		ID: ansVersion, Label: phrase.T("Delegate365 version"), Kind: ChoiceField, Value: string(m.appPasswords.version), Optional: true,
		Options: []Option{optionPage(), optionNewer(), {ID: string(versionUnknown), Label: phrase.T("asked once its portal is open")}},
		Help:    phrase.T("Ask the vendor, or look in its menu after setup. Only the older one needs an app password."),
	}
	if m.appPasswords.version == versionSkipped {
		f.Options = append(f.Options, Option{ID: string(versionSkipped), Label: phrase.T("no app password, as you chose")})
	}
	return f
}

// askForVersion asks for the version. Nothing is done for an app password before the answer.
func askForVersion(ctx context.Context, r *Run, client *graph.Client, user graph.User) Finding {
	if out := lockedOut(ctx, r, client, user); len(out) > 0 {
		return askVendor(r.snapshot(), out)
	}
	return askAtPortal(r.snapshot())
}

// askVendor asks where the account can't sign in to look.
func askVendor(m *memory, lockedOut []string) Finding {
	said := finding.Outside.Of("sign-in", "refused").In("This account can't sign in now: it is kept out by %s, and can register nothing that lets it in.", phrase.JoinFew(lockedOut))
	f := Finding{
		Status: Waiting,
		Text:   []Sentence{said, finding.Advice("Ask the vendor, or somebody who sees this Delegate365, which version it is.")},
		Fields: []Field{{
			ID: ansVersion, Label: phrase.T("Delegate365 version"), Kind: ChoiceField, Value: string(m.appPasswords.version),
			Options: []Option{optionUnlooked(), optionPage(), optionNewer(), optionUnseen()},
		}},
		Actions: []Action{{ID: ActRetry, Label: phrase.T("Use this answer")}},
	}
	if neverOffered(m) != "" { // whatever the version is
		f.Text[1] = f.Text[1].And(noneCanBeCreated())
		f.Fields[0].Value, f.Fields[0].Options = string(versionSkipped), []Option{optionUnseen(), optionPage(), optionNewer()}
	}
	return f
}

func noneCanBeCreated() Sentence {
	return finding.AppPasswords.Of("", "none").In("No app password can be created in this tenant as it is.")
}

func optionUnlooked() Option {
	return Option{ID: string(versionUnknown), Label: phrase.T("not looked yet")}
}

func optionUnseen() Option {
	return Option{ID: string(versionSkipped), Label: phrase.T("can't be seen: go on without an app password")}
}

// askAtPortal asks where the portal is open.
func askAtPortal(m *memory) Finding {
	open := Item{ID: "open", Text: phrase.T("Look at Delegate365 there; it may ask to sign in again"), Opens: true}
	if m.setup.from == nil { // this run has not opened it
		open = Item{ID: "open", Text: phrase.T("Open your Delegate365 in that window, and sign in"), Opens: m.setup.portal.Base() != ""}
	}
	items := []Item{
		open,
		{ID: "user-name", Text: phrase.T("Paste the user name, if it asks"), Copy: graph.NewText(m.user.UserPrincipalName), Shown: m.user.UserPrincipalName},
		signInPassword(m),
	}
	switch named := namedFactors(m); {
	case named != "":
		items = append(items, Item{ID: "factor", Text: phrase.T("When it asks for a second factor, use: %s", named)})
	case registrable(m):
		items = append(items, Item{ID: "register", Text: phrase.T("Register an authenticator app, if it asks")})
	}
	text := finding.Advice("Only an older Delegate365 takes an app password. Which one is this?")
	if neverOffered(m) != "" {
		text = text.And(noneCanBeCreated())
	}
	return orSetNew(m, Finding{
		Status: Waiting,
		Text:   []Sentence{text},
		Task: &Task{
			Part: PartPortalVersion, Where: phrase.T("In the private window"), URL: m.setup.portal.Base(), Private: true, Items: items,
		},
		Fields: []Field{{
			ID: ansVersion, Label: phrase.T("Delegate365 version, as its menu shows"), Kind: ChoiceField, Value: string(m.appPasswords.version),
			Options: []Option{
				optionUnlooked(), optionPage(), optionNewer(), optionUnseen(),
			},
		}},
		Actions: []Action{{ID: ActRetry, Label: phrase.T("Use this answer")}},
	})
}

// withoutAnswer is the finding of a step that is not needed, or for which the version has to be known first. It reports
// false for the older version, whose step goes on.
func withoutAnswer(ctx context.Context, r *Run, client *graph.Client, user graph.User) (Finding, bool) {
	m := r.snapshot()
	switch m.appPasswords.version {
	case versionOlder:
		return Finding{}, false
	case versionUnknown:
		return askForVersion(ctx, r, client, user), true
	}
	return withoutOffice(m), true
}

// withoutOffice is a step that only older versions need. It can be run all the same.
func withoutOffice(m *memory) Finding {
	f := Finding{
		Status:  NotNeeded,
		Text:    []Sentence{isNewer()},
		Actions: []Action{{ID: ActNext, Label: phrase.T("Continue")}, {ID: actWithPage, Label: phrase.T("It has that page: do this step")}},
	}
	if m.appPasswords.version == versionSkipped {
		why, _ := m.whyWithout()
		f.Text, f.Brief = []Sentence{skippedBecause(m)}, finding.Word.Of("app password", "none").In("%s", why)
	}
	return f
}

// isNewer is what the operator said of the version.
func isNewer() Sentence { return finding.Word.Of("version", "newer").In(newerVersion) }

// skippedBecause is why there is no app password.
func skippedBecause(m *memory) Sentence {
	return skippedFor(m, cmp.Or(m.appPasswords.skipped, phrase.T(skippedPage)))
}

// skippedInShort is the same on the last screens: the step that was left out, the terminal and the report have what keeps it.
func skippedInShort(m *memory) Sentence {
	if m.appPasswords.skipped != "" {
		return skippedFor(m, noneCanBeCreated().String())
	}
	return skippedBecause(m)
}

func skippedFor(m *memory, why string) Sentence {
	if m.appPasswords.page {
		return finding.Word.Of("app password", "none").In("%s", why).And(finding.Word.Of("version", "older").In(needsIt))
	}
	if len(m.changes(CreateAccount)) == 0 { // it may have one from before
		return finding.Word.Of("app password", "none").In("%s", why)
	}
	return finding.Word.Of("app password", "none").In("%s %s", why, phrase.T(mayNeedIt))
}

var errNotSaid = errors.New("nobody has said which one it is")

// answerOffice takes what somebody knows of the version; that nobody knows it yet is an answer where it is not needed.
func answerOffice(r *Run, text string) error {
	switch o := portalVersion(text); o {
	case versionUnknown, versionOlder, versionNewer, versionSkipped:
		if o == versionSkipped && r.snapshot().appPasswords.version == versionSkipped {
			return nil // it stays, for the reason that it has
		}
		why := ""
		if never := neverOffered(r.snapshot()); o == versionSkipped && never != "" {
			why = phrase.T("No app password can be created in this tenant as it is: %s", never)
		}
		r.update(func(m *memory) {
			m.appPasswords.page = o == versionOlder || o == versionSkipped && m.appPasswords.version == versionOlder
			m.appPasswords.version, m.appPasswords.skipped = o, why
		})
		noteVersion(r)
		return nil
	}
	return unknownAnswer(text)
}

// neverOffered says why no app password can be created here, as far as the check read the tenant; empty where one may be.
func neverOffered(m *memory) string {
	if m.posture == nil {
		return ""
	}
	v := analysis.AppPasswords(laterAsNew(m))
	if v.Offered != analysis.No {
		return ""
	}
	return v.Against(analysis.Offered)
}

// neverUsable says why Exchange Online refuses an app password here, as far as the check read the tenant; empty where it may take one.
func neverUsable(m *memory) string {
	if m.posture == nil {
		return ""
	}
	v := analysis.AppPasswords(laterAsNew(m))
	if v.Usable != analysis.No {
		return ""
	}
	return phrase.Upper(v.Against(analysis.Usable))
}

func cannotBeCreated(why string) Sentence {
	return finding.AppPasswords.Of("", "none").In("No app password can be created in this tenant as it is: %s", why)
}

// offeredToNobody is the finding where the older version needs what this tenant does not give.
func offeredToNobody(why string) Finding {
	return Finding{
		Status: Blocked,
		Text:   []Sentence{cannotBeCreated(why), finding.Advice("Allowing them would change nothing for this account. " + whatItProves)},
		Actions: []Action{
			goWithout(),
			{ID: actNoPage, Label: phrase.T("It is newer: it has no such page")},
			{ID: ActGo + string(Check), Label: phrase.T("Go back to the check")},
		},
	}
}

// goWithout offers to make no app password.
func goWithout() Action {
	return Action{ID: actSkip, Label: phrase.T("Go on without an app password")}
}

// answerVersion takes the answer where it is needed.
func answerVersion(r *Run, text string) error {
	if portalVersion(text) == versionUnknown {
		return &Error{Op: "go on", Hint: phrase.T("Look in the menu of Delegate365 for %s, and choose what you see.", accountPage), Err: errNotSaid}
	}
	return answerOffice(r, text)
}
