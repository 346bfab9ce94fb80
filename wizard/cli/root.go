package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// commands is the root of all commands. The real onboarding is what it does by itself.
func commands() *cobra.Command {
	root := onboardCommand(&realTenant{})
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetFlagErrorFunc(misspelledFlag)
	root.SetHelpFunc(help)
	root.Version = strings.TrimPrefix(build(), "version ") // no template of cobra's: it would keep every method in the program
	realReport := reportCommand(&realTenant{})
	realReport.AddCommand(verifyCommand(&realTenant{}))
	root.AddCommand(checkCommand(&realTenant{}), reviewCommand(&realTenant{}), offboardCommand(&realTenant{}), restoreCommand(&realTenant{}), realReport, demoCommand(), bundleCommand(), configCommand(), versionCommand(), manCommand(), guardCommand())
	return root
}

// every calls f with a command and all below it.
func every(cmd *cobra.Command, f func(*cobra.Command)) {
	f(cmd)
	for _, below := range cmd.Commands() {
		every(below, f)
	}
}
