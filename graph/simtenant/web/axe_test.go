package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// Rules of this file: every page, in every state a person can bring it to, is shown in a browser at each of these widths
// and held against axe-core (https://github.com/dequelabs/axe-core). AXE_CORE names its axe.min.js, and PAGE_PICTURES a
// folder that gets a picture of each, for eyes.

// auditWidths are WCAG 2.2's narrowest (1.4.10) and an ordinary window's, in CSS pixels.
var (
	auditWidths  = []int64{320, 1280}
	auditSchemes = []string{"light", "dark"}
)

// auditor holds pages against axe-core and remembers which it saw.
type auditor struct {
	t      *testing.T
	axe    string
	states map[string]bool
	pages  map[string]bool
	shown  int
	faults int
}

func newAuditor(t *testing.T) *auditor {
	t.Helper()
	file := os.Getenv("AXE_CORE")
	if file == "" {
		needs(t, "AXE_CORE does not name axe-core's axe.min.js: npm install axe-core")
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return &auditor{t: t, axe: string(source), states: map[string]bool{}, pages: map[string]bool{}}
}

// axeRun runs every rule that axe-core has on by default and the one about the size of targets; what it could not decide
// counts as wrong too.
const axeRun = `axe.run(document, {rules: {"target-size": {enabled: true}}}).then(r =>
	[...r.violations, ...r.incomplete].flatMap(v => v.nodes.map(n =>
		v.id + " (" + v.impact + ") at " + n.target.join(" ") + ": " + (n.failureSummary ?? "").replace(/\s+/g, " "))))`

// tooWide lists what does not fit the width of the window.
const tooWide = `[...(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ["the page scrolls sideways"] : []),
	...[...document.querySelectorAll("body *")].filter(e => !e.closest(".skip") && e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
		.map(e => "too wide: " + e.tagName + " " + e.innerText?.slice(0, 40))]`

// wrong is what is wrong with the page at the width and in the colours it is shown in now.
func (a *auditor) wrong(b *browser) []string {
	b.Helper()
	return append(inPage[[]string](b, a.axe+";"+axeRun), inPage[[]string](b, tooWide)...) // a page that renews itself forgets it
}

// audit holds the page that b shows, in the state named, against the rules.
func (a *auditor) audit(b *browser, state string) {
	b.Helper()
	page := b.page()
	name := page + ": " + state
	if a.states[name] {
		b.Errorf("%s is audited twice", name)
	}
	a.states[name], a.pages[page] = true, true
	b.do(chromedp.Evaluate[chromedp.Void]("window.stop()")) // a page that renews itself would do so in the middle of it
	for _, width := range auditWidths {
		for _, scheme := range auditSchemes {
			b.do(
				command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 800, DeviceScaleFactor: 1}),
				command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
				}),
			)
			found := a.wrong(b)
			for _, fault := range found {
				b.Errorf("%s, %d pixels, %s: %s", name, width, scheme, fault)
			}
			a.shown, a.faults = a.shown+1, a.faults+len(found)
			a.picture(b, fmt.Sprintf("%s-%d-%s", name, width, scheme))
		}
	}
}

func (a *auditor) picture(b *browser, name string) {
	folder := os.Getenv("PAGE_PICTURES")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.Fatal(err)
	}
	file := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" :/'“”", r) {
			return '-'
		}
		return r
	}, name)
	if err := os.WriteFile(filepath.Join(folder, file+".png"), picture, 0o600); err != nil {
		b.Fatal(err)
	}
}

// An auditor that sees nothing wrong in a page with these faults would prove nothing.
func TestAuditorSeesFaults(t *testing.T) {
	a := newAuditor(t)
	b := browse(simtest.Rehearse(t, simtenant.Options{}), chromium(t))
	b.open("/")
	b.do(chromedp.Evaluate[chromedp.Void](`
		document.querySelector("main").insertAdjacentHTML("beforeend", "<img src='data:,'><input><p id=faint>faint</p><div id=wide>wide</div>");
		document.getElementById("faint").style.color = "#bbb";
		document.getElementById("wide").style.width = "3000px";`))
	found := strings.Join(a.wrong(b), "\n")
	for _, fault := range []string{"image-alt", "label", "color-contrast", "scrolls sideways", "too wide: DIV"} {
		if !strings.Contains(found, fault) {
			t.Errorf("%s is not among %s", fault, found)
		}
	}
}

// TestEveryPageIsAccessible visits every page in every state. The walks are in pages_walk_test.go.
func TestEveryPageIsAccessible(t *testing.T) {
	a := newAuditor(t)
	chrome := chromium(t)
	for _, walk := range auditWalks {
		t.Run(walk.name, func(t *testing.T) { walk.run(t, a, chrome) })
	}
	for _, page := range pageNames(t) {
		if !a.pages[page] {
			t.Errorf("no state of the page %q was audited", page)
		}
	}
	t.Logf("audited %d states of %d pages × %d widths × %d colour schemes = %d: %d wrong",
		len(a.states), len(a.pages), len(auditWidths), len(auditSchemes), a.shown, a.faults)
}
