package steps

import (
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// sayDefaults: there is no exception to security defaults for one account. They can be off for the whole tenant while
// setup runs, which is the operator's decision.
func sayDefaults(on bool, m *memory) Fact {
	switch {
	case !on:
		return Fact{Value: phrase.T("off"), Mark: MarkOK}
	case m.defaults.choice == defaultsOff:
		return Fact{Value: phrase.T("on"), Mark: MarkNote, Note: phrase.T("They are turned off for the whole tenant while setup runs, and put back first of all.")}
	}
	return Fact{
		Value: phrase.T("on"), Mark: MarkBlocks,
		Note: phrase.T("They demand MFA of every administrator and make no exception for one account, so setup would fail. The onboarding asks whether they may be off, for the whole tenant, while setup runs, and turns them off and on again itself. Don't turn them off beforehand."),
	}
}

// sayPolicies names the policies that will ask the account, once it is Global Administrator.
func sayPolicies(policies []graph.Policy, p *posture, m *memory) Fact {
	on, unknown := policyStates(policies)
	f := Fact{Value: phrase.Count(len(policies), "policy", "policies") + ", " + phrase.Count(on, "on", "on"), Mark: MarkOK}
	if len(unknown) > 0 {
		f.Value += phrase.T(", %d not known", len(unknown))
	}
	var sure, later, open []string
	for _, d := range expectedDemands(p, m) {
		switch {
		case d.Policy == nil:
		case d.Certainty == analysis.Sure:
			sure = append(sure, d.Named())
		case d.Open():
			open = append(open, d.Named()+" ("+d.Depending()+")")
		default:
			later = append(later, d.Named())
		}
	}
	if asked := slices.Concat(sure, open, later); p.conditionalAccess() == lapsed && len(asked) > 0 {
		by := phrase.T("Asked of the account by %s.", phrase.JoinFew(asked))
		if len(sure) < len(asked) {
			by = phrase.T("Asked, or perhaps asked, by %s.", phrase.JoinFew(asked))
		}
		f.Mark, f.Note = MarkBlocks, by+" "+phrase.T("The licence for Conditional Access has lapsed: these policies stay in force, and nobody can exclude an account. Renew it, or have them deleted.")
		return f
	}
	notes, mark := askedSaid(m, sure, open, later)
	f.Mark = mark
	if len(unknown) > 0 {
		f.Mark = max(f.Mark, MarkNote)
		notes = append(notes, phrase.T("In a state that is not known here: %s.", phrase.JoinFew(unknown)))
	}
	if p.whatIf.Err() != nil {
		f.Mark = max(f.Mark, MarkNote)
		notes = append(notes, phrase.T("Microsoft's what-if does not answer in this tenant, so policies are judged by their text alone."))
	}
	if p.hides {
		f.Mark = max(f.Mark, MarkNote)
		notes = append(notes, phrase.T(previewMissing))
	}
	if context := p.stepUpFor(); context != "" {
		f.Mark = MarkNote
		notes = append(notes, phrase.T("Changing a policy asks you for a stronger sign-in (authentication context %s); you give it with the plan.", context))
	}
	if doubt := p.perhapsProtected(); doubt != "" {
		f.Mark = max(f.Mark, MarkNote)
		notes = append(notes, doubt)
	}
	f.Note = strings.Join(notes, " ")
	return f
}

// policyStates counts the policies that are on, and names those of which nobody knows it here.
func policyStates(policies []graph.Policy) (on int, unknown []string) {
	for _, policy := range policies {
		switch policy.State {
		case graph.StateEnabled:
			on++
		case graph.StateDisabled, graph.StateReportOnly:
		default:
			unknown = append(unknown, phrase.Name(policy.Name))
		}
	}
	return on, unknown
}

// askedSaid says what becomes of the policies that ask the account, or may.
func askedSaid(m *memory, sure, open, later []string) (notes []string, mark Mark) {
	mark = MarkOK
	if all := slices.Concat(sure, open, later); m.setupWanted() == setupKeep && len(all) > 0 {
		return []string{phrase.T("Asked of the account, or perhaps asked, by %s: that stays so.", phrase.JoinFew(all))}, mark
	}
	if len(sure) > 0 {
		mark = MarkNote
		notes = append(notes, phrase.T("Asked of the account by %s; it will be excluded while setup runs.", phrase.JoinFew(sure)))
	}
	if len(open) > 0 {
		mark = MarkDecide
		notes = append(notes, phrase.T("Perhaps asked by %s, which nobody can tell before: excluding the account while setup runs is offered.", phrase.JoinFew(open)))
	}
	if len(later) > 0 {
		mark = max(mark, MarkNote)
		also := phrase.T("Perhaps asked of the account by") + " "
		if len(sure) > 0 {
			also = phrase.T("Perhaps also by") + " "
		}
		notes = append(notes, phrase.T("%s%s: that shows once it exists and is Global Administrator.", also, phrase.JoinFew(later)))
	}
	return notes, mark
}

// previewMissing is said wherever policies are judged that version 1.0 of Graph showed.
const previewMissing = "Policies with features in preview may be missing: Microsoft's beta does not answer."

// sayUpcoming names Microsoft's own policies that are only reported on yet.
func sayUpcoming(p *posture, m *memory) Fact {
	upcoming := analysis.UpcomingDemands(expected(p, m).Facts)
	if len(upcoming) == 0 {
		return Fact{Value: phrase.T("none is about to be turned on"), Mark: MarkOK}
	}
	var notes []string
	for _, u := range upcoming {
		text := phrase.T("%s will concern %s", u.Demand.Named(), phrase.JoinAnd(u.SignIns))
		if !u.From.IsZero() {
			text += phrase.T(", not before %s", phrase.Date(u.From.Local())+u.From.Local().Format(" 2006"))
		}
		notes = append(notes, text+".")
	}
	return Fact{Value: phrase.Count(len(upcoming), "policy only reports", "policies only report"), Mark: MarkNote, Note: strings.Join(notes, " ")}
}

// sayCampaign: it never shows where no MFA is done, and so never in setup.
func sayCampaign(p graph.AuthenticationMethodsPolicy) Fact {
	switch p.Campaign.State {
	case "":
		return Fact{Value: phrase.T("not known"), Mark: MarkNote, Note: phrase.T("Microsoft's answer does not say. If it is on, it may ask the account for one more method after its first MFA.")}
	case "disabled":
		return Fact{Value: phrase.T("off"), Mark: MarkOK}
	case "default":
		return Fact{Value: phrase.T("as Microsoft decides"), Mark: MarkNote, Note: phrase.T("It may ask the account for one more method after its first MFA. It can be put off.")}
	}
	if p.Campaign.State != "enabled" {
		return Fact{Value: phrase.T("in a state that is not known here: %s", p.Campaign.State), Mark: MarkNote, Note: phrase.T("It may ask the account for one more method after its first MFA.")}
	}
	note := phrase.T("It asks for one more method after MFA.")
	if p.Campaign.SnoozeDays > 0 {
		note += " " + phrase.T("It can be put off.")
	}
	return Fact{Value: phrase.T("on"), Mark: MarkNote, Note: note}
}

func sayReset(p graph.AuthorizationPolicy) Fact {
	if !p.AdministratorsReset {
		return Fact{Value: phrase.T("not for administrators"), Mark: MarkOK}
	}
	return Fact{Value: phrase.T("for administrators"), Mark: MarkNote, Note: phrase.T("Signing in as the account may ask to register for it. Choose Cancel or Skip: it can be put off. Where it is not, two methods are asked for, not one.")}
}

func sayMigration(p graph.AuthenticationMethodsPolicy) Fact {
	f := Fact{Mark: MarkOK}
	switch p.Migration {
	case "migrationComplete":
		f.Value = phrase.T("migrated")
	case "migrationInProgress":
		f.Value = phrase.T("migration in progress")
	case "preMigration":
		f.Value = phrase.T("not migrated")
	default:
		f.Value, f.Mark = phrase.T("not known"), MarkNote
	}
	for _, kind := range []string{"microsoftAuthenticator", "softwareOath"} {
		for _, on := range p.Enabled {
			if on == kind {
				f.Note = phrase.T("It allows an authenticator app.")
				return f
			}
		}
	}
	if p.Migration == "migrationComplete" {
		f.Mark, f.Note = MarkNote, phrase.T("It allows no authenticator app, so the account may have nothing to register. Allow one before you begin.")
	}
	return f
}

// saySecrets: where no new application may have a client secret, a setup that adds one fails; whether it adds one is the
// vendor's to say.
func saySecrets(p graph.AppManagementPolicy, m *memory) Fact {
	if !p.SecretsRestricted {
		return Fact{Value: phrase.T("allowed"), Mark: MarkOK}
	}
	f := Fact{Value: phrase.T("not for new applications"), Mark: MarkDecide}
	f.Note = phrase.T("The app management policy lets no new application have a client secret, and a setup of Delegate365 that adds one would fail. Ask the vendor; a newer one works with a certificate. Or exempt its applications, under Enterprise applications, Application policies.")
	switch {
	case p.Since.After(time.Now().Round(0)):
		f.Value, f.Mark = phrase.T("not from %s", phrase.Date(p.Since.Local())+p.Since.Local().Format(" 2006")), MarkNote
	case m.appPasswords.version == versionNewer:
		f.Mark = MarkNote
	}
	if p.Exempt {
		f.Note += " " + phrase.T("It exempts somebody already; whom can't be read here.")
	}
	return f
}

// later is the account as it will be when the app password is created: Global Administrator with per-user MFA enforced and
// app passwords allowed.
func later(p *posture, m *memory) analysis.Facts {
	f := expected(p, m).WithState(graph.MFAEnforced)
	f.AppPasswords, f.Founded = analysis.Read(true, nil), m.org.Created
	return f
}

// laterAsNew is the same as the check judges an account that is to be made: its groups are not read again.
func laterAsNew(m *memory) analysis.Facts {
	fresh := *m
	fresh.found = nil
	f := later(m.posture, &fresh)
	f.Account.ID = m.user.ID
	return f
}

// appPasswordVerdict says, before anything is written, whether the app password can work at the end. It is never sure to:
// whether Exchange Online takes one stands nowhere in Graph.
func appPasswordVerdict(p *posture, m *memory) Fact {
	f := Fact{ID: rowPassword, Label: phrase.T(passwordLabel), Value: phrase.T("perhaps: Exchange Online decides"), Mark: MarkNote}
	switch m.appPasswords.version {
	case versionNewer:
		f.Value, f.Mark, f.Note = phrase.T("not needed"), MarkOK, phrase.T("This Delegate365 works with an app and a certificate.")
		return f
	case versionSkipped:
		f.Value, f.Note = phrase.T("none is made"), phrase.T(skippedPage)
		return f
	}
	v := analysis.AppPasswords(later(p, m))
	q, also := analysis.Usable, ""
	switch {
	case v.Offered == analysis.No:
		f.Value, f.Mark, q = phrase.T("can't be created"), MarkBlocks, analysis.Offered
	case v.Usable == analysis.No:
		f.Value, f.Mark = phrase.T("would be refused"), MarkBlocks
	case v.Offered == analysis.May:
		f.Value, q = phrase.T("can perhaps be created"), analysis.Offered
	default:
		also = " " + phrase.T("It needs a mailbox too, and this program gives the account no licence.")
	}
	f.Note = phrase.T("%s%s A newer Delegate365 needs none.", phrase.Upper(v.Against(q)), also)
	if m.appPasswords.version == versionUnknown {
		f.Note += " " + phrase.T("Which one this is can be said in the plan; until then nothing is done for it.")
		switch {
		case f.Mark == MarkBlocks && p.defaults.Content(): // about those the check asks
			f.Mark = MarkDecide
		case f.Mark == MarkBlocks:
			f.Mark = MarkLook
		}
	}
	if f.Mark == MarkBlocks && p.defaults.Content() {
		f.Note = phrase.T(cannotEnd)
	}
	return f
}

// stateWords end a sentence about per-user MFA.
func stateWords(r analysis.Reading[graph.MFAState]) string {
	if state, known := r.Value(); known {
		return phrase.T("is %s", analysis.StateWord(state).Spoken)
	}
	return phrase.T("could not be read")
}
