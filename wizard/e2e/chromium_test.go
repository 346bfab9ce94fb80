package e2e_test

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// chromium starts headless Chromium for as long as the test runs. It reaches nothing but this machine, and trusts the
// certificate of the tenant and no other.
func chromium(o *servedTenant) context.Context {
	o.t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		const missing = "no Chromium: install the package chromium"
		if os.Getenv("CI") == "true" {
			o.t.Fatal(missing)
		}
		o.t.Skip(missing)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(o.t.TempDir()),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("ignore-certificate-errors-spki-list", o.pin()),
	)
	ctx, cancel := context.WithTimeout(o.t.Context(), 2*finishWithin)
	o.t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	o.t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	o.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		o.t.Fatal(err)
	}
	return ctx
}

// pin is the hash by which Chromium knows the key of the tenant's certificate, which is checked here as programs check it.
func (o *servedTenant) pin() string {
	o.t.Helper()
	conn, err := tls.Dial("tcp", strings.TrimPrefix(o.ep.Portal, "https://"), o.http.Transport.(*http.Transport).TLSClientConfig)
	if err != nil {
		o.t.Fatal(err)
	}
	defer conn.Close()
	sum := sha256.Sum256(conn.ConnectionState().PeerCertificates[0].RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// window is a window of Chromium with cookies of its own.
type window struct {
	t      *testing.T
	ctx    context.Context
	clicks int
}

// privately opens a window that shares nothing with the others.
func privately(t *testing.T, chrome context.Context) *window {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	w := &window{t: t, ctx: ctx}
	w.do(
		command(network.Enable, network.EnableParams{}),
		command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}), // as if it were in front
	)
	return w
}

func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, steps...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *window) open(address string) {
	w.t.Helper()
	w.do(chromedp.Navigate(address))
}

// read is what a script finds in the page.
func (w *window) read(script string) string {
	w.t.Helper()
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		w.t.Fatalf("%s: %v", script, err)
	}
	return text
}

// page is the name by which the simulated pages are told apart; empty for any other.
func (w *window) page() string { return w.read(`document.body.dataset.page ?? ""`) }

func (w *window) heading() string {
	return w.read(`document.querySelector("h1")?.innerText ?? document.title`)
}

// text is what a person reads.
func (w *window) text() string { return w.read(`document.body.innerText`) }

// marked is the text of the element that carries the data attribute name.
func (w *window) marked(name string) string {
	return w.read(fmt.Sprintf(`document.querySelector("[%s]")?.textContent ?? ""`, name))
}

// at fails the test when another page is shown.
func (w *window) at(heading string) {
	w.t.Helper()
	if got := w.heading(); got != heading {
		w.t.Fatalf("the page is %q, not %q: %s", got, heading, w.text())
	}
}

// says fails the test when the page does not.
func (w *window) says(words string) {
	w.t.Helper()
	if text := w.text(); !strings.Contains(text, words) {
		w.t.Fatalf("%q is not on the page: %s", words, text)
	}
}

// fill types into fields, by their ids.
func (w *window) fill(values ...string) {
	w.t.Helper()
	for i := 0; i < len(values); i += 2 {
		w.read(fmt.Sprintf(`document.getElementById(%q).select() ?? ""`, values[i]))
		w.do(chromedp.SendKeys(chromedp.ID(values[i]), values[i+1]))
	}
}

// press clicks the button or the link with these words, and waits for the page that follows.
func (w *window) press(words string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	path := fmt.Sprintf(`//*[self::button or self::a][.=%q]`, words)
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(path)); err != nil {
		w.t.Fatalf("press %q at %q: %v", words, w.heading(), err)
	}
	w.clicks++
}
