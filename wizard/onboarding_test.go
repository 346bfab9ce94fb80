package wizard

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// Frames show times of day in the operator's zone; golden files are in UTC.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	if os.Getenv(inGerman) != "" {
		phrase.Speak(phrase.German)
	}
	os.Exit(simtest.Main(m))
}

// fewer are these of all in the fast set, and else all.
func fewer(t *testing.T, all []string, these ...string) []string {
	t.Helper()
	for _, name := range these {
		if !slices.Contains(all, name) {
			t.Errorf("there is no %q", name)
		}
	}
	if testing.Short() {
		return these
	}
	return all
}

// fewerUpTo are the numbers below one, and in the fast set each third of them.
func fewerUpTo(n int) (some []int) {
	by := 1
	if testing.Short() {
		by = 3
	}
	for i := 0; i < n; i += by {
		some = append(some, i)
	}
	return some
}

// rehearser is the simulated person with the welcome mail at hand.
type rehearser struct {
	*simtenant.Person
	mail string
}

func (p rehearser) Play(ctx context.Context, part string, with map[string]string) (string, error) {
	if part == steps.PartWelcomeMail {
		return p.mail, nil
	}
	return p.Person.Play(ctx, part, with)
}

// TestOnboardingFrames walks the real steps on each simulated tenant, as an operator does who presses Enter and plays
// each part, and holds every screen on the way against the rules at every size and its golden file.
func TestOnboardingFrames(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "business", "half-done"} {
		t.Run(profile, func(t *testing.T) {
			seen := map[string]string{}
			walkReal(t, profile, steps.Options{}, func(d *driver, name string) {
				view := holdFrame(t, d, filepath.Join("onboarding-"+profile, name))
				if before, twice := seen[name]; twice && before != view {
					t.Errorf("two screens are named %s: tell them apart in place\n%s\n%s", name, before, view)
				}
				seen[name] = view
			})
		})
	}
}

// The findings that stop an onboarding, on the real steps.
func TestBlockedFrames(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]steps.Options{
		"taken":   {Account: "delegate365@contoso.com"},
		"deleted": {Account: "old.service@contoso.com"},
		"foreign": {Portal: "https://delegate365.example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			seen := false
			walkReal(t, "fresh", o, func(d *driver, _ string) {
				if f := d.m.current().Found; seen || f == nil || f.Status != steps.Blocked {
					return
				}
				seen = true
				holdFrame(t, d, "blocked-"+name)
			})
			if !seen {
				t.Error("nothing blocked")
			}
		})
	}
}

// holdFrame holds a screen of a walk against the rules at every size, and at 80x24 against its golden file as well. It
// returns the frame at 80x24 and leaves the window at that size.
func holdFrame(t *testing.T, d *driver, folder string) string {
	t.Helper()
	for _, size := range sizes {
		d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
		checkFrame(t, d.m)
	}
	d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	view := steady(d.view())
	golden(t, filepath.Join("testdata", folder, "80x24.txt"), view)
	return view
}

// steady takes out of a frame what differs from run to run: the codes and ids that sign-in makes up, and how far the spinner
// has turned where two things happened at the same instant.
func steady(view string) string {
	view = spinner.ReplaceAllString(view, "/ $1")
	return deviceCode.ReplaceAllStringFunc(view, func(found string) string { return strings.Repeat("X", len(found)) })
}

var spinner = regexp.MustCompile(`[|/\\-] ([A-Z][a-zA-Z ]+ · \d\d:\d\d)`)

var deviceCode = regexp.MustCompile(`\b(?:[A-Z0-9] ){8}[A-Z0-9]\b|\b[A-HJ-NP-Z2-9]{9}\b`)

// walkReal shows each new screen of an onboarding, under a name made of its step and state.
func walkReal(t *testing.T, profile string, o steps.Options, show func(d *driver, name string)) {
	t.Helper()
	onReal(t, profile, o, func(d *driver) { d.walk(show) })
}

// onReal opens the wizard on a simulated tenant. Of the options the tenant is filled in, unless it is to be asked for.
func onReal(t *testing.T, profile string, o steps.Options, use func(d *driver)) {
	t.Helper()
	onSteps(t, profile, o, Options{Steps: steps.All()}, use)
}

