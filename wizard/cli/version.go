package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is what the release build set, and empty in every other one.
var version string

// build says what this program was built from, as far as the go command wrote that down
// (https://pkg.go.dev/runtime/debug#BuildInfo).
func build() string {
	info, _ := debug.ReadBuildInfo()
	return describe(version, info)
}

func describe(version string, info *debug.BuildInfo) string {
	if info == nil {
		info = &debug.BuildInfo{}
	}
	if module := info.Main.Version; version == "" && module != "(devel)" {
		version = module
	}
	var b strings.Builder
	fmt.Fprintf(&b, "version %s\n", cmp.Or(version, "development"))
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if commit := settings["vcs.revision"]; commit != "" {
		if settings["vcs.modified"] == "true" {
			commit += ", with changes that are in no commit"
		}
		fmt.Fprintf(&b, "commit %s\n", commit)
	}
	if date := settings["vcs.time"]; date != "" {
		fmt.Fprintf(&b, "date %s\n", date)
	}
	fmt.Fprintf(&b, "Go %s\nsystem %s/%s", cmp.Or(info.GoVersion, runtime.Version()), runtime.GOOS, runtime.GOARCH)
	return b.String()
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Say the version, its commit and date, and the Go it was built with",
		Example: "delegate365-onboard version",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(stdout, "delegate365-onboard %s\n", build())
			return err
		},
	}
}
