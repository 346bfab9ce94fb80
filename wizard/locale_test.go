package wizard

import "testing"

func TestASCIIOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", false},
		{"", "", "de_DE.UTF-8", false},
		{"", "", "C.utf8", false},
		{"", "", "en_US.ISO-8859-1", true},
		{"", "", "C", true},
		{"", "UTF-8", "C", false}, // as macOS sets it for ssh
		{"POSIX", "UTF-8", "de_DE.UTF-8", true},
	} {
		env := map[string]string{"LC_ALL": c.all, "LC_CTYPE": c.ctype, "LANG": c.lang}
		if got := asciiOnly(func(name string) string { return env[name] }); got != c.want {
			t.Errorf("LC_ALL=%q LC_CTYPE=%q LANG=%q: %t", c.all, c.ctype, c.lang, got)
		}
	}
}
