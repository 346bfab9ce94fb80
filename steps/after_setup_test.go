package steps

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// Whoever was given the account's password is named: Delegate365's setup asks for it. Without setup it goes to nobody.
func TestWhoHasThePassword(t *testing.T) {
	t.Parallel()
	for choice, want := range map[setupChoice]string{
		setupRun: "this program's copy is wiped when you leave; Delegate365 was given it", setupKeep: "this program's copy is wiped when you leave",
	} {
		var m memory
		m.setup.choice, m.secrets.password = choice, graph.NewSecret("Kx8-")
		if rows := passwordRow(m); len(rows) != 1 || rows[0].Value != want {
			t.Errorf("%v: %+v", choice, rows)
		}
	}
	for choice, want := range map[setupChoice]bool{setupRun: true, setupKeep: false} {
		var m memory
		m.setup.choice = choice
		if said := whoGetsIt(m).String(); (said != "") != want {
			t.Errorf("%v, before it is made: %q", choice, said)
		}
	}
	if rows := passwordRow(memory{}); rows != nil {
		t.Errorf("of a password that this run does not know: %+v", rows)
	}
}
