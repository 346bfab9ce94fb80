package change

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(q *http.Request) (*http.Response, error) { return f(q) }

// That Microsoft refused is written down only where it was asked.
func TestRefusedOnlyWhereAsked(t *testing.T) {
	answer := func(status int, body string) roundTrip {
		return func(q *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: q}, nil
		}
	}
	for name, c := range map[string]struct {
		road  roundTrip
		token string
		want  journal.Outcome
	}{
		"refused":     {answer(403, `{"error":{"code":"Authorization_RequestDenied","message":"no"}}`), "token", journal.Refused},
		"carried out": {answer(204, ""), "token", journal.Applied},
		"no way there": {func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("no road")}
		}, "token", journal.Unsent},
		"no token": {answer(204, ""), "", journal.Unsent},
		"lost":     {func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, "token", journal.Unknown},
	} {
		synctest.Test(t, func(t *testing.T) {
			var relay graph.Relay
			relay.Set(graph.Token{Text: graph.NewSecret(c.token), Expires: time.Now().Add(time.Hour)})
			client, err := graph.New(graph.Options{Tenant: "contoso.com", Transport: c.road, Credential: &relay})
			if err != nil {
				t.Fatal(err)
			}
			w := &Writer{opts: Options{Requests: &Requests{}}}
			send := func(ctx context.Context) error { return client.Users.SetUserEnabled(ctx, "u", true) }
			if got := w.entry(Write{Step: finding.ReenableMFA}, time.Now(), send(graph.Closing(t.Context()))).outcome(); got != c.want {
				t.Errorf("%s: it is written down as %s, want %s", name, got, c.want)
			}
		})
	}
}
