package simtenant

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// authorize begins the sign-in of an application (OpenID Connect Core, 3.1.2.1, for what prompt means). An address that
// does not check out is shown here and never followed.
func (s *site) authorize(v *visit) {
	req, err := s.t.parseAuthorize(v.r)
	if err != nil {
		v.status, v.problem = http.StatusBadRequest, entraProblem("The application's request was refused", err)
		v.show("message", stepTitles[refused], message{})
		return
	}
	f := &flow{app: application{req.clientID, req.clientName}, account: req.loginHint, request: &req, contexts: req.contexts}
	prompts := strings.Fields(req.prompt)
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
		v.answer(f, v.s.t.refuseAuthorize(*f.request, v.s.t.interactionRequired()))
		return
	}
	_, err := v.s.t.signIn(f.attempt(v.factorGiven(f)))
	if err == nil && len(v.s.t.scopesNeedingConsent(f.user, f.app.ID, f.request.scopes)) > 0 {
		err = v.s.t.interactionRequired()
	}
	if err != nil {
		v.answer(f, v.s.t.refuseAuthorize(*f.request, err))
		return
	}
	v.finish(f)
}

// interactionRequired is Entra's answer to prompt=none when somebody would have to be asked.
func (t *Tenant) interactionRequired() *aadError {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refuseLocked(aadInteractionRequired, "", "Session information is not sufficient for single-sign-on.")
}

// scopes are what the application or the waiting device asks for.
func (v *visit) scopes(f *flow) []string {
	if f.request != nil {
		return f.request.scopes
	}
	if d, ok := v.s.t.pendingDevice(f.device); ok {
		return d.scopes
	}
	return nil
}

// consentScopes are the ones to show at the consent page.
func (v *visit) consentScopes(f *flow) []string {
	if f.request != nil && strings.Contains(f.request.prompt, "consent") {
		return slices.DeleteFunc(slices.Clone(v.scopes(f)), func(scope string) bool {
			return scope == ".default" || slices.Contains(protocolScopes, scope)
		})
	}
	return v.s.t.scopesNeedingConsent(f.user, f.app.ID, v.scopes(f))
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
var consentRoles = []string{rolePrivilegedRoleAdministrator, roleApplicationAdmin, roleCloudApplicationAdmin}

func (v *visit) takeConsent(f *flow) {
	if err := v.s.t.grantConsent(f.user, f.app.ID, v.consentScopes(f), v.form("organisation") == "yes"); err != nil {
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
		f.request.completedMFA = !v.session.mfaAt.IsZero()
		v.answer(f, v.s.t.issueCode(f.user, *f.request))
		return
	}
	if err := v.s.t.approveDevice(f.device, f.user); err != nil {
		v.refuse(http.StatusGone, "The code is over", "The code has expired or was used. Ask the program for another.", &link{"/devicelogin", "Type another code"})
		return
	}
	v.notice = "You have signed in to " + f.app.Name + " on your device. You can close this window."
	v.show("message", "Signed in", message{})
}

// cancel gives the sign-in up and tells whoever waits for it.
func (v *visit) cancel(f *flow) {
	delete(v.session.flows, f.id)
	if f.request != nil {
		refusal := f.refusal
		if refusal == nil {
			refusal = v.s.t.declineConsent()
		}
		v.answer(f, v.s.t.refuseAuthorize(*f.request, refusal))
		return
	}
	if f.device != "" {
		_ = v.s.t.declineDevice(f.device, f.refusal) // a code that is over already has nobody waiting for it
	}
	v.notice = "Cancelled. You can close this window."
	v.show("message", "Cancelled", message{})
}

type formPostView struct {
	Action string
	Fields url.Values
}

// answer sends the browser back to the application. With response_mode form_post (OAuth 2.0 Form Post Response Mode) that
// takes a click, as these pages run no script.
func (v *visit) answer(f *flow, address string) {
	if f.request.responseMode != "form_post" {
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
	v.show("form-post", "Back to "+f.app.Name, formPostView{to.String(), fields})
}
