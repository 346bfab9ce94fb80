package steps

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Where no app password is needed nothing has the account register a second factor, and until it has one whoever learns its password
// registers theirs (https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates). The run still has the password
// then, and the customer's phone is there: the last step asks for it before anything else.

const actNoFactor = "without-second-factor"

// factorAtEnd asks for a second factor where the account has none, and nobody has said to go on without. It reports false where there is
// nothing to ask.
func factorAtEnd(r *Run, factor secondFactor) (Finding, bool) {
	m := r.snapshot()
	if !factor.none || m.handed.withoutFactor || !registrable(m) {
		return Finding{}, false
	}
	r.update(func(m *memory) { m.handed.asksFactor = true })
	return orSetNew(m, Finding{
		Status: Waiting,
		Text:   finding.Advise("Whoever first signs in with this account's password registers its second factor. Let that be the customer, now."),
		Task: &Task{
			Part: PartRegisterMFA, Where: phrase.T("In the private window"), URL: r.opts.Cloud.SecurityInfoURL(), Private: true,
			Items:   registration(r, m),
			Watched: phrase.T("Watching for the registered method."),
		},
		Sections: []Section{{Facts: []Fact{methodsRow(nil, m)}}},
		Actions:  []Action{{ID: ActRetry, Label: phrase.T("Check now")}, {ID: actNoFactor, Label: phrase.T("Go on without a second factor")}},
		Poll:     methodsPoll,
	}), true
}

// registrable reports that nothing the check read surely keeps the account from registering a second factor by itself.
func registrable(m *memory) bool { return barred(m) == "" }

// barred says what surely does.
func barred(m *memory) string {
	switch {
	case m.posture == nil:
		return ""
	case m.posture.factorless():
		return phrase.T("the tenant's methods policy allows none that it could")
	}
	if by := analysis.Barring(laterAsNew(m)); len(by) > 0 {
		return phrase.T("kept from its security info page by %s", phrase.JoinFew(by))
	}
	return ""
}

// addable says what an administrator can do about it; nothing where the account can register one.
func addable(m *memory) phrase.Format {
	switch {
	case registrable(m):
		return ""
	case m.posture.factorless():
		return report.AllowMethod
	case analysis.TakesPasskey(laterAsNew(m)):
		return report.AddPasskey
	}
	return report.AddInEntra
}

// lockedOut are the policies that surely keep the account, as its methods are read now, from signing in while MFA is demanded of it. It asks
// for the methods only where that may be.
func lockedOut(ctx context.Context, r *Run, client *graph.Client, user graph.User) []string {
	m := r.snapshot()
	if m.posture == nil {
		return nil
	}
	f := laterAsNew(m)
	f.Methods = analysis.Read([]graph.AuthMethod(nil), nil)
	if len(analysis.LockedOut(f)) == 0 {
		return nil
	}
	f.Methods = analysis.Read(client.MFA.AuthenticationMethods(ctx, user.ID))
	return analysis.LockedOut(f)
}

// factorless reports that the methods policy is all that counts, and allows nothing that an account registers by itself
// (https://learn.microsoft.com/entra/identity/authentication/how-to-authentication-methods-manage).
func (p *posture) factorless() bool {
	methods, known := p.methods.Value()
	return known && methods.Migration == "migrationComplete" && !slices.ContainsFunc(methods.Enabled, func(kind string) bool {
		return !slices.Contains([]string{"email", "temporaryAccessPass", "x509Certificate"}, kind)
	})
}

// sayBarred says what keeps the account from registering one, and what to do instead.
func sayBarred(m *memory) []Sentence {
	why := barred(m)
	if why == "" {
		return nil
	}
	return []Sentence{finding.Outside.Of("registration", why).In("It can't register one itself: %s.", why).And(finding.Advice("Have that changed, or an administrator add one for it in Entra, then check again."))}
}

// registration is how the account registers a second factor.
func registration(r *Run, m *memory) []Item {
	register := phrase.T("Register an authenticator app, with the customer's phone")
	if !registrable(m) {
		register = phrase.T("Once it can: register an authenticator app")
	}
	return []Item{
		openSecurityInfo(r),
		{ID: "user-name", Text: phrase.T("Paste the user name, if it asks"), Copy: graph.NewText(m.user.UserPrincipalName), Shown: m.user.UserPrincipalName},
		signInPassword(m),
		{ID: "register", Text: register},
	}
}

