package odata

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
)

// MaxBody is the most of a body that is read.
const MaxBody = 4 << 20

// ReadBody reads a request's body, inflating it where its header says so.
func ReadBody(r *http.Request) ([]byte, error) {
	from := io.LimitReader(r.Body, MaxBody)
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip":
		unzipped, err := gzip.NewReader(from)
		if err != nil {
			return nil, err
		}
		from = io.LimitReader(unzipped, MaxBody)
	default:
		return nil, errors.New("unsupported content encoding")
	}
	return io.ReadAll(from)
}
