package web_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// browser is a window of headless Chromium at the pages of a served tenant. It can reach nothing but this machine.
type browser struct {
	*simtest.Rehearsal
	ctx    context.Context
	server *simtenant.Server

	mu     sync.Mutex
	faults []string // requests that left the tenant, and what the browser complained of
	served map[string]bool
}

// needs skips a test where something is missing that CI has.
func needs(t *testing.T, missing string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
}

// chromium starts Chromium for as long as the test runs.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		needs(t, "no Chromium: install the package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.Flag("no-proxy-server", true),
	)
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// browse opens a private window at the served tenant.
func browse(r *simtest.Rehearsal, chrome context.Context) *browser {
	r.Helper()
	b := &browser{Rehearsal: r, server: r.Serve(), served: map[string]bool{}}
	pages := b.server.PageEndpoints()
	for _, address := range []string{pages.Portal, pages.Delegate365} {
		b.served[strings.TrimPrefix(address, "http://")] = true
	}
	return b.privately(chrome)
}

// privately is another window, which shares nothing with b's.
func (b *browser) privately(chrome context.Context) *browser {
	b.Helper()
	other := &browser{Rehearsal: b.Rehearsal, server: b.server, served: b.served}
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext())
	b.Cleanup(cancel)
	other.ctx = ctx
	if err := chromedp.Listen(ctx, other.watch); err != nil {
		b.Fatal(err)
	}
	other.do(
		command(network.Enable, network.EnableParams{}),
		command(log.Enable, cdp.Empty{}),
		command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}), // as if the window were in front
	)
	b.Cleanup(func() {
		other.mu.Lock()
		defer other.mu.Unlock()
		for _, fault := range other.faults {
			b.Error(fault)
		}
	})
	return other
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

func inPage[T any](b *browser, script string) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", firstLine(script), err)
	}
	return value
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line[:min(len(line), 80)]
}

// open opens a page of the portal, or an address.
func (b *browser) open(address string) {
	b.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.server.PageEndpoints().Portal + address
	}
	b.do(chromedp.Navigate(address))
}

// fill types into fields, by their ids, instead of what is in them.
func (b *browser) fill(values ...string) {
	b.Helper()
	for i := 0; i < len(values); i += 2 {
		inPage[any](b, fmt.Sprintf("document.getElementById(%q).select()", values[i]))
		b.do(chromedp.SendKeys(chromedp.ID(values[i]), values[i+1]))
	}
}

// press clicks the button with this name, or else the link, and waits for the page that follows.
func (b *browser) press(name string) {
	b.Helper()
	path := fmt.Sprintf(`//button[@aria-label=%[1]q or not(@aria-label) and .=%[1]q]`, name)
	if !inPage[bool](b, fmt.Sprintf("document.evaluate(%q, document, null, XPathResult.BOOLEAN_TYPE).booleanValue", path)) {
		path = fmt.Sprintf(`//a[.=%q]`, name)
	}
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(path)); err != nil {
		b.Fatalf("press %q at %q: %v", name, b.heading(), err)
	}
}

func (b *browser) heading() string {
	return inPage[string](b, `document.querySelector("h1")?.innerText ?? ""`)
}

func (b *browser) page() string { return inPage[string](b, `document.body.dataset.page ?? ""`) }

// marked is the text of the element that carries the data attribute name.
func (b *browser) marked(name string) string {
	return inPage[string](b, fmt.Sprintf(`document.querySelector("[%s]")?.textContent ?? ""`, name))
}

// at fails the test when another page is shown.
func (b *browser) at(heading string) {
	b.Helper()
	if got := b.heading(); got != heading {
		b.Fatalf("the page is %q, not %q: %s", got, heading, inPage[string](b, `document.querySelector("main")?.innerText ?? document.body.innerText`))
	}
}

// signIn goes through the sign-in pages as far as they need nothing but the account and the password.
func (b *browser) signIn(account, password string) {
	b.Helper()
	b.fill("account", account)
	b.press("Next")
	b.fill("password", password)
	b.press("Sign in")
}
