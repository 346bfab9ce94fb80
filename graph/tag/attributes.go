package tag

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

type attribute struct{ name, value string }

func (a attribute) addTo(parent *html.Node) {
	parent.Attr = append(parent.Attr, html.Attribute{Key: a.name, Val: strings.ReplaceAll(a.value, "\x00", "\uFFFD")})
}

// Attr is an attribute by its name, none that holds an address, a style or a script.
func Attr(name, value string) Node {
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, "on") || slices.Contains([]string{"action", "formaction", "href", "ping", "poster", "src", "srcdoc", "srcset", "style", "xlink:href"}, lower) {
		panic("tag: " + name + " is no plain attribute")
	}
	return attribute{name, value}
}

// Flag is an attribute that is there or is not.
func Flag(name string) Node { return Attr(name, "") }

// Href is where a link leads.
func Href(to string) Node { return attribute{"href", address(to)} }

// Action is where a form is sent.
func Action(to string) Node { return attribute{"action", address(to)} }

// address is one that a page may lead to: in the same site, over TLS, or to a program on the same computer, as the one that asked
// for a sign-in. Anything else leads nowhere.
func address(to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return "about:invalid"
	}
	local := u.Scheme == "" && u.Host == "" && (strings.HasPrefix(to, "#") || strings.HasPrefix(to, "/") && !strings.HasPrefix(to, `/\`))
	loopback := u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
	if local || loopback || u.Scheme == "https" && u.Host != "" {
		return to
	}
	return "about:invalid"
}

// Kind is the media type of a file inside a page.
type Kind string

// The kinds there are. A browser saves them or shows them as text.
const (
	JSON  Kind = "application/json"
	Plain Kind = "text/plain"
)

// Inside is the address of a file inside the page.
func Inside(kind Kind, data []byte) Node {
	return attribute{"href", "data:" + string(kind) + ";base64," + base64.StdEncoding.EncodeToString(data)}
}

// NoIcon keeps a browser from asking for one.
func NoIcon() Node { return El("link", Attr("rel", "icon"), attribute{"href", "data:,"}) }
