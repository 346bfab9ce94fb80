package report

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Witness is which report the tenant names.
type Witness struct {
	Read   bool   // false where it could not be read
	Err    string // why not
	SHA256 string // empty where it names none
	Made   string // when, by what it says
}

// announced is the one thing that is made after a report was closed: it can't hold its own hash.
func announced(a Account) Leftover {
	return Leftover{
		Kind: string(journal.InverseUserExtension), ID: a.ID,
		What: english("Hash of this report, in an open extension of %s", a.UserPrincipalName), Why: english("It is written after this file was closed, so that the tenant itself names it."),
		Risk: english("No risk: it holds a hash, a key and a time."), Undo: string(undoing[journal.InverseUserExtension]), By: english("this program"),
	}
}

// Announced reports that the tenant was to be told of the report.
func (r *Report) Announced() bool {
	return len(left(r.Leftovers, journal.InverseUserExtension)) > 0
}

// Witness holds the report against what the tenant names.
func (v *Verification) Witness(r Report, w Witness) {
	switch {
	case !w.Read:
		v.say("witness", Unchecked, phrase.T("Which report the tenant names could not be read: %s.", w.Err))
	case w.SHA256 == v.SHA256:
		v.say("witness", Holds, phrase.T("The tenant names this very report: all 64 digits, in an open extension of the account, written %s as it says.", shown(w.Made)))
	case w.SHA256 == "" && r.Announced():
		v.say("witness", Unchecked, phrase.T("The tenant names no report. It was not written, or somebody removed it."))
	case w.SHA256 == "":
		v.say("witness", Remark, phrase.T("The tenant names no report, and this one does not say that it should. Only the fingerprint that you noted does."))
	case r.Seal.Previous != nil && w.SHA256 == r.Seal.Previous.SHA256 && !r.Announced():
		v.say("witness", Unchecked, phrase.T("The tenant names the report before this one, as this one says. Only the fingerprint that you noted tells whether this one came after it."))
	default:
		v.say("witness", Fails, phrase.T("The tenant names another report: %s.", shown(Fingerprint(w.SHA256))))
	}
}
