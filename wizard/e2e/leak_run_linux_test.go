package e2e_test

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// leakRun is an onboarding whose every trace is collected, on a tenant in this process, which knows every secret.
type leakRun struct {
	*onboarder
	tenant            *simtest.Tenant
	log, state, temp  string
	screen            *screen
	processWatch      *processWatch
	code, onlookedFor int
}

func newLeakRun(t *testing.T, profile, program string, seed int64) *leakRun {
	t.Helper()
	tenant, served := quickly(t, simtenant.Options{Profile: profile, Seed: seed})
	traces := t.TempDir()
	e := &leakRun{
		onboarder: &onboarder{served, copyOf(t, program)}, tenant: tenant,
		log: filepath.Join(traces, "run.log"), state: filepath.Join(traces, "state"), temp: filepath.Join(traces, "temp"),
	}
	for _, folder := range []string{e.state, e.temp} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// environ is the program's, with places of its own for everything that it might leave behind.
func (e *leakRun) environ(more ...string) []string {
	return append([]string{"XDG_STATE_HOME=" + e.state, "TMPDIR=" + e.temp, "HOME=" + e.state, "XDG_CACHE_HOME=" + e.state, "XDG_CONFIG_HOME=" + e.state}, more...)
}

// begin starts the program in a terminal and watches its processes.
func (e *leakRun) begin(environ []string, args ...string) {
	e.t.Helper()
	e.screen = openScreenOf(e.t, e.program, e.environ(environ...), append(args, "--log", e.log)...)
	e.processWatch = watchProcess(e.screen.cmd.Process.Pid)
}

// autopilot plays a whole onboarding, or as much of one as the tenant lets be played within a time.
func (e *leakRun) autopilot(within time.Duration) {
	e.t.Helper()
	e.begin(nil, "demo", "--connect", e.file, "--autopilot", "--pace", "0")
	select {
	case <-e.screen.ended:
	case <-time.After(within):
		e.screen.endBy("kill")
	}
	e.code = e.screen.end()
}

// collect gathers the traces.
func (e *leakRun) collect() traces {
	e.t.Helper()
	seen, processes := e.processWatch.end()
	e.onlookedFor = processes
	h := traces{"processes": seen, "terminal": []byte(e.screen.raw.String()), "frames": []byte(e.screen.frames.String())}
	for _, root := range []string{e.state, e.temp, e.folder(), filepath.Dir(e.log)} {
		e.read(h, root)
	}
	e.bundle(h)
	return h
}

// read adds every file of a folder, and its name.
func (e *leakRun) read(h traces, root string) {
	e.t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil //nolint:nilerr // what is gone again leaves nothing
		}
		data, err := os.ReadFile(path)
		h["file "+path] = append(data, path...)
		return err
	})
	if err != nil {
		e.t.Fatal(err)
	}
}

// bundle adds what a support ticket would get. One that is refused is not there.
func (e *leakRun) bundle(h traces) {
	e.t.Helper()
	path := filepath.Join(e.temp, "bundle.zip")
	cmd := runnable(e.t, e.program, "bundle", "--yes", "--log", e.log, "--journals", e.folder(), "--out", path)
	cmd.Env = append(world(e.t), e.environ()...)
	out, err := cmd.CombinedOutput()
	h["output of bundle"] = out
	if err != nil {
		return
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		e.t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			e.t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			e.t.Fatal(err)
		}
		h["bundle "+f.Name] = data
	}
}

// kinds counts the secrets of a run by what they are.
func kinds(secrets []simtest.Issued) string {
	counts := map[string]int{}
	for _, s := range secrets {
		counts[s.Kind]++
	}
	var out []string
	for kind, n := range counts {
		out = append(out, fmt.Sprintf("%d %s", n, kind))
	}
	slices.Sort(out)
	return fmt.Sprint(out)
}
