package report

import "time"

// What Microsoft's audit log says of a change.
const (
	Found      = "found"
	Pending    = "pending"    // not arrived when the log was read
	Absent     = "absent"     // not there a day later
	Beyond     = "beyond"     // the log is not kept for so long
	Unreadable = "unreadable" // the log was not read
)

// ChangeAudit is Microsoft's evidence of one change.
type ChangeAudit struct {
	State    string   `json:"state"`
	Entries  []string `json:"entries"`
	Match    string   `json:"match,omitempty"` // id or likely
	Expected []string `json:"expectedActivities"`
}

// Audit is the reading of Microsoft's audit log.
type Audit struct {
	ReadAt    time.Time `json:"readAt,omitzero"`
	From      time.Time `json:"from,omitzero"`
	To        time.Time `json:"to,omitzero"`
	Entries   int       `json:"entries"`
	Newest    time.Time `json:"newest,omitzero"` // of the newest entry by anybody
	Settled   bool      `json:"settled"`         // read at least a day after the last window closed
	KeptUntil time.Time `json:"keptUntil,omitzero"`
	FirstRead time.Time `json:"firstRead,omitzero"` // before the first change: on a free tenant Microsoft collects from then on only
	Error     string    `json:"error,omitempty"`
}

// Entry is one entry of Microsoft's audit log.
type Entry struct {
	ID            string    `json:"id"`
	At            time.Time `json:"at"`
	Activity      string    `json:"activity"`
	Category      string    `json:"category"`
	Service       string    `json:"service"`
	Operation     string    `json:"operation"`
	Result        string    `json:"result"`
	CorrelationID string    `json:"correlationId,omitempty"`
	By            Actor     `json:"by"`
	Targets       []Target  `json:"targets"`
	Details       []Detail  `json:"details,omitempty"`
	Class         string    `json:"class,omitempty"`
	Explains      int       `json:"explains,omitempty"` // number of a change
}

// Detail is what Microsoft adds to an entry, such as the tenant that an application belongs to.
type Detail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Actor is who did something, as Microsoft has it.
type Actor struct {
	Kind string `json:"kind"` // user, app, or empty where the entry names nobody
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	IP   string `json:"ip,omitempty"`
}

// Target is what an entry is about.
type Target struct {
	ID      string     `json:"id,omitempty"`
	Name    string     `json:"name,omitempty"`
	Type    string     `json:"type,omitempty"`
	Changes []Property `json:"changes"`
}

// Property is one changed value. Values of more than 2,000 characters are cut, with the cut said.
type Property struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// OtherWork counts entries that concern other things.
type OtherWork struct {
	Activity string `json:"activity"`
	Actors   int    `json:"actors"`
	Count    int    `json:"count"`
}

// SignIns are the service account's, from the sign-in log.
type SignIns struct {
	Read  bool     `json:"read"`
	Why   string   `json:"why,omitempty"` // they were not read
	Items []SignIn `json:"items"`
}

// SignIn is one sign-in of the service account.
type SignIn struct {
	ID                string    `json:"id"`
	At                time.Time `json:"at"`
	App               string    `json:"app"`
	AppID             string    `json:"appId,omitempty"`
	ClientApp         string    `json:"clientApp"`
	IP                string    `json:"ip,omitempty"`
	Country           string    `json:"country,omitempty"`
	Result            string    `json:"result"`
	ConditionalAccess string    `json:"conditionalAccess"`
	CorrelationID     string    `json:"correlationId"`
	Mark              string    `json:"mark"` // expected or look
}

// Vendor is what Delegate365's setup left.
type Vendor struct {
	Apps    []App    `json:"apps"`
	Removed []string `json:"removed"` // names of apps that were there before, or that an earlier run of the setup made
}

// App is one application of Delegate365's.
type App struct {
	ID          string       `json:"id"`
	AppID       string       `json:"appId"`
	Name        string       `json:"name"`
	Owner       string       `json:"owner"` // tenant the application is registered in
	New         bool         `json:"new"`   // it was not there before
	Created     time.Time    `json:"created,omitzero"`
	Permissions []Permission `json:"permissions"`
	Credentials []Credential `json:"credentials"`
}

// Credential is what an application proves itself with. Nobody reads the secret itself.
type Credential struct {
	Kind string    `json:"kind"` // certificate or secret
	Ends time.Time `json:"ends,omitzero"`
}

// Permission is one that an application has.
type Permission struct {
	API  string `json:"api"`
	Name string `json:"name"`
	Kind string `json:"kind"` // application or delegated
	All  bool   `json:"adminConsent"`
	Risk string `json:"risk"` // high or plain
}

// Difference is one thing that was not the same before and after.
type Difference struct {
	What        string `json:"what"`
	ID          string `json:"id,omitempty"` // of the object, as the snapshots have it
	Object      string `json:"object"`
	Before      string `json:"before"`
	After       string `json:"after"`
	ExplainedBy string `json:"explainedBy"` // number of a change, vendor, or none
}

// Leftover is something that stays, and how to take it out.
type Leftover struct {
	Kind string `json:"kind,omitempty"` // what it is, whatever it is called in What: a journal.InverseKind, or one of the kinds of left_kinds.go
	ID   string `json:"id,omitempty"`   // of the account, role, policy, setting or application
	What string `json:"what"`
	Why  string `json:"why"`
	Risk string `json:"risk"`
	Undo string `json:"undo"`
	Page string `json:"page,omitempty"`
	By   string `json:"by"` // whoever made it
}

// Score is Microsoft's Secure Score, its identity controls.
type Score struct {
	Current     float64      `json:"current"`
	Max         float64      `json:"max"`
	Comparisons []Comparison `json:"comparisons"`
	NotMet      []NotMet     `json:"notMet"`
	ReadAt      time.Time    `json:"readAt"`
}

// Comparison is what comparable tenants reach.
type Comparison struct {
	Basis   string  `json:"basis"`
	Average float64 `json:"average"`
}

// NotMet is one recommendation that the tenant does not meet.
type NotMet struct {
	Title string  `json:"title"`
	Gain  float64 `json:"gain"`
	Page  string  `json:"page,omitempty"`
}

// Next is what is to be done, and by when.
type Next struct {
	What string    `json:"what"`
	Why  string    `json:"why"`
	By   time.Time `json:"by,omitzero"`
	When string    `json:"when,omitempty"` // in place of a day
	Page string    `json:"page,omitempty"`
	Who  string    `json:"who"`
}

// Doubt is something that could not be read or is not known.
type Doubt struct {
	About string `json:"about"`
	Why   string `json:"why"`
	Claim *Claim `json:"claim,omitempty"` // the answer that says so
}

// Before is the snapshot that the end is compared with. Its hash stands in the journal.
type Before struct {
	SHA256 string    `json:"sha256"`
	At     time.Time `json:"at"`
}

// Journal is the journal's lines as they stand in its file.
type Journal struct {
	Tip   string   `json:"tip"`   // SHA-256 of the last line
	First int      `json:"first"` // number of the first line here
	Lines []string `json:"lines"`
}

// Seal is the key that the file's seal was made with, and the report before this one.
type Seal struct {
	PublicKey string    `json:"publicKey"`
	Previous  *Previous `json:"previous,omitempty"`
}

// Previous is an earlier report on this tenant.
type Previous struct {
	SHA256 string `json:"sha256"`
}
