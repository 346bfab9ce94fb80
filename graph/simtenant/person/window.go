package person

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

// Window is a browser window: it keeps cookies, follows redirects inside the tenant's pages, and shows one screen at a
// time. It knows of the tenant only what the pages say.
type Window struct {
	Client  *http.Client
	outside *http.Client // for the application that a sign-in returns to, on this machine
}

// NewWindow opens a window whose requests take the client's transport and timeout.
func NewWindow(client *http.Client) *Window {
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
	return &Window{Client: inside, outside: outside}
}

// Screen is the page in a window.
type Screen struct {
	window  *Window
	url     *url.URL
	Status  int
	Name    string // data-page of the simulated tenant's pages; empty for anything else
	Title   string
	Notice  string
	Problem string
	refresh time.Duration // when the page renews itself; 0 is never
	Left    bool          // the browser has gone back to an application
	Root    *html.Node
}

// Open goes to an address.
func (w *Window) Open(ctx context.Context, address string) (*Screen, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("open the page: %w", err)
	}
	return w.do(w.Client, req)
}

func (w *Window) do(client *http.Client, req *http.Request) (*Screen, error) {
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
	s := &Screen{window: w, url: resp.Request.URL, Status: resp.StatusCode, Root: root, Left: client == w.outside}
	if body := Find(root, Element("body")); body != nil {
		s.Name = Attribute(body, "data-page")
	}
	s.Title = Text(Find(root, Element("h1")))
	s.Notice = Text(Find(root, Class("notice")))
	s.Problem = Text(Find(root, Class("problem")))
	if seconds, err := time.ParseDuration(resp.Header.Get("Refresh") + "s"); err == nil {
		s.refresh = seconds
	}
	return s, nil
}

// leave follows a redirect out of the tenant's pages: to the application that asked for the sign-in.
func (w *Window) leave(ctx context.Context, to *url.URL) (*Screen, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("go back to the application: %w", err)
	}
	return w.do(w.outside, req)
}

// Submit fills in the first form that has all the named fields and the button action (empty for the form's first), and
// sends it.
func (s *Screen) Submit(ctx context.Context, action string, fill map[string]string) (*Screen, error) {
	for _, form := range FindAll(s.Root, Element("form")) {
		values, ok := FillForm(form, action, fill)
		if ok {
			return s.Send(ctx, form, values)
		}
	}
	return nil, s.lacks(action, fill)
}

// Send sends a form with these values.
func (s *Screen) Send(ctx context.Context, form *html.Node, values url.Values) (*Screen, error) {
	target, err := s.url.Parse(Attribute(form, "action"))
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
	return s.window.do(s.window.Client, req)
}

func (s *Screen) lacks(action string, fill map[string]string) error {
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
func (s *Screen) choice(name string) bool {
	return Find(s.Root, func(n *html.Node) bool {
		return n.Data == "input" && Attribute(n, "name") == name && Attribute(n, "type") == "radio"
	}) != nil
}

// FillForm is what the form sends: its own values, those of fill, and the button pressed.
func FillForm(form *html.Node, action string, fill map[string]string) (url.Values, bool) {
	values, filled := url.Values{}, map[string]bool{}
	for _, input := range FindAll(form, Element("input")) {
		name, value := Attribute(input, "name"), Attribute(input, "value")
		wanted, wants := fill[name]
		switch kind := Attribute(input, "type"); {
		case kind == "radio" || kind == "checkbox":
			if wants && wanted == value {
				values.Set(name, value)
				filled[name] = true
			} else if !wants && Has(input, "checked") {
				values.Set(name, value)
			}
		case wants:
			values.Set(name, wanted)
			filled[name] = true
		default:
			values.Set(name, value)
		}
	}
	for _, area := range FindAll(form, Element("textarea")) {
		name, text := Attribute(area, "name"), ""
		if area.FirstChild != nil {
			text = area.FirstChild.Data
		}
		if wanted, wants := fill[name]; wants {
			text, filled[name] = wanted, true
		}
		values.Set(name, text)
	}
	if len(filled) != len(fill) {
		return nil, false
	}
	buttons := FindAll(form, Element("button"))
	i := slices.IndexFunc(buttons, func(b *html.Node) bool { return action == "" || Attribute(b, "value") == action })
	if i < 0 {
		return nil, false
	}
	if name := Attribute(buttons[i], "name"); name != "" {
		values.Set(name, Attribute(buttons[i], "value"))
	}
	return values, true
}

// fault is an error that says what the page was and what it said.
func (s *Screen) fault(what string) error {
	said := s.Problem
	if said == "" {
		said = s.Notice
	}
	if said != "" {
		said = ": " + said
	}
	title := s.Title
	if title == "" {
		title = fmt.Sprintf("status %d of %s", s.Status, s.url.Host)
	}
	return fmt.Errorf("the page %q: %s%s", title, what, said)
}

// untilRenewed waits until the page renews itself.
func (s *Screen) untilRenewed(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(s.refresh):
		return nil
	}
}

// refusal is what the page says went wrong, in a line.
func (s *Screen) refusal() string {
	what := Text(Find(s.Root, func(n *html.Node) bool { return Attribute(n, "id") == "problem" }))
	return strings.TrimSuffix(what+": "+s.Marked("data-error"), ": ")
}

// Marked is the text of the element that carries the data attribute name.
func (s *Screen) Marked(name string) string {
	return Text(Find(s.Root, func(n *html.Node) bool { return Has(n, name) }))
}

// Element matches the elements of this name.
func Element(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Type == html.ElementNode && n.Data == name }
}

// Class matches what is of this class.
func Class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(Attribute(n, "class")), name) }
}

// Find is the first node below root that matches, or nil.
func Find(root *html.Node, match func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if match(n) {
			return n
		}
	}
	return nil
}

// FindAll are all the nodes below root that match.
func FindAll(root *html.Node, match func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if match(n) {
			found = append(found, n)
		}
	}
	return found
}

// Has says whether n carries the attribute.
func Has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// Attribute is the value of an attribute, or empty.
func Attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// leadsTo reports a link to a path.
func (s *Screen) leadsTo(path string) bool {
	return Find(s.Root, func(n *html.Node) bool { return Attribute(n, "href") == path }) != nil
}

// Text is what a person reads in n, on one line.
func Text(n *html.Node) string {
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
