package simtenant_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// The same parts as in-process, over TLS, plain HTTP and a real SMTP connection.
func TestWholeOnboardingOverSockets(t *testing.T) {
	for _, kind := range []string{"tls", "plain"} {
		t.Run(kind, func(t *testing.T) {
			r := simtest.Rehearse(t, simtenant.Options{})
			server := r.Serve()
			if kind == "plain" {
				r.Meet(r.Client.Transport, server.PageEndpoints())
				for _, page := range []string{r.Endpoints.Portal, r.Endpoints.Delegate365, r.Endpoints.Authority} {
					if !strings.HasPrefix(page, "http://127.0.0.1:") {
						t.Errorf("a browser would go to %s", page)
					}
				}
			}
			redirect, answer := simtest.Callback(t)
			r.Play("sign-in", map[string]string{"url": simtest.AuthorizeAddress(r.Endpoints, redirect, nil)})
			if answer().Get("code") == "" {
				t.Errorf("the application was told %v", answer())
			}
			r.Play("setup", nil)
			r.Play("login-delegate365", nil)
			r.Play("service-settings", nil)
			r.SetMFA(state.MFAEnabled)
			password := r.Play("register-mfa", nil)
			r.LetIn()
			for tried, want := range map[string]string{password: person.SaysValid, simtest.ServicePassword: person.SaysInvalid} {
				if said := r.Play("test-credentials", map[string]string{"app-password": tried}); said != want {
					t.Errorf("the test says %q instead of %q", said, want)
				}
			}
		})
	}
}

func TestCertificates(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	address := strings.TrimPrefix(server.Endpoints().Graph, "https://")
	dial := func(name string) error {
		conn, err := tls.Dial("tcp", address, &tls.Config{ServerName: name, RootCAs: server.CertPool()})
		if err != nil {
			return err
		}
		return conn.Close()
	}
	for _, name := range append([]string{"127.0.0.1"}, simtenant.CertifiedHosts...) {
		if err := dial(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"microsoft.com", "example.com", "127.0.0.2", "login.microsoftonline.com.example.com"} {
		if err := dial(name); err == nil || strings.Contains(err.Error(), "internal error") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the authority's key could sign, were it stolen, is worth nothing for other hosts.
func TestAuthorityIsConstrained(t *testing.T) {
	a, err := simtenant.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"graph.microsoft.com": true, "example.com": false, "www.microsoft.com": false} {
		leaf, err := a.Issue(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = leaf.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: name}); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// OpenSSL would hold a common name that looks like a host's against the permitted names.
	address, err := a.Issue("")
	if err != nil || len(address.Leaf.IPAddresses) != 1 || !strings.Contains(address.Leaf.Subject.CommonName, " ") {
		t.Errorf("the address's certificate: %v %v", address.Leaf.Subject, err)
	}
}

func TestServerFiles(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	ep := server.Endpoints()
	dir := filepath.Dir(ep.CA)
	for path, want := range map[string]os.FileMode{dir: 0o700, ep.CA: 0o600, ep.WelcomeMail: 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want && runtime.GOOS != "windows" {
			t.Errorf("%s: %v", path, info.Mode())
		}
	}
	pem, err := os.ReadFile(ep.CA)
	if err != nil || strings.Contains(string(pem), "PRIVATE") || !x509.NewCertPool().AppendCertsFromPEM(pem) {
		t.Errorf("the authority's file is not a certificate alone: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the files are still there: %v", err)
	}
	own := &tls.Config{RootCAs: server.CertPool(), ServerName: "127.0.0.1"} // another program may have the port by now
	if conn, err := tls.DialWithDialer(&net.Dialer{Timeout: time.Second}, "tcp", strings.TrimPrefix(ep.Graph, "https://"), own); err == nil {
		_ = conn.Close()
		t.Errorf("%s still answers", ep.Graph)
	}
	if conn, err := smtp.DialStartTLS(ep.SMTP, own); err == nil {
		_ = conn.Close()
		t.Errorf("%s still answers", ep.SMTP)
	}
}

func TestServerEndpoints(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	ep := server.Endpoints()
	line, err := json.Marshal(ep)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(line, &object); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"graph", "authority", "portal", "delegate365", "smtp", "tenantId", "domain", "ca", "welcomeMail", "operator"} {
		if object[name] == "" || object[name] == nil {
			t.Errorf("%s is missing from %s", name, line)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ep.Graph+"/v1.0/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := server.OperatorToken()
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := r.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("the operator's token is worth %d", res.StatusCode)
	}
}

func TestBrowserURL(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	ep := server.Endpoints()
	u, err := url.Parse(server.BrowserURL(ep.Authority + "/common/oauth2/v2.0/authorize?a=b%20c#d"))
	if err != nil || u.Scheme != "http" || u.Host == strings.TrimPrefix(ep.Authority, "https://") || u.RawQuery != "a=b%20c" || u.Fragment != "d" {
		t.Errorf("the browser goes to %v, %v", u, err)
	}
	for _, other := range []string{"https://login.microsoftonline.com/x", "http://127.0.0.1:1/x", "https://127.0.0.1:1/x", ":"} {
		if got := server.BrowserURL(other); got != other {
			t.Errorf("%s became %s", other, got)
		}
	}
}

// A person who gives up in the middle does not wait for the page.
func TestPersonHonoursTheContext(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{Pace: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := r.Person.Play(ctx, "setup", r.With(nil)); err == nil || ctx.Err() == nil {
		t.Errorf("the setup ended with %v", err)
	}
}

// A page whose name was made to lead to this machine reads nothing; loopback's own names and those that the certificates
// are for do.
func TestOnlyServedHosts(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	for _, address := range []string{server.Endpoints().Portal, server.PageEndpoints().Portal, server.PageEndpoints().Delegate365, server.Endpoints().Graph} {
		for host, want := range map[string]int{
			"": http.StatusOK, "localhost:1": http.StatusOK, "[::1]:80": http.StatusOK, "login.microsoftonline.com": http.StatusOK, "LOGIN.windows.net.": http.StatusMisdirectedRequest,
			"rebind.evil.example": http.StatusMisdirectedRequest, "127.0.0.1.evil.example:80": http.StatusMisdirectedRequest, "localhost.evil.example": http.StatusMisdirectedRequest, "10.0.0.1": http.StatusMisdirectedRequest,
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/common/discovery/keys", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = host
			res, err := r.Client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%s as %q: %d", address, host, res.StatusCode)
			}
		}
	}
}
