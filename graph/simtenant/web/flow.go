package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// step is where a sign-in stands. Each has a page of the same name.
type step string

const (
	askAccount      step = "account"
	askPassword     step = "password"
	askApproval     step = "approve"
	askCode         step = "code"
	askRegistration step = "register"
	nameAppPassword step = "name-app-password"
	giveAppPassword step = "app-password"
	askStaySignedIn step = "stay-signed-in"
	askConsent      step = "consent"
	confirmDevice   step = "device-confirm"
	refused         step = "refused"
)

var stepTitles = map[step]string{
	askAccount:      "Sign in",
	askPassword:     "Enter your password",
	askApproval:     "Approve this sign-in",
	askCode:         "Enter a code",
	askRegistration: "Register an authenticator app",
	nameAppPassword: "Create an app password",
	giveAppPassword: "Your app password",
	askStaySignedIn: "Stay signed in?",
	askConsent:      "Permissions requested",
	confirmDevice:   "Is this you?",
	refused:         "You cannot sign in here",
}

// application is what somebody signs in to.
type application struct{ ID, Name string }

// secondFactor is when a page itself asks for one, whatever the tenant's policies demand.
type secondFactor int

const (
	asDemanded   secondFactor = iota // only when a policy does
	ifRegistered                     // managing credentials: MFA in the last ten minutes, once there is a method (MC1135479)
	always                           // admin portals: mandatory MFA, nobody excluded
)

const credentialPeriod = 10 * time.Minute

// flow is one sign-in on its way through the pages, in one browser session.
type flow struct {
	id     string
	app    application
	factor secondFactor

	next    string                  // where to go on these pages, or
	request *entra.AuthorizeRequest // the application that waits for an authorization code, or
	device  string                  // the user code of the device that waits

	step     step
	problem  *problem
	refusal  *entra.Error // what the application is told when the person gives up
	account  string       // as typed
	password string
	typed    bool // typed here, not remembered by the session
	user     string
	passed   bool     // a second factor was given in this flow
	contexts []string // authentication contexts asked for: a second factor is given in this flow

	wished     bool   // the person asked to register a method; nothing demanded it
	registered bool   // a method was registered in this flow
	secret     []byte // of the authenticator app being registered
	appName    string // of the app password just made
	appValue   string
}

// begin starts a flow where the session stands: with nobody signed in at the account, otherwise at what is still asked.
func (v *visit) begin(f *flow) {
	f.id = rand.Text()
	v.session.flows[f.id] = f
	switch {
	case f.step != "":
	case v.session.user != "" && (f.account == "" || strings.EqualFold(f.account, v.session.upn)):
		f.account, f.password, f.user = v.session.upn, v.session.password, v.session.user
		v.attempt(f)
		return
	case f.account != "":
		f.step = askPassword
	default:
		f.step = askAccount
	}
	v.toFlow(f)
}

func (v *visit) toFlow(f *flow) { v.redirect("/sign-in?flow=" + url.QueryEscape(f.id)) }

// factorGiven says whether a second factor given earlier, here or in the session, still counts for f.
func (v *visit) factorGiven(f *flow) bool {
	if f.passed || len(f.contexts) > 0 {
		return f.passed
	}
	s := v.session
	if s.mfaAt.IsZero() || s.user != f.user || f.user == "" {
		return false
	}
	return f.factor != ifRegistered || v.s.t.Instant().Sub(s.mfaAt) <= credentialPeriod
}

