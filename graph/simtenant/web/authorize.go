package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// authorize begins the sign-in of an application (OpenID Connect Core, 3.1.2.1, for what prompt means). An address that
// does not check out is shown here and never followed.
func (s *Site) authorize(v *visit) {
	req, err := s.entra.ParseAuthorize(v.r)
	if err != nil {
		v.status, v.problem = http.StatusBadRequest, entraProblem("The application's request was refused", err)
		v.show("message", stepTitles[refused])
		return
	}
	f := &flow{app: application{req.ClientID, req.ClientName}, account: req.LoginHint, request: &req, contexts: req.Contexts}
	prompts := strings.Fields(req.Prompt)
	switch {
	case slices.Contains(prompts, "none"):
		v.authorizeSilently(f)
		return
	case slices.Contains(prompts, "login"):
		v.session.leave()
	case slices.Contains(prompts, "select_account") && f.account == "":
		f.step = askAccount
	}
	v.begin(f)
}

// authorizeSilently answers prompt=none: with a code when nothing has to be asked, otherwise with why not.
func (v *visit) authorizeSilently(f *flow) {
	f.account, f.password, f.user = v.session.upn, v.session.password, v.session.user
	if f.user == "" {
		v.answer(f, v.s.entra.RefuseAuthorize(*f.request, v.s.entra.SignIn.InteractionRequired()))
		return
	}
	_, err := v.s.entra.SignIn.SignIn(f.attempt(v.factorGiven(f)))
	if err == nil && len(v.s.entra.Consents.ScopesNeedingConsent(f.user, f.app.ID, f.request.Scopes)) > 0 {
		err = v.s.entra.SignIn.InteractionRequired()
	}
	if err != nil {
		v.answer(f, v.s.entra.RefuseAuthorize(*f.request, err))
		return
	}
	v.finish(f)
}

// scopes are what the application or the waiting device asks for.
func (v *visit) scopes(f *flow) []string {
	if f.request != nil {
		return f.request.Scopes
	}
	if d, ok := v.s.entra.PendingDevice(f.device); ok {
		return d.Scopes
	}
	return nil
}

// consentScopes are the ones to show at the consent page.
func (v *visit) consentScopes(f *flow) []string {
	if f.request != nil && strings.Contains(f.request.Prompt, "consent") {
		return slices.DeleteFunc(slices.Clone(v.scopes(f)), func(scope string) bool {
			return scope == ".default" || slices.Contains(entra.ProtocolScopes, scope)
		})
	}
	return v.s.entra.Consents.ScopesNeedingConsent(f.user, f.app.ID, v.scopes(f))
}

func (v *visit) askConsentOrFinish(f *flow) {
	if len(v.consentScopes(f)) == 0 {
		v.finish(f)
		return
	}
	f.step = askConsent
	v.toFlow(f)
}

// consentRoles may consent for the whole organisation, beside Global Administrators.
var consentRoles = []string{state.RolePrivilegedRoleAdministrator, state.RoleApplicationAdmin, state.RoleCloudApplicationAdmin}

func (v *visit) takeConsent(f *flow) {
	if err := v.s.entra.Consents.GrantConsent(f.user, f.app.ID, v.consentScopes(f), v.form("organisation") == "yes"); err != nil {
		f.step, f.refusal, f.problem = refused, err, entraProblem("An administrator has to allow this", err)
		v.toFlow(f)
		return
	}
	v.finish(f)
}

// finish hands the signed-in person over to the application or the device that waits.
func (v *visit) finish(f *flow) {
	delete(v.session.flows, f.id)
	if f.request != nil {
		f.request.CompletedMFA = !v.session.mfaAt.IsZero()
		v.answer(f, v.s.entra.IssueCode(f.user, *f.request))
		return
	}
	if err := v.s.entra.ApproveDevice(f.device, f.user); err != nil {
		v.refuse(http.StatusGone, "The code is over", "The code has expired or was used. Ask the program for another.", &link{"/devicelogin", "Type another code"})
		return
	}
	v.notice = "You have signed in to " + f.app.Name + " on your device. You can close this window."
	v.show("message", "Signed in")
}

// cancel gives the sign-in up and tells whoever waits for it.
func (v *visit) cancel(f *flow) {
	delete(v.session.flows, f.id)
	if f.request != nil {
		refusal := f.refusal
		if refusal == nil {
			refusal = v.s.entra.DeclineConsent()
		}
		v.answer(f, v.s.entra.RefuseAuthorize(*f.request, refusal))
		return
	}
	if f.device != "" {
		_ = v.s.entra.DeclineDevice(f.device, f.refusal) // a code that is over already has nobody waiting for it
	}
	v.notice = "Cancelled. You can close this window."
	v.show("message", "Cancelled")
}

type formPostView struct {
	Action string
	Fields url.Values
}

// answer sends the browser back to the application. With response_mode form_post (OAuth 2.0 Form Post Response Mode) that
// takes a click, as these pages run no script.
func (v *visit) answer(f *flow, address string) {
	if f.request.ResponseMode != "form_post" {
		v.redirect(address)
		return
	}
	to, err := url.Parse(address)
	if err != nil {
		v.refuse(http.StatusBadRequest, stepTitles[refused], "The application's address cannot be read.", nil)
		return
	}
	fields := to.Query()
	to.RawQuery = ""
	v.show("form-post", "Back to "+f.app.Name, formPostView{to.String(), fields}.page())
}
