package clipboard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// https://learn.microsoft.com/windows/win32/dataxchg/clipboard-functions
var (
	user32                     = windows.NewLazySystemDLL("user32.dll")
	kernel32                   = windows.NewLazySystemDLL("kernel32.dll")
	openClipboard              = user32.NewProc("OpenClipboard")
	closeClipboard             = user32.NewProc("CloseClipboard")
	emptyClipboard             = user32.NewProc("EmptyClipboard")
	getClipboardData           = user32.NewProc("GetClipboardData")
	setClipboardData           = user32.NewProc("SetClipboardData")
	isClipboardFormatAvailable = user32.NewProc("IsClipboardFormatAvailable")
	registerClipboardFormat    = user32.NewProc("RegisterClipboardFormatW")
	globalAlloc                = kernel32.NewProc("GlobalAlloc")
	globalFree                 = kernel32.NewProc("GlobalFree")
	globalLock                 = kernel32.NewProc("GlobalLock")
	globalUnlock               = kernel32.NewProc("GlobalUnlock")
	globalSize                 = kernel32.NewProc("GlobalSize")
)

const (
	cfUnicodeText = 13
	gmemMoveable  = 2
	// busy is how long another program is left alone with the clipboard before it is tried again.
	busy = 10 * time.Millisecond
)

// win32 is the clipboard of Windows.
type win32 struct{}

// system are the clipboards of this machine.
func system(func(string) string) []way { return []way{win32{}} }

func (win32) name() string { return phrase.T("the Windows clipboard") }

// with does something while no other program can use the clipboard.
func (win32) with(ctx context.Context, do func() error) error {
	// The clipboard belongs to the thread that has opened it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for {
		ok, _, err := openClipboard.Call(0)
		if ok != 0 {
			break
		}
		select {
		case <-time.After(busy):
		case <-ctx.Done():
			return fmt.Errorf("open the clipboard: %w", errors.Join(ctx.Err(), err))
		}
	}
	defer closeClipboard.Call() //nolint:errcheck // there is nothing to be done about it
	return do()
}

func (w win32) put(ctx context.Context, text []byte) (placing, error) {
	return placing{unrecorded: true}, w.with(ctx, func() error {
		if ok, _, err := emptyClipboard.Call(); ok == 0 {
			return fmt.Errorf("empty the clipboard: %w", err)
		}
		// The marks first: a value without them must never be there.
		for _, name := range []string{excludeFromMonitors, includeInHistory, uploadToCloud} {
			p, err := windows.UTF16PtrFromString(name)
			if err != nil {
				return err
			}
			format, _, err := registerClipboardFormat.Call(uintptr(unsafe.Pointer(p)))
			if format == 0 {
				return fmt.Errorf("register a clipboard format: %w", err)
			}
			if err := set(format, make([]byte, 4)); err != nil {
				return err
			}
		}
		wide := append(utf16.Encode([]rune(string(text))), 0)
		defer clear(wide)
		return set(cfUnicodeText, unsafe.Slice((*byte)(unsafe.Pointer(&wide[0])), 2*len(wide)))
	})
}

// set gives data to the clipboard in one format.
func set(format uintptr, data []byte) error {
	memory, _, err := globalAlloc.Call(gmemMoveable, uintptr(len(data)))
	if memory == 0 {
		return fmt.Errorf("allocate for the clipboard: %w", err)
	}
	p, _, err := globalLock.Call(memory)
	if p == 0 {
		globalFree.Call(memory) //nolint:errcheck // the first error is the one that matters
		return fmt.Errorf("lock what is for the clipboard: %w", err)
	}
	copy(unsafe.Slice((*byte)(at(p)), len(data)), data)
	globalUnlock.Call(memory) //nolint:errcheck // it answers 0 both when it has worked and when it has not
	if ok, _, err := setClipboardData.Call(format, memory); ok == 0 {
		globalFree.Call(memory) //nolint:errcheck // the first error is the one that matters
		return fmt.Errorf("set the clipboard: %w", err)
	}
	return nil
}

// read is the text that is there, while the clipboard is open.
func read() ([]byte, error) {
	if ok, _, _ := isClipboardFormatAvailable.Call(cfUnicodeText); ok == 0 {
		return nil, nil
	}
	memory, _, err := getClipboardData.Call(cfUnicodeText)
	if memory == 0 {
		return nil, fmt.Errorf("read the clipboard: %w", err)
	}
	p, _, err := globalLock.Call(memory)
	if p == 0 {
		return nil, fmt.Errorf("lock the clipboard: %w", err)
	}
	defer globalUnlock.Call(memory) //nolint:errcheck // it answers 0 both when it has worked and when it has not
	size, _, _ := globalSize.Call(memory)
	wide := unsafe.Slice((*uint16)(at(p)), size/2)
	if end := slices.Index(wide, 0); end >= 0 {
		wide = wide[:end]
	}
	return []byte(string(utf16.Decode(wide))), nil
}

// at is a pointer into memory that Go does not manage.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

func (w win32) holds(ctx context.Context, text []byte) (held bool, err error) {
	err = w.with(ctx, func() error {
		got, err := read()
		defer clear(got)
		held = bytes.Equal(got, text)
		return err
	})
	return held, err
}

// take compares and empties without letting another program in between.
func (w win32) take(ctx context.Context, text []byte) (taken bool, err error) {
	err = w.with(ctx, func() error {
		got, err := read()
		defer clear(got)
		if err != nil || !bytes.Equal(got, text) {
			return err
		}
		if ok, _, err := emptyClipboard.Call(); ok == 0 {
			return fmt.Errorf("empty the clipboard: %w", err)
		}
		taken = true
		return nil
	})
	return taken, err
}
