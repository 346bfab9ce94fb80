package steps

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// memory is what a run knows besides the tenant. It is copied out and changed under the run's lock.
type memory struct {
	signedIn     signedIn
	identity     graph.Identity
	org          graph.Organization
	account      accountName // of the service account, as the operator chose it
	choices      choices
	plan         *Plan // as it was accepted
	defaults     defaults
	setup        setup
	appPasswords appPasswords
	secrets      secrets

	// What was read or made in this run.
	posture   *posture   // the tenant as the check read it
	found     *foundUser // what has the account's name
	user      graph.User // the service account as last read
	platform  string     // of the browser that the setup runs in
	announced []string   // the demands that suspend-mfa showed
	handed    handed
	restored  []graph.User // accounts of which a window that was left open was closed
	role      roleMemory   // the account's, as Global Administrator

	record []change.Entry  // what was written; filled in by snapshot
	window window.Snapshot // filled in by snapshot
}

// signedIn is how the operator signs in.
type signedIn struct {
	method  graph.Method
	tenant  string                // the customer's, as it was named
	refused [2]*graph.SignInError // by method
	blocked *graph.SignInError    // the refusal before the sign-in that succeeded; nil where there was none
	who     graph.Identity        // of the last sign-in, also after it was given up
	cloud   graph.Cloud
	before  []string // permissions that the first token had without having been asked for; nil before there is one
}

// choices are the operator's in the check, and about the account.
type choices struct {
	planShown bool
	stale     bool   // the check is to be done again, with a new token
	adopt     string // id of an account that is not ours and that the operator took over
	methods   signInMethods
	unfit     string // user name that the account can't have as it stands, so that another is chosen
	password  passwordChoice
	roleLasts bool // they say that their own role lasts until MFA is back, where that can't be read
	ignoreBin bool // create the account although a deleted one has its name
	offboard  offboardChoices
}

// defaults are the operator's choices about security defaults that are on.
type defaults struct {
	choice      defaultsChoice
	tenantTyped bool // the tenant's domain was typed, for turning security defaults off
}

// setup is what is known of Delegate365's own setup.
type setup struct {
	choice    setupChoice
	portal    welcome.Portal
	foreign   welcome.Portal // a portal on another host that waits for the operator's yes
	offer     *offer         // a welcome mail that leaves a choice
	from      *setupStart
	apps      []string      // ids of the service principals that were read last
	opened    bool          // its page was opened
	mailLater bool          // somebody wants to look for the mail while MFA is off
	seen      bool          // the operator says that setup completed
	agreed    bool          // they say that what the tenant shows of it is all
	unfit     string        // why the configuration password in the mail was not taken
	refusal   *setupRefusal // what the operator says that the setup page says; nil when it says nothing
}

// appPasswords is what the operator says, and this run did, about app passwords.
type appPasswords struct {
	portalWay   bool      // allow app passwords in the portal instead of by the undocumented call
	appWord     bool      // the operator says that app passwords are allowed
	factorSeen  time.Time // when a read first showed a second factor; zero is never
	factor      FactorRead
	unasked     bool // it was there before a screen asked for one
	factorWord  bool // the operator said that a second factor is registered, where that can't be read
	appSkipped  bool // Delegate365 has its app password already
	tested      bool // the operator saw "Test credentials" succeed
	failedTests int  // how often they saw it fail
	smtpOff     bool // the last one because SMTP AUTH is off
	enough      bool // to test once more would hardly change that
	untested    bool // they finish although it failed
	version     portalVersion
	page        bool           // somebody said that it has the page for one
	skipped     string         // why there is no app password, where it was not simply chosen
	noted       string         // what the journal has of that
	moved       []movedSetting // of the MFA service settings, when this run allowed app passwords
	shown       readBack[analysis.Reading[graph.MFAServicePolicy]]
}

// secrets are what a run holds in memory only.
type secrets struct {
	password      graph.Secret // of the service account
	replaced      bool         // by it, another one that the account had
	configuration graph.Secret // from the welcome mail
	appPassword   graph.Secret
}

// Wipe overwrites every secret the run holds. What was handed to a clipboard is not its to clear.
func (r *Run) Wipe() {
	r.update((*memory).wipe)
	r.recorder.Proof.Wipe()
}

func (m *memory) wipe() {
	m.secrets.password.Wipe()
	m.secrets.configuration.Wipe()
	m.secrets.appPassword.Wipe()
	m.dropOffer()
}

// snapshot is a copy of what the run knows.
func (r *Run) snapshot() *memory {
	r.mu.Lock()
	m := r.mem
	r.mu.Unlock()
	m.record, m.window = r.window.Writer().Made(), r.window.Snapshot()
	return &m
}

// update changes what the run knows. The function must not call the run.
func (r *Run) update(change func(*memory)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.mem.secrets.configuration
	change(&r.mem)
	r.mem.sayNames()
	if r.mem.secrets.configuration != before {
		r.mem.dropName()
	}
}
