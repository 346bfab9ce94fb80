package simtenant

import (
	"net/url"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

// operatorPages are what the operator opens, by path in small letters. A sign-in for an application is another.
var operatorPages = []string{
	"/devicelogin", "/common/oauth2/deviceauth", "/per-user-mfa", "/service-settings", "/my-roles", "/my-roles/activate",
	"/usermanagement/mfasettings.aspx", "/usermanagement/multifactorverification.aspx",
}

// SignedInURL is BrowserURL for somebody who rehearses: where the page is one of the operator's, the browser is signed in
// as the operator on the way to it.
func (s *Server) SignedInURL(address string) string {
	address = s.BrowserURL(address)
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, s.PageEndpoints().Portal+"/") {
		return address
	}
	path := strings.ToLower(u.Path)
	if !slices.Contains(operatorPages, path) && !strings.HasSuffix(path, "/oauth2/v2.0/authorize") {
		return address
	}
	query := url.Values{"pass": {s.t.Web.Pass}, "page": {u.RequestURI()}}
	return s.PageEndpoints().Portal + web.SignedInPath + "?" + query.Encode()
}
