package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// What the commands write to. Nothing a terminal would obey leaves by them, and then no secret: in this order, because
// what a terminal would not show must not hide one.
var (
	stdout = printable.Writer(redact.Writer(redact.Output, written))
	stderr = printable.Writer(redact.Writer(redact.Errors, aside))
	// stdoutJSON is for JSON, which keeps what a terminal would obey as escapes.
	stdoutJSON = printable.JSON(redact.Writer(redact.Output, written))
)

// under stands before what follows the first line of something that is said.
const under = "  "

// say says something on the standard output, whoever's words are in it. It keeps its indent.
//
//go:noinline // every copy would be carried
func say(text string) { sayTo(stdout, os.Stdout, text) }

// sayAside says something on the standard error.
func sayAside(text string) { sayTo(stderr, os.Stderr, text) }

// sayTo has the lines of a terminal end between words.
func sayTo(out io.Writer, behind *os.File, text string) {
	inner := strings.TrimLeft(text, " ")
	indent := text[:len(text)-len(inner)]
	fmt.Fprintln(out, printable.Wrapped(indent, indent+under, inner, columns(behind)()))
}
