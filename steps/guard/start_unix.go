//go:build !windows

package guard

import "syscall"

// detached is a session of its own: no hang-up or interrupt of the wizard's terminal reaches it. It is also a process group of
// its own, so that launchd, which ends the group of a job that has ended, leaves it alone (AbandonProcessGroup in
// https://keith.github.io/xcode-man-pages/launchd.plist.5.html).
func detached() []*syscall.SysProcAttr { return []*syscall.SysProcAttr{{Setsid: true}} }

func notLetOut(error) bool { return false }
