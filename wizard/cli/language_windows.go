package cli

import "golang.org/x/sys/windows"

// systemLanguage is the language in which Windows speaks to this user, as de-DE; empty where it does not say.
func systemLanguage() string {
	names, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(names) == 0 {
		return ""
	}
	return names[0]
}
