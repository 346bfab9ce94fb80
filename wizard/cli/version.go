package cli

import (
	"cmp"
	_ "embed"
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
	var licences bool
	command := &cobra.Command{
		Use:     "version",
		Short:   helpText("Say the version, its commit and date, and the Go it was built with"),
		Example: "delegate365-onboard version\ndelegate365-onboard version --licences",

		Annotations: map[string]string{bare: "bare"},
		RunE: func(*cobra.Command, []string) error {
			text := "delegate365-onboard " + build() + "\n"
			if licences {
				info, _ := debug.ReadBuildInfo()
				text = licencesOf(info)
			}
			_, err := fmt.Fprint(stdout, text)
			return err
		},
	}
	command.Flags().BoolVar(&licences, "licences", false, helpText("list the modules in this program, with their versions and licences"))
	return command
}

// licenceTable has each module's licence by its SPDX id. .ci/licences makes it from the modules' own files.
//
//go:embed licences.txt
var licenceTable string

// licencesOf are the modules that this program was built from, each with its licence.
func licencesOf(info *debug.BuildInfo) string {
	if info == nil {
		return "It is not known what this program was built from.\n"
	}
	known := map[string]string{}
	for line := range strings.Lines(licenceTable) {
		path, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		known[path] = id
	}
	var b strings.Builder
	fmt.Fprintf(&b, "delegate365-onboard: MIT\nGo's standard library %s: BSD-3-Clause\n", info.GoVersion)
	for _, d := range info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		fmt.Fprintf(&b, "%s %s: %s\n", d.Path, d.Version, cmp.Or(known[d.Path], "not known"))
	}
	return b.String()
}
