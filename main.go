// Command delegate365-onboard onboards a Microsoft 365 tenant to Delegate365 in one terminal window: it creates the
// service account, makes it Global Administrator, suspends MFA for it while Delegate365's own setup runs, puts MFA
// back, and captures the app password. The commands are in package wizard/cli, the onboarding itself is in package steps.
package main

import (
	"os"

	"github.com/delegate365-onboard/delegate365-onboard/wizard/cli"
)

// version is set by the release build: -ldflags "-X main.version=v1.2.3". Else it is what the go command wrote down.
var version string

func main() {
	os.Exit(cli.Main(version))
}
