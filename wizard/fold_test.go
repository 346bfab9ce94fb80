package wizard

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// At 80x24 nothing that is asked for is below the fold, on any profile, whichever Delegate365 it is.
func TestNothingAskedIsBelowTheFold(t *testing.T) { foldOfAll(t) }

// TestFoldInGerman is the same, of the longer words.
func TestFoldInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	foldOfAll(t)
}

func foldOfAll(t *testing.T) {
	t.Helper()
	screens := 0
	all := slices.DeleteFunc(slices.Clone(simtenant.Profiles()), func(p string) bool { return p == "big" }) // its crowd is copied at every look
	ways := [][]string{{"office=page"}, {"security-defaults=off", "office=none"}, nil, {"security-defaults=off"}}
	if testing.Short() && phrase.Spoken() == phrase.German {
		ways = ways[:2] // the others were walked in English
	}
	for _, profile := range fewer(t, all, "privileged", "security-defaults") {
		for _, answers := range ways {
			t.Run(strings.Join(append([]string{profile}, answers...), ","), func(t *testing.T) {
				w := truthWalk{profile: profile, answers: map[steps.ID][]string{steps.Check: answers}}
				w.begin(t, func(d *driver, _ *outside) {
					screens += d.wander(func() {
						checkFold(t, d.m)
						checkTop(t, d.m)
						checkBeneath(t, d.m)
						checkCopies(t, d.m)
						checkEnter(t, d.m)
						checkTab(t, d.m)
					})
				})
			})
		}
	}
	t.Logf("screens %d", screens)
}

// wander walks on as an operator does who presses Enter and plays each part, until nothing new comes, and shows each new screen.
func (d *driver) wander(see func()) (screens int) {
	before, idle := "", 0
	for turns := 0; !d.quit && idle < 20 && turns < 120; turns++ { // Enter alone goes round where it undoes what it did
		d.wait(2 * time.Second)
		if idle++; d.m.clock.busy(d.m) && d.m.task() == nil {
			continue
		}
		if what := d.place(); what != before {
			before, idle = what, 0
			screens++
		}
		see()
		if f := d.m.current().Found; f != nil && len(f.Actions) > 0 && f.Actions[0].Label == phrase.T("Sign in in the browser") {
			return screens // codes are refused here, and a listener waits in no virtual time
		}
		switch {
		case d.m.rehearsal.playable(d.m) && !d.m.jobs.part.running() && idle%3 == 0:
			if d.m.focus().typing() {
				d.press("shift+tab")
			}
			d.press("p")
		case d.m.flow.walk.State == walker.Found:
			if e := d.m.focus().entry(); e != nil && e.field.ID == "tenant-name" && e.text() == "" {
				d.write("contoso.com")
				see()
			}
			d.press("enter")
		}
	}
	return screens
}

// checkTop: every page begins at its top, but where a note takes the room for that, an instruction is followed that is not the first, or the
// changes alone have no room beside what was done before.
func checkTop(t *testing.T, m *Model) {
	t.Helper()
	f := m.frame()
	page := m.body().content(f.body.w)
	fold := page.fold(f.body.h)
	alone := page.announces && page.focal.to > f.body.h && page.focal.from <= 2 // beneath what the step before did, and a gap
	if above := fold.bound(fold.start()); m.over.top() == nil && m.note == "" && m.current().Item(m.task()) <= 0 && above > 0 && !alone {
		t.Errorf("it begins with %d lines out of sight:\n%s", above, ansi.Strip(strings.Join(page.lines, "\n")))
	}
	if n := len(page.items); m.note != "" && n > 0 && page.focal == (span{}) && m.over.top() == nil && f.body.h > 3 {
		if in := fold.sight(m.body().offset(page, f.body.h)); page.items[n-1].to > in.to {
			t.Errorf("what a note says was followed is out of sight:\n%s", ansi.Strip(m.View().Content))
		}
	}
}

// checkBeneath: where the line at the fold says that nothing beneath is open, no row there is to be decided or done, and nothing is to be
// followed, accepted or answered.
func checkBeneath(t *testing.T, m *Model) {
	t.Helper()
	f, s := m.frame(), m.current()
	page := m.body().content(f.body.w)
	fold, off := page.fold(f.body.h), m.body().offset(page, f.body.h)
	if m.over.top() != nil || s.Found == nil || !strings.Contains(fold.beyond(off), phrase.T(", nothing to do")) {
		return
	}
	beneath := squash(ansi.Strip(strings.Join(page.lines[fold.sight(off).to:], "\n")))
	var open []string
	for _, section := range s.Found.Sections {
		for _, fact := range section.Facts {
			if section.Left || fact.Mark >= steps.MarkToDo {
				open = append(open, fact.Label+fact.Value)
			}
		}
	}
	for _, c := range s.Found.Changes {
		open = append(open, c.Spoken().Object)
	}
	for _, field := range s.Found.Fields {
		open = append(open, field.Label)
	}
	if task := m.task(); task != nil {
		for _, item := range task.Items {
			open = append(open, item.Text)
		}
	}
	for _, text := range open {
		if strings.Contains(beneath, squash(clean(text))) {
			t.Errorf("%q is open, and beneath:\n%s", text, strings.Join(page.lines, "\n"))
		}
	}
}

