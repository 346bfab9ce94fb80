package steps

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
)

// What was read back is shown once, and a moment later no more.
func TestReadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var none readBack[int]
		if _, fresh := none.take(); fresh {
			t.Error("nothing was read, and it is shown")
		}
		b := justRead(7)
		if v, fresh := b.take(); v != 7 || !fresh {
			t.Errorf("%d, %t", v, fresh)
		}
		if _, fresh := b.take(); fresh {
			t.Error("it is shown twice")
		}
		b = justRead(7)
		time.Sleep(moment + 1)
		if _, fresh := b.take(); fresh {
			t.Error("it is shown later")
		}
	})
}

// A read after the assignment counts until this run writes again; where none was made, none counts.
func TestSawNoDemand(t *testing.T) {
	m := memory{}
	if m.sawNoDemand() {
		t.Error("a run that wrote and read nothing has seen it")
	}
	for written, want := range map[int]bool{1: false, 2: true, 3: false} {
		m.role.noDemand, m.record = 2, make([]change.Entry, written)
		if m.sawNoDemand() != want {
			t.Errorf("%d writes: %t", written, !want)
		}
	}
}
