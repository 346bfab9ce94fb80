package steps

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
)

// Where the welcome mail says more than one thing, or something suspicious, or could not be read for certain, the operator
// chooses, and nothing is chosen beforehand. A password is told by where it stands; how long it is, and its first and last
// character, are shown when the operator asks for it.

const (
	ansWhichPortal   = "which-portal"
	ansWhichPassword = "which-password"
	ansTyped         = "typed-in-the-browser" // none of the passwords
	actShowEnds      = "show-ends"            // of each password
)

// offer is a mail that leaves a choice, and what is chosen of it so far. It is replaced, never changed.
type offer struct {
	mail     welcome.Mail
	portal   welcome.Portal
	password string // the option's id
	ends     bool   // the passwords' ends are shown
}

// asksPortal says that the portal is asked for: there are several, it was not read for certain, or somebody imitates one in
// the same mail. One of another form has a question of its own.
func (o *offer) asksPortal() bool {
	return len(o.mail.Portals) > 1 || len(o.mail.Refused) > 0 || o.mail.Portals[0].Doubt != 0
}

// asksPassword says the same of the password. A mail that is an address alone has none.
func (o *offer) asksPassword() bool {
	_, sure := o.mail.SurePassword()
	return !sure && len(o.mail.Passwords) > 0
}

func (o *offer) settled() bool {
	return (!o.asksPortal() || o.portal != welcome.Portal{}) && (!o.asksPassword() || o.password != "")
}

func (o *offer) chosenPortal() welcome.Portal {
	if o.asksPortal() {
		return o.portal
	}
	return o.mail.Portals[0].Portal
}

