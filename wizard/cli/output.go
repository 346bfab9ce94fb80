package cli

import (
	"os"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// What the commands write to. Nothing a terminal would obey leaves by them, and then no secret: in this order, because
// what a terminal would not show must not hide one.
var (
	stdout = printable.Writer(redact.Writer(redact.Output, os.Stdout))
	stderr = printable.Writer(redact.Writer(redact.Errors, os.Stderr))
	// stdoutJSON is for JSON, which keeps what a terminal would obey as escapes.
	stdoutJSON = printable.JSON(redact.Writer(redact.Output, os.Stdout))
)
