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
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
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
	pages := map[string][]byte{"report": sealedReport(t).Page, "german": germanReport(t).Page, "supplement": supplementPage(t), "sample": samplePage(t)}
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(pages[strings.Trim(r.URL.Path, "/")])
	}))
	t.Cleanup(server.Close)
	ctx := chromium(t)
	shown, faults := 0, 0
	for name := range pages {
		run(t, ctx, chromedp.Navigate(server.URL+"/"+name))
		run(t, ctx, chromedp.Evaluate[chromedp.Void](string(axe)+";undefined"))
		for _, width := range []int64{320, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				run(t, ctx, command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 800, DeviceScaleFactor: 1}))
				run(t, ctx, command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}))
				for _, script := range []string{axeRun, tooWide} {
					for _, fault := range run(t, ctx, chromedp.Evaluate[[]string](script, chromedp.EvalAwaitPromise)) {
						faults++
						t.Errorf("%s, %d pixels, %s: %s", name, width, scheme, fault)
					}
				}
				shown++
				keepPicture(t, fmt.Sprintf("%s-%d-%s.png", name, width, scheme), run(t, ctx, chromedp.FullScreenshot(100)))
			}
		}
		yes := true
		pdf := run(t, ctx, command(page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes})).Data
		keepPicture(t, name+".pdf", pdf)
		n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1))
		t.Logf("%s prints on %d sheets", name, n)
		if n < 1 || n > 4 || !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Errorf("%s prints on %d sheets", name, n)
		}
	}
	t.Logf("pages shown %d, faults %d", shown, faults)
	for _, path := range asked {
		if _, ours := pages[strings.Trim(path, "/")]; !ours && path != "/favicon.ico" { // the browser's own wish
			t.Errorf("the page asked for %s", path)
		}
	}
}

// samplePage is the sample that the README links: a rehearsal on business, whole.
func samplePage(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const sample = "../../.github/demo/report.html"

// The sample in the README is a report that this program reads, and is marked as a rehearsal.
func TestSampleHolds(t *testing.T) {
	f, err := report.Open(sample)
	if err != nil {
		t.Fatal(err)
	}
	v, r, err := report.Verify(f, "", report.Program{})
	if err != nil || v.Exit != 0 || !r.Rehearsal || len(r.Verdict.Alarms) > 0 {
		t.Errorf("make it anew with .github/demo/record-report: %v %+v, rehearsal %v, alarms %q", err, v, r.Rehearsal, r.Verdict.Alarms)
	}
}

// supplementPage is the page of a supplement that was made a day later.
func supplementPage(t *testing.T) []byte {
	t.Helper()
	s := sealedReport(t)
	f := facts(t)
	f.Log.At = f.Log.At.Add(26 * time.Hour)
	made, err := s.Report.Supplement(report.Later{
		ID: "80000000-0000-4000-8000-000000000008", Of: s.SHA256, Number: 1, MadeAt: f.Log.At, Operator: f.Operator, Program: f.Program, Log: f.Log, Lines: f.Lines,
		SignIns: f.SignIns, Now: f.After, Witness: report.Witness{Read: true, SHA256: s.SHA256},
	})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := report.CloseSupplement(made, s.Report)
	if err != nil {
		t.Fatal(err)
	}
	return sealed.Page
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
