package graph

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	khttp "github.com/microsoft/kiota-http-go"

	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
)

// conditionalAccess is the part of Graph that takes one request a second for each tenant, of all applications
// together, and asks for no delay when it refuses one. https://learn.microsoft.com/graph/throttling-limits
const conditionalAccess = "/identity/conditionalAccess/"

// rateLimit spaces requests whose path contains path, so that they are not refused in the first place.
type rateLimit struct {
	path  string
	every time.Duration

	mu   sync.Mutex
	free time.Time // when the next request may go
}

func (l *rateLimit) Intercept(pipeline khttp.Pipeline, next int, req *http.Request) (*http.Response, error) {
	if strings.Contains(req.URL.Path, l.path) {
		if err := l.wait(waitContext(req.Context())); err != nil {
			return nil, err
		}
	}
	return pipeline.Next(req, next)
}

func (l *rateLimit) wait(ctx context.Context) error {
	l.mu.Lock()
	now := time.Now()
	turn := now
	if l.free.After(now) {
		turn = l.free
	}
	l.free = turn.Add(l.every)
	l.mu.Unlock()
	if turn.Equal(now) {
		return nil
	}
	return pause.For(ctx, turn.Sub(now))
}