// attempt tries the sign-in with what is known so far and moves the flow to what is asked next.
func (v *visit) attempt(f *flow) {
	f.problem, f.refusal = nil, nil
	given := v.factorGiven(f)
	u, err := v.s.entra.SignIn.SignIn(f.attempt(given))
	if u != nil {
		f.user = u.ID
	}
	code := 0
	if err != nil {
		code = err.Code
	}
	switch {
	case code == entra.AADMFARegistration && err.Unregistrable:
		f.step, f.refusal, f.problem = refused, err, entraProblem("No sign-in method that you could register here is enough", err)
	case code == entra.AADMFARegistration && f.registered:
		f.step, f.refusal, f.problem = refused, err, entraProblem("The method that was registered is not enough for this tenant", err)
	case code == entra.AADMFARegistration:
		v.askToRegister(f)
	case code == entra.AADMFARequired, code == 0 && v.pageAsks(f) && !given:
		v.askSecondFactor(f)
	case code == 0:
		v.admit(f)
		return
	case code == entra.AADUserNotFound:
		v.dropSession(f)
		f.step, f.problem = askAccount, entraProblem("This account does not exist", err)
	case code == entra.AADBadCredentials:
		v.dropSession(f)
		f.step, f.problem = askPassword, entraProblem("The account or the password is not right", err)
	default:
		f.step, f.refusal, f.problem = refused, err, entraProblem("This sign-in was refused", err)
	}
	v.toFlow(f)
}

// attempt is the flow's sign-in with what is known so far.
func (f *flow) attempt(completedMFA bool) state.SignInAttempt {
	return state.SignInAttempt{
		UPN: f.account, Password: f.password, AppID: f.app.ID, AppName: f.app.Name, ClientApp: state.ClientBrowser,
		CompletedMFA: completedMFA, TransferMethod: f.transfer(),
	}
}

// dropSession signs out a session whose remembered password is no longer good.
func (v *visit) dropSession(f *flow) {
	if !f.typed {
		v.session.leave()
	}
}

// leave makes the session nobody's, and keeps its open flows.
func (s *session) leave() {
	s.user, s.upn, s.password, s.mfaAt, s.entered, s.contexts = "", "", "", time.Time{}, map[string]bool{}, nil
}

func (f *flow) transfer() string {
	if f.device != "" {
		return state.TransferDeviceCode
	}
	return ""
}

// pageAsks says whether the page itself wants a second factor of this account.
func (v *visit) pageAsks(f *flow) bool {
	if len(f.contexts) > 0 {
		return true
	}
	switch f.factor {
	case always:
		return true
	case ifRegistered:
		facts, ok := v.s.facts(f.user)
		return ok && len(facts.Methods) > 0
	default:
		return false
	}
}

// admit signs the session in. A session that changes hands gets a new cookie.
func (v *visit) admit(f *flow) {
	s := v.session
	if s.user != f.user {
		s.leave()
		v.renew(0)
	}
	facts, _ := v.s.facts(f.user)
	s.user, s.upn, s.password = f.user, facts.UPN, f.password
	s.entered[f.app.ID] = true
	if f.passed {
		s.mfaAt, s.contexts = v.s.t.Instant(), append(s.contexts, f.contexts...)
	}
	if f.typed {
		f.typed = false
		f.step = askStaySignedIn
		v.toFlow(f)
		return
	}
	v.afterSignIn(f)
}

// afterSignIn is what stands between a signed-in person and where they wanted to go.
func (v *visit) afterSignIn(f *flow) {
	switch {
	case f.request != nil:
		v.askConsentOrFinish(f)
	case f.device != "":
		f.step = confirmDevice
		v.toFlow(f)
	default:
		delete(v.session.flows, f.id)
		v.redirect(f.next)
	}
}

// require is what a page that needs somebody signed in begins with: the account, or false when the browser was sent to
// sign in first.
func (v *visit) require(app application, factor secondFactor) (accountFacts, bool) {
	f := &flow{app: app, factor: factor, next: v.r.URL.RequestURI()}
	if v.r.Method != http.MethodGet {
		f.next = v.r.URL.Path
	}
	facts, ok := v.s.facts(v.session.user)
	if !ok {
		v.session.leave()
		v.begin(f)
		return accountFacts{}, false
	}
	f.user = facts.ID
	asked := v.pageAsks(f) || facts.MFAState != state.MFADisabled
	if !v.session.entered[app.ID] || asked && !v.factorGiven(f) {
		v.begin(f)
		return accountFacts{}, false
	}
	return facts, true
}