// From any page one key goes on to each row that wants something, also while a text is typed.
func TestEachOpenRowIsReached(t *testing.T) {
	t.Parallel()
	for profile, account := range map[string]string{"taken": "", "drifted": "breakglass@contoso.onmicrosoft.com", "onboarded": "", "security-defaults": ""} {
		t.Run(profile, func(t *testing.T) {
			truthWalk{profile: profile, account: account}.begin(t, func(d *driver, _ *outside) {
				var on *steps.Finding
				d.wander(func() {
					if found := d.m.current().Found; d.m.flow.walk.State != walker.Found || found == nil || found == on {
						return
					}
					on = d.m.current().Found
					for _, size := range sizes {
						d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
						checkJump(t, d.m)
					}
					d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
				})
			})
		})
	}
}

func checkJump(t *testing.T, m *Model) {
	t.Helper()
	was := *m.body().scrollable()
	defer func() { *m.body().scrollable() = was }()
	page, h, seen := m.page(), m.frame().body.h, map[int]bool{}
	for range len(page.wants) + 1 {
		in := page.fold(h).sight(m.body().offset(page, h))
		for i, row := range page.wants {
			seen[i] = seen[i] || in.from <= row.from && row.from < in.to
		}
		if m.keys.bind(m).Jump.Enabled() {
			m.body().jump()
		}
	}
	for i, row := range page.wants {
		if !seen[i] {
			t.Errorf("no key goes to %q:\n%s", ansi.Strip(page.lines[row.from]), ansi.Strip(m.View().Content))
		}
	}
}

// checkEnter: where Enter makes changes, the footer says which, not only that it does.
func checkEnter(t *testing.T, m *Model) {
	t.Helper()
	if word := enterWord(steps.ActApply); m.keys.enterDoes(m) == word {
		action, _ := m.focus().action()
		t.Errorf("Enter is called %q, where it does %q", word, action.Label)
	}
}

// checkTab: tab goes through all that can be answered and done, from the top of the screen down.
func checkTab(t *testing.T, m *Model) {
	t.Helper()
	was, note := m.current().focus, m.note
	defer func() { m.focus().on(was); m.note = note }()
	if task := m.task(); m.over.top() != nil || task == nil || m.focus().stops() == 0 || m.current().Next(task) < 0 {
		return
	}
	entries := len(m.focus().entries())
	if m.focus().on(entries); !m.focus().item() {
		return
	}
	for i := range entries {
		if m.focus().move(1); m.focus().place() != i {
			t.Errorf("behind the instructions and %d fields, tab goes to place %d", i, m.focus().place())
		}
	}
	if m.focus().move(1); m.focus().stops() > entries+1 && m.focus().place() != entries+1 {
		t.Errorf("behind the fields, tab goes to place %d of %d", m.focus().place(), m.focus().stops())
	}
}

// checkCopies: what stands on screen is no secret to the clipboard, and all else is one.
func checkCopies(t *testing.T, m *Model) {
	t.Helper()
	if m.task() == nil {
		return
	}
	for _, item := range m.task().Items {
		if !item.Copy.IsZero() && item.Copy.Public() != (item.Shown != "") {
			t.Errorf("the value of %q is public: %t, and shown: %q", item.Text, item.Copy.Public(), item.Shown)
		}
	}
}

// The line at the fold says what beneath wants something, also of a row that begins above it; and nothing where it can't know.
func TestFoldSaysWhatIsOpen(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		last  steps.Fact
		left  bool
		field []steps.Field
		want  string
	}{
		"nothing":        {steps.Fact{Mark: steps.MarkNote}, false, nil, "below, nothing to do (space or pgdn)"},
		"decided here":   {steps.Fact{Mark: steps.MarkDecide}, false, nil, "below, 1 to do (space or pgdn)"},
		"to be done":     {steps.Fact{Mark: steps.MarkToDo}, false, nil, "below, 1 to do (space or pgdn)"},
		"left to do":     {steps.Fact{}, true, nil, "below, 1 to do (space or pgdn)"},
		"awaited":        {steps.Fact{Mark: steps.MarkPending}, false, nil, "lines below (space or pgdn)"},
		"asked beneath":  {steps.Fact{Mark: steps.MarkOK}, false, []steps.Field{{ID: "cap", Label: "Cap", Kind: steps.ChoiceField, Options: []steps.Option{{ID: "a", Label: "A"}}, Value: "a"}}, "lines below (space or pgdn)"},
		"begins in view": {steps.Fact{Mark: steps.MarkDecide, Note: strings.Repeat("why ", 400)}, false, nil, "below, 1 to do (space or pgdn)"},
	} {
		t.Run(name, func(t *testing.T) {
			ok := slices.Repeat([]steps.Fact{{Label: "Row", Value: "off", Mark: steps.MarkOK}}, 30)
			if tt.last.Note != "" {
				ok = ok[:3]
			}
			tt.last.Label = "Last"
			found := steps.Finding{
				Status: steps.Ready, Text: finding.Advise("Look."), Fields: tt.field, Actions: []steps.Action{{ID: "go", Label: "Go"}},
				Sections: []steps.Section{{Facts: ok}, {Facts: []steps.Fact{tt.last}, Left: tt.left}},
			}
			drive(t, Options{}, contoso(), tenSteps(0, found), func(d *driver) { d.shows(tt.want) })
		})
	}
}
