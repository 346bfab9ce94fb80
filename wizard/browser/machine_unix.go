//go:build !windows

package browser

import "syscall"

// detached puts a browser into a session of its own, which a closed terminal does not end.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

func registryValue(_, _ string) string { return "" }

func registryNumber(_, _ string) uint64 { return 0 }
