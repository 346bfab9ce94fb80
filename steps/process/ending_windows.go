package process

import (
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// grace is what of the 5 s that Windows gives can be used: after a console was closed
// (https://learn.microsoft.com/windows/console/handlerroutine), and to answer WM_ENDSESSION
// (https://learn.microsoft.com/windows/win32/shutdown/shutting-down, HungAppTimeout).
const grace = 4 * time.Second

// timeLeft is that of a closed console and of an ended session, which both come as SIGTERM (https://pkg.go.dev/os/signal#hdr-Windows).
func timeLeft(s os.Signal) time.Duration {
	if s == syscall.SIGTERM {
		return grace
	}
	return 0
}

// https://learn.microsoft.com/windows/win32/winmsg/windows, https://learn.microsoft.com/windows/win32/shutdown/shutdown-functions
var (
	user32            = windows.NewLazySystemDLL("user32.dll")
	registerClass     = user32.NewProc("RegisterClassExW")
	createWindow      = user32.NewProc("CreateWindowExW")
	destroyWindow     = user32.NewProc("DestroyWindow")
	defaultAnswer     = user32.NewProc("DefWindowProcW")
	getMessage        = user32.NewProc("GetMessageW")
	dispatchMessage   = user32.NewProc("DispatchMessageW")
	postMessage       = user32.NewProc("PostMessageW")
	postQuit          = user32.NewProc("PostQuitMessage")
	blockReasonCreate = user32.NewProc("ShutdownBlockReasonCreate")
)

const (
	wmDestroy         = 0x0002
	wmClose           = 0x0010
	wmQueryEndSession = 0x0011
	wmEndSession      = 0x0016
	wmDeaf            = 0x0400 // WM_USER: ours
)

// windowClass is WNDCLASSEXW.
type windowClass struct {
	size, style                        uint32
	procedure                          uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

// windowMessage is MSG.
type windowMessage struct {
	window         uintptr
	message        uint32
	wParam, lParam uintptr
	time           uint32
	x, y           int32
	private        uint32
}

// className is of the windows, and what the system shows of them while it waits for this program.
const className = "delegate365-onboard"

// heard are what the windows tell, by their handle.
var heard sync.Map

// listener is told once: a second signal would mean that somebody does not want to wait.
type listener struct {
	got  chan<- os.Signal
	once sync.Once
}

// hearSession listens by a top-level window that nobody sees: windows for messages only are not told of a session's end
// (https://learn.microsoft.com/windows/console/setconsolectrlhandler, Remarks). Where there is no desktop, nothing is heard:
// there is no session to be ended either.
func hearSession(got chan<- os.Signal) (deaf func()) {
	made := make(chan uintptr, 1)
	go func() {
		defer func() { _ = recover() }()
		runtime.LockOSThread() // a window belongs to its thread
		defer runtime.UnlockOSThread()
		window := hiddenWindow()
		if window != 0 {
			heard.Store(window, &listener{got: got})
			defer heard.Delete(window)
		}
		made <- window
		var m windowMessage
		for window != 0 {
			if more, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0); int32(more) <= 0 {
				return
			}
			_, _, _ = dispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
		}
	}()
	window := <-made
	return func() {
		if window != 0 {
			_, _, _ = postMessage.Call(window, wmDeaf, 0, 0)
		}
	}
}

var registered = sync.OnceValue(func() bool {
	name, err := windows.UTF16PtrFromString(className)
	if err != nil || user32.Load() != nil {
		return false
	}
	class := windowClass{procedure: windows.NewCallback(answer), name: name}
	class.size = uint32(unsafe.Sizeof(class))
	atom, _, _ := registerClass.Call(uintptr(unsafe.Pointer(&class)))
	return atom != 0
})

func hiddenWindow() uintptr {
	if !registered() {
		return 0
	}
	name, err := windows.UTF16PtrFromString(className)
	if err != nil {
		return 0
	}
	window, _, _ := createWindow.Call(0, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 0, 0, 0, 0, 0)
	return window
}

// answer is the window's procedure. A session's end begins with a question, which is answered with yes, but acted upon at once:
// every program is asked before the first is ended. What comes after is answered late, while this program does what it has to.
func answer(window, message, wParam, lParam uintptr) uintptr {
	switch message {
	case wmQueryEndSession:
		if reason, err := windows.UTF16PtrFromString(phrase.T(BeingPutBack)); err == nil {
			_, _, _ = blockReasonCreate.Call(window, uintptr(unsafe.Pointer(reason)))
		}
		tell(window)
		return 1
	case wmEndSession:
		if wParam != 0 {
			tell(window)
			time.Sleep(grace)
		}
		return 0
	case wmClose: // taskkill
		tell(window)
		return 0
	case wmDeaf:
		_, _, _ = destroyWindow.Call(window)
		return 0
	case wmDestroy:
		_, _, _ = postQuit.Call(0)
		return 0
	}
	said, _, _ := defaultAnswer.Call(window, message, wParam, lParam)
	return said
}

func tell(window uintptr) {
	l, ok := heard.Load(window)
	if !ok {
		return
	}
	l.(*listener).once.Do(func() {
		select {
		case l.(*listener).got <- syscall.SIGTERM:
		default: // there are other signals to be answered yet
		}
	})
}
