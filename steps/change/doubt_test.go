package change

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Another disk is no way out where a line was refused for what is in it.
func TestRefusedLineNamesNoDisk(t *testing.T) {
	for why, disk := range map[error]bool{fmt.Errorf("write the journal: %w", journal.ErrSecret): false, fs.ErrPermission: true} {
		r := &Recorder{unwritten: 1, notWritten: why, unusable: journalError(why)}
		for _, err := range []error{journalError(why), r.Unwritten(), r.Unkept()} {
			next := problem.Explain(err).Next
			if strings.Contains(next, "disk") != disk || strings.Contains(next, "looks like a secret") == disk || !errors.Is(err, why) && !errors.Is(err, errors.Unwrap(why)) {
				t.Errorf("%v: %s", err, next)
			}
		}
	}
}
