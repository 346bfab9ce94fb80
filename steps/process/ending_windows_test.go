package process

import (
	"os"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	findWindow  = user32.NewProc("FindWindowW")
	sendMessage = user32.NewProc("SendMessageW")
)

// windowOf is the window that listens for a channel, or 0 where there is no desktop.
func windowOf(t *testing.T, got chan<- os.Signal) (window uintptr) {
	t.Helper()
	heard.Range(func(handle, l any) bool {
		if l.(*listener).got == got {
			window = handle.(uintptr)
		}
		return window == 0
	})
	name, err := windows.UTF16PtrFromString(className)
	if err != nil {
		t.Fatal(err)
	}
	if top, _, _ := findWindow.Call(uintptr(unsafe.Pointer(name)), 0); window != 0 && top == 0 {
		t.Fatal("it is no top-level window")
	}
	return window
}

// What Windows sends to every top-level window is heard, as the signal that a closed console is.
func TestSessionEnds(t *testing.T) {
	for name, message := range map[string]uintptr{"logoff or shutdown": wmQueryEndSession, "taskkill": wmClose} {
		t.Run(name, func(t *testing.T) {
			got := make(chan os.Signal, 2)
			stop := Notify(got, os.Interrupt)
			defer stop()
			window := windowOf(t, got)
			if window == 0 {
				t.Skip("there is no desktop")
			}
			said, _, _ := sendMessage.Call(window, message, 0, 0)
			if message == wmQueryEndSession && said != 1 {
				t.Error("it refuses the end of the session")
			}
			if s := <-got; s != syscall.SIGTERM || TimeLeft(s) != grace {
				t.Errorf("it hears %s, with %s left", s, TimeLeft(s))
			}
			if _, _, _ = sendMessage.Call(window, message, 0, 0); len(got) > 0 {
				t.Error("it hears it twice")
			}
		})
	}
}

// A logoff that another program has refused is none.
func TestSessionGoesOn(t *testing.T) {
	got := make(chan os.Signal, 1)
	defer Notify(got, os.Interrupt)()
	window := windowOf(t, got)
	if window == 0 {
		t.Skip("there is no desktop")
	}
	_, _, _ = sendMessage.Call(window, wmEndSession, 0, 0)
	if len(got) > 0 {
		t.Errorf("it hears %s", <-got)
	}
}
