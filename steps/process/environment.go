package process

import (
	"fmt"
	"os"
	"strings"
)

// talkative are the variables that make a library write down what it sends, receives or draws. Some are read before
// main begins, so that taking them away then is too late.
var talkative = []string{
	"AZURE_SDK_GO_LOGGING", // requests, on standard error: https://pkg.go.dev/github.com/Azure/azure-sdk-for-go/sdk/azcore#hdr-Logging
	"SSLKEYLOGFILE",        // keys of connections; nothing here reads it, and what this program starts need not either
	"UV_DEBUG",             // what the terminal sends, to a file (charmbracelet/ultraviolet)
	"TEA_TRACE",            // keystrokes and frames, to a file (Bubble Tea)
	"TEA_DEBUG",            // the same
	"DEBUG_HTTP2_GOROUTINES",
	"BASH_COMP_DEBUG_FILE", // arguments, to a file (cobra)
}

// http2debug is the part of GODEBUG that prints every header, tokens among them. net/http looks for it anywhere in the
// value (https://pkg.go.dev/net/http#hdr-HTTP_2).
const http2debug = "http2debug"

// quiet is the environment without what makes a library talk, and whether that took anything away. Of GODEBUG only the
// parts that do are taken out.
func quiet(environ []string) (clean []string, changed bool) {
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case oneOf(talkative, name):
			changed = true
		case sameName(name, "GODEBUG") && strings.Contains(value, http2debug):
			changed = true
			if rest := withoutPart(value, http2debug); rest != "" {
				clean = append(clean, name+"="+rest)
			}
		default:
			clean = append(clean, variable)
		}
	}
	return clean, changed
}

func withoutPart(value, part string) string {
	var kept []string
	for p := range strings.SplitSeq(value, ",") {
		if !strings.Contains(p, part) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ",")
}

func oneOf(names []string, name string) bool {
	for _, n := range names {
		if sameName(n, name) {
			return true
		}
	}
	return false
}

// Quieten starts the program again without the variables that make a library print what it sends, where there are any:
// some are read before main begins. It does not return then, or, on Windows, says with which code the program that was
// started has ended.
func Quieten() (code int, ended bool, err error) {
	clean, changed := quiet(os.Environ())
	if !changed {
		return 0, false, nil
	}
	self, err := os.Executable()
	if err == nil {
		code, err = again(self, os.Args, clean)
	}
	if err != nil {
		return 0, false, fmt.Errorf("start again without the variables that make libraries print secrets (unset %s and %s in GODEBUG): %w",
			strings.Join(talkative, ", "), http2debug, err)
	}
	return code, true, nil
}
