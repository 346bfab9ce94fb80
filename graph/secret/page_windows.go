package secret

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// keep copies a secret into pages of its own, which are not written to the page file
// (https://learn.microsoft.com/windows/win32/api/memoryapi/nf-memoryapi-virtuallock). Where the system refuses they are
// ordinary memory; free gives them back.
func keep(s string) (b []byte, free func()) {
	size := uintptr(len(s))
	at, err := windows.VirtualAlloc(0, size, windows.MEM_COMMIT|windows.MEM_RESERVE, windows.PAGE_READWRITE)
	if err != nil {
		return []byte(s), func() {}
	}
	_ = windows.VirtualLock(at, size)
	page := unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), len(s)) // the address is the system's, not the runtime's
	copy(page, s)
	return page, func() {
		clear(page)
		_ = windows.VirtualFree(at, 0, windows.MEM_RELEASE)
	}
}
