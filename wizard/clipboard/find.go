package clipboard

import (
	"os"
	"os/exec"
	"strings"
)

// find is what can be reached from here: this machine's clipboards, those beyond it, and whether the operator sits at
// another machine.
func find(o Options) (here, beyond []way, remote bool) {
	return system(os.Getenv), outside(o, os.Getenv), os.Getenv("SSH_CONNECTION") != "" || os.Getenv("SSH_TTY") != ""
}

func outside(o Options, getenv func(string) string) []way {
	var ways []way
	if socket, _, _ := strings.Cut(getenv("TMUX"), ","); socket != "" {
		if _, err := exec.LookPath("tmux"); err == nil {
			ways = append(ways, &tmux{socket, run})
		}
	}
	if o.Terminal != nil {
		ways = append(ways, &terminal{o.Terminal, o.Ask, wrapping(getenv)})
	}
	return ways
}
