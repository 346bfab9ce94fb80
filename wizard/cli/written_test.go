package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// reader takes what is written only while it is let.
type reader struct {
	let   chan struct{}
	taken bytes.Buffer
}

func (r *reader) Write(b []byte) (int, error) {
	<-r.let
	return r.taken.Write(b)
}

// lines writes lines of these numbers, and says how long that took.
func lines(t *testing.T, out *recorded, from, to int) time.Duration {
	t.Helper()
	began := time.Now()
	for i := from; i < to; i++ {
		if _, err := fmt.Fprintf(out, "line %d\n", i); err != nil {
			t.Error(err)
		}
	}
	return time.Since(began)
}

// A reader that stands still is waited for, but a moment only while MFA is off: what he did not take is kept for him, in its order, and
// he is waited for again once MFA is back.
func TestReaderThatStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := &reader{let: make(chan struct{})}
		out := &recorded{to: held}
		var off atomic.Bool
		out.hurries(off.Load)
		time.AfterFunc(time.Hour, func() { off.Store(true) })
		if took := lines(t, out, 0, 1); took < time.Hour || took > time.Hour+moment {
			t.Errorf("a line was waited for %s, of which an hour was before MFA was off", took)
		}
		if took := lines(t, out, 1, 100); took != 0 {
			t.Errorf("what follows was waited for %s", took)
		}
		off.Store(false)
		time.AfterFunc(time.Minute, func() { close(held.let) })
		if took := lines(t, out, 100, 102); took != time.Minute {
			t.Errorf("with MFA back it was waited for %s, and the reader came after a minute", took)
		}
		if err := out.failed(); err != nil {
			t.Error(err)
		}
		var want bytes.Buffer
		for i := range 102 {
			fmt.Fprintf(&want, "line %d\n", i)
		}
		if got := held.taken.String(); got != want.String() {
			t.Errorf("he was given:\n%s", got)
		}
	})
}

// A program that was told to end does, whoever reads it, and says that not all was taken. What is kept for him has a bound.
func TestNobodyReadsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := &reader{let: make(chan struct{})}
		out := &recorded{to: held}
		out.hurries(func() bool { return true })
		if took := lines(t, out, 0, 3*mostKept/len("line 100000\n")); took != moment {
			t.Errorf("it was waited for %s", took)
		}
		if out.size > mostKept {
			t.Errorf("%d bytes are kept", out.size)
		}
		began := time.Now()
		if err := out.failed(); !errors.Is(err, errUntaken) || time.Since(began) > moment {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		close(held.let)
	})
}

// The same on a pipe that is full.
func TestFullPipe(t *testing.T) {
	in, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer to.Close()
	out := &recorded{to: to}
	out.hurries(func() bool { return true })
	if took := lines(t, out, 0, 1<<20/len("line 1000\n")); took > 10*moment {
		t.Errorf("it was waited for %s", took)
	}
	if err := out.failed(); !errors.Is(err, errUntaken) {
		t.Error(err)
	}
}

// Frames that were not kept for a terminal that is held are made up for by drawing anew once it goes on, and nothing is missing then.
func TestFramesAreDrawnAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := &reader{let: make(chan struct{})}
		out := &recorded{to: held}
		out.hurries(func() bool { return true })
		drawn := 0
		out.redrawn(func() { drawn++ })
		lines(t, out, 0, 3*mostKept/len("line 100000\n"))
		if synctest.Wait(); drawn > 0 {
			t.Error("it is drawn on a terminal that is held")
		}
		close(held.let)
		if synctest.Wait(); drawn != 1 || out.size > 0 {
			t.Errorf("drawn anew %d times, with %d bytes kept", drawn, out.size)
		}
		if err := out.failed(); err != nil {
			t.Error(err)
		}
	})
}
