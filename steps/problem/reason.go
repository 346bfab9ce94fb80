package problem

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"slices"
	"syscall"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/regular"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// reasons are what the system, and the opening of files, refuse most, in this program's words.
var reasons = []struct {
	is   error
	text phrase.Format
}{
	{fs.ErrNotExist, "it is not there"},
	{fs.ErrExist, "it is there already"},
	{regular.ErrNotRegular, "it is not an ordinary file"},
	{regular.ErrForeign, "it belongs to somebody else, or has another name too"},
	{syscall.ECONNREFUSED, "nothing listens there"},
	{os.ErrDeadlineExceeded, noAnswer},
	{context.DeadlineExceeded, noAnswer},
}

const noAnswer = "no answer in time"

// Tell is a text of package graph in the language of the process.
func Tell(words graph.Words, values ...any) string { return phrase.T(phrase.Format(words), values...) }

// Reason is why something was refused, in the language of the process. What neither this program nor package graph says stays as it is.
func Reason(err error) string {
	if r, ok := errors.AsType[*graph.ReasonError](err); ok {
		values := slices.Clone(r.Of)
		for i, v := range values {
			if below, is := v.(error); is {
				values[i] = Reason(below)
			}
		}
		return Tell(r.Words, values...)
	}
	if e, ok := errors.AsType[*Error](err); ok && e.Err != nil {
		return phrase.T(e.Op, e.Of...) + ": " + Reason(e.Err)
	}
	said := refusal(err)
	if said == "" {
		return err.Error()
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok && at.Path != "" {
		return at.Path + ": " + said
	}
	return said
}

// refusal is what the system refused, in this program's words; empty where it has none.
func refusal(err error) string {
	name, looked := errors.AsType[*net.DNSError](err)
	_, opened := errors.AsType[*fs.PathError](err)
	switch {
	case looked && name.IsNotFound:
		return phrase.T("its name is not known")
	case looked && name.IsTimeout:
		return phrase.T(noAnswer)
	case opened && errors.Is(err, fs.ErrPermission): // that of a connection is no file's
		return phrase.T("you may not open it")
	}
	for _, r := range reasons {
		if errors.Is(err, r.is) {
			return phrase.T(r.text)
		}
	}
	return ""
}
