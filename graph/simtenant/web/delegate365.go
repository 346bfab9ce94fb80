package web

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"

	"github.com/emersion/go-smtp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of Delegate365's web app: what is known of it is in the vendor's walk-through; names, ids and words beyond that
// are this simulation's. The account that ran the setup is its first administrator, and the only one.

// The applications that people sign in to at Delegate365.
var (
	AppPortalSetup = application{"d3650000-0000-4000-8000-000000000001", "Delegate365 Setup"}
	appPortal      = application{"d3650000-0000-4000-8000-000000000002", "Delegate365"}
)

// portal is Delegate365 as one tenant's customer has it.
type portal struct {
	s                     *Site
	configurationPassword string
	run                   *setupRun // the latest; nil before the first
	administrator         string    // object id, once a setup has completed

	known            string // the password that the setup was run with before this tenant opened
	exchangeUser     string
	exchangePassword string
	submit           func(user, password string) error // SMTP AUTH at Exchange Online
}

// configurationPassword follows from the seed, because it is printed in the welcome mail.
func configurationPassword(seed int64) string {
	const letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	r := rand.New(rand.NewPCG(uint64(seed), 365))
	b := make([]byte, 20)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

// setUpBy leaves the portal as u did, who ran the setup and saved its newest app password.
func (p *portal) setUpBy(u *state.User) {
	p.administrator, p.known, p.exchangeUser = u.ID, u.Credentials.Password, u.UPN
	for _, a := range u.Factors.AppPasswords {
		p.exchangePassword = a.Secret
	}
}

// knownLocked is who ran the setup before this tenant opened, while they have the password that they ran it with; else nil.
func (p *portal) knownLocked() *state.User {
	if u := p.s.SetUp; u != nil && u.Credentials.Password == p.known {
		return u
	}
	return nil
}

func (p *portal) showPortalLogin(v *visit) {
	if p.administrator == "" {
		v.redirect("/setup")
		return
	}
	v.show("delegate365-login", "Sign in to Delegate365", pageOf(v).portalLogin())
}

func (p *portal) portalLogin(v *visit) { v.redirect("/login/complete") }

// completePortalLogin takes over who is signed in at the tenant, after sending the browser there if nobody is.
func (p *portal) completePortalLogin(v *visit) {
	facts, ok := v.at(faceSignIn).require(appPortal, asDemanded)
	if !ok {
		return
	}
	if facts.ID != p.administrator {
		v.refuse(http.StatusForbidden, "No access to Delegate365",
			facts.UPN+" is not an administrator in this Delegate365. The account that ran the setup is. Is this the right browser window?",
			&link{"/sign-out", "Sign out"})
		return
	}
	v.session.leave()
	v.renew(0)
	v.session.user, v.session.upn = facts.ID, facts.UPN
	v.redirect("/dashboard")
}

func (p *portal) showPortalLogout(v *visit) {
	if p.signedIn(v) {
		v.show("delegate365-logout", "Sign out of Delegate365?", pageOf(v).portalLogout())
	}
}

func (p *portal) portalLogout(v *visit) {
	v.end()
	v.session = &session{}
	v.show("message", "You are signed out of Delegate365", further(&link{"/login", "Sign in again"}))
}

// signedIn is false, and the browser on its way to the login, when nobody is signed in to Delegate365.
func (p *portal) signedIn(v *visit) bool {
	if v.session.user == "" {
		v.redirect("/login")
		return false
	}
	return true
}

func (p *portal) showDashboard(v *visit) {
	if p.signedIn(v) {
		v.show("delegate365-dashboard", "Dashboard", dashboardPage(p.s.t.Newer))
	}
}

type exchangeAccountView struct {
	UserName string
	Saved    bool
}

const exchangeAccountTitle = "Administration / Office 365 account"

// hasAccountPage is false for a page that only the older Delegate365 has, or nobody signed in.
func (p *portal) hasAccountPage(v *visit) bool {
	if !p.signedIn(v) {
		return false
	}
	if v.s.t.Newer {
		v.s.notFound(v)
		return false
	}
	return true
}

func (p *portal) showExchangeAccount(v *visit) {
	if p.hasAccountPage(v) {
		v.show("delegate365-account", exchangeAccountTitle, pageOf(v).exchangeAccount(exchangeAccountView{p.exchangeUser, p.exchangePassword != ""}))
	}
}

func (p *portal) exchangeAccount(v *visit) {
	if !p.hasAccountPage(v) {
		return
	}
	if v.form("action") == "test" {
		p.testCredentials(v)
		p.showExchangeAccount(v)
		return
	}
	user, password := strings.TrimSpace(v.form("user-name")), v.form("password")
	switch {
	case user == "", password == "" && p.exchangePassword == "":
		v.problem = &problem{Summary: "Nothing was saved: enter the user name and the app password"}
		p.showExchangeAccount(v)
		return
	case password != "":
		p.exchangePassword = password
	}
	p.exchangeUser = user
	v.session.notice = "The Office 365 account was saved."
	v.redirect(v.r.URL.Path)
}

// testCredentials signs in to Exchange Online with what is saved.
func (p *portal) testCredentials(v *visit) {
	if p.exchangeUser == "" {
		v.problem = &problem{Summary: "Nothing to test: save the user name and the app password first"}
		return
	}
	if err := p.submit(p.exchangeUser, p.exchangePassword); err != nil {
		v.problem = &problem{Summary: "The Exchange account is not valid", Text: exchangeAnswer(err)}
		if !strings.Contains(v.problem.Text, "SmtpClientAuthentication") { // that names what is wrong
			v.problem.Text += " Check the user name, and use an app password."
		}
		return
	}
	v.notice = "The Exchange account is valid."
}

// exchangeAnswer is what Exchange Online said, with its codes.
func exchangeAnswer(err error) string {
	if e, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return fmt.Sprintf("%d %d.%d.%d %s", e.Code, e.EnhancedCode[0], e.EnhancedCode[1], e.EnhancedCode[2], e.Message)
	}
	return err.Error() + "."
}

// rightConfigurationPassword compares without telling by its time how much was right.
func (p *portal) rightConfigurationPassword(typed string) bool {
	return subtle.ConstantTimeCompare([]byte(strings.TrimSpace(typed)), []byte(p.configurationPassword)) == 1
}

// ConfigurationPassword is the one that the setup asks for.
func (s *Site) ConfigurationPassword() string { return s.portal.configurationPassword }
