// Package report is the hand-over report: one value, made once from the journal, two readings of the tenant and Microsoft's
// audit log, and drawn as JSON, as a page and as lines for a terminal. It says of each thing who says so: this program's
// journal, the tenant, or Microsoft. It reads no tenant and knows no terminal.
package report

import (
	"slices"
	"time"
)

// Schema names the form of a Report in JSON. Members may be added to it; none changes its meaning or goes without a new number.
const Schema = "delegate365-onboard/report/1"

// Report is one onboarding of one tenant, closed at MadeAt and never written again. Times are UTC, to the second.
type Report struct {
	Schema      string       `json:"schema"`
	Rehearsal   bool         `json:"rehearsal"` // made by demo
	ID          string       `json:"id"`
	Language    string       `json:"language"`
	MadeAt      time.Time    `json:"madeAt"`
	MadeBy      string       `json:"madeBy"` // wizard, guard, restore or report
	Ended       Ended        `json:"ended"`
	Verdict     Verdict      `json:"verdict"`
	Tenant      Tenant       `json:"tenant"`
	Operator    Operator     `json:"operator"`
	Account     Account      `json:"account"`
	Program     Program      `json:"program"`
	Clock       *Clock       `json:"clock,omitempty"`
	Windows     []Window     `json:"windows"`
	Changes     []Change     `json:"changes"`
	Audit       Audit        `json:"audit"`
	Entries     []Entry      `json:"entries"`
	Unexplained []string     `json:"unexplained"` // ids of entries
	OthersWork  []string     `json:"othersWork"`  // ids of entries
	Others      []OtherWork  `json:"otherEntries"`
	SignIns     SignIns      `json:"signIns"`
	Vendor      Vendor       `json:"vendor"`
	Difference  []Difference `json:"difference"`
	Leftovers   []Leftover   `json:"leftovers"`
	Score       *Score       `json:"score,omitempty"`
	Next        []Next       `json:"next"`
	Doubts      []Doubt      `json:"doubts"`
	Test        *Test        `json:"test,omitempty"`               // nil where nobody said what it showed
	RoleKept    *Kept        `json:"roleKept,omitempty"`           // nil where nobody decided it, or otherwise since
	Without     *Without     `json:"withoutAppPassword,omitempty"` // nil where nobody went on without one, or otherwise since
	Before      *Before      `json:"before,omitempty"`
	ReadAt      time.Time    `json:"readAt,omitzero"` // when the tenant was read last
	Journal     Journal      `json:"journal"`
	Seal        Seal         `json:"seal"`
	File        string       `json:"file,omitempty"` // name of the report's files, without an ending
}

// The layers: who says something.
const (
	LayerJournal = "journal" // this program, as it went
	LayerTenant  = "tenant"  // read from the tenant
	LayerAudit   = "audit"   // Microsoft's audit log
	LayerAnswer  = "answer"  // Microsoft's answer to the write: nothing can be read back, as with a password
)

// Claim is who says something, when, and where to look it up.
type Claim struct {
	Layer     string    `json:"layer"`
	At        time.Time `json:"at"`
	RequestID string    `json:"requestId,omitempty"`
	Line      int       `json:"line,omitempty"` // of the journal
}

