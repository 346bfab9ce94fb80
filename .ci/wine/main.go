// Command wine runs the Windows build under Wine: whole onboardings, the other commands, kills in the exposure window, and a
// search for every secret. The simulated tenants run in this process, and are asked from outside what became of them.
//
//	go run ./.ci/wine         a sample
//	go run ./.ci/wine -all    every profile and every way to be killed
//
// It needs wine64, gcc-mingw-w64-x86-64 and tmux of Debian (.ci/packages). What is Wine's own is not counted: a demo leaves
// its folders in Temp, because Wine 8 knows no FileDispositionInformationEx, and a full screen is not drawn as on Windows.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// trial is one thing that is tried.
type trial struct {
	name   string
	sample bool // it is part of the sample
	do     func(*yard) error
}

func main() {
	all := flag.Bool("all", false, "everything, and not only a sample")
	only := flag.String("run", "", "only what has this in its name")
	built := flag.String("program", "", "try this program, and build none")
	flag.Parse()
	began := time.Now()
	y, err := open(*built)
	if err != nil {
		fmt.Fprintln(os.Stderr, "wine:", err)
		os.Exit(1)
	}
	fmt.Printf("ready after %.0f s\n", time.Since(began).Seconds())
	list := slices.DeleteFunc(trials(), func(t trial) bool { return !(*all || t.sample) || !strings.Contains(t.name, *only) })
	failed := y.run(list)
	y.close()
	fmt.Printf("\n%d of %d hold; killed %d, open %d; searched %d bytes of %d processes for %d secrets, %d found; %.0f s\n",
		len(list)-failed, len(list), y.killed, y.open, y.searched, y.processes, y.secrets, y.found, time.Since(began).Seconds())
	if failed > 0 || len(list) == 0 || y.open > 0 || y.found > 0 {
		os.Exit(1)
	}
}

// atOnce is how many run beside each other: they mostly wait for the demonstration's own pauses.
const atOnce = 5

func (y *yard) run(list []trial) (failed int) {
	var running sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for _, t := range list {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			began := time.Now()
			err := t.do(y)
			y.mu.Lock()
			defer y.mu.Unlock()
			if err != nil {
				failed++
				fmt.Printf("FAIL %5.1f s  %s: %v\n", time.Since(began).Seconds(), t.name, err)
				return
			}
			fmt.Printf("ok   %5.1f s  %s\n", time.Since(began).Seconds(), t.name)
		})
	}
	running.Wait()
	return failed
}

func trials() []trial {
	list := []trial{
		{"onboarding business", false, onboard("business")},
		{"onboarding half-done", false, onboard("half-done")},
		{"onboarding migrated", false, onboard("migrated")},
		{"onboarding taken", false, onboard("taken")},
		{"onboarding security-defaults", true, onboard("security-defaults")},
		{"onboarding federated", false, onboard("federated")},
		{"onboarding fresh", true, onboard("fresh")},
		{"check", true, check},
		{"full screen", true, fullScreen},
		{"kill by TerminateProcess", true, killed(byTerminate)},
		{"kill by console close", true, killed(byConsole)},
		{"kill by Ctrl+C", false, killed(byInterrupt)},
		{"kill by job that lets out", true, killed(byJob)},
		{"job that lets nothing out, nobody decides", false, undecided},
		{"job that lets nothing out, accepted", false, accepted},
		{"restore", false, restore},
		{"two wizards", true, two},
		{"long paths", false, longPaths},
	}
	for _, room := range []string{"steps/guard", "steps/process", "wizard/clipboard", "wizard/browser", "graph/secret"} {
		list = append(list, trial{"tests of " + room, room == "steps/process", testsOf(room)})
	}
	return list
}
