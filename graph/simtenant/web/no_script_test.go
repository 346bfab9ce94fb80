package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// The whole way from the first page to a working app password, in a browser that runs no script.
func TestWithoutScript(t *testing.T) {
	if testing.Short() {
		t.Skip("the walk by the keyboard is in the fast set")
	}
	r := simtest.Rehearse(t, simtenant.Options{})
	b := browse(r, chromium(t))
	b.do(command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	b.do(chromedp.Navigate("data:text/html,<title>idle</title><script>document.title = 'busy'</script>"))
	if title, err := chromedp.Run(b.ctx, chromedp.Title()); err != nil || title != "idle" {
		t.Fatalf("the browser runs scripts: %q, %v", title, err)
	}

	b.open(b.server.PageEndpoints().Delegate365 + "/setup")
	b.fill("configuration-password", r.With(nil)["configuration-password"], "user-name", simtest.ServiceUPN, "password", simtest.ServicePassword)
	b.press("Start setup")
	b.at("Setup completed")
	b.press("Login")
	b.press("Sign in")
	b.signIn(simtest.ServiceUPN, simtest.ServicePassword)
	b.press("No")
	b.at("Dashboard")

	r.SetMFA(state.MFAEnabled)
	r.Tenant.State.MFA.SetAllowAppPasswords("", true)
	b.open("/security-info")
	b.at("Register an authenticator app")
	b.fill("code", b.appCode())
	b.press("Verify")
	b.press("Create")
	first := b.marked("data-app-password")
	b.press("Done")
	b.at("Security info")
	b.press("Add sign-in method")
	b.press("App password")
	b.fill("name", "Another password")
	b.press("Create")
	second := b.marked("data-app-password")
	b.press("Done")
	b.at("Security info")
	for _, password := range []string{first, second} {
		if refusal := r.Tenant.Entra.SignIn.CheckAppPassword(simtest.ServiceUPN, password); refusal != nil {
			t.Errorf("the app password is worth nothing: %v", refusal)
		}
	}

	r.LetIn()
	b.open(b.server.PageEndpoints().Delegate365 + exchangePage)
	b.fill("user-name", simtest.ServiceUPN, "password", first)
	b.press("Save")
	b.press("Test credentials")
	if said := inPage[string](b, `document.querySelector(".notice").innerText`); said != "The Exchange account is valid." {
		t.Errorf("the page says %q", said)
	}
}

// Whatever found its way into a page, the browser would neither run it nor load anything for it.
func TestPolicyIsKept(t *testing.T) {
	if testing.Short() {
		t.Skip("TestKeyboardAlone starts a browser")
	}
	var reached atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(elsewhere.Close)
	server := simtest.Rehearse(t, simtenant.Options{}).Serve()
	ctx := chromium(t)
	address, err := json.Marshal(elsewhere.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(server.PageEndpoints().Portal)); err != nil {
		t.Fatal(err)
	}
	broken, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`(async elsewhere => {
		const broken = [];
		document.addEventListener("securitypolicyviolation", e => broken.push(e.effectiveDirective));
		const add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
		add("img", {src: elsewhere + "/img"});
		add("script", {src: elsewhere + "/script"});
		add("script", {textContent: "window.ran = true"});
		add("iframe", {src: elsewhere + "/frame"});
		add("link", {rel: "stylesheet", href: elsewhere + "/style"});
		add("style", {textContent: "@import url(" + elsewhere + "/import)"});
		add("base", {href: elsewhere});
		await fetch(elsewhere + "/fetch").catch(() => {});
		await new Promise(done => setTimeout(done, 300));
		return window.ran ? ["a script ran"] : broken;
	})(`+string(address)+`)`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	for _, directive := range []string{"img-src", "script-src-elem", "frame-src", "style-src-elem", "base-uri", "connect-src"} {
		if !slices.Contains(broken, directive) {
			t.Errorf("%s is not among what the browser refused: %s", directive, strings.Join(broken, ", "))
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests left the tenant", n)
	}
}
