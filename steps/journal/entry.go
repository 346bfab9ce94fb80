package journal

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// By is the part of the program that writes.
type By string

// Those that write.
const (
	ByWizard  By = "wizard"
	ByGuard   By = "guard"
	ByRestore By = "restore"
	ByReport  By = "report"
)

func (b By) known() bool { return slices.Contains([]By{ByWizard, ByGuard, ByRestore, ByReport}, b) }

// Kind says what an entry records.
type Kind string

// What is recorded.
const (
	KindStarted      Kind = "started"       // the program began on this tenant
	KindIntent       Kind = "intent"        // a write is about to be sent
	KindOutcome      Kind = "outcome"       // what became of a write
	KindWindowOpened Kind = "window-opened" // the exposure window is about to open
	KindWindowClosed Kind = "window-closed" // the tenant was read and demands MFA again
	KindWindowStuck  Kind = "window-stuck"  // the window could not be closed; it stays open
	KindFinished     Kind = "finished"      // all steps are done, up to the report, which follows
	KindLeft         Kind = "left"          // the program was left
	KindSnapshot     Kind = "snapshot"      // the tenant as it was before the first write is in a file with this hash
	KindSealed       Kind = "sealed"        // the report with this hash was closed
	KindGone         Kind = "gone"          // the program ended without a goodbye, at the time in the note, as its guard saw it
	KindAsked        Kind = "asked"         // a screen asked a person for what the note names, for the first time in this run
	KindAnswered     Kind = "answered"      // a person said what the note names, of what no read shows
)

var kinds = []Kind{
	KindStarted, KindIntent, KindOutcome, KindWindowOpened, KindWindowClosed, KindWindowStuck, KindFinished, KindLeft,
	KindSnapshot, KindSealed, KindGone, KindAsked, KindAnswered,
}

// Outcome is what became of a write.
type Outcome string

// A write was carried out, was turned down, could not be sent, or its answer was lost.
const (
	Applied Outcome = "applied"
	Refused Outcome = "refused"
	Unsent  Outcome = "unsent"
	Unknown Outcome = "unknown"
)

// Undone reports a write that was surely not carried out.
func (o Outcome) Undone() bool { return o == Refused || o == Unsent }

// InverseKind says what an Inverse acts on.
type InverseKind string

// What can be taken back, and what TargetID and Value of the Inverse are. What is created has no id of its own before
// it is, so these go by what is known then.
const (
	InversePerUserMFA         InverseKind = "per-user-mfa"         // the user's id; the state to set
	InversePolicyExclusion    InverseKind = "policy-exclusion"     // the policy's id; the user's id to remove from its excluded users
	InverseRoleAssignment     InverseKind = "role-assignment"      // the user's id; the role definition's id to take away
	InverseUser               InverseKind = "user"                 // the user principal name to delete; no value
	InverseAppPasswordSetting InverseKind = "app-password-setting" // the tenant's id; the state to set
	InverseSecurityDefaults   InverseKind = "security-defaults"    // the tenant's id; the state to set
	InverseSignIn             InverseKind = "sign-in"              // the user's id; the state to set: allowed
	InverseUserExtension      InverseKind = "user-extension"       // the user's id; the name of the open extension to delete, or to set as it was before
	InverseRoleEnd            InverseKind = "role-end"             // the user's id; when its Global Administrator was to end by itself
	InverseDeletedApp         InverseKind = "deleted-app"          // the service principal's id; the application's id, to restore both; what was granted to it before, in JSON
	InverseConsent            InverseKind = "consent"              // the grant's id; the service principal's id of the API; the grant as it was, in JSON
	InverseDeletedUser        InverseKind = "deleted-user"         // the user's id, to restore; its user principal name
	InverseRemovedRole        InverseKind = "removed-role"         // the user's id; the role definition's id to assign again; when it was to end by itself, empty where never
	InverseCampaignExclusion  InverseKind = "campaign-exclusion"   // the tenant's id; the user's id to remove from the registration campaign's excluded users
)

var inverseKinds = []InverseKind{
	InversePerUserMFA, InversePolicyExclusion, InverseRoleAssignment, InverseUser, InverseAppPasswordSetting, InverseSecurityDefaults,
	InverseCampaignExclusion, InverseSignIn, InverseUserExtension, InverseRoleEnd, InverseDeletedApp, InverseConsent,
	InverseDeletedUser, InverseRemovedRole,
}

// Inverse is how to take one change back: plain ids and states, never a credential.
type Inverse struct {
	Kind     InverseKind `json:"kind"`
	TargetID string      `json:"targetId"`
	Value    string      `json:"value,omitempty"`
	Before   string      `json:"before,omitempty"` // of a setting among others: all of them as they were, in JSON
}

// withoutCase is an id in small letters: an earlier version wrote it as Graph spelled it.
func withoutCase(id string) string {
	if uuid.Validate(id) != nil {
		return id
	}
	return strings.ToLower(id)
}

// UnmarshalJSON takes ids in without their case.
func (i *Inverse) UnmarshalJSON(raw []byte) error {
	type plain Inverse
	if err := json.Unmarshal(raw, (*plain)(i)); err != nil {
		return err
	}
	i.TargetID, i.Value = withoutCase(i.TargetID), withoutCase(i.Value)
	return nil
}

// same reports whether both act on the same thing. Where Value is a state it may differ: MFA may be put back as
// enabled where it was enforced.
func (i Inverse) same(o Inverse) bool {
	if i.Kind != o.Kind || i.TargetID != o.TargetID {
		return false
	}
	return i.Value == o.Value || i.Kind == InversePerUserMFA || i.Kind == InverseAppPasswordSetting || i.Kind == InverseSecurityDefaults || i.Kind == InverseSignIn || i.Kind == InverseRoleEnd
}

