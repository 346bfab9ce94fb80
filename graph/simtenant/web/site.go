// Package web is the pages that a person clicks: sign-in, security info, the old multi-factor settings, and Delegate365.
package web

import (
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// Rules of the pages: every one says that it is simulated, in its title and in a banner; they look like nobody else's;
// they load nothing and run no script; each changes the tenant only through a form that carries its session's token.

//go:embed style.css
var pageStyle string

var pageHeaders = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"Content-Security-Policy":      contentPolicy(),
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
		"Referrer-Policy":              "same-origin",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Cache-Control":                "no-store", // an app password is shown once
	}
})

// contentPolicy lets a page use its own style and nothing else (https://www.w3.org/TR/CSP3/). It has no form-action,
// because browsers apply that to the redirect that brings a sign-in back to the application.
func contentPolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	style := base64.StdEncoding.EncodeToString(sum[:])
	return "default-src 'none'; style-src 'sha256-" + style + "'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
}

// Site is the web pages of one tenant: what browsers are signed in to, and Delegate365's portal.
type Site struct {
	t      *state.Tenant
	entra  *entra.Service
	mux    *http.ServeMux
	mu     sync.Mutex // held through each request: a person clicks one thing at a time
	cookie map[string]*session
	portal *portal
	Pass   string // of addresses that open signed in

	Options
}

// New is the site of t, which signs in over e.
func New(t *state.Tenant, e *entra.Service, o Options) *Site {
	s := &Site{t: t, entra: e, Options: o, cookie: map[string]*session{}, Pass: rand.Text()}
	s.portal = &portal{s: s, configurationPassword: configurationPassword(o.Seed), submit: s.Submission}
	if o.SetUp != nil {
		s.portal.setUpBy(o.SetUp)
	}
	s.mux = s.routes()
	return s
}

// ServeHTTP routes by path whatever the host; Microsoft's old .aspx pages and Delegate365's setup are found in any case of
// letters.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, value := range pageHeaders() {
		w.Header().Set(name, value)
	}
	if lower := strings.ToLower(strings.TrimSuffix(r.URL.Path, "/")); strings.HasSuffix(lower, ".aspx") || lower == "/setup" {
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = lower, ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mux.ServeHTTP(w, r)
}

// page serves a page, with its face.
//
//go:noinline // every copy would be carried
func (s *Site) page(mux *http.ServeMux, pattern string, f face, handle func(*visit)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, f, handle) })
}

func (s *Site) routes() *http.ServeMux {
	mux := http.NewServeMux()
	page := func(pattern string, f face, handle func(*visit)) { s.page(mux, pattern, f, handle) }
	page("GET /{$}", faceSimulator, s.index)
	page("/", faceSimulator, s.notFound)

	page("GET /{tenant}/oauth2/v2.0/authorize", faceSignIn, s.authorize)
	page("POST /{tenant}/oauth2/v2.0/authorize", faceSignIn, s.authorize)
	page("GET /sign-in", faceSignIn, s.showFlow)
	page("POST /sign-in", faceSignIn, s.advanceFlow)
	page("GET "+SignedInPath, faceSignIn, s.enterSignedIn)
	page("GET /sign-out", faceSignIn, s.showSignOut)
	page("POST /sign-out", faceSignIn, s.signOut)
	for _, path := range []string{"/devicelogin", "/common/oauth2/deviceauth"} {
		page("GET "+path, faceSignIn, s.showDeviceLogin)
		page("POST "+path, faceSignIn, s.deviceLogin)
	}

	for _, path := range []string{"/usermanagement/mfasettings.aspx", "/service-settings"} {
		page("GET "+path, faceAdmin, s.showServiceSettings)
		page("POST "+path, faceAdmin, s.saveServiceSettings)
	}
	for _, path := range []string{"/usermanagement/multifactorverification.aspx", "/per-user-mfa"} {
		page("GET "+path, faceAdmin, s.showPerUserMFA)
		page("POST "+path, faceAdmin, s.savePerUserMFA)
	}
	page("GET "+myRolesPath, faceAdmin, s.showMyRoles)
	page("GET "+activateRolePath, faceAdmin, s.showActivateRole)
	page("POST "+activateRolePath, faceAdmin, s.activateRole)

	page("GET /security-info", faceAccount, s.showSecurityInfo)
	page("GET /security-info/add", faceAccount, s.showAddMethod)
	page("POST /security-info/add", faceAccount, s.addMethod)
	page("GET /security-info/app-password", faceAccount, s.showNameAppPassword)
	page("POST /security-info/app-password", faceAccount, s.createAppPassword)
	page("POST /security-info/delete", faceAccount, s.deleteAppPassword)
	page("POST /security-info/remove", faceAccount, s.removeMethod)
	page("GET /apppasswords.aspx", faceAccount, s.showAppPasswords)
	page("POST /apppasswords.aspx", faceAccount, s.deleteAppPassword)

	page("GET /setup", faceDelegate365, s.portal.showSetup)
	page("POST /setup", faceDelegate365, s.portal.runSetup)
	page("GET /setup/progress", faceDelegate365, s.portal.showSetupProgress)
	page("POST /setup/progress", faceDelegate365, s.portal.finishSetup)
	page("GET /login", faceDelegate365, s.portal.showPortalLogin)
	page("POST /login", faceDelegate365, s.portal.portalLogin)
	page("GET /login/complete", faceDelegate365, s.portal.completePortalLogin)
	page("GET /logout", faceDelegate365, s.portal.showPortalLogout)
	page("POST /logout", faceDelegate365, s.portal.portalLogout)
	page("GET /dashboard", faceDelegate365, s.portal.showDashboard)
	page("GET /administration/office365-account", faceDelegate365, s.portal.showExchangeAccount)
	page("POST /administration/office365-account", faceDelegate365, s.portal.exchangeAccount)
	return mux
}

