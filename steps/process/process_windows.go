package process

import "golang.org/x/sys/windows"

// seal keeps Windows from showing a crash dialogue, which offers to send a dump
// (https://learn.microsoft.com/windows/win32/api/errhandlingapi/nf-errhandlingapi-seterrormode).
func seal() { windows.SetErrorMode(windows.SEM_NOGPFAULTERRORBOX | windows.SEM_FAILCRITICALERRORS) }
