package simtenant

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// window is a browser window: it keeps cookies, follows redirects inside the tenant's pages, and shows one screen at a
// time. It knows of the tenant only what the pages say.
type window struct {
	client  *http.Client
	outside *http.Client // for the application that a sign-in returns to, on this machine
}

func newWindow(client *http.Client) *window {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it has no way to fail without a public suffix list
	}
	inside := &http.Client{Transport: client.Transport, Jar: jar, Timeout: client.Timeout}
	inside.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if req.URL.Host != via[0].URL.Host {
			return http.ErrUseLastResponse
		}
		if len(via) > 10 {
			return fmt.Errorf("too many redirects")
		}
		return nil
	}
	outside := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	return &window{client: inside, outside: outside}
}

// screen is the page in a window.
type screen struct {
	window  *window
	url     *url.URL
	status  int
	name    string // data-page of the simulated tenant's pages; empty for anything else
	title   string
	notice  string
	problem string
	refresh time.Duration // when the page renews itself; 0 is never
	left    bool          // the browser has gone back to an application
	root    *html.Node
}

func (w *window) open(ctx context.Context, address string) (*screen, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("open the page: %w", err)
	}
	return w.do(w.client, req)
}

func (w *window) do(client *http.Client, req *http.Request) (*screen, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("open the page: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if to, err := resp.Location(); err == nil && to.Host != resp.Request.URL.Host {
		return w.leave(req.Context(), to)
	}
	root, err := html.Parse(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	s := &screen{window: w, url: resp.Request.URL, status: resp.StatusCode, root: root, left: client == w.outside}
	if body := find(root, element("body")); body != nil {
		s.name = attribute(body, "data-page")
	}
	s.title = text(find(root, element("h1")))
	s.notice = text(find(root, class("notice")))
	s.problem = text(find(root, class("problem")))
	if seconds, err := time.ParseDuration(resp.Header.Get("Refresh") + "s"); err == nil {
		s.refresh = seconds
	}
	return s, nil
}

// leave follows a redirect out of the tenant's pages: to the application that asked for the sign-in.
func (w *window) leave(ctx context.Context, to *url.URL) (*screen, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("go back to the application: %w", err)
	}
	return w.do(w.outside, req)
}

// submit fills in the first form that has all the named fields and the button action (empty for the form's first), and
// sends it.
func (s *screen) submit(ctx context.Context, action string, fill map[string]string) (*screen, error) {
	for _, form := range findAll(s.root, element("form")) {
		values, ok := fillForm(form, action, fill)
		if ok {
			return s.send(ctx, form, values)
		}
	}
	return nil, s.lacks(action, fill)
}

func (s *screen) send(ctx context.Context, form *html.Node, values url.Values) (*screen, error) {
	target, err := s.url.Parse(attribute(form, "action"))
	if err != nil {
		return nil, fmt.Errorf("read the form's address: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, fmt.Errorf("send the form: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if target.Host != s.url.Host {
		return s.window.do(s.window.outside, req)
	}
	return s.window.do(s.window.client, req)
}

func (s *screen) lacks(action string, fill map[string]string) error {
	wanted := action
	for name, value := range fill {
		wanted = name
		if s.choice(name) {
			wanted = value
		}
	}
	return s.fault(fmt.Sprintf("it does not offer %q", wanted))
}

// choice says whether the page has a field that is chosen rather than typed.
func (s *screen) choice(name string) bool {
	return find(s.root, func(n *html.Node) bool {
		return n.Data == "input" && attribute(n, "name") == name && attribute(n, "type") == "radio"
	}) != nil
}

// fillForm is what the form sends: its own values, those of fill, and the button pressed.
func fillForm(form *html.Node, action string, fill map[string]string) (url.Values, bool) {
	values, filled := url.Values{}, map[string]bool{}
	for _, input := range findAll(form, element("input")) {
		name, value := attribute(input, "name"), attribute(input, "value")
		wanted, wants := fill[name]
		switch kind := attribute(input, "type"); {
		case kind == "radio" || kind == "checkbox":
			if wants && wanted == value {
				values.Set(name, value)
				filled[name] = true
			} else if !wants && has(input, "checked") {
				values.Set(name, value)
			}
		case wants:
			values.Set(name, wanted)
			filled[name] = true
		default:
			values.Set(name, value)
		}
	}
	if len(filled) != len(fill) {
		return nil, false
	}
	buttons := findAll(form, element("button"))
	i := slices.IndexFunc(buttons, func(b *html.Node) bool { return action == "" || attribute(b, "value") == action })
	if i < 0 {
		return nil, false
	}
	if name := attribute(buttons[i], "name"); name != "" {
		values.Set(name, attribute(buttons[i], "value"))
	}
	return values, true
}

// fault is an error that says what the page was and what it said.
func (s *screen) fault(what string) error {
	said := s.problem
	if said == "" {
		said = s.notice
	}
	if said != "" {
		said = ": " + said
	}
	title := s.title
	if title == "" {
		title = fmt.Sprintf("status %d of %s", s.status, s.url.Host)
	}
	return fmt.Errorf("the page %q: %s%s", title, what, said)
}

// marked is the text of the element that carries the data attribute name.
func (s *screen) marked(name string) string {
	return text(find(s.root, func(n *html.Node) bool { return has(n, name) }))
}

func element(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Type == html.ElementNode && n.Data == name }
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(attribute(n, "class")), name) }
}

func find(root *html.Node, match func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if match(n) {
			return n
		}
	}
	return nil
}

func findAll(root *html.Node, match func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if match(n) {
			found = append(found, n)
		}
	}
	return found
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what a person reads in n, on one line.
func text(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
