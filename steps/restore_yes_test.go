package steps

import "testing"

// Without a person, the account is made safer, and nothing else is done.
func TestDecideRestore(t *testing.T) {
	t.Parallel()
	putBack, leave := Action{ID: ActApply, Label: "Put MFA back"}, Action{ID: ActLeave, Label: "Leave"}
	for name, c := range map[string]struct {
		found             Finding
		want              string
		left, over, nobod bool
	}{
		"open":            {found: Finding{Status: Ready, Actions: []Action{putBack, leave}}, want: ActApply},
		"exclusions":      {found: Finding{Status: Ready, Actions: []Action{putBack, {ID: actKeepExclusions}, leave}}, want: ActApply},
		"defaults":        {found: Finding{Status: Ready, Actions: []Action{putBack, {ID: actKeepDefaults}, leave}}, want: actKeepDefaults, left: true},
		"only a journal":  {found: Finding{Status: Blocked, Actions: []Action{{ID: declines + "account:1"}, {ID: believes + "account:1"}, leave}}, want: declines + "account:1", left: true},
		"nothing is open": {found: askForAccount(&memory{}), over: true},
		"taken out":       {found: Finding{Status: Ready, Actions: []Action{putBack, {ID: actLeaveTakenOut}, leave}}, want: actLeaveTakenOut, left: true},
		"done":            {found: nothingLeft(Sentence{}), want: ActNext},
		"refused":         {found: Finding{Status: Blocked, Actions: []Action{putBack}}, nobod: true},
	} {
		d, decided := DecideRestore(c.found)
		if decided == c.nobod || d.Action.ID != c.want || d.Left != c.left || d.Over != c.over {
			t.Errorf("%s: %+v, %t", name, d, decided)
		}
	}
}
