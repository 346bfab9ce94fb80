package e2e_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// The exposure window always closes: an onboarding is killed at every line of its journal, in every way there is, and
// the tenant is asked what became of it, and whether its reports say so.

var (
	killAll      = flag.Bool("kill.all", false, "kill at every line in every way, some 200 times; wants -timeout 0")
	killPoints   = flag.String("kill.points", "", "kill only at these points, as in fresh:7:kill,business:12:term")
	killSeed     = flag.Uint64("kill.seed", 365, "kill at the points of another sample")
	killParallel = flag.Int("kill.parallel", 12, "onboardings of one profile at the same time; they mostly wait")
)

// ways to kill a program.
var ways = []string{"int", "term", "hup", "kill", "close"}

// killed are the profiles that are sampled. What is said of their journals is checked beside the kills, which need not wait for it.
var killed = map[string]struct {
	rounds         int // how often a sample kills in each way; of those by kill, all but one are inside the window
	lines          int // of the journal of an onboarding that nobody kills
	opened, closed int // the lines that open and close the window
}{
	"fresh":      {rounds: 6, lines: 23, opened: 6, closed: 12},
	"business":   {rounds: 2, lines: 34, opened: 6, closed: 23},
	"privileged": {rounds: 2, lines: 34, opened: 6, closed: 23},
}

// point is where and how an onboarding is killed.
type point struct {
	profile string
	line    int // of the journal, from 1
	way     string
}

func (p point) String() string { return fmt.Sprintf("%s:%d:%s", p.profile, p.line, p.way) }

func parsePoint(text string) (point, error) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 || killed[parts[0]].lines == 0 || !slices.Contains(ways, parts[2]) {
		return point{}, fmt.Errorf("%q is no point: one is fresh:7:kill", text)
	}
	line, err := strconv.Atoi(parts[1])
	return point{parts[0], line, parts[2]}, err
}

func TestKillMatrix(t *testing.T) {
	switch {
	case runtime.GOOS == "windows":
		t.Skip("Windows has no pty, and ends a process without asking it")
	case testing.Short():
		t.Skip("it takes minutes")
	}
	t.Parallel()
	m := &matrix{T: t, free: map[string]chan struct{}{}}
	for profile := range killed {
		m.free[profile] = make(chan struct{}, *killParallel)
	}
	if *killPoints != "" {
		for text := range strings.SplitSeq(*killPoints, ",") {
			p, err := parsePoint(text)
			if err != nil {
				t.Fatal(err)
			}
			m.kill(p)
		}
	} else {
		t.Logf("the sample is that of -kill.seed %d", *killSeed)
		for profile := range killed {
			m.running.Go(func() { m.profile(profile) })
		}
	}
	m.running.Wait()
	t.Logf("killed %d, open %d", m.killed, m.open)
	t.Logf("reports %d, false %d", m.reports, m.wrong)
	if m.killed == 0 {
		t.Error("nothing was killed")
	}
	for _, program := range m.programs {
		if left := processes(t, program); len(left) > 0 {
			t.Errorf("processes are left: %v", left)
		}
	}
}

// matrix runs points beside each other.
type matrix struct {
	*testing.T
	running sync.WaitGroup
	free    map[string]chan struct{} // by profile

	mu             sync.Mutex
	programs       []string // of those that were killed
	killed, open   int
	reports, wrong int
}

// profile kills onboardings, and measures one that nobody kills.
func (m *matrix) profile(profile string) {
	points := sample(profile)
	if *killAll {
		points = every(profile)
	}
	for _, p := range points {
		m.kill(p)
	}
	m.run(profile, profile+" uninterrupted", func(t *testing.T) {
		entries, said := uninterrupted(t, profile), killed[profile]
		if opened, closed := windowLines(entries); len(entries) != said.lines || opened != said.opened || closed != said.closed {
			t.Errorf("its journal has %d lines, and the window is open from line %d to line %d: killed has %+v", len(entries), opened, closed, said)
		}
	})
}

func (m *matrix) kill(p point) {
	m.running.Go(func() {
		m.run(p.profile, p.String(), func(t *testing.T) {
			f := &killTrial{point: p, open: true}
			defer func() {
				m.mu.Lock()
				defer m.mu.Unlock()
				m.killed++
				if f.program != "" {
					m.programs = append(m.programs, f.program)
				}
				m.reports += f.reports
				m.wrong += f.wrong
				if f.open {
					m.open++
				}
			}()
			f.play(t)
		})
	})
}

func (m *matrix) run(profile, name string, test func(*testing.T)) {
	m.free[profile] <- struct{}{}
	defer func() { <-m.free[profile] }()
	m.Run(name, test)
}

func every(profile string) (points []point) {
	for line := range killed[profile].lines {
		for _, way := range ways {
			points = append(points, point{profile, line + 1, way})
		}
	}
	return points
}

// sample deals the lines of a profile out to the ways, so that as many lines as possible have their turn.
func sample(profile string) (points []point) {
	k := killed[profile]
	r := rand.New(rand.NewPCG(*killSeed, uint64(len(profile))))
	var lines []int
	deal := func() int {
		if len(lines) == 0 {
			lines = r.Perm(k.lines)
		}
		line := lines[0] + 1
		lines = lines[1:]
		return line
	}
	window := r.Perm(k.closed - k.opened)
	for _, way := range ways {
		for i := range k.rounds {
			line := deal()
			if way == "kill" && i > 0 {
				line = k.opened + window[i%len(window)]
			}
			points = append(points, point{profile, line, way})
		}
	}
	return points
}

// windowLines are the numbers of the lines that open the window and close it.
func windowLines(entries []journal.Entry) (opened, closed int) {
	for _, e := range entries {
		switch {
		case e.Kind == journal.KindWindowOpened && opened == 0:
			opened = e.Seq
		case e.Kind == journal.KindWindowClosed:
			closed = e.Seq
		}
	}
	return opened, closed
}

// closesWhenKilled kills the wizard, and sees the window closed and nothing left of the program.
func (o *onboarder) closesWhenKilled(s *screen) {
	o.t.Helper()
	if why, open := (&windowMonitor{servedTenant: o.servedTenant}).open(); !open {
		o.t.Fatalf("the window is not open: %s", why)
	}
	killed := time.Now()
	s.endBy("kill")
	s.end()
	f := killTrial{point: point{profile: "fresh", way: "kill"}, open: true}
	closed, why := f.watch(o, s, killed)
	o.t.Logf("killed 1, open 0: closed after %d ms, gone after %d ms: %s", closed.Milliseconds(), time.Since(killed).Milliseconds(), why)
}