// Target is what is written to, where no inverse says it.
type Target struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// The kinds of targets, and what their ids are.
const (
	TargetPolicyState     = "policy-state"         // whether a policy is on; the policy's id
	TargetServiceSettings = "mfa-service-settings" // those that moved when another was set; the tenant's id
)

// Change is one announced change, in the words that were on screen.
type Change struct {
	Op     string `json:"op"`
	Object string `json:"object"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
}

// Account is the service account.
type Account struct {
	ID                string `json:"id,omitempty"`
	UserPrincipalName string `json:"userPrincipalName,omitempty"`
}

// UnmarshalJSON takes the id in without its case.
func (a *Account) UnmarshalJSON(raw []byte) error {
	type plain Account
	if err := json.Unmarshal(raw, (*plain)(a)); err != nil {
		return err
	}
	a.ID = withoutCase(a.ID)
	return nil
}

// Entry is one line. Append fills in the fields up to Tenant; what a caller puts there is not used.
type Entry struct {
	Seq      int       `json:"seq"`  // the line's number, from 1
	Prev     string    `json:"prev"` // SHA-256, in hex, of the line before without its newline; of nothing in the first line
	At       time.Time `json:"at"`   // UTC
	Run      string    `json:"run"`  // one start of the program
	PID      int       `json:"pid"`
	Host     string    `json:"host"`
	By       By        `json:"by"`
	Operator string    `json:"operator,omitempty"` // user principal name
	Tenant   string    `json:"tenant"`             // id

	Kind       Kind     `json:"kind"`
	Step       string   `json:"step,omitempty"`
	Account    Account  `json:"account,omitzero"`
	Change     Change   `json:"change,omitzero"`
	Inverse    *Inverse `json:"inverse,omitempty"`         // of an intent: what takes it back
	Target     *Target  `json:"target,omitempty"`          // of an intent that nothing takes back: what is written to
	Restores   *Inverse `json:"restores,omitempty"`        // the inverse that this write carries out, or that an outcome found carried out already
	Intent     int      `json:"intent,omitempty"`          // of an outcome: the Seq of its intent
	Outcome    Outcome  `json:"outcome,omitempty"`         // of an outcome
	Verified   bool     `json:"verified,omitempty"`        // the tenant was read and shows it
	RequestID  string   `json:"requestId,omitempty"`       // of the answer; empty when none arrived
	ClientID   string   `json:"clientRequestId,omitempty"` // that the request was sent with
	CapSeconds int      `json:"capSeconds,omitempty"`      // of an opened window: how long it may stay open
	OpenFor    int      `json:"openSeconds,omitempty"`     // of a closed window, by the run that opened it: how long it was open by the longer of both clocks
	Unexposed  bool     `json:"unexposed,omitempty"`       // of a closed window: MFA was demanded when it was first read, or the role was refused
	Note       string   `json:"note,omitempty"`
	Said       string   `json:"said,omitempty"`   // of an answer: the words of whoever gave it
	SHA256     string   `json:"sha256,omitempty"` // of a snapshot or a report, in hex

	Proven bool `json:"-"` // read with the key of whoever wrote it
}

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check says what is wrong with an entry, or nothing.
func (e Entry) check() string {
	switch {
	case !slices.Contains(kinds, e.Kind):
		return fmt.Sprintf("unknown kind %q", e.Kind)
	case !e.By.known():
		return fmt.Sprintf("unknown author %q", e.By)
	case (e.Kind == KindSnapshot || e.Kind == KindSealed) != sha256Hex.MatchString(e.SHA256):
		return "a snapshot and a sealing, and nothing else, carry the hash of a file"
	case e.CapSeconds < 0 || e.OpenFor < 0:
		return "a length of time is negative"
	case (e.Unexposed || e.OpenFor > 0) && e.Kind != KindWindowClosed:
		return "only a closed window can have exposed nobody, or was open for so long"
	case (e.Inverse != nil || e.Target != nil) && e.Kind != KindIntent:
		return "only an intent has an inverse or a target"
	case e.Restores != nil && e.Kind != KindIntent && e.Kind != KindOutcome:
		return "only an intent or an outcome restores"
	}
	for _, i := range []*Inverse{e.Inverse, e.Restores} {
		if i != nil && (!slices.Contains(inverseKinds, i.Kind) || i.TargetID == "") {
			return fmt.Sprintf("an inverse of kind %q for %q is unknown", i.Kind, i.TargetID)
		}
	}
	if e.Kind == KindOutcome {
		return e.checkOutcome()
	}
	if e.Outcome != "" || e.Intent != 0 {
		return "only an outcome belongs to an intent"
	}
	windows := []Kind{KindWindowOpened, KindWindowClosed, KindWindowStuck}
	if slices.Contains(windows, e.Kind) && e.Account.ID == "" {
		return "a window needs the id of its account"
	}
	return ""
}

func (e Entry) checkOutcome() string {
	if !slices.Contains([]Outcome{Applied, Refused, Unsent, Unknown}, e.Outcome) {
		return fmt.Sprintf("unknown outcome %q", e.Outcome)
	}
	if e.Intent < 0 || e.Intent >= e.Seq {
		return "the intent of an outcome has to stand before it"
	}
	if e.Intent == 0 && e.Restores == nil {
		return "the outcome belongs to no intent"
	}
	return ""
}
