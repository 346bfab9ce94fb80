package fault

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Site is what faults happen to.
type Site interface {
	IsGraph(r *http.Request) bool
	Begin(k Kind, r *http.Request) // lets a lasting fault hold from now on
	Refuse(failure *odata.Error, w http.ResponseWriter, r *http.Request)
}

// Injector makes faults happen to the requests to one tenant's Graph, and counts them. It never calls the tenant with its
// own lock held.
type Injector struct {
	mu       sync.Mutex
	sky      *sky
	requests []Request
	planned  map[int]Kind // by the number of the request
	custom   func(*http.Request) *Fault
}

// New is one for this weather.
func New(w Weather) *Injector { return &Injector{sky: newSky(w)} }

// Set asks f about every request from now on; nil ends it.
func (i *Injector) Set(f func(*http.Request) *Fault) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.custom = f
}

// Clear ends the weather and forgets what FaultAt was to do.
func (i *Injector) Clear() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sky, i.planned = newSky(Weather{Seed: i.sky.Seed}), nil
}

// Weather is that of the moment.
func (i *Injector) Weather() Weather {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.sky.Weather
}

// ItemRefusal is the fault of an item of a batch and the refusal that it is answered with; without a fault there is neither.
func (i *Injector) ItemRefusal(q Request) (Kind, *odata.Error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	k := i.sky.itemFate(q)
	if k == "" {
		return "", nil
	}
	return k, i.sky.refusal(q.key(), k)
}

// passage is a request on its way to next, at a site where faults happen.
type passage struct {
	*Injector
	site Site
	next http.Handler
}

// Handler lets faults happen to what goes to next.
func (i *Injector) Handler(s Site, next http.Handler) http.Handler {
	p := passage{i, s, next}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		custom := i.custom
		i.mu.Unlock()
		var request Request
		var kind Kind
		if s.IsGraph(r) {
			request, kind = i.arrive(r)
		}
		if custom != nil {
			if f := custom(r); f != nil {
				serve(f, w, r, next)
				return
			}
		}
		if kind != "" {
			p.suffer(request, kind, w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Seen are those that Graph has seen, in the order of their arrival. A batch is one.
func (i *Injector) Seen() []Request {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.requests)
}

var (
	errNotOfRequests = errors.New("happens to sign-ins and not to a request to Graph")
	errPast          = errors.New("has arrived already")
)

// At makes one fault happen to the n-th request to Graph, counted from 1 in the order of arrival. A request that the
// fault can't happen to is spared: GraphRequest.Fault stays empty. The error says that the kind is not known or not one of
// requests, or that the request has arrived already.
func (i *Injector) At(n int, k Kind) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case !slices.Contains(Kinds(), k):
		return fmt.Errorf("unknown fault %q: known are %s", k, Join(Kinds()))
	case !k.OfRequests():
		return fmt.Errorf("fault %q %w", k, errNotOfRequests)
	case n <= len(i.requests):
		return fmt.Errorf("request %d %w", n, errPast)
	}
	if i.planned == nil {
		i.planned = map[int]Kind{}
	}
	i.planned[n] = k
	return nil
}

// arrive counts a request to Graph and decides what happens to it.
func (i *Injector) arrive(r *http.Request) (Request, Kind) {
	q := Request{Method: r.Method, Path: r.URL.Path, Writes: asksForChange(r)}
	i.mu.Lock()
	defer i.mu.Unlock()
	q.Number = len(i.requests) + 1
	i.requests = append(i.requests, q)
	k := i.planned[q.Number]
	if k == "" {
		k = i.sky.fate(q)
	}
	if !q.Can(k) {
		return q, ""
	}
	return q, k
}

// hit notes what happened to a request.
func (i *Injector) hit(q Request, k Kind) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.requests[q.Number-1].Fault = k
}
