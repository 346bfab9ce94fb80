package simtenant

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

// Rules of this file: it listens on loopback and nowhere else. Programs use TLS, under an authority that ends with the
// server. Browsers may also use plain HTTP, because what never leaves the machine needs no TLS and an unknown authority
// would greet the person with a warning; the pages are the same.

// Server is a tenant on loopback sockets.
type Server struct {
	t         *Tenant
	authority *authority
	dir       string // the authority's certificate and the welcome mail
	web       []*http.Server
	mail      *smtp.Server
	mailPort  net.Listener
	endpoints Endpoints
	plain     map[string]string // host:port of a TLS listener to that of its plain twin
	close     sync.Once
	closeErr  error
}

// Serve starts the tenant on free ports of 127.0.0.1: TLS for every face, TLS for Delegate365's own base, the same two in
// plain HTTP for browsers, and SMTP submission. Close ends it.
func (t *Tenant) Serve() (*Server, error) {
	authority, err := newAuthority()
	if err != nil {
		return nil, err
	}
	s := &Server{t: t, authority: authority, plain: map[string]string{}, endpoints: t.Endpoints()}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) start() error {
	faces, err := s.serveTwins(s.t.Handler())
	if err != nil {
		return err
	}
	portal, err := s.serveTwins(portalRoot(s.t.Handler()))
	if err != nil {
		return err
	}
	submission, err := s.serveMail()
	if err != nil {
		return err
	}
	ep := &s.endpoints
	ep.Graph, ep.Authority, ep.Portal = "https://"+faces, "https://"+faces, "https://"+faces
	ep.Delegate365, ep.SMTP = "https://"+portal, submission
	return s.writeFiles()
}

// portalRoot makes Delegate365's base address lead to its dashboard.
func portalRoot(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/dashboard", http.StatusSeeOther)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func listen() (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	return l, nil
}

// serveTwins serves h by TLS and in plain HTTP, and returns the host and port of the first.
func (s *Server) serveTwins(h http.Handler) (string, error) {
	secure, err := listen()
	if err != nil {
		return "", err
	}
	plain, err := listen()
	if err != nil {
		return "", errors.Join(err, secure.Close())
	}
	byTLS, inPlain := newWebServer(h), newWebServer(h)
	byTLS.TLSConfig = s.authority.config()
	s.web = append(s.web, byTLS, inPlain)
	go func() { _ = byTLS.ServeTLS(secure, "", "") }()
	go func() { _ = inPlain.Serve(plain) }()
	s.plain[secure.Addr().String()] = plain.Addr().String()
	return secure.Addr().String(), nil
}

// newWebServer serves one listener: ServeTLS and Serve of one server would both set up its HTTP/2.
func newWebServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           onlyServedHosts(h),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // it would write into the operator's terminal
	}
}

func (s *Server) serveMail() (string, error) {
	l, err := listen()
	if err != nil {
		return "", err
	}
	s.mail, s.mailPort = web.NewSubmissionServer(s.t.Web, s.authority.config()), l
	go func() { _ = s.mail.Serve(l) }()
	s.t.Web.SetSubmit(web.SubmitOver(l.Addr().String(), s.CertPool()))
	return l.Addr().String(), nil
}

func (s *Server) writeFiles() error {
	var err error
	if s.dir, err = os.MkdirTemp("", "delegate365-demo-"); err != nil {
		return fmt.Errorf("make a directory for the tenant's files: %w", err)
	}
	s.endpoints.CA = filepath.Join(s.dir, "ca.pem")
	s.endpoints.WelcomeMail = filepath.Join(s.dir, "welcome.eml")
	return errors.Join(
		os.WriteFile(s.endpoints.CA, s.authority.pem(), 0o600),
		os.WriteFile(s.endpoints.WelcomeMail, s.t.WelcomeMail(s.endpoints.Delegate365), 0o600),
	)
}

// Endpoints are where the tenant is, for programs: by TLS.
func (s *Server) Endpoints() Endpoints { return s.endpoints }

// OperatorToken is an access token of the operator's for Graph. The first one takes as long as the key that signs it, so that no
// tenant has one before it is asked for.
func (s *Server) OperatorToken() (string, error) {
	token, err := s.t.Entra.AccessToken(s.endpoints.Operator.UserPrincipalName, "")
	if err != nil {
		return "", fmt.Errorf("make the operator's access token: %w", err)
	}
	return token, nil
}

// PageEndpoints are where the same pages are for a browser on this machine: in plain HTTP, so that it shows no warning
// about a certificate. Graph stays where it is.
func (s *Server) PageEndpoints() Endpoints {
	ep := s.endpoints
	ep.Authority, ep.Portal, ep.Delegate365 = s.BrowserURL(ep.Authority), s.BrowserURL(ep.Portal), s.BrowserURL(ep.Delegate365)
	return ep
}

// BrowserURL is the plain-HTTP twin of an address on this server, such as the sign-in address that a client built from
// the authority. A view of the admin center, which Microsoft's own pages find by script, becomes the page that stands for
// it. Any other address comes back as it is.
func (s *Server) BrowserURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	plain, ours := s.plain[u.Host]
	switch {
	case u.Scheme == "https" && ours:
		u.Scheme, u.Host = "http", plain
	case u.Scheme != "http" || !slices.Contains(slices.Collect(maps.Values(s.plain)), u.Host):
		return address
	}
	if page := web.ViewPage(u); page != "" {
		u.Path, u.Fragment = page, ""
	}
	return u.String()
}

// CertPool holds the server's own authority and nothing else.
func (s *Server) CertPool() *x509.CertPool { return s.authority.pool() }

// Close ends every listener and connection and removes the server's files. A second call does nothing.
func (s *Server) Close() error {
	s.close.Do(func() {
		for _, server := range s.web {
			s.closeErr = errors.Join(s.closeErr, server.Close())
		}
		if s.mail != nil {
			s.t.Web.SetSubmit(s.t.Web.Submission)
			s.closeErr = errors.Join(s.closeErr, s.mail.Close())
			_ = s.mailPort.Close() // closed already, unless the server had not come to serve it
		}
		if s.dir != "" {
			s.closeErr = errors.Join(s.closeErr, os.RemoveAll(s.dir))
		}
	})
	return s.closeErr
}
