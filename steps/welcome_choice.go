package steps

import (
	"fmt"
	"strconv"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
)

// Where the welcome mail says more than one thing, or something suspicious, the operator chooses, and nothing is chosen
// beforehand.

const (
	ansWhichPortal   = "which-portal"
	ansWhichPassword = "which-password"
	ansTyped         = "typed-in-the-browser" // none of the passwords
)

// offer is a mail that leaves a choice, and what is chosen of it so far. It is replaced, never changed.
type offer struct {
	mail     welcome.Mail
	portal   welcome.Portal
	password string // the option's id
}

// asksPortal says that the portal is asked for: there are several, or somebody imitates one in the same mail.
func (o *offer) asksPortal() bool { return len(o.mail.Portals) > 1 || len(o.mail.Refused) > 0 }

func (o *offer) asksPassword() bool { return len(o.mail.Passwords) > 1 }

func (o *offer) settled() bool {
	return (!o.asksPortal() || o.portal != welcome.Portal{}) && (!o.asksPassword() || o.password != "")
}

func (o *offer) chosenPortal() welcome.Portal {
	if o.asksPortal() {
		return o.portal
	}
	return o.mail.Portals[0]
}

// chosenPassword is the one to use, if any. The others are wiped.
func (o *offer) chosenPassword() (graph.Secret, bool) {
	if len(o.mail.Passwords) == 1 {
		return o.mail.Passwords[0].Value, true
	}
	var chosen graph.Secret
	for i, p := range o.mail.Passwords {
		if strconv.Itoa(i) == o.password {
			chosen = p.Value
			continue
		}
		p.Value.Wipe()
	}
	return chosen, !chosen.IsZero()
}

// dropOffer forgets a mail that leaves a choice.
func (m *memory) dropOffer() {
	if m.offer != nil {
		m.offer.mail.Wipe()
		m.offer = nil
	}
}

// chooseFrom offers what the mail leaves open.
func chooseFrom(o *offer) Finding {
	f := Finding{
		Status:  Waiting,
		Text:    []string{"The mail does not say for certain what to use."},
		Actions: []Action{{ID: ActRetry, Label: "Continue"}, {ID: actOtherPortal, Label: "Paste another mail or address"}},
	}
	if o.asksPortal() {
		f.Fields = append(f.Fields, portalField(o))
	}
	if o.asksPassword() {
		f.Fields = append(f.Fields, passwordField(o))
	}
	if len(o.mail.Refused) > 0 {
		f.Text = append(f.Text, "It also has an address that passes itself off as a Delegate365 portal's. If you did not expect that, ask Delegate365 whether they sent this mail.")
		f.Sections = []Section{{Title: "Not offered", Facts: refusedRows(o.mail.Refused)}}
	}
	return f
}

func portalField(o *offer) Field {
	f := Field{
		ID: ansWhichPortal, Label: "Portal", Kind: ChoiceField, Value: o.portal.Base(),
		Options: []Option{{Label: "not chosen yet"}},
		Help:    "Whoever runs it gets the password of a Global Administrator.",
	}
	for _, p := range o.mail.Portals {
		label := p.Base()
		if !p.Usual() {
			label += " (not of the usual form)"
		}
		f.Options = append(f.Options, Option{ID: p.Base(), Label: label})
	}
	return f
}

func passwordField(o *offer) Field {
	f := Field{
		ID: ansWhichPassword, Label: "Configuration password", Kind: ChoiceField, Value: o.password,
		Options: []Option{{Label: "not chosen yet"}},
		Help:    "Look the line up in the mail, outside of this window. The passwords are not shown.",
	}
	for i, label := range passwordLabels(o.mail.Passwords) {
		f.Options = append(f.Options, Option{ID: strconv.Itoa(i), Label: label})
	}
	f.Options = append(f.Options, Option{ID: ansTyped, Label: "none of them: I type it in the browser"})
	return f
}

func refusedRows(refused []*welcome.RefusedError) []Fact {
	rows := make([]Fact, len(refused))
	for i, r := range refused {
		rows[i] = Fact{Label: r.Host, Value: "refused", Mark: MarkNote, Note: sentence(r.Reason)}
		if r.Host == "" {
			rows[i].Label = fmt.Sprintf("Address %d", i+1)
		}
	}
	return rows
}

// passwordLabels tell passwords apart by where they stand, and by nothing of themselves.
func passwordLabels(passwords []welcome.Password) []string {
	labels := make([]string, len(passwords))
	seen := map[string]int{}
	for i, p := range passwords {
		label := fmt.Sprintf("the one after \"%s\" in line %d", p.Label, p.Line)
		if p.Note != "" {
			label += ", " + p.Note
		}
		if seen[label]++; seen[label] > 1 {
			label += fmt.Sprintf(", number %d there", seen[label])
		}
		labels[i] = label
	}
	return labels
}

// choosePortal takes the operator's choice of the portals in the mail.
func (r *Run) choosePortal(base string) error {
	return r.choose(func(o *offer) error {
		for _, p := range o.mail.Portals {
			if p.Base() == base {
				o.portal = p
				return nil
			}
		}
		return &Error{Op: "go on without a portal", Hint: "Choose the portal that is yours, or paste another mail."}
	})
}

// choosePassword takes the operator's choice of the passwords in the mail.
func (r *Run) choosePassword(id string) error {
	return r.choose(func(o *offer) error {
		i, err := strconv.Atoi(id)
		if id != ansTyped && (err != nil || i < 0 || i >= len(o.mail.Passwords)) {
			return &Error{Op: "go on without a configuration password", Hint: "Choose the line in which the mail has it, or type it in the browser."}
		}
		o.password = id
		return nil
	})
}

// choose notes a choice and uses the mail once nothing in it is open.
func (r *Run) choose(note func(*offer) error) error {
	var err error
	r.set(func(m *memory) {
		if m.offer == nil {
			return // it is chosen already
		}
		next := *m.offer
		if err = note(&next); err == nil {
			m.take(&next, r.opts.Cloud)
		}
	})
	return err
}
