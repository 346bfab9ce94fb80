package e2e_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/rehearsal"
)

// The demonstration in the README is a rehearsal that plays itself. It is recorded by .github/demo/record.

var (
	demoRecord = flag.Bool("demo.record", false, "record the demonstration of the README anew")
	demoPace   = flag.Duration("demo.pace", 100*time.Millisecond, "between the keys of the recording")
)

const demonstration = "../../.github/demo"

// demoHead is the terminal of the recording: as wide as the frame with its rail needs.
var demoHead = castHead{
	Version: 2, Width: 100, Height: 30, Title: "delegate365-onboard demo --profile business --autopilot",
	Env: map[string]string{"TERM": "xterm-256color", "SHELL": "/bin/sh"},
}

// The demonstration shows every step with its caption, the clock of the exposure window, and the end; and the recording in
// the README still shows what a new one would.
func TestDemonstration(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no pty on Windows")
	}
	t.Parallel()
	began := time.Now()
	fresh := record(t, demoHead, "demo", "--profile", "business", "--autopilot", "--pace", demoPace.String())
	t.Logf("recorded %d events in %.1f s", len(fresh.events), time.Since(began).Seconds())
	fresh.demonstrates(t)
	if *demoRecord {
		fresh.write(t, filepath.Join(demonstration, "onboarding.cast"))
		fresh.draw(t, filepath.Join(demonstration, "onboarding.svg"))
	}
	committed := readCast(t, filepath.Join(demonstration, "onboarding.cast"))
	committed.demonstrates(t)
	if t.Failed() {
		t.Log("record it again with .github/demo/record")
	}
}

var windowClock = regexp.MustCompile(`MFA OFF \d\d:\d\d of 30:00`)

// demonstrates fails the test where the cast leaves out what a demonstration has to show.
func (c cast) demonstrates(t *testing.T) {
	t.Helper()
	var want, seen []string
	clock, end := false, false
	all := steps.All()
	for _, step := range all {
		want = append(want, step.Info().Title)
	}
	c.play(func(_ time.Duration, screen string, _ *emulator) {
		said := strings.ReplaceAll(screen, "│ ", "")
		for i, step := range all {
			info := step.Info()
			place := fmt.Sprintf("%d of %d", i+1, len(all))
			caption := rehearsal.Caption(info.ID)
			if caption != "" && strings.Contains(screen, place) && strings.Contains(said, caption) && !slices.Contains(seen, info.Title) {
				seen = append(seen, info.Title)
			}
		}
		clock = clock || windowClock.MatchString(screen)
		end = end || strings.Contains(screen, "The onboarding is finished.")
	})
	if !slices.Equal(seen, want) {
		t.Errorf("the captions shown are those of %q, not of %q", seen, want)
	}
	if !clock || !end {
		t.Errorf("the clock of the exposure window is shown: %t; the end: %t", clock, end)
	}
}
