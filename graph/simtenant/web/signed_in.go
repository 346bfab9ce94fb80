package web

import (
	"crypto/subtle"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of this file: a browser that a rehearsal opens stands where the operator's own would, signed in, since nobody who
// rehearses knows the operator's password. The service account's pages are opened as they are: reality has them in a
// private window.

// SignedInPath leads to a page of the operator's, after signing the browser in.
const SignedInPath = "/rehearse"

// enterSignedIn signs the browser in and goes on to the page. It leads nowhere but to these pages.
func (s *Site) enterSignedIn(v *visit) {
	page := v.r.FormValue("page")
	if subtle.ConstantTimeCompare([]byte(v.r.FormValue("pass")), []byte(s.Pass)) != 1 || !strings.HasPrefix(page, "/") || strings.HasPrefix(page, "//") || strings.Contains(page, `\`) {
		s.notFound(v)
		return
	}
	s.t.Lock()
	u := s.t.Directory.UserByUPNLocked(state.OperatorUPN)
	s.t.Unlock()
	if u != nil && v.session.user != u.ID {
		v.session.leave()
		v.renew(0)
		v.session.user, v.session.upn, v.session.password = u.ID, state.OperatorUPN, state.OperatorPassword
	}
	v.redirect(page)
}
