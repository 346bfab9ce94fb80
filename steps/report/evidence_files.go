package report

import (
	"bytes"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"io/fs"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// ErrNoReport says that a file is no report, or not a whole one.
var ErrNoReport = errors.New("this is not a report")

// NotWholeError says what a report lacks. It is an ErrNoReport.
type NotWholeError struct{ Why phrase.Format }

func (e *NotWholeError) Error() string { return ErrNoReport.Error() + ": " + phrase.English.T(e.Why) }

func (e *NotWholeError) Unwrap() error { return ErrNoReport }

// Files are the files of a report as they were found.
type Files struct {
	JSON, Seal []byte // Seal is nil where it was not found beside JSON
	Page       []byte // up to its seal; nil where the data was named
	PageSeal   []byte
	Report     []byte // that a supplement lies beside; nil where it is not there
}

// Open reads a report: its data, with the seal beside it, or its page, which holds both.
func Open(path string) (Files, error) {
	data, err := readFile(path)
	if err != nil {
		return Files{}, err
	}
	if bytes.HasPrefix(data, []byte("<!DOCTYPE html>")) {
		f, err := openPage(data)
		if err == nil {
			f.Report, err = reportOf(path)
		}
		return f, err
	}
	f := Files{JSON: data}
	if !bytes.HasPrefix(data, []byte("{")) {
		return f, ErrNoReport
	}
	if !bytes.HasSuffix(data, []byte("}\n")) {
		return f, &NotWholeError{"the file ends in the middle"}
	}
	if f.Report, err = reportOf(path); err != nil {
		return f, err
	}
	if f.Seal, err = readFile(path + sealSuffix); errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	return f, err
}

func readFile(path string) ([]byte, error) {
	f, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const most = 4 * mostBytes
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(data) > most {
		return nil, &NotWholeError{"it is larger than any"}
	}
	return data, err
}

func openPage(data []byte) (Files, error) {
	cut := bytes.LastIndex(data, []byte(sealBegin))
	if cut < 0 || !bytes.HasSuffix(data, []byte(sealEnd)) {
		return Files{}, &NotWholeError{"the file ends in the middle"}
	}
	f := Files{Page: data[:cut]}
	line := data[cut+len(sealBegin) : len(data)-len(sealEnd)]
	var err error
	if f.PageSeal, err = base64.StdEncoding.Strict().DecodeString(string(line)); err != nil || base64.StdEncoding.EncodeToString(f.PageSeal) != string(line) {
		f.PageSeal = nil
	}
	if f.JSON, err = embedded(f.Page, "application/json"); err != nil {
		return f, err
	}
	f.Seal, err = embedded(f.Page, "text/plain")
	return f, err
}

// embedded is a file that the page holds as a link.
func embedded(page []byte, kind string) ([]byte, error) {
	_, rest, found := strings.Cut(string(page), `href="data:`+kind+`;base64,`)
	value, _, whole := strings.Cut(rest, `"`)
	if !found || !whole {
		return nil, &NotWholeError{"the data is not in the page"}
	}
	data, err := base64.StdEncoding.Strict().DecodeString(html.UnescapeString(value))
	if err != nil {
		return nil, &NotWholeError{"the data in the page can't be read"}
	}
	return data, nil
}
