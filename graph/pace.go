package graph

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	khttp "github.com/microsoft/kiota-http-go"
)

// conditionalAccess is the part of Graph that takes one request a second for each tenant, of all applications
// together, and asks for no delay when it refuses one. https://learn.microsoft.com/graph/throttling-limits
const conditionalAccess = "/identity/conditionalAccess/"

// pace spaces requests whose path contains path, so that they are not refused in the first place.
type pace struct {
	path  string
	every time.Duration

	mu   sync.Mutex
	free time.Time // when the next request may go
}

func (p *pace) Intercept(pipeline khttp.Pipeline, next int, req *http.Request) (*http.Response, error) {
	if strings.Contains(req.URL.Path, p.path) {
		if err := p.wait(patience(req.Context())); err != nil {
			return nil, err
		}
	}
	return pipeline.Next(req, next)
}

func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	turn := now
	if p.free.After(now) {
		turn = p.free
	}
	p.free = turn.Add(p.every)
	p.mu.Unlock()
	if turn.Equal(now) {
		return nil
	}
	timer := time.NewTimer(turn.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
