package fault

import (
	"bytes"
	"maps"
	"net/http"
)

// Recorder collects what a handler writes.
type Recorder struct {
	header http.Header
	Sent   http.Header // as it was when the status went out
	Status int
	Body   bytes.Buffer
}

// NewRecorder is one that has nothing yet.
func NewRecorder() *Recorder { return &Recorder{header: http.Header{}} }

// Header implements http.ResponseWriter.
func (a *Recorder) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *Recorder) WriteHeader(status int) {
	if a.Status == 0 {
		a.Status, a.Sent = status, a.header.Clone()
	}
}

// Write implements http.ResponseWriter.
func (a *Recorder) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.Body.Write(b)
}

func (a *Recorder) replay(w http.ResponseWriter, body []byte) {
	maps.Copy(w.Header(), a.Sent)
	w.WriteHeader(a.Status)
	_, _ = w.Write(body)
}
