package report

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Todo is what decides what is somebody's to do at the end of an onboarding. The last screen, the terminal and the report's section 9 all
// have it from here.
type Todo struct {
	Account  string        // user principal name
	Over     bool          // the onboarding came to its end
	Password bool          // this program set the account's password
	Given    bool          // Delegate365's setup was given it
	Replaced bool          // it replaced one that Delegate365 may have
	Failed   bool          // Delegate365's test of the app password failed last
	Named    bool          // it named SMTP AUTH as the reason
	Allowed  bool          // this program allowed app passwords in the tenant
	Without  *Without      // an app password that Delegate365 may lack
	Bare     bool          // the account has no second factor, and can be signed in to
	Way      phrase.Format // to one, where it can't register any by itself; empty where it can
	Role     bool          // Global Administrator stays without an end, and nobody has decided about it; the report tells it with a date
}

// Task is one thing to do. A screen says it in a few words, and not what stands in the words of the task before it.
type Task struct {
	About, Short phrase.Format
	Next
}

// IfNeeded is when something is to be done that need not be.
const IfNeeded = "if needed"

// outlives is what an app password can do.
const outlives phrase.Format = "It is asked for no second factor, has no end, and a new user password does not end it."

// Tasks are the things to do, in their order, with the pages that they are done on.
func (t Todo) Tasks(pages Pages) (out []Task) {
	if t.Bare {
		out = append(out, t.factorTask(pages))
	}
	if t.Role {
		out = append(out, roleTask())
	}
	if t.Failed {
		out = append(out, t.afterFailure(pages)...)
	}
	if t.Without != nil {
		out = append(out, t.Without.task())
	}
	if t.Replaced {
		out = append(out, Task{"Its new password", GiveNewPassword, Next{What: english("Give Delegate365 what works now that the account's password is replaced"), Why: english(GiveNewPassword), Who: english("the customer")}})
	}
	if !t.Over {
		return out
	}
	out = append(
		out,
		Task{"In Delegate365", "make an organisational unit; name administrators", Next{
			What: english("Make an organisational unit in Delegate365, and name administrators"), Why: english("Delegate365 wants them first."), Who: english("the customer"),
		}},
		t.browserTask(),
	)
	if !t.Password {
		return out
	}
	set := Task{"Password", "wiped here when you leave. Reset password in Entra only where somebody must sign in as the account.", Next{
		What: english("Set a password only when somebody needs to sign in as the account: Entra admin center, Users, the account, Reset password"),
		Why:  english("This program keeps no copy of its password."), When: IfNeeded, Page: pages.User, Who: english("the customer"),
	}}
	if t.Given {
		set.Short = "Delegate365 got it. Reset password only to sign in as the account, and give Delegate365 the new one."
		set.Why += " " + english("Delegate365's setup was given it: then give Delegate365 the new one as well.")
	}
	return append(out, set)
}

// browserTask is what to do with the window that the account was signed in with. One that can't sign in again is signed out by nobody.
func (t Todo) browserTask() Task {
	out := Task{"In the browser", "sign the service account out; close the window", Next{
		What: english("Sign the service account out, and close the private window"), Why: english("Whoever uses that window works as the account."), Who: english("the operator"),
	}}
	if t.Bare && t.Way != "" {
		out.Short, out.What = "close the private window", english("Close the private window")
	}
	return out
}

// roleTask is what to do about Global Administrator where it stays without an end.
func roleTask() Task {
	return Task{"Global Admin", "without an end: ask the vendor whether it may go", Next{
		What: english("Ask Delegate365's support whether Global Administrator may be taken away"), Why: english("Whoever has this account has the tenant."), Who: english("the customer"),
	}}
}

// afterFailure is what to do where Delegate365's test failed: how it may work after all, and what to take out again where it does not.
func (t Todo) afterFailure(pages Pages) []Task {
	out := []Task{
		{"Test", "run a current Delegate365's setup, or compare the entries", Next{
			What: english("Run the setup of a current Delegate365, or have what was entered, and the account's mailbox, looked at"), Why: english("Delegate365's test of the app password failed."), Who: english("the customer"),
		}},
		{"App password", "if it is of no use: delete it", Next{
			What: english("If Delegate365 can't use it: delete the app password of %s", t.Account), Why: english(outlives), Page: pages.MFA, Who: english("the customer"),
		}},
	}
	if t.Named {
		out[0].Short, out[0].What = "run a current Delegate365's setup, or see to SMTP AUTH", english("Run the setup of a current Delegate365, or have SMTP AUTH and the mailbox looked at")
	}
	if !t.Allowed {
		return out
	}
	out[1].Short = "if it is of no use: delete it, and forbid them again"
	return append(out, Task{Next: Next{
		What: english("If Delegate365 can't use app passwords: forbid them in the tenant again"),
		Why:  english("An app password is not asked for a second factor. The setting holds for everybody with per-user MFA."), Page: pages.of(journal.InverseAppPasswordSetting), Who: english("the customer"),
	}})
}

// todoOf is what decides it by the report.
func todoOf(r *Report, f *Facts, entries []journal.Entry) Todo {
	t := Todo{
		Account: r.Account.UserPrincipalName, Over: r.Ended.How == Finished, Password: r.Account.Created,
		Given: len(askedOf(entries)[AskSetup]) > 0, Replaced: replacedPassword(r), Failed: r.Test.failed(), Named: namedSMTP(entries), Without: r.Without,
		Bare: isBare(r, f) && !isHalfWay(r), Way: f.Around.Way,
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		t.Password = t.Password || !c.undone() && c.shownBy() == LayerAnswer
	}
	for _, l := range left(r.Leftovers, journal.InverseAppPasswordSetting) {
		t.Allowed = t.Allowed || l.By != byOthers
	}
	return t
}