// chosenPassword is the one to use, if any. The others are wiped.
func (o *offer) chosenPassword() (graph.Secret, bool) {
	if sure, ok := o.mail.SurePassword(); ok {
		return sure.Value, true
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
	if m.setup.offer != nil {
		m.setup.offer.mail.Wipe()
		m.setup.offer = nil
	}
}

// chooseFrom offers what the mail leaves open.
func chooseFrom(o *offer) Finding {
	f := Finding{
		Status: Waiting,
		Text:   []Sentence{finding.Outside.Of("mail", "in doubt").In("The mail does not say for certain what to use.")},
	}
	if rows := doubtRows(o); len(rows) > 0 {
		f.Text = []Sentence{finding.Outside.Of("mail", "in doubt").In("Not all of the mail could be read for certain.").And(finding.Advice("Compare what was read with the mail before you use it."))}
		f.Sections = append(f.Sections, Section{Title: phrase.T("Not certain"), Facts: rows})
	}
	f.Actions = []Action{{ID: ActRetry, Label: phrase.T("Continue")}}
	if o.asksPortal() {
		f.Fields = append(f.Fields, portalField(o))
	}
	if o.asksPassword() {
		f.Fields = append(f.Fields, passwordField(o))
		if !o.ends {
			f.Actions = append(f.Actions, Action{ID: actShowEnds, Label: phrase.T("Show lengths, first and last characters")})
		}
	}
	f.Actions = append(f.Actions, Action{ID: actOtherPortal, Label: phrase.T("Paste another mail or address")})
	if len(o.mail.Refused) > 0 {
		f.Text = append(f.Text, finding.Outside.Of("mail", "imitated").In("It also has an address that passes itself off as a Delegate365 portal's.").And(finding.Advice("If you did not expect that, ask Delegate365 whether they sent this mail.")))
		f.Sections = append(f.Sections, Section{Title: phrase.T("Not offered"), Facts: refusedRows(o.mail.Refused)})
	}
	return f
}

// doubtRows say why something was not read for certain.
func doubtRows(o *offer) []Fact {
	var rows []Fact
	for _, p := range o.mail.Portals {
		if p.Doubt != 0 {
			rows = append(rows, Fact{Label: phrase.T("Portal"), Value: p.Base(), Mark: MarkNote, Note: sentence(p.Doubt.String())})
		}
	}
	for _, p := range o.mail.Passwords {
		if p.Doubt != 0 {
			rows = append(rows, Fact{Label: phrase.T("Password"), Value: phrase.T("in line %d", p.Line), Mark: MarkNote, Note: sentence(p.Doubt.String())})
		}
	}
	return rows
}

func portalField(o *offer) Field {
	f := Field{
		ID: ansWhichPortal, Label: phrase.T("Portal"), Kind: ChoiceField, Value: o.portal.Base(),
		Options: []Option{{Label: phrase.T("not chosen yet")}},
		Help:    phrase.T("Whoever runs it gets the password of a Global Administrator."),
	}
	for _, p := range o.mail.Portals {
		label := p.Base()
		if !p.Usual() {
			label += " " + phrase.T("(not of the usual form)")
		}
		f.Options = append(f.Options, Option{ID: p.Base(), Label: label})
	}
	return f
}

func passwordField(o *offer) Field {
	f := Field{
		ID: ansWhichPassword, Label: phrase.T("Configuration password"), Kind: ChoiceField, Value: o.password,
		Options: []Option{{Label: phrase.T("not chosen yet")}},
		Help:    phrase.T("Look the line up in the mail, outside of this window. The passwords are not shown."),
	}
	for i, label := range passwordLabels(o.mail.Passwords) {
		if o.ends {
			label = withEnds(o.mail.Passwords[i])
		}
		f.Options = append(f.Options, Option{ID: strconv.Itoa(i), Label: label})
	}
	f.Options = append(f.Options, Option{ID: ansTyped, Label: phrase.T("none of them: I type it in the browser")})
	return f
}

func refusedRows(refused []*welcome.RefusedError) []Fact {
	rows := make([]Fact, len(refused))
	for i, r := range refused {
		rows[i] = Fact{Label: r.Host, Value: phrase.T("refused"), Mark: MarkNote, Note: sentence(r.Reason)}
		if r.Host == "" {
			rows[i].Label = phrase.T("Address %d", i+1)
		}
	}
	return rows
}

// passwordLabels tell passwords apart by where they stand, and by nothing of themselves.
func passwordLabels(passwords []welcome.Password) []string {
	labels := make([]string, len(passwords))
	seen := map[string]int{}
	for i, p := range passwords {
		label := phrase.T(`the one after "%s" in line %d`, p.Label, p.Line)
		if p.Note != "" {
			label += ", " + p.Note
		}
		if seen[label]++; seen[label] > 1 {
			label += phrase.T(", number %d there", seen[label])
		}
		labels[i] = label
	}
	return labels
}

// withEnds tells a password by where it stands and by its ends, shortly enough for one line.
func withEnds(p welcome.Password) string {
	label := phrase.T("line %d: %s", p.Line, ends(p.Value))
	if p.Note != "" {
		label += ", " + p.Note
	}
	return label
}

// ends tell a password by its length and, where that leaves enough unsaid, its first and last character.
func ends(password graph.Secret) string {
	const enough = 8
	said := ""
	password.Use(func(b []byte) {
		length := utf8.RuneCount(b)
		said = phrase.T("%d characters", length)
		if length >= enough {
			first, _ := utf8.DecodeRune(b)
			last, _ := utf8.DecodeLastRune(b)
			said += phrase.T(", %c to %c", shownRune(first), shownRune(last))
		}
	})
	return said
}

// shownRune is a character that a terminal draws by itself.
func shownRune(r rune) rune {
	if !unicode.IsPrint(r) || unicode.IsMark(r) {
		return '?'
	}
	return r
}

// showEnds shows the passwords' ends from now on.
func showEnds(r *Run) {
	r.update(func(m *memory) {
		if m.setup.offer != nil {
			next := *m.setup.offer
			next.ends = true
			m.setup.offer = &next
		}
	})
}

// choosePortal takes the operator's choice of the portals in the mail.
func choosePortal(r *Run, base string) error {
	return choose(r, func(o *offer) error {
		for _, p := range o.mail.Portals {
			if p.Base() == base {
				o.portal = p.Portal
				return nil
			}
		}
		return &Error{Op: "go on without a portal", Hint: phrase.T("Choose the portal that is yours, or paste another mail.")}
	})
}

// choosePassword takes the operator's choice of the passwords in the mail.
func choosePassword(r *Run, id string) error {
	return choose(r, func(o *offer) error {
		i, err := strconv.Atoi(id)
		if id != ansTyped && (err != nil || i < 0 || i >= len(o.mail.Passwords)) {
			return &Error{Op: "go on without a configuration password", Hint: phrase.T("Choose the line in which the mail has it, or type it in the browser.")}
		}
		o.password = id
		return nil
	})
}

// choose notes a choice and uses the mail once nothing in it is open.
func choose(r *Run, note func(*offer) error) error {
	var err error
	r.update(func(m *memory) {
		if m.setup.offer == nil {
			return // it is chosen already
		}
		next := *m.setup.offer
		if err = note(&next); err == nil {
			m.take(&next)
		}
	})
	return err
}
