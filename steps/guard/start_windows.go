package guard

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// detached is a process without the wizard's console, and deaf to its Ctrl+C
// (https://learn.microsoft.com/windows/win32/procthread/process-creation-flags).
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
}
