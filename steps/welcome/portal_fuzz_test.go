package welcome

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// What must hold is written here anew, without the code under test: what a portal of Delegate365's is, and what a browser
// makes of an address.

var usualBase = regexp.MustCompile(`^https://[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.delegate365\.com$`)

// sound fails the test for a portal that is not what it says.
func sound(t *testing.T, p Portal) {
	t.Helper()
	u, err := url.Parse(p.SetupURL())
	switch {
	case err != nil || u.User != nil || u.Path != "/setup" || u.RawQuery != "" || u.Fragment != "" || u.Host == "":
		t.Fatalf("%q is no plain address: %v", p.SetupURL(), err)
	case p.Usual() != usualBase.MatchString(p.Base()):
		t.Fatalf("%q is usual: %v", p.Base(), p.Usual())
	case u.Scheme != "https" && u.Hostname() != "::1" && !strings.HasPrefix(u.Hostname(), "127.") && !strings.HasPrefix(u.Hostname(), "::ffff:"):
		t.Fatalf("%q is no https", p.Base())
	}
	for _, text := range []string{p.Base(), p.SetupURL()} {
		if again, err := Judge(text, ""); err != nil || again != p {
			t.Fatalf("%q is another the second time: %+v, %v", text, again, err)
		}
	}
}

// browserHost is the host that a browser goes to for what somebody pastes into its address line
// (https://url.spec.whatwg.org/#concept-basic-url-parser), without what only a hostile address has.
func browserHost(text string) string {
	text = strings.Trim(strings.TrimSpace(text), "<>\"'")
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	text = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(text)
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	text = strings.TrimLeft(text, "/")
	if i := strings.IndexAny(text, "/?#"); i >= 0 {
		text = text[:i]
	}
	text = text[strings.LastIndex(text, "@")+1:]
	text, _, _ = strings.Cut(text, ":")
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	return strings.ToLower(text)
}

func FuzzPortal(f *testing.F) {
	for _, text := range usual {
		f.Add(text)
	}
	for text := range tricks {
		f.Add(text[:min(len(text), 1000)])
	}
	for _, text := range wrapped() {
		f.Add(text)
		f.Add(">>>" + text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Judge(text, "")
		if err != nil {
			if r, ok := errors.AsType[*RefusedError](err); !ok || r.Reason == "" || !printable(r.Host) || p != (Portal{}) {
				t.Fatalf("%q is refused with %#v and %+v", text, err, p)
			}
			return
		}
		sound(t, p)
		if pasted := bare(text); unwrap(pasted) != pasted { // a filter's link is judged by what it holds
			return
		}
		if host := browserHost(text); p.Usual() && p.Base() != "https://"+host {
			t.Fatalf("%q leads a browser to %q, and is taken for %q", text, host, p.Base())
		}
	})
}

func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) && len(text) < 100
}
