package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// sampleEvery is how often the processes of a run are looked at while any is being started on this machine. One that lives shorter
// may be missed.
const (
	sampleEvery   = 5 * time.Millisecond
	startTakes    = 100 * time.Millisecond // until it runs its own program
	restAtLongest = 250 * time.Millisecond
)

// processWatch reads the arguments and the environment of a process and of everything that it starts, as somebody else on the
// machine would.
type processWatch struct {
	mu   sync.Mutex
	seen map[string]string // by process and file
	stop chan struct{}
	done chan struct{}
}

func watchProcess(pid int) *processWatch {
	o := &processWatch{seen: map[string]string{}, stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(o.done)
		newest, started, looked := "", time.Now(), time.Time{}
		for {
			select {
			case <-o.stop:
				return
			case <-time.After(sampleEvery):
			}
			if n := newestProcess(); n != newest {
				newest, started = n, time.Now()
			}
			if time.Since(started) < startTakes || time.Since(looked) > restAtLongest {
				looked = time.Now()
				o.look(pid)
			}
		}
	}()
	return o
}

// newestProcess is the id that a process or a thread was given last, of all on this machine; proc_loadavg(5).
func newestProcess() string {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return time.Now().String()
	}
	return string(load[strings.LastIndexByte(string(load), ' ')+1:])
}

// look takes down a process, and its children.
func (o *processWatch) look(pid int) {
	folder := filepath.Join("/proc", fmt.Sprint(pid))
	for _, name := range []string{"cmdline", "environ"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil && len(text) > 0 {
			o.mu.Lock()
			o.seen[fmt.Sprintf("%d %s %.40q", pid, name, text)] = string(text) // a process that becomes another is two
			o.mu.Unlock()
		}
	}
	lists, err := filepath.Glob(filepath.Join(folder, "task", "*", "children"))
	if err != nil {
		return
	}
	for _, list := range lists {
		children, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for child := range strings.FieldsSeq(string(children)) {
			var id int
			if _, err := fmt.Sscan(child, &id); err == nil {
				o.look(id)
			}
		}
	}
}

// end stops looking. It returns all that was seen, and of how many processes.
func (o *processWatch) end() (all []byte, processes int) {
	close(o.stop)
	<-o.done
	ids := map[string]bool{}
	for key, text := range o.seen {
		id, _, _ := strings.Cut(key, " ")
		ids[id] = true
		all = append(all, text...)
		all = append(all, '\n')
	}
	return all, len(ids)
}
