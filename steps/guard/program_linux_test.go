package guard

import (
	"os"
	"testing"
)

// On Linux the running image is started, which nobody can replace.
func TestRunningImage(t *testing.T) {
	p, err := Running()
	if err != nil {
		t.Fatal(err)
	}
	cmd, err := p.command([]string{"guard"})
	if err != nil {
		t.Fatal(err)
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if cmd.Path != "/proc/self/exe" || cmd.Args[0] != path || cmd.Args[1] != "guard" || cmd.Dir != "/" {
		t.Errorf("it starts %s %q in %s", cmd.Path, cmd.Args, cmd.Dir)
	}
}
