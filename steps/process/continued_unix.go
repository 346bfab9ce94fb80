//go:build !windows

package process

import (
	"os"
	"os/signal"
	"syscall"
)

// Continued calls then, one call after the other, whenever this process goes on after it was stopped: the shell has given the
// terminal other modes meanwhile. What it returns ends it.
func Continued(then func()) (stop func()) {
	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGCONT)
	go func() {
		defer func() { _ = recover() }()
		for range got {
			then()
		}
	}()
	return func() { signal.Stop(got); close(got) }
}
