package guard

import (
	"errors"
	"syscall"

	"golang.org/x/sys/windows"
)

// detached is a process without the wizard's console, deaf to its Ctrl+C, and outside of the job objects that the wizard is
// in, or else within them: CreateProcess is refused where a job lets nothing out
// (https://learn.microsoft.com/windows/win32/procthread/process-creation-flags).
func detached() []*syscall.SysProcAttr {
	const alone = windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP
	return []*syscall.SysProcAttr{
		{HideWindow: true, CreationFlags: alone | windows.CREATE_BREAKAWAY_FROM_JOB},
		{HideWindow: true, CreationFlags: alone},
	}
}

// notLetOut reports that a job object may have refused to let a process out.
func notLetOut(err error) bool { return errors.Is(err, windows.ERROR_ACCESS_DENIED) }
