// Package finding holds the words in which a step tells a front end where it stands: findings, changes, tasks and events. They
// are values without a tenant or a terminal behind them.
package finding

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// ID names a step in findings, records and flags.
type ID string

// The steps, by the names of the documentation.
const (
	SignIn             ID = "sign-in"
	Check              ID = "check"
	CreateAccount      ID = "create-account"
	AssignAdmin        ID = "assign-admin"
	SuspendMFA         ID = "suspend-mfa"
	RunSetup           ID = "run-setup"
	ReenableMFA        ID = "reenable-mfa"
	EnableAppPasswords ID = "enable-app-passwords"
	CaptureAppPassword ID = "capture-app-password"
	HandOver           ID = "hand-over"

	// No parts of the onboarding.
	PutMFABack  ID = "restore"
	CloseWindow ID = "close-window" // before its step: on the way out, when its time is up, or where nobody guards it

	// The steps of offboarding.
	OffboardPlan       ID = "offboard-plan"
	EndExclusions      ID = "end-exclusions"
	RemoveRole         ID = "remove-role"
	RemoveApps         ID = "remove-apps"
	ForbidAppPasswords ID = "forbid-app-passwords"
	DeleteAccount      ID = "delete-account"
	TakeBackConsents   ID = "take-back-consents"
	Offboarded         ID = "offboarded"
)

// Actor is who acts now. It is shown on every screen.
type Actor string

// The three who act.
const (
	You       Actor = "You"
	Customer  Actor = "Customer"
	Microsoft Actor = "Microsoft"
)

// Info describes a step before anything was read.
type Info struct {
	ID    ID
	Title string        // as in the rail: at most 22 characters
	Why   Sentence      // one or two sentences for somebody who sees this for the first time
	Actor Actor         // who acts for most of the step
	About time.Duration // roughly how long it takes
	Help  []string      // paragraphs for the help screen
}

// Word is who acts, as screens show it.
func (a Actor) Word() string { return phrase.T(phrase.Format(a)) }

// Status is where a step stands in this tenant.
type Status int

// A step is exactly one of these.
const (
	Done      Status = iota // the tenant says so; nothing to do
	Ready                   // Apply can run; Changes says what it will do
	Waiting                 // on a person, described by Task; Inspect notices when they are done
	Blocked                 // cannot go on in this tenant as it is; Text says why and Actions are the ways out
	NotNeeded               // not part of this onboarding; Text says why
)

// Finding is what Inspect learnt and everything a screen needs to explain it.
type Finding struct {
	Status   Status
	Actor    Actor         // who acts next; empty means the step's own
	Text     []Sentence    // paragraphs, in reading order, shown above everything else
	Sections []Section     // tables of facts
	Fields   []Field       // answered before the first action, through Step.Answer
	Changes  []Change      // Ready: what Apply does, in order
	Notice   Sentence      // beneath the changes: how far they reach, or that a call is undocumented
	Task     *Task         // what a person does now; of what is Blocked or Ready, the part that a rehearsal can play
	Actions  []Action      // the first is primary, on Enter; never empty
	Help     []string      // paragraphs for the help screen, where they are others than the step's own
	Brief    Sentence      // what it came to, where the next screen has room for a line
	Details  []Section     // what only who asks for details sees
	Poll     time.Duration // Waiting: Inspect again after this long; 0 means only when asked
}

// Section is a titled table. The title may be empty.
type Section struct {
	Title string
	Facts []Fact
	Folds bool // where room is short, rows that need nothing are told without their notes, and those that are ok only named
	Left  bool // each row is left to somebody to do
}

// Mark classifies a fact. A front end shows it as a glyph and, where the fact has no value of its own, a word.
type Mark int

// The marks of a fact.
const (
	MarkNone    Mark = iota
	MarkPending      // being read, or awaited
	MarkOK
	MarkNote   // worth knowing, needs nothing
	MarkToDo   // the step changes it
	MarkDecide // the operator decides
	MarkLook   // somebody has to look at it; nothing is decided here
	MarkBlocks // the onboarding cannot go on like this
)

// String is the word for the mark as other programs read it.
func (m Mark) String() string {
	return [...]string{"", "reading", "ok", "note", "to do", "decide", "look", "blocks"}[m]
}

// Word is the word for the mark as screens show it.
func (m Mark) Word() string {
	return [...]string{"", phrase.T("reading"), phrase.T("ok"), phrase.T("note"), phrase.T("to do"), phrase.T("decide"), phrase.T("look"), phrase.T("blocks")}[m]
}

// Fact is one row: what it is about, what the tenant says, and what that means here.
type Fact struct {
	ID    string // of a row of the check: its name for other programs
	Label string // unique within a finding
	Value string
	Mark  Mark
	Note  string // the reason and the way out, one sentence; may be empty
	// Ratio draws the value as a bar when Of is not 0, as for the Secure Score.
	Ratio, Of float64
	Across    bool // it is a sentence: it takes the whole width, not a column
	Page      Page // of the portal, where somebody mends it; zero where there is none
}

