package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Every address that the wizard opens leads to a working page, signed in where the same browser was signed in before. The
// paths are those of Microsoft and of the vendor.
func TestAddressesThatAreOpened(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	secure, ep := server.Endpoints(), server.PageEndpoints()
	r.Meet(r.Client.Transport, ep)
	redirect, _ := simtest.Callback(t)
	r.Play("sign-in", map[string]string{"url": server.BrowserURL(simtest.AuthorizeAddress(secure, redirect, nil))})
	r.Play("setup", nil)
	r.Play("login-delegate365", nil)
	r.SetMFA(state.MFAEnabled)
	r.Play("service-settings", nil)
	r.Play("register-mfa", nil)
	eligible(r, state.RoleGlobalReader)
	for _, c := range []struct {
		who     string // whose browser window it is opened in
		address string
		page    string
	}{
		{"operator", secure.Portal + "/#view/Microsoft_AAD_AuthenticationMethods/MultifactorAuthenticationConfig.ReactView/tabId/users", "per-user-mfa"},
		{"operator", ep.Portal + "/#view/Microsoft_AAD_AuthenticationMethods/MultifactorAuthenticationConfig.ReactView/tabId/users", "per-user-mfa"},
		{"operator", ep.Portal + "/usermanagement/multifactorverification.aspx?tenantId=" + r.Tenant.State.Organization.ID, "per-user-mfa"},
		{"operator", ep.Portal + "/UserManagement/MfaSettings.aspx", "service-settings"},
		{"operator", ep.Portal + "/#view/Microsoft_Azure_PIMCommon/ActivationMenuBlade/~/aadmigratedroles", "my-roles"},
		{"operator", ep.Portal + "/devicelogin", "device-code"},
		{"operator", secure.Authority + "/common/oauth2/deviceauth", "device-code"},
		{"service account", secure.Portal + "/security-info", "security-info"},
		{"service account", ep.Portal + "/security-info", "security-info"},
		{"service account", ep.Portal + "/AppPasswords.aspx", "app-passwords"},
		{"service account", ep.Delegate365 + "/setup", "delegate365-setup"},
		{"service account", ep.Delegate365, "delegate365-dashboard"},
		{"service account", ep.Delegate365 + "/", "delegate365-dashboard"},
		{"service account", ep.Delegate365 + "/administration/office365-account", "delegate365-account"},
	} {
		w, upn := r.Person.Operator, state.OperatorUPN
		if c.who == "service account" {
			w, upn = r.Person.Private, simtest.ServiceUPN
		}
		s, err := w.Open(t.Context(), server.BrowserURL(c.address))
		if err != nil {
			t.Fatal(err)
		}
		// The operator's second factor is asked for again at an admin center that this browser has not been to.
		if s.Name == "approve" {
			s = r.Submit(s, "approve", nil)
		}
		if s.Name != c.page || s.Status != http.StatusOK || s.Problem != "" {
			t.Errorf("%s: the page is %q, %d %s", c.address, s.Name, s.Status, s.Problem)
		}
		if who := person.Text(person.Find(s.Root, person.Class("who"))); c.page != "delegate365-setup" && !strings.Contains(who, upn) {
			t.Errorf("%s: %q", c.address, who)
		}
	}
}
