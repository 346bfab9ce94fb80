package graph_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// Every link of a cloud has a page in a rehearsal: behind a sign-in, where reality has one.
func TestLinksOpenSimulatedPages(t *testing.T) {
	tenant, err := simtest.New(simtenant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server, err := tenant.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ep, pages := server.Endpoints(), server.PageEndpoints()
	cloud := graph.Cloud{
		Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: pages.Portal, Account: pages.Portal,
		SecurityInfo: pages.Portal + "/security-info", Delegate365: pages.Delegate365, Custom: true,
	}
	for address, want := range map[string]string{
		cloud.PerUserMFAURL():         "Azure Portal",
		cloud.ServiceSettingsURL():    "Azure Portal",
		cloud.MyRolesURL():            "Azure Portal",
		cloud.SecurityInfoURL():       "My Signins",
		cloud.AppPasswordsURL():       "My Signins",
		cloud.DeviceLoginURL():        "Type the code",
		cloud.Delegate365 + "/setup":  "Configuration password",
		cloud.Delegate365 + "/setup/": "Configuration password",
		cloud.Delegate365 + "/Setup":  "Configuration password",
	} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.BrowserURL(address), nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := (&http.Client{Jar: jar}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if ok, _ := regexp.Match(want, body); !ok || res.StatusCode != http.StatusOK {
			t.Errorf("%s opens %s with %d, which says nothing of %q", address, res.Request.URL, res.StatusCode, want)
		}
	}
}
