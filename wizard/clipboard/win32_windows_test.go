package clipboard

import (
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

func TestWin32(t *testing.T) {
	c := with(Options{Hold: time.Hour}, []way{win32{}}, nil, false)
	for _, text := range []string{password, "naïve 漢字 \U0001F511"} {
		if r := copied(t, c, text); !r.Unrecorded {
			t.Errorf("%+v", r)
		}
	}
	for _, name := range []string{excludeFromMonitors, includeInHistory, uploadToCloud} {
		p, err := windows.UTF16PtrFromString(name)
		if err != nil {
			t.Fatal(err)
		}
		format, _, _ := registerClipboardFormat.Call(uintptr(unsafe.Pointer(p)))
		if ok, _, _ := isClipboardFormatAvailable.Call(format); ok == 0 {
			t.Errorf("the value is not marked with %s", name)
		}
	}
	if gone := closed(t, c); len(gone.Emptied) != 1 {
		t.Errorf("%+v", gone)
	}
	if held, err := (win32{}).holds(t.Context(), nil); !held || err != nil {
		t.Errorf("it is not empty: %v", err)
	}
}

func TestWin32KeepsSomebodyElses(t *testing.T) {
	c := with(Options{Hold: time.Hour}, []way{win32{}}, nil, false)
	copied(t, c, password)
	if _, err := (win32{}).put(t.Context(), []byte("a shopping list")); err != nil {
		t.Fatal(err)
	}
	if gone := closed(t, c); len(gone.Kept) != 1 {
		t.Errorf("%+v", gone)
	}
	if held, err := (win32{}).holds(t.Context(), []byte("a shopping list")); !held || err != nil {
		t.Errorf("it was lost: %v", err)
	}
}
