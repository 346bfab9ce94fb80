package graph

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestShownBody(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"a user": {
			`{"id":"7","accountEnabled":true,"displayName":"Megan","passwordProfile":{"password":"hunter2hunter2","forceChangePasswordNextSignIn":false},"mail":null}`,
			`{"accountEnabled":true,"displayName":"*** (string)","id":"7","mail":null,"passwordProfile":{"forceChangePasswordNextSignIn":false,"password":"*** (string)"}}`,
		},
		"a list": {
			`{"value":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"},{"id":"5"},{"id":"6"},{"id":"7"}],"@odata.nextLink":"https://x/?$skiptoken=abc"}`,
			`{"@odata.nextLink":"*** (string)","value":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"},{"id":"5"},"*** (2 more)"]}`,
		},
		"an object under a name of the list": {`{"state":{"text":"hunter2"},"scope":["hunter"]}`, `{"scope":["hunter"],"state":{"text":"*** (string)"}}`},
		"a number":                           {`{"pin":12345678,"maxScore":100}`, `{"maxScore":100,"pin":"*** (number)"}`},
		"a scalar":                           {`"hunter2"`, `"*** (string)"`},
		"no JSON":                            {`<html>hunter2</html>`, `*** (20 bytes)`},
		"nothing":                            {``, ``},
	} {
		if got := shownBody([]byte(c.body)); got != c.want {
			t.Errorf("%s comes out as %s, want %s", name, got, c.want)
		}
	}
	long := shownBody([]byte(`{"value":[` + strings.Repeat(`{"builtInControls":["`+strings.Repeat("é", 3000)+`"]},`, 4) + `{}]}`))
	if len(long) > mostBody+40 || !strings.HasSuffix(long, "bytes)") {
		t.Errorf("a long body takes %d bytes", len(long))
	}
}

// Bodies are captured only when they were asked for, and a request is sent whole all the same.
func TestBodiesOnRequest(t *testing.T) {
	for _, asked := range []bool{false, true} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://graph.example/v1.0/users", strings.NewReader(`{"id":"7"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		var seen Exchange
		a := &attempt{observe: func(x Exchange) { seen = x }, bodies: asked}
		resp, err := a.Intercept(replying{`{"id":"8","mail":"a@b.example"}`}, 0, req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		want := ""
		if asked {
			want = `{"id":"7"} {"id":"8","mail":"*** (string)"}`
		}
		if got := strings.TrimSpace(fmt.Sprint(seen.Request, " ", seen.Response)); got != want {
			t.Errorf("bodies asked for %t: %q is told", asked, got)
		}
		if sent := resp.Header.Get("sent"); sent != `{"id":"7"}` {
			t.Errorf("%q was sent", sent)
		}
	}
}

// replying is a network that answers with one text and says what it was sent.
type replying struct{ text string }

func (a replying) Next(req *http.Request, _ int) (*http.Response, error) {
	sent, err := io.ReadAll(req.Body)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}, "Sent": {string(sent)}},
		Body: io.NopCloser(strings.NewReader(a.text)), Request: req,
	}, err
}
