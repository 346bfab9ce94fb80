package cli

import (
	"runtime/debug"
	"strings"
	"testing"
)

// What is known of a build is said, and nothing made up for what is not.
func TestDescribe(t *testing.T) {
	vcs := []debug.BuildSetting{{Key: "vcs.revision", Value: "0123abc"}, {Key: "vcs.time", Value: "2026-11-27T10:00:00Z"}, {Key: "vcs.modified", Value: "true"}}
	installed := &debug.BuildInfo{GoVersion: "go1.26.1", Main: debug.Module{Version: "v1.4.0"}}
	for name, c := range map[string]struct {
		version string
		info    *debug.BuildInfo
		want    string
	}{
		"nothing known": {"", nil, "version development\n"},
		"built here":    {"", &debug.BuildInfo{GoVersion: "go1.26.1", Main: debug.Module{Version: "(devel)"}, Settings: vcs}, "version development\ncommit 0123abc, with changes that are in no commit\ndate 2026-11-27T10:00:00Z\nGo go1.26.1\n"},
		"installed":     {"", installed, "version v1.4.0\nGo go1.26.1\n"},
		"released":      {"v1.5.0", &debug.BuildInfo{GoVersion: "go1.26.1", Main: debug.Module{Version: "v1.4.0"}, Settings: vcs[:2]}, "version v1.5.0\ncommit 0123abc\ndate 2026-11-27T10:00:00Z\nGo go1.26.1\n"},
	} {
		if got := describe(c.version, c.info); !strings.HasPrefix(got, c.want) || !strings.Contains(got, "\nsystem ") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A module whose licence is in no table is said to be one; what this test is built from has a licence each.
func TestLicences(t *testing.T) {
	got := licencesOf(&debug.BuildInfo{GoVersion: "go1.26.1", Deps: []*debug.Module{
		{Path: "github.com/spf13/cobra", Version: "v1.2.3"}, {Path: "example.org/new", Version: "v0.1.0"},
	}})
	for _, want := range []string{"delegate365-onboard: MIT\n", "github.com/spf13/cobra v1.2.3: Apache-2.0\n", "example.org/new v0.1.0: not known\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}
