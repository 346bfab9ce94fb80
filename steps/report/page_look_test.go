package report_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Rules of this file: the page is shown in a browser at two widths and in both colours, and held against axe-core
// (https://github.com/dequelabs/axe-core). AXE_CORE names its axe.min.js, and PAGE_PICTURES a folder that gets a picture of
// each, and the print, for eyes.

// needs skips a test where something is missing that CI has.
func needs(t *testing.T, missing string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
}

func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		needs(t, "no Chromium: install the package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
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

func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[R] {
	return func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, c, params) }
}

func run[R any](t *testing.T, ctx context.Context, a chromedp.Action[R]) R {
	t.Helper()
	r, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// axeRun runs every rule that axe-core has on by default. What it can't decide counts as wrong too, but for the contrast of the
// drawing's text and of signs, which it never decides.
const axeRun = `axe.run(document, {rules: {"target-size": {enabled: true}}}).then(r =>
	[...r.violations, ...r.incomplete.filter(v => v.id !== "color-contrast")].flatMap(v => v.nodes.map(n =>
		v.id + " (" + v.impact + ") at " + n.target.join(" ") + ": " + (n.failureSummary ?? "").replace(/\s+/g, " "))))`

const tooWide = `[...(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ["the page scrolls sideways"] : []),
	...[...document.querySelectorAll("body *:not(svg *):not(thead):not(thead *)")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
		.map(e => "too wide: " + e.tagName + " " + e.innerText?.slice(0, 40))]`

func TestPageInABrowser(t *testing.T) {
	file := os.Getenv("AXE_CORE")
	if file == "" {
		needs(t, "AXE_CORE does not name axe-core's axe.min.js: npm install axe-core")
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	html := sealedReport(t).Page
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(html)
	}))
	t.Cleanup(server.Close)
	ctx := chromium(t)
	run(t, ctx, chromedp.Navigate(server.URL+"/report"))
	run(t, ctx, chromedp.Evaluate[chromedp.Void](string(axe)+";undefined"))
	shown, faults := 0, 0
	for _, width := range []int64{320, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			run(t, ctx, command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 800, DeviceScaleFactor: 1}))
			run(t, ctx, command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}))
			for _, script := range []string{axeRun, tooWide} {
				for _, fault := range run(t, ctx, chromedp.Evaluate[[]string](script, chromedp.EvalAwaitPromise)) {
					faults++
					t.Errorf("%d pixels, %s: %s", width, scheme, fault)
				}
			}
			shown++
			keepPicture(t, fmt.Sprintf("report-%d-%s.png", width, scheme), run(t, ctx, chromedp.FullScreenshot(100)))
		}
	}
	t.Logf("pages shown %d, faults %d", shown, faults)
	for _, path := range asked {
		if path != "/report" && path != "/favicon.ico" { // the browser's own wish
			t.Errorf("the page asked for %s", path)
		}
	}
	yes := true
	pdf := run(t, ctx, command(page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes})).Data
	keepPicture(t, "report.pdf", pdf)
	if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1)); n < 1 || n > 4 || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("it prints on %d sheets", n)
	}
}

func keepPicture(t *testing.T, name string, data []byte) {
	t.Helper()
	folder := os.Getenv("PAGE_PICTURES")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
