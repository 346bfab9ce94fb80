package bundle

import (
	"regexp"
	"sync"

	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The secrets of the run that wrote a log are long gone from memory, so their looks have to do: tokens are told by their
// form, passwords by the names before them.
var suspicious = sync.OnceValue(func() []suspect {
	return []suspect{
		{"a token", regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}`)},
		{"a token", regexp.MustCompile(`(?i)\bbearer\s+[A-Za-z0-9._~+/-]{20,}`)},
		{"a refresh token or a code", regexp.MustCompile(`\b[01]\.[A-Za-z0-9_-]{40,}`)},
		{"a password or a token", regexp.MustCompile(
			`(?i)(password|passwd|secret|access_token|refresh_token|id_token|device_code|code_verifier)\\?"\s*:\s*\\?"([^"*\\]|\\[^"])`)},
		{"a private key", regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY`)},
		{"an app password", regexp.MustCompile(`\b[a-z]{4} [a-z]{4} [a-z]{4} [a-z]{4}\b`)},
	}
})

type suspect struct {
	what    phrase.Format
	pattern *regexp.Regexp
}

// Suspicion says what in data looks like a secret; it is empty when nothing does.
func Suspicion(data []byte) phrase.Format {
	if redact.Holds(data) {
		return "a secret of this run"
	}
	for _, s := range suspicious() {
		if s.pattern.Match(data) {
			return s.what
		}
	}
	return ""
}
