package process

import (
	"slices"
	"testing"
)

func TestQuiet(t *testing.T) {
	for name, c := range map[string]struct {
		environ, want []string
		changed       bool
	}{
		"nothing to take": {[]string{"HOME=/home/a", "GODEBUG=netdns=go,http2client=0"}, []string{"HOME=/home/a", "GODEBUG=netdns=go,http2client=0"}, false},
		"every name": {
			[]string{"A=1", "AZURE_SDK_GO_LOGGING=all", "SSLKEYLOGFILE=/k", "UV_DEBUG=/u", "TEA_TRACE=/t", "TEA_DEBUG=1", "DEBUG_HTTP2_GOROUTINES=1", "BASH_COMP_DEBUG_FILE=/b", "B="},
			[]string{"A=1", "B="},
			true,
		},
		"one part":         {[]string{"GODEBUG=netdns=go,http2debug=2,gctrace=1"}, []string{"GODEBUG=netdns=go,gctrace=1"}, true},
		"only that part":   {[]string{"GODEBUG=http2debug=1", "C=3"}, []string{"C=3"}, true},
		"hidden in one":    {[]string{"GODEBUG=xhttp2debug=2"}, nil, true},
		"a value, no name": {[]string{"PS1=http2debug=2"}, []string{"PS1=http2debug=2"}, false},
	} {
		got, changed := quiet(c.environ)
		if !slices.Equal(got, c.want) || changed != c.changed {
			t.Errorf("%s: %q, %t", name, got, changed)
		}
		if _, again := quiet(got); again {
			t.Errorf("%s: it would start again and again", name)
		}
	}
}
