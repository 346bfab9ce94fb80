package simtenant

import (
	"crypto/subtle"
	"net/url"
	"slices"
	"strings"
)

// Rules of this file: a browser that a rehearsal opens stands where the operator's own would, signed in, since nobody who
// rehearses knows the operator's password. The service account's pages are opened as they are: reality has them in a
// private window.

// signedInPath leads to a page of the operator's, after signing the browser in.
const signedInPath = "/rehearse"

// operatorPages are what the operator opens, by path in small letters. A sign-in for an application is another.
var operatorPages = []string{
	"/devicelogin", "/common/oauth2/deviceauth", "/per-user-mfa", "/service-settings",
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
	query := url.Values{"pass": {s.t.web().pass}, "page": {u.RequestURI()}}
	return s.PageEndpoints().Portal + signedInPath + "?" + query.Encode()
}

// enterSignedIn signs the browser in and goes on to the page. It leads nowhere but to these pages.
func (s *site) enterSignedIn(v *visit) {
	page := v.r.FormValue("page")
	if subtle.ConstantTimeCompare([]byte(v.r.FormValue("pass")), []byte(s.pass)) != 1 || !strings.HasPrefix(page, "/") || strings.HasPrefix(page, "//") || strings.Contains(page, `\`) {
		s.notFound(v)
		return
	}
	operator := s.t.Endpoints().Operator
	s.t.mu.Lock()
	u := s.t.userByUPNLocked(operator.UserPrincipalName)
	s.t.mu.Unlock()
	if u != nil && v.session.user != u.id {
		v.session.leave()
		v.renew(0)
		v.session.user, v.session.upn, v.session.password = u.id, operator.UserPrincipalName, operator.Password
	}
	v.redirect(page)
}
