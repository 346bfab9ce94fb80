// Package fault is what goes wrong on a bad day: which faults there are, when they happen to a request, and how they look.
package fault

import (
	"maps"
	"net/http"
)

// Fault is what happens to a request instead of, or after, its proper handling.
type Fault struct {
	Status     int         // answered instead of the proper answer; 0 leaves the answer alone
	Header     http.Header // added to the answer
	Body       string      // the body that goes with Status
	Apply      bool        // with Status: the request is carried out all the same, and only its answer replaced
	DropBefore bool        // the connection breaks before the request is carried out
	DropAfter  bool        // the connection breaks after it was carried out
}

// discard is an http.ResponseWriter for answers that nobody receives.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// serve plays f out. Breaking the connection is a panic that net/http and Transport understand.
func serve(f *Fault, w http.ResponseWriter, r *http.Request, next http.Handler) {
	if f.DropBefore {
		panic(http.ErrAbortHandler)
	}
	if f.DropAfter || f.Apply && f.Status != 0 {
		next.ServeHTTP(discard{http.Header{}}, r)
	}
	if f.DropAfter {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), f.Header)
	if f.Status == 0 {
		next.ServeHTTP(w, r)
		return
	}
	w.WriteHeader(f.Status)
	_, _ = w.Write([]byte(f.Body))
}
