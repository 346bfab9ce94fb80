package leaving

import (
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// Whatever the situation, somebody can stay, and no answer leaves with MFA off.
func TestAsk(t *testing.T) {
	account := steps.Exposure{Account: "service@contoso.com"}
	found, demanded := account, account
	found.Found, demanded.Demanded = true, true
	for name, c := range map[string]struct {
		situation Situation
		answers   []string
		says      string
	}{
		"nothing open":            {Situation{Aftermath: steps.Aftermath{Written: steps.Tally{Shown: 2}}}, []string{Stay, Leave}, "2 changes"},
		"one that is not shown":   {Situation{Aftermath: steps.Aftermath{Written: steps.Tally{Shown: 2, Unshown: 1}}}, []string{Stay, Leave}, "2 changes, and 1 other that no read shows"},
		"nothing done":            {Situation{}, []string{Stay, Leave}, "changed nothing"},
		"nothing but by a person": {Situation{Aftermath: steps.Aftermath{Besides: "made by a person"}}, []string{Stay, Leave}, "made by a person"},
		"in the midst":            {Situation{Changing: true}, []string{Stay, Leave}, "A change is being made"},
		"open":                    {Situation{Exposure: account, Open: true}, []string{Leave, Stay, Disable}, "MFA is still off"},
		"open, half put back":     {Situation{Exposure: demanded, Open: true}, []string{Leave, Stay, Disable}, "not everything is put back"},
		"without a second factor": {Situation{Aftermath: steps.Aftermath{Written: steps.Tally{Shown: 2}, Bare: "service@contoso.com", Factor: steps.FactorNone}}, []string{Stay, Leave, Disable}, "no second factor of it was seen"},
		"one that was not read":   {Situation{Aftermath: steps.Aftermath{Written: steps.Tally{Shown: 2}, Bare: "service@contoso.com"}}, []string{Stay, Leave}, "is being read"},
		"one that can't be read":  {Situation{Aftermath: steps.Aftermath{Written: steps.Tally{Shown: 2}, Bare: "service@contoso.com", Factor: steps.FactorUnreadable}}, []string{Stay, Leave, Disable}, "could not be read"},
		"of which a report is":    {Situation{Aftermath: steps.Aftermath{Written: steps.Tally{Shown: 2}, Reports: true}}, []string{Stay, Leave}, "writes the report"},
		"open, with a report":     {Situation{Exposure: account, Open: true, Aftermath: steps.Aftermath{Reports: true}}, []string{Leave, Stay, Disable}, "writes the report"},
		"open for everybody":      {Situation{Exposure: steps.Exposure{Account: "service@contoso.com", Everybody: "contoso.com"}, Open: true}, []string{Leave, Stay, Disable}, "both at once"},
		"in a rehearsal":          {Situation{Aftermath: steps.Aftermath{Written: steps.Tally{Shown: 2}, Ends: true}}, []string{Stay, Leave}, "demo --connect"},
		"open, in a rehearsal":    {Situation{Exposure: account, Open: true, Aftermath: steps.Aftermath{Ends: true}}, []string{Leave, Stay, Disable}, "MFA is still off"},
		"nothing, in a rehearsal": {Situation{Aftermath: steps.Aftermath{Ends: true}}, []string{Stay, Leave}, "changed nothing"},
		"left by an earlier run":  {Situation{Exposure: found, Open: true}, []string{Leave, Stay}, "MFA is still off"},
	} {
		t.Run(name, func(t *testing.T) {
			q := Ask(c.situation)
			var ids []string
			for _, a := range q.Answers {
				ids = append(ids, a.ID)
				if strings.Contains(a.Label, "leave") != (a.ID != Stay) && a.Label != "Leave" {
					t.Errorf("%q does not say whether it leaves", a.Label)
				}
				if c.situation.Open && a.ID != Stay && !strings.Contains(a.Label, "Put MFA back") {
					t.Errorf("%q leaves with MFA off", a.Label)
				}
			}
			if !slices.Equal(ids, c.answers) {
				t.Errorf("the answers are %v, want %v", ids, c.answers)
			}
			if c.situation.Open && strings.Contains(strings.Join(q.Text, " "), "The next start") != (!c.situation.Ends && !c.situation.Exposure.Found) {
				t.Errorf("of the next start it says %q", q.Text)
			}
			if ends := strings.Contains(strings.Join(q.Text, " "), "The rehearsal's tenant ends with this program"); ends != c.situation.Ends {
				t.Errorf("of the rehearsal's tenant it says %q", q.Text)
			}
			if text := q.Head + " " + strings.Join(q.Text, " "); !strings.Contains(text, c.says) {
				t.Errorf("it says %q, want %q in it", text, c.says)
			}
		})
	}
}
