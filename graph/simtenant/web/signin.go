package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/qr"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/totp"
)

// signInView is what the pages of a sign-in show.
type signInView struct {
	ID             string
	Account        string
	AppName, AppID string
	Known          string // who this browser is already signed in as
	CanCancel      bool
	HasCode        bool
	Forced         bool
	Secret         string
	Address        string
	Picture        qr.Code
	Scopes         []string
	Admin          bool

	Suggested   string // name of an app password
	Name, Value string // of the app password just made
}

const signInPath = "/sign-in"

// flowOf finds the flow a request names; without one the person is told to begin again.
func (v *visit) flowOf() *flow {
	f := v.session.flows[v.r.FormValue("flow")]
	if f == nil {
		v.refuse(http.StatusNotFound, "This sign-in is over", "This sign-in has ended. Go back to where you came from and begin again.", nil)
	}
	return f
}

func (s *Site) showFlow(v *visit) {
	f := v.flowOf()
	if f == nil {
		return
	}
	v.problem = f.problem
	facts, _ := s.facts(f.user)
	data := signInView{
		ID: f.id, Account: f.account, AppName: f.app.Name, AppID: f.app.ID, Known: v.session.upn,
		CanCancel: f.request != nil || f.device != "", HasCode: facts.code(), Forced: !f.wished,
		Suggested: "Delegate365", Name: f.appName, Value: f.appValue,
	}
	switch f.step {
	case askRegistration:
		data.Secret = totp.Text(f.secret)
		data.Address = totp.Address(f.secret, f.account, totp.Issuer)
		data.Picture, _ = qr.New(data.Address) // without one, an address that is too long, the page offers the key alone
	case askConsent:
		data.Scopes = v.consentScopes(f)
		data.Admin = state.HoldsAny(facts.Roles, consentRoles)
	}
	v.show(string(f.step), stepTitles[f.step], signInPages[f.step](pageOf(v), data))
}

// advanceFlow takes what the person did at the page of the flow's step.
func (s *Site) advanceFlow(v *visit) {
	f := v.flowOf()
	if f == nil {
		return
	}
	action := v.form("action")
	switch action {
	case "cancel":
		v.cancel(f)
		return
	case "other":
		f.step, f.problem, f.password, f.user, f.passed = askAccount, nil, "", "", false
		v.toFlow(f)
		return
	}
	f.problem = nil
	switch f.step {
	case askAccount:
		v.takeAccount(f, action)
	case askPassword:
		f.password, f.typed = v.form("password"), true
		v.attempt(f)
	case askApproval:
		v.takeApproval(f, action)
	case askCode:
		v.takeCode(f)
	case askRegistration:
		v.takeRegistration(f)
	case nameAppPassword:
		v.takeAppPasswordName(f)
	case giveAppPassword:
		f.appValue = ""
		v.attempt(f)
	case askStaySignedIn:
		if action == "yes" {
			v.renew(int((24 * time.Hour).Seconds()))
		}
		v.afterSignIn(f)
	case askConsent:
		v.takeConsent(f)
	case confirmDevice:
		v.askConsentOrFinish(f)
	default:
		v.toFlow(f)
	}
}

func (v *visit) takeAccount(f *flow, action string) {
	if action == "continue" && v.session.user != "" {
		f.account, f.password, f.user, f.typed = v.session.upn, v.session.password, v.session.user, false
		v.attempt(f)
		return
	}
	f.account = strings.TrimSpace(v.form("account"))
	f.user, f.passed = "", false
	f.step = askPassword
	if f.account == "" {
		f.step, f.problem = askAccount, &problem{Summary: "Type the account, for example name@contoso.com"}
	}
	v.toFlow(f)
}

func (s *Site) showSignOut(v *visit) {
	if v.session.user == "" {
		v.show("message", "You are signed out")
		return
	}
	v.show("sign-out", "Sign out?", pageOf(v).signOut())
}

func (s *Site) signOut(v *visit) {
	v.end()
	v.session = &session{}
	v.show("message", "You are signed out", text("You can close this window."))
}
