package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/person"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// inspector passes requests on and holds every page that comes back against the rules of the pages.
type inspector struct {
	next http.RoundTripper

	mu     sync.Mutex
	seen   map[string]bool // data-page of the pages that came by
	placed map[string]bool // of those that say where the same is in a real tenant
	faults []string
}

func (i *inspector) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := i.next.RoundTrip(req)
	if err != nil || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) > 0 && res.StatusCode != http.StatusSeeOther {
		i.inspect(req.URL.Path, res.Header, string(body))
	}
	return res, nil
}

func (i *inspector) inspect(path string, header http.Header, page string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		i.faults = append(i.faults, path+": "+err.Error())
		return
	}
	name := person.Attribute(person.Find(root, person.Element("body")), "data-page")
	i.seen[name], i.placed[name] = true, person.Find(root, person.Class("real")) != nil
	for _, fault := range pageFaults(root, page, header) {
		i.faults = append(i.faults, name+": "+fault)
	}
}

// microsoftLook is what would make a page pass for Microsoft's own: its typeface, the colours of its sign-in and its logo,
// and the words of its headings.
var microsoftLook = []string{
	"segoe", "#0067b8", "#0078d4", "#106ebe", "#005a9e", "#f25022", "#7fba00", "#00a4ef", "#ffb900",
	"more information required", "pick an account", "help us protect", "keep your account secure", "can't access your account",
}

// pageFaults are the rules of the pages that a page breaks.
func pageFaults(root *html.Node, page string, header http.Header) []string {
	var faults []string
	must := func(ok bool, fault string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Sprintf(fault, args...))
		}
	}
	must(person.Attribute(person.Find(root, person.Element("html")), "lang") == "en", "no language")
	must(strings.Contains(person.Text(person.Find(root, person.Element("title"))), "Simulated tenant - not Microsoft"), "the title does not say that it is simulated")
	must(strings.Contains(person.Text(person.Find(root, person.Class("banner"))), "Simulated tenant - not Microsoft"), "no banner")
	must(len(person.FindAll(root, person.Element("h1"))) == 1 && person.Text(person.Find(root, person.Element("h1"))) != "", "not one heading")
	must(len(person.FindAll(root, person.Element("main"))) == 1, "not one main part")
	must(strings.Contains(page, `name="viewport"`), "no viewport")
	must(person.Find(root, person.Element("script")) == nil, "a script")
	must(!strings.Contains(page, "url(") && !strings.Contains(page, "@import"), "a style that loads something")
	must(!strings.Contains(page, "about:invalid"), "an address that leads nowhere")
	for name, value := range map[string]string{
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "same-origin",
		"Permissions-Policy": "camera=(), geolocation=(), microphone=()", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
	} {
		must(header.Get(name) == value, "%s is %q", name, header.Get(name))
	}
	must(strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none';"), "the policy lets something in")
	lower := strings.ToLower(page)
	for _, brand := range microsoftLook {
		must(!strings.Contains(lower, brand), "it looks like Microsoft's: %s", brand)
	}
	must(person.Find(root, person.Element("img")) == nil, "a picture that may be a logo")
	for _, drawing := range person.FindAll(root, person.Element("svg")) {
		must(person.Has(drawing, "data-qr"), "a drawing that is no QR code")
	}
	ids := map[string]bool{}
	labels := map[string]bool{}
	for n := range root.Descendants() {
		if id := person.Attribute(n, "id"); id != "" {
			must(!ids[id], "the id %q twice", id)
			ids[id] = true
		}
		if n.Data == "label" {
			labels[person.Attribute(n, "for")] = true
		}
		for _, name := range []string{"href", "src", "action", "formaction"} {
			value := person.Attribute(n, name)
			back := n.Data == "form" && strings.HasPrefix(value, "http://localhost:") // to the application that asked
			must(value == "" || value == "data:," || back || strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "//") || value == "#main",
				"the %s %q leads outside the tenant", name, value)
		}
		for _, name := range []string{"onclick", "onsubmit", "style"} {
			must(!person.Has(n, name), "the attribute %s", name)
		}
	}
	for _, input := range person.FindAll(root, person.Element("input")) {
		if person.Attribute(input, "type") != "hidden" {
			must(labels[person.Attribute(input, "id")], "no label for the field %q", person.Attribute(input, "name"))
		}
		for described := range strings.FieldsSeq(person.Attribute(input, "aria-describedby")) {
			must(ids[described], "the field %q is described by nothing", person.Attribute(input, "name"))
		}
	}
	for _, button := range person.FindAll(root, person.Element("button")) {
		must(person.Text(button) != "" && person.Attribute(button, "type") == "submit", "a button without words or type")
	}
	return faults
}

// inspected is a rehearsal whose person's every page is inspected.
func inspected(t *testing.T, o simtenant.Options) (*simtest.Rehearsal, *inspector) {
	r := simtest.Rehearse(t, o)
	i := &inspector{next: r.Tenant.Transport(), seen: map[string]bool{}, placed: map[string]bool{}}
	r.Meet(i, r.Tenant.Endpoints())
	t.Cleanup(func() {
		for _, fault := range i.faults {
			t.Error(fault)
		}
	})
	return r, i
}

