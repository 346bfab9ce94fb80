package cli

import "github.com/spf13/cobra"

// commands is the root of all commands. The real onboarding is what it does by itself.
func commands() *cobra.Command {
	root := onboardCommand(&realTenant{})
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetFlagErrorFunc(misspelledFlag)
	realReport := reportCommand(&realTenant{})
	realReport.AddCommand(verifyCommand(&realTenant{}))
	root.AddCommand(checkCommand(&realTenant{}), restoreCommand(&realTenant{}), realReport, demoCommand(), bundleCommand(), versionCommand(), guardCommand())
	return root
}

// every calls f with a command and all below it.
func every(cmd *cobra.Command, f func(*cobra.Command)) {
	f(cmd)
	for _, below := range cmd.Commands() {
		every(below, f)
	}
}
