package guard

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The test's own binary plays three parts: the test, a wizard in job objects, and the guard that this one starts.
const inJob, asGuard = "-test.run=^TestWizardInJob$", "-test.run=^TestGuardInJob$"

// TestWizardInJob starts a guard as Start does, says its process id and what Foresee says of it, and stays.
func TestWizardInJob(t *testing.T) {
	if os.Getenv("DELEGATE365_TEST_JOB") == "" {
		t.Skip("it is a part of TestJobs")
	}
	p, err := Running()
	if err != nil {
		t.Fatal(err)
	}
	job := Foresee(t.Context(), p, asGuard)
	c, err := launch(p, []string{asGuard})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(os.Stdout, "guard %d %d\n", c.process.Pid, job)
	select {}
}

// TestGuardInJob answers as a guard without an order does, and outlives its wizard.
func TestGuardInJob(t *testing.T) {
	if len(os.Args) < 2 || os.Args[len(os.Args)-1] != asGuard || os.Getenv("DELEGATE365_TEST_JOB") != "" {
		t.Skip("it is a part of TestJobs")
	}
	_ = Serve(t.Context(), os.Stdin, os.Stdout, nil)
	time.Sleep(time.Minute)
}

const (
	kills     = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	letsOut   = windows.JOB_OBJECT_LIMIT_BREAKAWAY_OK
	putsOut   = windows.JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK
	noLimit   = 0
	stillHere = uint32(windows.WAIT_TIMEOUT)
)

// A guard outlives the job of its wizard where the job lets it out; else it is known before that it does not.
func TestJobs(t *testing.T) {
	told := limitsAreTold()
	for name, c := range map[string]struct {
		jobs     []uint32 // the outermost first
		outlives bool
		known    Job // where the system tells the limits
	}{
		"none":                               {outlives: true, known: NoJob},
		"kills, and lets out":                {[]uint32{kills | letsOut}, true, NoJob},
		"kills, and puts out":                {[]uint32{kills | putsOut}, true, NoJob},
		"kills":                              {[]uint32{kills}, false, KillingJob},
		"lets out, in one that kills":        {[]uint32{kills, kills | letsOut}, false, KillingJob},
		"kills, in one that lets out":        {[]uint32{kills | letsOut, kills}, false, KillingJob},
		"both let out":                       {[]uint32{kills | letsOut, kills | letsOut}, true, NoJob},
		"goes on, as the job of a runner is": {[]uint32{noLimit}, true, OwnedJob},
	} {
		t.Run(name, func(t *testing.T) {
			w := startInJobs(t, c.jobs)
			known := c.known
			if ownJob() != NoJob && known != KillingJob {
				t.Skip("these tests are in a job themselves")
			}
			if !told && known != NoJob {
				known = UnreadJob
			}
			if w.foresees != known {
				t.Errorf("it foresees %d, want %d", w.foresees, known)
			}
			w.close()
			state, err := windows.WaitForSingleObject(w.guard, 2000)
			if alive := state == stillHere; err != nil || alive != c.outlives {
				t.Errorf("it lives on: %t, want %t (%v)", alive, c.outlives, err)
			}
			_ = windows.TerminateProcess(w.guard, 1)
		})
	}
}

// jobbed is a wizard in job objects, with the guard that it has started.
type jobbed struct {
	jobs     []windows.Handle
	process  *os.Process
	guard    windows.Handle
	foresees Job
}

// close closes the jobs as their owner's end does, and ends the wizard where they did not.
func (w *jobbed) close() {
	for _, job := range w.jobs {
		_ = windows.CloseHandle(job)
	}
	_ = w.process.Kill()
}

func startInJobs(t *testing.T, limits []uint32) *jobbed {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, inJob) //nolint:noctx // it is ended by its job
	cmd.Env = append(os.Environ(), "DELEGATE365_TEST_JOB=1")
	cmd.SysProcAttr = &windows.SysProcAttr{CreationFlags: windows.CREATE_SUSPENDED}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w := &jobbed{process: cmd.Process}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for _, limit := range limits {
		w.jobs = append(w.jobs, newJob(t, limit, cmd.Process.Pid))
	}
	resume(t, uint32(cmd.Process.Pid))
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var pid uint32
		if n, _ := fmt.Sscanf(lines.Text(), "guard %d %d", &pid, &w.foresees); n == 2 {
			if w.guard, err = windows.OpenProcess(windows.SYNCHRONIZE|windows.PROCESS_TERMINATE, false, pid); err != nil {
				t.Fatal(err)
			}
			return w
		}
	}
	t.Fatal("it started no guard")
	return nil
}

func newJob(t *testing.T, limits uint32, pid int) windows.Handle {
	t.Helper()
	job, err := windows.CreateJobObject(nil, nil)
	if err == nil {
		err = limitJob(job, limits)
	}
	if err != nil {
		t.Fatal(err)
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(process) //nolint:errcheck // only used here
	if err := windows.AssignProcessToJobObject(job, process); err != nil {
		t.Fatal(err)
	}
	return job
}

// resume lets a process run that was started suspended.
func resume(t *testing.T, pid uint32) {
	t.Helper()
	all, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPTHREAD, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(all) //nolint:errcheck // it was only read
	entry := windows.ThreadEntry32{Size: uint32(unsafe.Sizeof(windows.ThreadEntry32{}))}
	for err = windows.Thread32First(all, &entry); err == nil; err = windows.Thread32Next(all, &entry) {
		if entry.OwnerProcessID != pid {
			continue
		}
		thread, err := windows.OpenThread(windows.THREAD_SUSPEND_RESUME, false, entry.ThreadID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := windows.ResumeThread(thread); err != nil {
			t.Fatal(err)
		}
		_ = windows.CloseHandle(thread)
		return
	}
	t.Fatal("it has no thread: " + strings.TrimSpace(strconv.Itoa(int(pid))))
}
