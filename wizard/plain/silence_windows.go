package plain

import (
	"os"

	"golang.org/x/sys/windows"
)

// silence takes the echo from a console and drops what was typed ahead
// (https://learn.microsoft.com/windows/console/setconsolemode).
func silence(f *os.File) (restore func(), err error) {
	console := windows.Handle(f.Fd())
	var before uint32
	if err := windows.GetConsoleMode(console, &before); err != nil {
		return nil, err
	}
	if err := windows.SetConsoleMode(console, before&^(windows.ENABLE_ECHO_INPUT|windows.ENABLE_LINE_INPUT)); err != nil {
		return nil, err
	}
	_ = windows.FlushConsoleInputBuffer(console)
	return func() { _ = windows.SetConsoleMode(console, before) }, nil
}
