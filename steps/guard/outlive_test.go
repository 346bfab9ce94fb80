package guard

import (
	"strings"
	"testing"
)

func TestDoubts(t *testing.T) {
	for name, c := range map[string]struct {
		s    Surroundings
		sure bool
		says string // empty: nothing is said
	}{
		"a computer":                    {s: Surroundings{Ends: No, Unit: "session-3.scope"}},
		"first of a container":          {s: Surroundings{First: true, Container: true}, sure: true, says: "first process of its container"},
		"started with the container":    {s: Surroundings{WithFirst: true, Container: true}, sure: true, says: "was started with this program"},
		"in a container that goes on":   {s: Surroundings{Container: true}, says: "This program runs in a container: when that ends"},
		"a session that is ended":       {s: Surroundings{Unit: "session-3.scope", Ends: Yes}, sure: true, says: "KillUserProcesses"},
		"a session of which is unknown": {s: Surroundings{Unit: "session-c1.scope"}, says: "could not be read"},
		"a scope of its own":            {s: Surroundings{Unit: "run-r12.scope", Ends: Yes}},
		"a terminal's scope":            {s: Surroundings{Unit: "vte-spawn-1.scope", Ends: Yes}},
		"in a service":                  {s: Surroundings{Unit: "jobs.service", Ends: No}, says: "jobs.service"},
		"a service's main process":      {s: Surroundings{Unit: "jobs.service", Main: true}, sure: true, says: "jobs.service"},
		"a job that kills":              {s: Surroundings{Job: KillingJob}, sure: true, says: "ends together with its owner"},
		"a job of which is unknown":     {s: Surroundings{Job: UnreadJob}, sure: true, says: "could not be read"},
		"a job that goes on":            {s: Surroundings{Job: OwnedJob}, says: "which may end it"},
		"main, but of a scope":          {s: Surroundings{Unit: "run-r1.scope", Main: true, Ends: No}},
	} {
		t.Run(name, func(t *testing.T) {
			doubts := c.s.Doubts()
			if c.says == "" {
				if len(doubts) > 0 {
					t.Errorf("it doubts: %+v", doubts)
				}
				return
			}
			if len(doubts) != 1 || doubts[0].Sure != c.sure || !strings.Contains(doubts[0].Why, c.says) || doubts[0].Way == "" {
				t.Errorf("%+v", doubts)
			}
		})
	}
}