// Ended is how the onboarding ended.
type Ended struct {
	How  string    `json:"how"` // one of the constants below
	Step string    `json:"step,omitempty"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
}

// How an onboarding ends.
const (
	Finished = "finished"
	Left     = "left"
	Killed   = "killed"
	PutBack  = "put-back"
	NotBegun = "not-begun"
	// Offboarded is an offboarding that came to its end.
	Offboarded = "offboarded"
)

// Verdict is what is said first.
type Verdict struct {
	MFA         string    `json:"mfa"` // on, off, unknown or untouched
	Since       time.Time `json:"since,omitzero"`
	Proof       []Claim   `json:"proof"`
	Windows     string    `json:"windows"`    // closed, late, open, none or unknown
	Onboarding  string    `json:"onboarding"` // finished, half-way or nothing
	Unexplained int       `json:"unexplained"`
	Sentence    string    `json:"sentence"`
	Alarms      []string  `json:"alarms"`

	named []string // what each alarm is, in a sentence
}

// Named is what each alarm is, in a sentence, in the run that made the report.
func (v Verdict) Named() []string { return v.named }

// Tenant is whose report it is.
type Tenant struct {
	ID            string `json:"id"`
	DisplayName   string `json:"displayName"`
	DefaultDomain string `json:"defaultDomain"`
	Cloud         string `json:"cloud"`
	Licence       string `json:"licence"` // free, p1, p2 or unknown
}

// Operator is who signed in, through which application, and with which permissions.
type Operator struct {
	ID                string    `json:"id"`
	UserPrincipalName string    `json:"userPrincipalName"`
	Roles             []string  `json:"roles"`
	ActivatedUntil    time.Time `json:"activatedUntil,omitzero"` // their Global Administrator, where they activated it
	ClientID          string    `json:"clientId"`
	ClientName        string    `json:"clientName,omitempty"`
	Scopes            []string  `json:"scopes"`
	Before            []string  `json:"grantedBefore,omitempty"` // of the scopes: those that the sign-in did not ask for, and had
}

// askedFor are the scopes without those that were granted before.
func (o Operator) askedFor() []string {
	return slices.DeleteFunc(slices.Clone(o.Scopes), func(s string) bool { return slices.Contains(o.Before, s) })
}

// Account is the service account.
type Account struct {
	ID                string `json:"id"`
	UserPrincipalName string `json:"userPrincipalName"`
	Created           bool   `json:"created"` // by this onboarding
	Adopted           bool   `json:"adopted"` // it was there before, and was taken over
	Roles             []Role `json:"roles"`
	SecondFactor      string `json:"secondFactor,omitempty"` // registered or none, as it was read last; empty where that is not known
}

// Role is a directory role of the account as it was read last.
type Role struct {
	Name       string    `json:"name"`
	TemplateID string    `json:"templateId"`
	Scope      string    `json:"scope"`
	Since      time.Time `json:"since,omitzero"` // when this program assigned it; zero where it did not
}

// Program is the program that made the report.
type Program struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified"` // built from what is in no commit
	SHA256   string `json:"sha256,omitempty"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

// Clock is this computer's clock held against the Date header of Graph's answers.
type Clock struct {
	OffsetSeconds int `json:"offsetSeconds"` // this clock minus Graph's
	Samples       int `json:"samples"`
}

// Window is one exposure window, as the journal has it: it was opened before the account was exposed, and closed after the
// tenant was read to demand MFA, so the real one is no longer.
type Window struct {
	OpenedAt       time.Time `json:"openedAt"`
	ClosedAt       time.Time `json:"closedAt,omitzero"`
	CapSeconds     int       `json:"capSeconds,omitempty"` // 0 of a window that was found open: nobody here knows it
	AtMostSeconds  int       `json:"atMostSeconds"`        // to the report's time, where it is open; by the longest of what measured it
	ByAuditSeconds int       `json:"byAuditSeconds,omitempty"`
	ClosedBy       string    `json:"closedBy,omitempty"`
	Events         []Event   `json:"events"`
	OverCap        *bool     `json:"overCap,omitempty"`    // nil where the cap is not known
	Unmeasured     bool      `json:"unmeasured,omitempty"` // the clock on the wall was set back, and nothing else measured it
	Unexposed      bool      `json:"unexposed,omitempty"`  // MFA was demanded when it was first read, or the role was refused
}

// Event is one thing in a window.
type Event struct {
	At     time.Time `json:"at"`
	What   string    `json:"what"` // opened, suspended, restored, assigned, removed, closed or stuck
	Object string    `json:"object"`
	Line   int       `json:"line"`
	Audit  string    `json:"audit,omitempty"` // id of Microsoft's entry
}

// Change is one write, whatever became of it.
type Change struct {
	N          int          `json:"n"`
	Step       string       `json:"step"`
	Op         string       `json:"op"` // + ~ -
	Object     Object       `json:"object"`
	From       string       `json:"from"`
	To         string       `json:"to"`
	At         time.Time    `json:"at"`
	Answered   time.Time    `json:"answeredAt,omitzero"`
	By         string       `json:"by"`
	Line       int          `json:"line"`
	Outcome    string       `json:"outcome"` // applied, refused or unknown
	RequestID  string       `json:"requestId,omitempty"`
	ClientID   string       `json:"clientRequestId,omitempty"`
	Verified   *Claim       `json:"verified,omitempty"`
	Restores   bool         `json:"restores"`             // it takes something back
	RestoredBy int          `json:"restoredBy,omitempty"` // number of the change that took it back
	ReplacedBy int          `json:"replacedBy,omitempty"` // number of the change that wrote over it
	Kept       bool         `json:"kept"`                 // left on purpose, or never taken back
	Undo       string       `json:"undo,omitempty"`
	UndoPage   string       `json:"undoPage,omitempty"` // the portal's
	Audit      *ChangeAudit `json:"audit,omitempty"`
}

// Object is what was changed.
type Object struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}
