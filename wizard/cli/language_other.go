//go:build !windows

package cli

// systemLanguage is not asked where the locale says it.
func systemLanguage() string { return "" }
