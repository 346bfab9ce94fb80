//go:build !windows

package steps_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// damages are what can stand in the place of a journal that can't be used.
var damages = map[string]func(t *testing.T, path string){
	"named pipe": func(t *testing.T, path string) {
		inPlaceOf(t, path, func() error { return syscall.Mkfifo(path, 0o600) })
	},
	"link": func(t *testing.T, path string) {
		inPlaceOf(t, path, func() error { return os.Symlink(path+".elsewhere", path) })
	},
	"another name": func(t *testing.T, path string) {
		if err := os.Link(path, path+".elsewhere"); err != nil {
			t.Fatal(err)
		}
	},
	"altered": func(t *testing.T, path string) {
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, []byte(strings.Replace(string(data), `"seq":1`, `"seq":9`, 1)), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	},
	"lock is a named pipe": func(t *testing.T, path string) {
		lock := strings.TrimSuffix(path, ".jsonl") + ".lock"
		inPlaceOf(t, lock, func() error { return syscall.Mkfifo(lock, 0o600) })
	},
	"folder is a link": func(t *testing.T, path string) {
		folder := filepath.Dir(path)
		if err := os.Rename(folder, folder+".elsewhere"); err != nil {
			t.Fatal(err)
		}
		inPlaceOf(t, folder, func() error { return os.Symlink(folder+".elsewhere", folder) })
	},
	"session is a named pipe": func(t *testing.T, path string) {
		session := strings.TrimSuffix(path, ".jsonl") + ".session"
		inPlaceOf(t, session, func() error { return syscall.Mkfifo(session, 0o600) })
	},
	"holder is a named pipe": func(t *testing.T, path string) {
		holder := strings.TrimSuffix(path, ".jsonl") + ".holder"
		inPlaceOf(t, holder, func() error { return syscall.Mkfifo(holder, 0o600) })
	},
}

func inPlaceOf(t *testing.T, path string, make func() error) {
	t.Helper()
	_ = os.Remove(path)
	if err := make(); err != nil {
		t.Fatal(err)
	}
}

// With a journal that can't be used, restore closes the window all the same, says so, and says the way out. So does the next
// start, which opens nothing.
func TestUnusableJournalClosesFirst(t *testing.T) {
	t.Parallel()
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, "business", folder)
				damage(t, filepath.Join(folder, first.tenant.Endpoints().TenantID+".jsonl"))
				r := restoringOn(t, first.tenant, folder)
				f := r.says("off for " + serviceAccount)
				if !strings.Contains(f.Notice.String(), "XDG_STATE_HOME") {
					t.Errorf("the notice is %q", f.Notice)
				}
				if err := r.run.Unwritten(); err != nil {
					t.Errorf("before anything is done: %v", err)
				}
				r.puts(serviceAccount)
				told(t, r.run.Unwritten(), "not in the journal", "XDG_STATE_HOME")
			})
		})
		t.Run(name+", next start", func(t *testing.T) {
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				first := abandoned(t, "fresh", folder)
				damage(t, filepath.Join(folder, first.tenant.Endpoints().TenantID+".jsonl"))
				r := rehearseOn(t, first.tenant, setup{options: func(o *steps.Options) { o.Journal = folder }})
				r.pass(steps.SignIn)
				if f := r.inspect(steps.Check); !strings.Contains(f.Notice.String(), "XDG_STATE_HOME") {
					t.Errorf("%+v", f)
				}
				if err := r.apply(t.Context(), steps.Check); err != nil || r.mfa() != "enforced" {
					t.Errorf("%v, per-user MFA is %s", err, r.mfa())
				}
				_, err := step(steps.Check).Inspect(t.Context(), r.run, r.report)
				told(t, err, "XDG_STATE_HOME")
				r.run.Close()
			})
		})
	}
}

// The window file is a named pipe, or the lock is held by a process that was stopped: per-user MFA is set without waiting
// for either, by the wizard and by the guard.
func TestClosingWaitsForNoDisk(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"guard", "wizard"} {
		for _, file := range []string{".window", ".lock", ".jsonl", ".holder"} {
			t.Run(by+" "+file, func(t *testing.T) {
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					r, w := watched(t, setup{profile: "business"}, folder)
					r.passUntil(steps.RunSetup)
					path := filepath.Join(folder, r.tenant.Endpoints().TenantID+file)
					inPlaceOf(t, path, func() error { return syscall.Mkfifo(path, 0o600) })
					begin := time.Now()
					var closedAfter time.Duration
					watch := r.whenDemanded(t, begin, &closedAfter)
					if by == "wizard" {
						r.closeAtLast(t)
					} else if err := w.kill(r); err != nil {
						t.Fatal(err)
					}
					watch()
					if closedAfter > 3*time.Second {
						t.Errorf("closed after %s", closedAfter)
					}
					t.Logf("closed after %s", closedAfter)
				})
			})
		}
	}
}

// A disk that hangs for good holds nothing up, and it is said that lines are missing.
func TestDiskHangs(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		disk := &hangingDisk{thawed: make(chan struct{})}
		r, w := watched(t, setup{profile: "business", options: func(o *steps.Options) { o.Seams.Disk = disk.before }}, folder)
		r.passUntil(steps.RunSetup)
		disk.hangs.Store(true)
		begin := time.Now()
		var closedAfter time.Duration
		watch := r.whenDemanded(t, begin, &closedAfter)
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.open() || r.excluded() > 0 {
			t.Errorf("%v, open %v, %d exclusions", err, r.open(), r.excluded())
		}
		watch()
		if closedAfter > 3*time.Second {
			t.Errorf("closed after %s", closedAfter)
		}
		if took := time.Since(begin); took > 40*time.Second {
			t.Errorf("the whole closing took %s", took)
		}
		told(t, r.run.Unwritten(), "journal", "XDG_STATE_HOME")
		r.run.Close()
		t.Logf("per-user MFA after %s, everything after %s", closedAfter, time.Since(begin))
		close(disk.thawed)
		w.end()
	})
}

// hangingDisk holds every line of the journal up, once it hangs, until it thaws.
type hangingDisk struct {
	hangs  atomic.Bool
	thawed chan struct{}
}

func (d *hangingDisk) before(appends func(journal.Entry) (journal.Entry, error)) func(journal.Entry) (journal.Entry, error) {
	return func(e journal.Entry) (journal.Entry, error) {
		if d.hangs.Load() {
			<-d.thawed
		}
		return appends(e)
	}
}
