package tag

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestAddressesLeadNowhereElse(t *testing.T) {
	for _, to := range []string{"/", "/sign-in?flow=A", "#main", "https://portal.example/x", "http://localhost:8400/", "http://127.0.0.1:8400"} {
		if address(to) != to {
			t.Errorf("%q leads nowhere", to)
		}
	}
	for _, to := range []string{
		"", "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "\tjavascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
		"vbscript:x", "//evil.example", `/\evil.example`, "/\t/evil.example", "http://evil.example", "http://localhost.evil.example", "http://localhost@evil.example",
		"https:evil.example", "x:y", "sign-in", "mailto:a@b.example",
	} {
		if address(to) != "about:invalid" {
			t.Errorf("%q leads somewhere", to)
		}
	}
}

// What a stranger wrote is the same text again when the page is read, wherever it stands.
func TestWhatIsWrittenIsRead(t *testing.T) {
	const hostile = `</title></textarea></style></script><!-- --><script>alert(1)</script><b onclick=x>"'` + "&amp;` \u2028"
	all := []func(...Node) Node{A, Button, Code, Dd, Div, Label, Li, P, Pre, Span, Strong, Summary, Textarea}
	body := Map(all, func(el func(...Node) Node) Node {
		return el(Class(hostile), Data("x", hostile), Href(hostile), Inside(Plain, []byte(hostile)), Text(hostile))
	})
	var b strings.Builder
	if err := Page(&b, "en", Head(Title(Text(hostile)), Style("p { color: red }")), Body(body...)); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	texts, values := 0, 0
	for n := range root.Descendants() {
		switch {
		case n.Type == html.CommentNode, n.Data == "script", n.Data == "b":
			t.Errorf("%s is in the page", n.Data)
		case n.Type == html.TextNode && n.Data == hostile:
			texts++
		}
		for _, a := range n.Attr {
			if a.Val == hostile {
				values++
			}
		}
	}
	if texts != len(all)+1 || values != 2*len(all) {
		t.Errorf("%d texts and %d values were read in %s", texts, values, b.String())
	}
}

// An element or an attribute in which nothing would be escaped can't be made.
func TestNothingUnescapedCanBeMade(t *testing.T) {
	panics := func(name string, make func()) {
		defer func() {
			if recover() == nil {
				t.Errorf("%s was made", name)
			}
		}()
		make()
	}
	for _, name := range []string{"script", "SCRIPT", "style", "iframe", "noscript", "xmp", "plaintext"} {
		panics(name, func() { El(name) })
	}
	for _, name := range []string{"href", "HREF", "src", "action", "formaction", "style", "onclick", "OnLoad", "srcdoc", "xlink:href"} {
		panics(name, func() { Attr(name, "") })
	}
}

func TestLines(t *testing.T) {
	var b strings.Builder
	if err := Page(&b, "en", Head(), Body(Lines(P(Text("a")), nil, If(false, P()), Group{P(), Inline(P(), P())}))); err != nil {
		t.Fatal(err)
	}
	const want = "<!DOCTYPE html>\n<html lang=\"en\">\n<head></head>\n<body>\n<p>a</p>\n<p></p>\n<p></p><p></p>\n</body>\n</html>\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

func TestOnlyStyle(t *testing.T) {
	var b strings.Builder
	const css = "p { color: red }"
	if err := Page(&b, "en", Head(OnlyStyle(css), Style(css)), Body()); err != nil {
		t.Fatal(err)
	}
	const want = `<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4='"><style>p { color: red }</style></head>`
	if !strings.Contains(b.String(), want) {
		t.Errorf("%s, want %s", b.String(), want)
	}
}

// The same node may stand in two places.
func TestNodesAreValues(t *testing.T) {
	var b strings.Builder
	p := P(Text("a"))
	if err := Page(&b, "en", Head(), Body(p, Div(p))); err != nil || strings.Count(b.String(), "<p>a</p>") != 2 {
		t.Error(b.String(), err)
	}
}
