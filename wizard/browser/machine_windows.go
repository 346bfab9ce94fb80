package browser

import (
	"syscall"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// detached gives a browser no console, which would be closed with this program's.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
}

// registryValue is a string of the person's own settings.
func registryValue(key, name string) string {
	k, err := registry.OpenKey(registry.CURRENT_USER, key, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer k.Close() //nolint:errcheck // it was only read
	value, _, err := k.GetStringValue(name)
	if err != nil {
		return ""
	}
	return value
}

// registryNumber is a number of the machine's settings, or else of the person's own.
func registryNumber(key, name string) uint64 {
	for _, root := range []registry.Key{registry.LOCAL_MACHINE, registry.CURRENT_USER} {
		k, err := registry.OpenKey(root, key, registry.QUERY_VALUE)
		if err != nil {
			continue
		}
		value, _, err := k.GetIntegerValue(name)
		_ = k.Close()
		if err == nil {
			return value
		}
	}
	return 0
}
