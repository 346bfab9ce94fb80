package journal

import "slices"

// TakenOut is something that an offboarding took out of the tenant, or was about to, and how to put it back.
type TakenOut struct {
	Inverse Inverse
	Proven  bool // by the key of whoever wrote it
}

// TakenOut is what was taken out since the last run that came to its end, and is not known to be back, oldest first. What an
// offboarding took out that was finished is meant to stay out.
func (l Log) TakenOut() []TakenOut {
	since := 0
	for i, e := range l.Entries {
		if e.Kind == KindFinished && e.By == ByWizard {
			since = i + 1
		}
	}
	var out []TakenOut
	for _, p := range (Log{Entries: l.Entries[since:]}).outstanding() {
		if p.inverse.takenOut() {
			out = append(out, TakenOut{p.inverse, p.proven})
		}
	}
	return out
}

// AppPasswordsAllowed is the Value of an InverseAppPasswordSetting that allows them: its change forbade them.
const AppPasswordsAllowed = "yes"

func (i Inverse) takenOut() bool {
	return slices.Contains([]InverseKind{InverseDeletedApp, InverseConsent, InverseDeletedUser, InverseRemovedRole}, i.Kind) ||
		i.Kind == InverseAppPasswordSetting && i.Value == AppPasswordsAllowed
}