// face is one of the places a person believes to be at. Class is its look; Delegate365 has its own session too.
type face struct {
	Name   string
	Class  string
	cookie string
	links  []link
}

type link struct{ Path, Text string }

var (
	faceSimulator = face{Name: "Simulated tenant", Class: "simulator", cookie: "sim-signin"}
	faceSignIn    = face{Name: "Simulated sign-in", Class: "sign-in", cookie: "sim-signin"}
	faceAdmin     = face{Name: "Simulated admin center", Class: "admin", cookie: "sim-signin", links: []link{
		{"/per-user-mfa", "Per-user MFA"}, {"/service-settings", "Service settings"}, {myRolesPath, "My roles"}, {"/sign-out", "Sign out"},
	}}
	faceAccount = face{Name: "Simulated account", Class: "account", cookie: "sim-signin", links: []link{
		{"/security-info", "Security info"}, {"/AppPasswords.aspx", "App passwords"}, {"/sign-out", "Sign out"},
	}}
	faceDelegate365 = face{Name: "Simulated Delegate365", Class: "delegate365", cookie: "sim-delegate365"}
	linkDashboard   = link{"/dashboard", "Dashboard"}
	linkExchange    = link{"/administration/office365-account", exchangeAccountTitle}
	linkPortalOut   = link{"/logout", "Sign out"}
)

// problem is what went wrong, as a page shows it: a sentence of ours and, where it is Entra's, the raw text.
type problem struct {
	Summary       string
	Text          string
	Hint          string // what a real page would not tell
	CorrelationID string
	TraceID       string
	Timestamp     string
}

// entraProblem shows e as Entra's own error page does: code, message, and the ids that support asks for.
func entraProblem(summary string, e *entra.Error) *problem {
	return &problem{
		Summary:       summary,
		Text:          fmt.Sprintf("AADSTS%d: %s", e.Code, e.Message),
		Hint:          e.Hint,
		CorrelationID: e.CorrelationID,
		TraceID:       e.TraceID,
		Timestamp:     e.Time.UTC().Format(time.RFC3339),
	}
}

// refuse ends a visit with a problem and nothing else on the page.
func (v *visit) refuse(status int, title, summary string, next *link) {
	v.status, v.problem = status, &problem{Summary: summary}
	v.show("message", title, further(next))
}

func (s *Site) notFound(v *visit) {
	v.refuse(http.StatusNotFound, "Page not found", "The simulated tenant has no such page.", nil)
}

// Options are what a site's own time and place depend on.
type Options struct {
	Seed     int64         // the configuration password follows from it
	SetUp    *state.User   // has run Delegate365's setup before; nil is nobody
	Platform string        // that the browser of Delegate365's setup runs on; empty is windows
	Pace     time.Duration // how long a second of a setup really takes; 0 is at once
	German   bool          // the pages speak German
}
