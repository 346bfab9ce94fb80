package web

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
)

// session is one browser window at one face. The sign-in session remembers what was typed, so that a changed password
// or a disabled account ends it at the next page, as a revocation would.
type session struct {
	csrf  string
	flows map[string]*flow

	user     string // object id of who is signed in; empty is nobody
	upn      string
	password string
	mfaAt    time.Time       // when a second factor was last given; zero is never
	entered  map[string]bool // applications this session has been let into, by id
	contexts []string        // authentication contexts it has met

	notice string // shown once, on the next page
}

// visit is one request to one page.
type visit struct {
	s       *Site
	w       http.ResponseWriter
	r       *http.Request
	face    face
	session *session
	status  int
	notice  string
	problem *problem
}

// serve finds the session of the request, refuses a form that does not carry its token, and calls handle.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, f face, handle func(*visit)) {
	v := &visit{s: s, w: w, r: r, face: f}
	v.session = s.sessionOf(w, r, f.cookie)
	if r.Method == http.MethodPost && r.PathValue("tenant") == "" {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		if err := r.ParseForm(); err != nil {
			v.refuse(http.StatusBadRequest, "That form could not be read", "The form could not be read.", nil)
			return
		}
		if subtle.ConstantTimeCompare([]byte(r.PostForm.Get("csrf")), []byte(v.session.csrf)) != 1 {
			v.refuse(http.StatusForbidden, "That form is out of date", "The form does not belong to this browser session. Open the page again.", nil)
			return
		}
	}
	if r.Method == http.MethodGet {
		v.notice, v.session.notice = v.session.notice, ""
	}
	handle(v)
}

// cookieName depends on the scheme, because a browser does not let a plain page replace a secure cookie
// (https://www.rfc-editor.org/rfc/rfc6265bis, 5.7), and both kinds of page live on 127.0.0.1.
func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// sessionOf is the session that the request's cookie names, or a new one nobody is signed in to.
func (s *Site) sessionOf(w http.ResponseWriter, r *http.Request, name string) *session {
	full := cookieName(name, request.IsSecure(r))
	if c, err := r.Cookie(full); err == nil {
		if found := s.cookie[name+"="+c.Value]; found != nil {
			return found
		}
	}
	made := &session{csrf: rand.Text(), flows: map[string]*flow{}, entered: map[string]bool{}}
	value := rand.Text()
	s.cookie[name+"="+value] = made
	setCookie(w, full, value, 0, request.IsSecure(r))
	return made
}

// setCookie stores a session's cookie; maxAge 0 makes it end with the browser.
func setCookie(w http.ResponseWriter, name, value string, maxAge int, secure bool) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// renew gives the session a new cookie and token, so that one known before the sign-in is worth nothing after it.
func (v *visit) renew(maxAge int) {
	v.forgetCookie()
	value := rand.Text()
	v.session.csrf = rand.Text()
	v.s.cookie[v.face.cookie+"="+value] = v.session
	setCookie(v.w, cookieName(v.face.cookie, request.IsSecure(v.r)), value, maxAge, request.IsSecure(v.r))
}

// end forgets the session; the next page starts another.
func (v *visit) end() {
	v.forgetCookie()
	setCookie(v.w, cookieName(v.face.cookie, request.IsSecure(v.r)), "", -1, request.IsSecure(v.r))
}

func (v *visit) forgetCookie() {
	for key, held := range v.s.cookie {
		if held == v.session {
			delete(v.s.cookie, key)
		}
	}
}

// at is the same request seen by another face, with that face's session.
func (v *visit) at(f face) *visit {
	other := *v
	other.face, other.session = f, v.s.sessionOf(v.w, v.r, f.cookie)
	return &other
}

// redirect sends the browser on with GET.
func (v *visit) redirect(address string) { http.Redirect(v.w, v.r, address, http.StatusSeeOther) }

func (v *visit) form(name string) string { return v.r.PostForm.Get(name) }

func (v *visit) who() string { return v.session.upn }

// links are the face's own, once somebody is signed in there.
func (v *visit) links() []link {
	if v.session.user == "" {
		return nil
	}
	switch {
	case v.face.Class != faceDelegate365.Class:
		return v.face.links
	case v.s.t.Newer:
		return []link{linkDashboard, linkPortalOut}
	}
	return []link{linkDashboard, linkExchange, linkPortalOut}
}
