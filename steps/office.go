package steps

// office is whether this Delegate365 has a page for the account and its app password. Newer versions work with an app and
// a certificate instead (the vendor, 2020); in which version the page went is not known, so the operator is asked.
type office string

const (
	officePage office = ""     // it takes an app password
	officeNone office = "none" // it needs none
)

const (
	ansOffice    = "office"
	actWithPage  = "with-office"
	newerVersion = "This Delegate365 has no page " + accountPage + ": it works with an app and a certificate, and needs no app password."
)

func officeField(m memory) Field {
	value := string(m.office)
	if m.office == officePage {
		value = "page"
	}
	return Field{
		ID: ansOffice, Label: "Delegate365 version", Kind: ChoiceField, Value: value,
		Options: []Option{{ID: "page", Label: "with the page " + accountPage}, {ID: string(officeNone), Label: "newer, without that page"}},
		Help:    "Look in its menu, or ask the vendor. Only the older one needs an app password.",
	}
}

func (r *Run) answerOffice(text string) error {
	switch text {
	case "page":
		r.set(func(m *memory) { m.office = officePage })
	case string(officeNone):
		r.set(func(m *memory) { m.office = officeNone })
	default:
		return unknownAnswer(text)
	}
	return nil
}

// withoutOffice is a step that only older versions need. It can be run all the same.
func withoutOffice() Finding {
	return Finding{
		Status:  NotNeeded,
		Text:    []string{newerVersion},
		Actions: []Action{{ID: ActNext, Label: "Continue"}, {ID: actWithPage, Label: "It has that page: do this step"}},
	}
}
