package problem_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// The details are what Microsoft said. Of an error that nobody answered no status is told, and of an answer no more than it had.
func TestDetails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  *graph.Error
		want []string
	}{
		{&graph.Error{Op: "read the account", Status: 403, Code: "accessDenied", Message: "Not you."}, []string{"HTTP 403 accessDenied: Not you.", "read the account: Not you. (403 accessDenied)"}},
		{&graph.Error{Op: "read the account", Status: 502, Message: "the answer 502 carried no explanation"}, []string{"HTTP 502: the answer 502 carried no explanation", "read the account: the answer 502 carried no explanation (502)"}},
		{&graph.Error{Op: "read the account", Message: "no route to host"}, []string{"read the account: no route to host"}},
		{&graph.Error{Op: "read the account"}, []string{"read the account: "}},
	} {
		if got := problem.Explain(test.err).Raw; !slices.Equal(got, test.want) {
			t.Errorf("%q, want %q", got, test.want)
		}
		both := errors.Join(errors.New("first"), test.err)
		if got := problem.Explain(both).Raw; strings.Contains(strings.Join(got, " "), "HTTP 0") {
			t.Errorf("%q", got)
		}
	}
}