// An administrator's page makes somebody without a second factor register one, whatever the tenant demands, and is still
// closed to who has no role.
func TestAdminPages(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	r.Tenant.AddUser("somebody@contoso.com", "Somebody", simtest.ServicePassword)
	for _, path := range []string{"/UserManagement/MfaSettings.aspx", "/usermanagement/multifactorverification.aspx?tenantId=x", "/per-user-mfa"} {
		r.Person.Private = person.NewWindow(r.Client)
		s := r.Open(path)
		s = r.Submit(s, "", map[string]string{"account": "somebody@contoso.com"})
		s = r.Submit(s, "", map[string]string{"password": simtest.ServicePassword})
		if s.Name != "register" && s.Name != "code" {
			t.Errorf("%s: the page is %q", path, s.Title)
		}
		s, _, err := r.Person.SignInThrough(t.Context(), s, person.Credentials{UserName: "somebody@contoso.com", Password: simtest.ServicePassword})
		if err != nil || s.Status != http.StatusForbidden {
			t.Errorf("%s: the page is %q, %v", path, s.Title, err)
		}
	}
	if r.Tenant.Snapshot().AppPasswords {
		t.Error("app passwords are allowed")
	}
}

func TestPerUserMFAPage(t *testing.T) {
	r, _ := inspected(t, simtenant.Options{})
	s, err := r.Person.Operator.Open(t.Context(), r.Tenant.Endpoints().Portal+"/per-user-mfa")
	if err != nil {
		t.Fatal(err)
	}
	if s, _, err = r.Person.SignInThrough(t.Context(), s, r.Person.OperatorCredentials()); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{state.MFAEnabled, state.MFAEnforced, state.MFADisabled} {
		s = r.Submit(s, state, map[string]string{"user": r.Service})
		if got := r.Tenant.Snapshot().Users[simtest.ServiceUPN].PerUserMFA; got != state || !strings.Contains(s.Notice, simtest.ServiceUPN+" is "+strings.ToUpper(state[:1])+state[1:]) {
			t.Errorf("the state is %q, and the page says %q", got, s.Notice)
		}
	}
	s, err = r.Person.Operator.Open(t.Context(), r.Tenant.Endpoints().Portal+"/per-user-mfa?search=Service.D")
	if err != nil {
		t.Fatal(err)
	}
	s = r.Submit(s, state.MFAEnabled, nil)
	if list := person.Text(person.Find(s.Root, person.Class("users"))); !strings.Contains(list, simtest.ServiceUPN) || strings.Contains(list, state.OperatorUPN) || s.Notice == "" {
		t.Errorf("after a change the search shows %q", list)
	}
}

// Every page there is comes by in one rehearsal, and each is held against the rules.
func TestEveryPageKeepsTheRules(t *testing.T) {
	r, i := inspected(t, simtenant.Options{})
	redirect, _ := simtest.Callback(t)
	ep := r.Tenant.Endpoints()
	r.Open("/")
	r.Open("/no-such-page")
	r.Play("setup", nil)
	r.Play("login-delegate365", nil)
	if _, err := r.Person.Private.Open(t.Context(), ep.Delegate365+"/logout"); err != nil {
		t.Fatal(err)
	}
	r.Play("service-settings", nil)
	r.Play("sign-in", map[string]string{"url": simtest.AuthorizeAddress(ep, redirect, url.Values{"prompt": {"consent"}, "response_mode": {"form_post"}})})
	r.SetMFA(state.MFAEnabled)
	password := r.Play("register-mfa", nil)
	r.Play("app-password", nil)
	r.Play("test-credentials", map[string]string{"app-password": password})
	r.Open("/AppPasswords.aspx")
	r.Open("/sign-out")
	r.Person.Private = person.NewWindow(r.Client)
	r.Play("app-password", nil)
	if _, err := r.Person.Operator.Open(t.Context(), ep.Portal+"/per-user-mfa"); err != nil {
		t.Fatal(err)
	}
	eligible(r, state.RoleGlobalReader)
	r.Play("activate-role", nil)
	r.Play("device-login", map[string]string{"code": deviceCode(r)})
	r.Tenant.SignIns.BlockBrowser(true)
	r.Refused("sign-in", map[string]string{"url": simtest.AuthorizeAddress(ep, redirect, nil)}, "AADSTS53003")
	for _, name := range pageNames(t) {
		if !i.seen[name] {
			t.Errorf("the page %q was never seen", name)
		}
		ofTheRehearsal := slices.Contains([]string{"index", "message", "form-post", "refused"}, name)
		if i.placed[name] == ofTheRehearsal {
			t.Errorf("the page %q says where the same is in a real tenant: %t", name, i.placed[name])
		}
	}
}

// The addresses of two pages that several tests open.
const (
	exchangePage       = "/administration/office365-account"
	perUserMFAFragment = "view/Microsoft_AAD_AuthenticationMethods/MultifactorAuthenticationConfig.ReactView/tabId/users"
)

var (
	shown  = regexp.MustCompile(`\.show\("([^"]+)"`)
	inStep = regexp.MustCompile(`\bstep += "([^"]+)"`)
)

// pageNames are the pages that there are: what the program shows, and a page for each step of a sign-in.
func pageNames(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range append(shown.FindAllSubmatch(source, -1), inStep.FindAllSubmatch(source, -1)...) {
			names = append(names, string(found[1]))
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) < 25 {
		t.Fatalf("the program shows %d pages: %q", len(names), names)
	}
	return names
}