// onSteps is onReal with other steps than those of the onboarding.
func onSteps(t *testing.T, profile string, o steps.Options, w Options, use func(d *driver)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tenant, err := simtest.New(simtenant.Options{Profile: profile, German: phrase.Spoken() == phrase.German})
		if err != nil {
			t.Fatal(err)
		}
		ep := tenant.Endpoints()
		o.Cloud = graph.Cloud{
			Name: "simulated", Authority: ep.Authority, Graph: ep.Graph, Portal: ep.Portal, Account: ep.Portal,
			SecurityInfo: ep.Portal + "/security-info", Delegate365: ep.Delegate365, Custom: true,
		}
		o.DeviceCode, o.Transport = true, tenant.Transport()
		switch o.Tenant {
		case "":
			o.Tenant = ep.TenantID
		case askedFor:
			o.Tenant = ""
		}
		o.Person = rehearser{tenant.NewPerson(&http.Client{Transport: reading(tenant.Transport())}, ep), string(tenant.WelcomeMail(ep.Delegate365))}
		run, err := steps.NewRun(o)
		if err != nil {
			t.Fatal(err)
		}
		w.Run = run
		m := newModel(w, run)
		d := &driver{t: t, m: m, msgs: make(chan tea.Msg), done: make(chan struct{})}
		defer func() {
			m.jobs.life.stop()
			close(d.done)
			synctest.Wait()
		}()
		d.start(m.Init())
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		use(d)
	})
}

// askedFor leaves the tenant open.
const askedFor = "asked for"

// Without --tenant the first screen asks for the customer's domain.
func TestDomainFieldFrame(t *testing.T) {
	t.Parallel()
	onReal(t, "fresh", steps.Options{Tenant: askedFor}, func(d *driver) {
		d.wait(2 * time.Second)
		view := holdFrame(t, d, "sign-in-domain")
		if !strings.Contains(view, "omain") || !d.m.focus().typing() {
			t.Errorf("nothing asks for the domain:\n%s", view)
		}
	})
}

// walk presses on until the program quits, a step blocks, or nothing new comes for a long time.
func (d *driver) walk(show func(d *driver, name string)) {
	d.t.Helper()
	before, idle := "", 0
	for !d.quit && idle < 200 {
		d.wait(2 * time.Second)
		if idle++; d.m.clock.busy(d.m) && d.m.task() == nil {
			continue
		}
		what := d.place()
		if what != before {
			before, idle = what, 0
			show(d, what)
		}
		f := d.m.current().Found
		switch {
		case d.m.flow.walk.State == walker.Found && f != nil && f.Status == steps.Blocked:
			return
		case d.m.rehearsal.playable(d.m) && !strings.Contains(d.m.note, "part was played"):
			if d.m.focus().typing() {
				d.press("shift+tab")
			}
			d.press("p")
		case d.m.task() != nil && d.m.rehearsal.beingRead(d.m, d.m.task()) && !strings.Contains(d.m.note, "part was played"):
			// what came of it is waited for
		case d.m.flow.walk.State == walker.Found:
			d.press("enter")
		}
	}
	if !d.quit {
		d.t.Fatalf("the onboarding does not come to its end:\n%s", d.view())
	}
}

// until plays each part and presses Enter until something is seen.
func (d *driver) until(seen func() bool) {
	d.t.Helper()
	for range 400 {
		if d.wait(2 * time.Second); seen() {
			return
		}
		switch {
		case d.m.rehearsal.playable(d.m):
			d.press("p")
		case d.m.flow.walk.State == walker.Found:
			d.press("enter")
		}
	}
	d.t.Fatalf("it is not seen:\n%s", d.view())
}

// place names the screen: its step, what the program does with it, and how the step stands. A step that puts back what
// an earlier run left open has other screens than in its turn.
func (d *driver) place() string {
	s := d.m.current()
	name := string(s.Info.ID)
	if open, yes := d.m.run.Exposure(); yes && open.Found {
		name += "-left-open"
	}
	if name == string(steps.Check) && s.Found != nil && s.Found.Status == steps.Ready && d.m.flow.walk.State == walker.Found {
		switch {
		case len(s.Found.Sections) > 0 && s.Found.Sections[0].Title == "Plan":
			return name + "-plan"
		case s.Found.Actions[0].ID == steps.ActApply:
			return name + "-consent"
		}
	}
	switch {
	case d.m.task() != nil && d.m.task().Part != "":
		return name + "-" + d.m.task().Part
	case d.m.flow.walk.State == walker.Applying:
		return name + "-applying"
	case d.m.flow.walk.State != walker.Found || s.Found == nil:
		return name + "-reading"
	}
	return name + "-" + [...]string{"done", "ready", "waiting", "blocked", "not-needed"}[s.Found.Status]
}
