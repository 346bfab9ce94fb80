package e2e_test

import (
	"strings"
	"testing"
)

// The command line itself: what can't be used is said, with what to do, before anything is read.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"unknown flag":    {[]string{"--colour"}, exitUsage, []string{"unknown flag", "--help"}},
		"unknown command": {[]string{"onboard"}, exitUsage, []string{"no command"}},
		"unknown cloud":   {[]string{"--cloud", "mars"}, exitUsage, []string{"mars", "usgov"}},
		"unknown profile": {[]string{"demo", "--profile", "mars"}, exitUsage, []string{"mars", "business"}},
		"unknown fault":   {[]string{"demo", "--fault", "429,frogs"}, exitUsage, []string{"frogs", "504-applied", "all"}},
		"served fault":    {[]string{"demo", "--serve", "--fault", "frogs"}, exitUsage, []string{"frogs", "504-applied"}},
		"visited fault":   {[]string{"demo", "--connect", "/nowhere.json", "--fault", "lag"}, exitUsage, []string{"--fault", "--serve"}},
		"window too long": {[]string{"demo", "--window", "3h"}, exitUsage, []string{"5 and 120 minutes"}},
		"bad account":     {[]string{"demo", "--account", "a b"}, exitUsage, []string{"letters"}},
		"bad portal":      {[]string{"demo", "--portal", "http://contoso.delegate365.com"}, exitUsage, []string{"https"}},
		"log in no place": {[]string{"demo", "--log", "/nowhere/at/all.log"}, exitUsage, []string{"log"}},
		"json alone":      {[]string{"demo", "--json"}, exitUsage, []string{"--serve"}},
		"newer elsewhere": {[]string{"demo", "--connect", "/nowhere.json", "--newer"}, exitUsage, []string{"--newer", "--serve"}},
		"no such tenant":  {[]string{"demo", "--connect", "/nowhere.json"}, exitUsage, []string{"/nowhere.json"}},
		"version":         {[]string{"--version"}, exitDone, []string{"delegate365-onboard"}},
		"help":            {[]string{"--help"}, exitDone, []string{"demo", "--tenant"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, c.args...)
			p.in.Close()
			if code := p.end(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, word := range c.says {
				if !strings.Contains(p.out.String(), word) {
					t.Errorf("%q is not in:\n%s", word, p.out)
				}
			}
			if strings.ContainsRune(p.out.String(), '\x1b') {
				t.Error("a control sequence is in piped output")
			}
		})
	}
}
