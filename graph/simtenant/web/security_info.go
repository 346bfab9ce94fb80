package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

var appSecurityInfo = application{state.AppMySignIns, "My Signins"}

const shortestAppPasswordName = 8

// account is whoever is signed in at the pages where people manage their own credentials.
func (v *visit) account() (accountFacts, bool) { return v.require(appSecurityInfo, ifRegistered) }

func (s *Site) showSecurityInfo(v *visit) {
	if facts, ok := v.account(); ok {
		v.show("security-info", "Security info", pageOf(v).securityInfo(facts))
	}
}

func (s *Site) showAddMethod(v *visit) {
	if facts, ok := v.account(); ok {
		v.show("add-method", "Add a sign-in method", pageOf(v).addMethod(facts))
	}
}

func (s *Site) addMethod(v *visit) {
	facts, ok := v.account()
	if !ok {
		return
	}
	if v.form("method") == "app-password" {
		v.redirect("/security-info/app-password")
		return
	}
	f := &flow{
		app: appSecurityInfo, factor: ifRegistered, next: "/security-info", wished: true,
		account: facts.UPN, password: v.session.password, user: facts.ID,
	}
	v.askToRegister(f)
	v.begin(f)
}

// back is the page that a visit to the app-password pages belongs to.
func (v *visit) back() string {
	if v.r.URL.Query().Get("from") == "app-passwords" {
		return "/AppPasswords.aspx"
	}
	return "/security-info"
}

func (s *Site) showNameAppPassword(v *visit) {
	facts, ok := v.account()
	if !ok {
		return
	}
	if !facts.Offered {
		v.status, v.problem = http.StatusForbidden, &problem{
			Summary: "App passwords are not available to " + facts.UPN + " in this tenant.", Hint: facts.NotOffered + ".",
		}
		v.show("message", "App passwords are not available", further(&link{v.back(), "Back"}))
		return
	}
	v.show("name-app-password", "Create an app password", pageOf(v).nameAppPassword("Delegate365"))
}

func (s *Site) createAppPassword(v *visit) {
	facts, ok := v.account()
	if !ok {
		return
	}
	name := strings.TrimSpace(v.form("name"))
	value, reason := v.makeAppPassword(facts.ID, name)
	if reason != "" {
		v.problem = &problem{Summary: reason}
		v.show("name-app-password", "Create an app password", pageOf(v).nameAppPassword(name))
		return
	}
	v.show("app-password", "Your app password", pageOf(v).appPassword(name, value))
}

// makeAppPassword creates an app password, or says why there is none in words for the page.
func (v *visit) makeAppPassword(userID, name string) (value, reason string) {
	if len(strings.TrimSpace(name)) < shortestAppPasswordName {
		return "", "The name needs 8 characters or more"
	}
	value, err := v.s.t.MFA.CreateAppPassword(userID, name)
	switch {
	case errors.Is(err, state.ErrTooManyAppPasswords):
		return "", "There are 40 app passwords already. Delete one first"
	case err != nil:
		return "", "The app password could not be created: " + err.Error()
	}
	return value, ""
}

// showAppPasswords is the classic page.
func (s *Site) showAppPasswords(v *visit) {
	if facts, ok := v.account(); ok {
		v.show("app-passwords", "App passwords", pageOf(v).appPasswords(facts))
	}
}

// deleteAppPassword serves both pages; once the tenant no longer allows app passwords they stay and cannot be managed.
func (s *Site) deleteAppPassword(v *visit) {
	facts, ok := v.account()
	if !ok {
		return
	}
	next := "/security-info"
	if strings.HasSuffix(v.r.URL.Path, ".aspx") {
		next = "/AppPasswords.aspx"
	}
	if !facts.Manage {
		v.refuse(http.StatusForbidden, "Nothing was deleted", "The tenant no longer allows users to manage app passwords.", &link{next, "Back"})
		return
	}
	if err := s.t.MFA.DeleteAppPassword(facts.ID, v.form("id")); err != nil {
		v.refuse(http.StatusNotFound, "Nothing was deleted", "The app password is gone already.", &link{next, "Back"})
		return
	}
	v.session.notice = "The app password was deleted."
	v.redirect(next)
}

// removeMethod deletes a second factor. An account whose MFA is enforced is asked to register another at its next sign-in.
func (s *Site) removeMethod(v *visit) {
	facts, ok := v.account()
	if !ok {
		return
	}
	if err := s.t.MFA.DeleteMethod(facts.ID, v.form("id")); err != nil {
		v.refuse(http.StatusNotFound, "Nothing was deleted", "The sign-in method is gone already.", &link{"/security-info", "Back"})
		return
	}
	v.session.notice = "The sign-in method was deleted."
	v.redirect("/security-info")
}
