package steps

import (
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// The words of a step, which the rooms below this package share.
type (
	// ID is finding.ID.
	ID = finding.ID
	// Actor is finding.Actor.
	Actor = finding.Actor
	// Info is finding.Info.
	Info = finding.Info
	// Status is finding.Status.
	Status = finding.Status
	// Finding is finding.Finding.
	Finding = finding.Finding
	// Sentence is finding.Sentence.
	Sentence = finding.Sentence
	// Claim is finding.Claim.
	Claim = finding.Claim
	// Section is finding.Section.
	Section = finding.Section
	// Mark is finding.Mark.
	Mark = finding.Mark
	// Fact is finding.Fact.
	Fact = finding.Fact
	// Page is finding.Page.
	Page = finding.Page
	// Op is finding.Op.
	Op = finding.Op
	// Change is finding.Change.
	Change = finding.Change
	// FieldKind is finding.FieldKind.
	FieldKind = finding.FieldKind
	// Field is finding.Field.
	Field = finding.Field
	// Option is finding.Option.
	Option = finding.Option
	// Task is finding.Task.
	Task = finding.Task
	// TaskKey is finding.TaskKey.
	TaskKey = finding.TaskKey
	// Item is finding.Item.
	Item = finding.Item
	// Action is finding.Action.
	Action = finding.Action
	// Event is finding.Event.
	Event = finding.Event
	// Wait is finding.Wait.
	Wait = finding.Wait
	// Error is problem.Error.
	Error = problem.Error
	// ValueError is problem.ValueError.
	ValueError = problem.ValueError
	// Problem is problem.Problem.
	Problem = problem.Problem
)

// The steps, as in finding.
const (
	SignIn             = finding.SignIn
	Check              = finding.Check
	CreateAccount      = finding.CreateAccount
	AssignAdmin        = finding.AssignAdmin
	SuspendMFA         = finding.SuspendMFA
	RunSetup           = finding.RunSetup
	ReenableMFA        = finding.ReenableMFA
	EnableAppPasswords = finding.EnableAppPasswords
	CaptureAppPassword = finding.CaptureAppPassword
	HandOver           = finding.HandOver
	PutMFABack         = finding.PutMFABack
	CloseWindow        = finding.CloseWindow
)

// The values of these types, as in finding.
const (
	You       = finding.You
	Customer  = finding.Customer
	Microsoft = finding.Microsoft

	Done      = finding.Done
	Ready     = finding.Ready
	Waiting   = finding.Waiting
	Blocked   = finding.Blocked
	NotNeeded = finding.NotNeeded

	MarkNone    = finding.MarkNone
	MarkPending = finding.MarkPending
	MarkOK      = finding.MarkOK
	MarkNote    = finding.MarkNote
	MarkToDo    = finding.MarkToDo
	MarkDecide  = finding.MarkDecide
	MarkLook    = finding.MarkLook
	MarkBlocks  = finding.MarkBlocks

	Add    = finding.Add
	Modify = finding.Modify
	Remove = finding.Remove

	TextField   = finding.TextField
	PasteField  = finding.PasteField
	SecretField = finding.SecretField
	ChoiceField = finding.ChoiceField
)

// The actions that front ends know, and the parts a person plays, as in finding.
const (
	ActApply = finding.ActApply
	ActNext  = finding.ActNext
	ActRetry = finding.ActRetry
	ActGo    = finding.ActGo
	ActLeave = finding.ActLeave
	ActBack  = finding.ActBack

	PartSignIn          = finding.PartSignIn
	PartDeviceLogin     = finding.PartDeviceLogin
	PartWelcomeMail     = finding.PartWelcomeMail
	PartSetup           = finding.PartSetup
	PartActivateRole    = finding.PartActivateRole
	PartServiceSettings = finding.PartServiceSettings
	PartRegisterMFA     = finding.PartRegisterMFA
	PartAppPassword     = finding.PartAppPassword
	PartTestCredentials = finding.PartTestCredentials
	PartPortalVersion   = finding.PartPortalVersion
)

// ErrNoBrowser says that no page can be opened from here.
var ErrNoBrowser = problem.ErrNoBrowser

// Explain turns any error a step returned into a Problem.
//
//go:noinline // every copy would be carried
func Explain(err error) Problem { return problem.Explain(err) }

// Reason is why something was refused, in the language of the process.
func Reason(err error) string { return problem.Reason(err) }