// secondFactor is what a read shows of the account's second factors.
type secondFactor struct {
	row  Fact
	none bool // it has none, and no read of this run has shown one
}

// isFactorIn reports a second factor among methods.
//
//go:noinline // every copy would be carried
func isFactorIn(methods []graph.AuthMethod) bool {
	return slices.ContainsFunc(methods, graph.AuthMethod.Strong)
}

// noteFactor keeps when a read first showed a second factor, and whether a screen had asked for one by then, of this run or of one before it.
func noteFactor(r *Run, methods []graph.AuthMethod) *memory {
	if m := r.snapshot(); !m.appPasswords.factorSeen.IsZero() || !isFactorIn(methods) {
		return m
	}
	unasked := !askedFactor(r) && !askedBefore(r)
	r.update(func(m *memory) { m.appPasswords.factorSeen, m.appPasswords.unasked = time.Now(), unasked })
	return r.snapshot()
}

// askedFactor reports that a screen of this run asked for a second factor, or may have had Microsoft ask for one.
func askedFactor(r *Run) bool {
	return wasAsked(r, PartRegisterMFA, PartAppPassword, PartPortalVersion, PartTestCredentials)
}

// factorOf is what a read shows of the account's second factors, for the report: none only where no read of this run has shown one.
func factorOf(r *Run, methods analysis.Reading[[]graph.AuthMethod]) string {
	switch {
	case !methods.Done() || methods.Err() != nil:
		return ""
	case isFactorIn(methods.Content()):
		return report.FactorRegistered
	case r.snapshot().appPasswords.factorSeen.IsZero():
		return report.FactorNone
	}
	return ""
}

// readFactor says, as it is read now, whether the account has a second factor.
func readFactor(ctx context.Context, r *Run, client *graph.Client, user graph.User) secondFactor {
	methods, err := client.MFA.AuthenticationMethods(ctx, user.ID)
	if err != nil {
		return secondFactor{row: Fact{Label: phrase.T("Second factor"), Value: phrase.T("could not be read"), Mark: MarkNote, Note: phrase.T("Look at the account's authentication methods in Entra: if there is none, register one, or disable the account, which stops Delegate365's work.")}}
	}
	m := noteFactor(r, methods)
	row, seen := methodsRow(methods, m), m.appPasswords.factorSeen
	switch {
	case row.Mark != MarkPending:
	case !seen.IsZero():
		row.Value, row.Mark = phrase.T("registered at %s; not known now: this read does not show it", phrase.Zoned(seen)), MarkNote
		row.Note = phrase.T("Look at the account's authentication methods in Entra in a minute. If there is none, somebody removed it: register one, or disable the account, which stops Delegate365's work.")
	default:
		row.Value, row.Mark = phrase.T("none is registered yet"), MarkLook
		row.Note = phrase.T("Register one now on its security info page, or disable the account, which stops Delegate365's work.")
		if why := barred(m); why != "" {
			row.Note = phrase.T("It can't register one itself: %s. %s, or disable the account, which stops Delegate365's work.", why, phrase.T(addable(m)))
		}
		return secondFactor{row, true}
	}
	return secondFactor{row: row}
}

// noFactor says at the end that the account has no second factor; nothing where it has one, or nobody knows, or where it was read as
// disabled or as no administrator: nobody can sign in to it, or has anything by that.
func noFactor(r *Run, user graph.User, now leftNow) []Sentence {
	disabled := now.user.Err() == nil && !now.user.Content().Enabled
	powerless := now.role.Err() == nil && !now.role.Content().held && r.known().Assigned != user.ID
	if !now.factor.none || disabled || powerless || r.snapshot().handed.factorSaid == user.UserPrincipalName {
		return nil
	}
	said := finding.Factor.Of(user.UserPrincipalName, "none").In(report.NoFactor, user.UserPrincipalName)
	if registrable(r.snapshot()) {
		said = said.And(finding.Advice(report.OpenToAll))
	}
	return []Sentence{said}
}
