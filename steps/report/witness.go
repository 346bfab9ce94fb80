package report

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
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
		What: "Hash of this report, in an open extension of " + a.UserPrincipalName, Why: "It is written after this file was closed, so that the tenant itself names it.",
		Risk: "None: it holds a hash, a key and a time.", Undo: undoing[journal.InverseUserExtension], By: "this program",
	}
}

// Announced reports that the tenant was to be told of the report.
func (r Report) Announced() bool {
	return len(left(r.Leftovers, journal.InverseUserExtension)) > 0
}

// Witness holds the report against what the tenant names.
func (v *Verification) Witness(r Report, w Witness) {
	switch {
	case !w.Read:
		v.say("witness", Unchecked, "Which report the tenant names could not be read: "+w.Err+".")
	case w.SHA256 == v.SHA256:
		v.say("witness", Holds, "The tenant names this very report: all 64 digits, in an open extension of the account, written "+shown(w.Made)+" as it says.")
	case w.SHA256 == "" && r.Announced():
		v.say("witness", Unchecked, "The tenant names no report. It was not written, or somebody removed it.")
	case w.SHA256 == "":
		v.say("witness", Remark, "The tenant names no report, and this one does not say that it should. Only the fingerprint that you noted does.")
	case r.Seal.Previous != nil && w.SHA256 == r.Seal.Previous.SHA256:
		v.say("witness", Remark, "The tenant names the report before this one, as this one says.")
	default:
		v.say("witness", Fails, "The tenant names another report: "+shown(Fingerprint(w.SHA256))+".")
	}
}