// Page is a page of the portal, and what the portal calls it.
type Page struct{ Name, URL string }

// Op is the kind of a change.
type Op string

// The kinds of change, as they are shown.
const (
	Add    Op = "+"
	Modify Op = "~"
	Remove Op = "-"
)

// Change is one write: said before it is made, shown after it was read back.
type Change struct {
	Op       Op
	Object   string // for instance: excluded users of CA01 Require MFA for all users
	From, To string

	spoken [3]string // object, from and to in another language; empty in English
}

// Changed is a change in words. In English they stand in the journal, and by them a change is known again.
//
//go:noinline // every copy would be carried
func Changed(op Op, object, from, to phrase.Pair) Change {
	c := Change{Op: op, Object: object.English, From: from.English, To: to.English}
	if phrase.Spoken() != phrase.English {
		c.spoken = [3]string{object.Spoken, from.Spoken, to.Spoken}
	}
	return c
}

// Spoken is the change as it is shown.
//
//go:noinline // every copy would be carried
func (c Change) Spoken() Change {
	if c.spoken[0] == "" {
		return c
	}
	return Change{Op: c.Op, Object: c.spoken[0], From: c.spoken[1], To: c.spoken[2]}
}

// FieldKind is how a value is entered.
type FieldKind int

// The kinds of field.
const (
	TextField   FieldKind = iota // one line
	PasteField                   // many lines, for instance a whole mail; or the path of a file
	SecretField                  // pasted without echo, not even its length
	ChoiceField                  // one of Options
)

// Field is something the operator enters. Value is what is entered so far; for a SecretField it is always empty.
type Field struct {
	ID       string
	Label    string
	Help     string // one sentence under the field
	Kind     FieldKind
	Value    string
	Options  []Option // of a ChoiceField
	Optional bool
	Words    bool // of a TextField: a sentence that goes on record, and is shown as it is typed
	// Rehearsed is what a rehearsal that plays itself decides here. Nobody else ever answers it by itself; empty decides nothing.
	Rehearsed string
}

// Undecided reports a choice that has to be made and that nobody has made yet: the option with an empty ID says so.
func (f Field) Undecided() bool {
	return f.Kind == ChoiceField && !f.Optional && f.Value == "" && slices.ContainsFunc(f.Options, func(o Option) bool { return o.ID == "" })
}

// Option is one choice of a ChoiceField.
type Option struct{ ID, Label string }

// Item is one numbered instruction of a Task.
type Item struct {
	ID    string
	Text  string
	Done  bool          // known to be done
	Opens bool          // o does this item
	Copy  secret.Secret // c copies it when it is not zero
	Shown string        // what Copy shows on screen: the value itself when it is not secret, else empty
	Verb  string        // what Enter calls doing it; empty is by what it does
}

// Action is something Enter can do. The ids below are the front end's; any other is handed to Step.Answer, after
// which the step is inspected again.
type Action struct {
	ID    string
	Label string
	URL   string    // opened as well, in the operator's own browser, when not empty
	Last  time.Time // of an action that checks: when that was done last; zero is not said
}

// The actions that front ends know.
const (
	ActApply = "apply" // run Apply, then Inspect again
	ActNext  = "next"  // go to the next step
	ActRetry = "retry" // Inspect again
	ActGo    = "go:"   // prefix: go to the step whose id follows, and one of its own actions behind a slash, if it is to do that at once
	ActLeave = "leave" // ask to leave
	ActBack  = "back"  // show what the step showed before, which is what Esc does as well
)

// Event is progress within Inspect or Apply. Exactly one member is set.
type Event struct {
	Text    string  // a line of progress, present tense; a Task shown before it is over
	Fact    *Fact   // a row arrived, or changed: rows are matched by label
	Applied *Change // this change was made and read back
	Task    *Task   // a person is needed before this can go on, for instance to consent in a browser
	Wait    *Wait   // a wait that Microsoft or the directory imposes
	Beside  bool    // a Task that was shown before is not over: something else goes on meanwhile
}

// Wait is a visible wait.
type Wait struct {
	Text  string // why, for instance: Microsoft asked us to wait
	Until time.Time
}

// The parts a person plays, as Task.Part names them.
const (
	PartSignIn          = "sign-in"
	PartDeviceLogin     = "device-login"
	PartWelcomeMail     = "welcome-mail"
	PartSetup           = "setup"
	PartActivateRole    = "activate-role"
	PartServiceSettings = "service-settings"
	PartRegisterMFA     = "register-mfa"
	PartAppPassword     = "app-password"
	PartTestCredentials = "test-credentials"
	PartPortalVersion   = "portal-version"
)

// Permission is a delegated permission and why it is asked for, as the consent page and this program's screens name it.
type Permission struct {
	Name string
	Why  phrase.Format
}
