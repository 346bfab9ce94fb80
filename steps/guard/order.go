package guard

import (
	"errors"
	"os"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// Order is everything a guard needs in order to close one exposure window, and all that it is ever told besides fresh
// tokens and further suspensions.
type Order struct {
	Cloud    graph.Cloud
	TenantID string
	Account  journal.Account
	Operator string        // user principal name
	Journal  string        // folder; empty keeps none
	Run      string        // the wizard's, for the journal
	Opened   time.Time     // when the window was opened; from then on Cap counts
	Past     time.Duration // for how long it has been open, by a clock that nobody can set back
	Cap      time.Duration // the longest it may stay open
	Open     bool          // it is open already: this guard takes another one's place
	Underway bool          // a suspension may reach the tenant yet
	Inverses []journal.Inverse
	StepUp   string // authentication context that taking an exclusion back takes; empty where none is known to
	Token    graph.Token
	Key      graph.Secret // proves the journal's lines; zero proves none
	Network  Network
	RetryFor time.Duration // how long closing is tried once the pipe is broken; 0 means as long as a token lasts
	Report   Report
}

// Report is what a guard has to know for the report for the customer, when its wizard is gone.
type Report struct {
	Folder    string // empty writes none
	ClientID  string // application that the operator signed in with; empty is the program's usual one
	Rehearsal bool
}

// Network is how the wizard reaches the tenant.
type Network struct {
	Roots   []byte            // PEM of the only certificates to trust; empty means the system's
	Environ map[string]string // what of the wizard's environment decides it
}

// due is when the window has to be closed, by the clock on the wall: a computer that slept has not stopped it.
func (o Order) due() time.Time { return o.Opened.Add(o.Cap).Round(0) }

// takes reports whether an inverse is one that this guard may carry out: its own account's or its tenant's, and nobody else's.
func (o Order) takes(i journal.Inverse) bool {
	switch i.Kind {
	case journal.InversePerUserMFA:
		return i.TargetID == o.Account.ID
	case journal.InversePolicyExclusion:
		return i.TargetID != "" && i.Value == o.Account.ID
	case journal.InverseSecurityDefaults:
		return i.TargetID == o.TenantID
	case journal.InverseCampaignExclusion:
		return i.TargetID == o.TenantID && i.Value == o.Account.ID
	default:
		return false
	}
}

func (o Order) check() error {
	if o.TenantID == "" || o.Account.ID == "" || o.Cap <= 0 || o.Opened.IsZero() || o.Token.Text.IsZero() {
		return errors.New("the order is incomplete")
	}
	for _, i := range o.Inverses {
		if !o.takes(i) {
			return errForeign
		}
	}
	return nil
}

// network are the variables by which Go's HTTP client finds proxies and certificates.
var network = []string{
	"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
}

// Environ is what of this process's environment a guard has to know. It goes through the pipe, because a proxy's address
// may hold a password.
func Environ() map[string]string {
	found := map[string]string{}
	for _, name := range network {
		if value := os.Getenv(name); value != "" {
			found[name] = value
		}
	}
	return found
}
