package e2e_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// A client that means Microsoft, and is sent to the simulated tenant by a proxy, is answered alike: the global cloud's
// own names, its instance discovery and its tokens.
func TestMicrosoftByProxy(t *testing.T) {
	t.Parallel()
	o := serve(t, "fresh")
	proxy := httptest.NewServer(tunnelTo(t, strings.TrimPrefix(o.ep.Graph, "https://")))
	t.Cleanup(proxy.Close)
	p := startWith(t, []string{"SSL_CERT_FILE=" + o.ep.CA, "HTTPS_PROXY=" + proxy.URL, "NO_PROXY=", "no_proxy="},
		"--device-code", "--accessible", "--tenant", o.ep.TenantID)
	p.out.next(t, "Your choice [1]:")
	p.answer("")
	p.out.next(t, "Enter the code: ")
	p.out.next(t, "Waiting.")
	code := regexp.MustCompile(`Enter the code: (\S+)`).FindStringSubmatch(p.out.String())[1]
	stage, err := simtest.New(simtenant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stage.NewPerson(o.http, o.ep).Play(t.Context(), "device-login", map[string]string{"code": code}); err != nil {
		t.Fatal(err)
	}
	p.out.next(t, "You are signed in to ")
	p.out.next(t, "global cloud")
	p.in.Close()
	if code := p.end(); code != exitLeft {
		t.Errorf("exit code %d:\n%s", code, p.out)
	}
	o.untouched()
}

// tunnelTo is a proxy that leads every tunnel to one address.
func tunnelTo(t *testing.T, address string) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		if q.Method != http.MethodConnect {
			http.Error(w, "only tunnels", http.StatusMethodNotAllowed)
			return
		}
		there, err := net.Dial("tcp", address)
		if err != nil {
			t.Error(err)
			return
		}
		w.WriteHeader(http.StatusOK)
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
		_, _ = io.Copy(here, there)
		_ = here.Close()
	}
}
