package web

import (
	"net/url"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

type indexView struct {
	Pages            []indexPage
	Tenant, TenantID string
	Operator         string
	Service          string
}

// indexPage is a page of the list. View is the fragment by which Microsoft's admin center finds the same page; the browser
// keeps fragments to itself, so that such an address opens the index, with this entry marked.
type indexPage struct {
	link
	View string
}

var indexPages = []indexPage{
	{link{"/devicelogin", "Device login: type the code of a program on another screen"}, ""},
	{
		link{"/per-user-mfa", "Per-user multi-factor authentication (administrators)"},
		"view/Microsoft_AAD_AuthenticationMethods/MultifactorAuthenticationConfig.ReactView/tabId/users",
	},
	{link{"/service-settings", "Service settings: allow app passwords (administrators)"}, ""},
	{
		link{myRolesPath, "My roles in Privileged Identity Management (who is eligible for a role)"},
		"view/Microsoft_Azure_PIMCommon/ActivationMenuBlade/~/aadmigratedroles",
	},
	{link{"/security-info", "Security info: sign-in methods and app passwords of the account signed in"}, ""},
	{link{"/AppPasswords.aspx", "App passwords, the classic page"}, ""},
	{link{"/setup", "Delegate365: setup"}, ""},
	{link{"/login", "Delegate365: login"}, ""},
	{link{linkExchange.Path, "Delegate365: " + exchangeAccountTitle}, ""},
	{link{"/sign-out", "Sign out"}, ""},
}

// ViewPage is the path of the page that a view of the admin center stands for; empty is none.
func ViewPage(u *url.URL) string {
	if u.Fragment == "" || u.Path != "" && u.Path != "/" {
		return ""
	}
	i := slices.IndexFunc(indexPages, func(p indexPage) bool { return p.View == u.Fragment })
	if i < 0 {
		return ""
	}
	return indexPages[i].Path
}

// madeByWizard is the service account before there is one.
const madeByWizard = "made by the wizard; used in a private browser window only, for Delegate365's setup and its own security info"

func (s *Site) index(v *visit) {
	s.t.Lock()
	data := indexView{Pages: indexPages, Tenant: s.t.Organization.DisplayName, TenantID: s.t.Organization.ID, Service: madeByWizard}
	if u := s.portal.knownLocked(); u != nil {
		data.Service = u.UPN + " with the password " + s.portal.known + ": Delegate365 works as it; used in a private browser window only"
	}
	s.t.Unlock()
	if s.t.Newer {
		data.Pages = slices.DeleteFunc(slices.Clone(data.Pages), func(p indexPage) bool { return p.Path == linkExchange.Path })
	}
	data.Operator = state.OperatorUPN
	v.show("index", "Pages of this tenant", data.page())
}
