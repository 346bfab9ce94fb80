package e2e_test

import "os"

// stop does nothing: there is no pty on Windows, and so no test that stops the wizard.
func stop(*os.Process) {}
