// Package review looks at one tenant some time after its onboarding, and says whether it still stands as it should. It is a pure
// function of what was read: the tenant, and a report where there is one to compare with. It reads nothing and writes nothing.
package review

import (
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Schema names the form of a Review in JSON. Members may be added to it; none changes its meaning or goes without a new number.
const Schema = "delegate365-onboard/review/1"

// The marks of a row.
const (
	OK      = "ok"
	Note    = "note"
	Drift   = "drift"   // it is not as it should be, or not as the report has it
	NotSeen = "notSeen" // nobody can read it here: a licence is missing, or no document says how
	Unread  = "unread"  // it could not be read, and should have been
)

// The verdicts.
const (
	AsItShouldBe = "asItShouldBe"
	Drifted      = "drifted"  // at least one row drifted
	NotKnown     = "notKnown" // none did, and at least one could not be read
)

// Row is one thing that was looked at.
type Row struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Value string `json:"value"`
	Mark  string `json:"mark"` // one of the constants above
	Note  string `json:"note,omitempty"`
}

// Review is what was found in one tenant.
type Review struct {
	Schema     string    `json:"schema"`
	ReviewedAt time.Time `json:"reviewedAt"` // UTC
	Tenant     Tenant    `json:"tenant"`
	By         By        `json:"by"`
	Account    Account   `json:"account"`
	Verdict    string    `json:"verdict"`
	Rows       []Row     `json:"rows"`
	Against    *Against  `json:"against,omitempty"` // absent where no report was compared with
}

// Tenant is the tenant that was reviewed.
type Tenant struct {
	ID            string `json:"id"`
	DisplayName   string `json:"displayName"`
	DefaultDomain string `json:"defaultDomain"`
	Cloud         string `json:"cloud"`
}

// By is who read it: a person, or an application as itself.
type By struct {
	UserPrincipalName string `json:"userPrincipalName,omitempty"`
	ClientID          string `json:"clientId,omitempty"`
	AppOnly           bool   `json:"appOnly"`
}

// Account is the service account; without an id where there is none.
type Account struct {
	ID                string `json:"id"`
	UserPrincipalName string `json:"userPrincipalName"`
}

// Against is the report that was compared with.
type Against struct {
	SHA256 string    `json:"sha256"`
	MadeAt time.Time `json:"madeAt"`
}

// Facts are what was read for a review. What could not be read says why.
type Facts struct {
	At       time.Time
	User     graph.User     // zero where the tenant has no such account
	Name     string         // by which it was looked for
	AppOnly  bool           // an application reads it
	Ours     bool           // it has the mark of an account that this program created
	Standing analysis.Facts // what is demanded of it
	Campaign analysis.Reading[graph.Campaign]
	Roles    Roles
	Groups   analysis.Reading[[]graph.Group]
	Service  analysis.Reading[graph.MFAServicePolicy]
	Apps     analysis.Reading[[]App]
	Consents analysis.Reading[[]Consent]
	Updates  analysis.Reading[[]graph.AuditRecord] // of Conditional Access policies
	Activity analysis.Reading[graph.SignInActivity]
	Password analysis.Reading[time.Time] // when it was last set
	Report   *report.Report              // to compare with; nil where there is none
}

// Roles are those of the account, as the directory has them and as Privileged Identity Management does.
type Roles struct {
	Assigned analysis.Reading[[]graph.RoleAssignment]
	Held     analysis.Reading[[]graph.RoleInstance]
	Eligible analysis.Reading[[]graph.Role] // that it can activate
}

// App is one application of Delegate365's.
type App struct {
	report.App
	Enabled     bool
	Here        bool                                    // it is registered in this tenant
	Credentials analysis.Reading[[]graph.AppCredential] // of the registration; graph.ErrNone where that is the vendor's
	Own         analysis.Reading[[]graph.AppCredential] // that somebody gave its service principal here
	Unnamed     bool                                    // the names of its permissions could not all be read
}

// Consent is what was accepted for the client that this program signs in with.
type Consent struct {
	Client     string
	Scopes     []string
	TenantWide bool
	Who        string // id of whom it is for, where it is for one person alone
}

// Of is what the facts come to.
func Of(f Facts) (rows []Row, verdict string) {
	rows = append(rows, account(f))
	if f.User.ID != "" {
		rows = append(rows, perUserMFA(f), factors(f))
		rows = append(rows, exclusions(f)...)
		rows = append(rows, roles(f)...)
	}
	rows = append(rows, setting(f))
	rows = append(rows, apps(f)...)
	rows = append(rows, consents(f))
	if f.User.ID != "" {
		rows = append(rows, policies(f)...)
		rows = append(rows, lastSignIn(f), password(f))
	}
	rows = append(rows, dates(f)...)
	has := func(mark string) bool { return slices.ContainsFunc(rows, func(r Row) bool { return r.Mark == mark }) }
	switch {
	case has(Drift):
		return rows, Drifted
	case has(Unread):
		return rows, NotKnown
	}
	return rows, AsItShouldBe
}

// Drifts are the rows that drifted, or could not be read where none did.
func (r Review) Drifts() []Row {
	mark := Drift
	if r.Verdict == NotKnown {
		mark = Unread
	}
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool { return row.Mark != mark })
}
