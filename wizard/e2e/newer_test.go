package e2e_test

import (
	"io"
	"strings"
	"testing"
)

// A newer Delegate365 is rehearsed on with --newer: it has no page for the app password.
func TestNewerDelegate365(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		flags []string
		has   bool
	}{{nil, true}, {[]string{"--newer"}, false}} {
		o := serve(t, "fresh", c.flags...)
		answer, err := o.http.Get(o.ep.Portal)
		if err != nil {
			t.Fatal(err)
		}
		pages, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if has := strings.Contains(string(pages), "Office 365 account"); has != c.has {
			t.Errorf("%q: there is a page for the app password: %t", c.flags, has)
		}
	}
}
