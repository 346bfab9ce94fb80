package wizard

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
)

// checkItems: an instruction is wholly in sight or wholly out, wherever the page is scrolled to, as long as it has room there at all; and
// the value that it shows is in one line, where one is long enough.
func checkItems(t *testing.T, m *Model) {
	t.Helper()
	f, task := m.frame(), m.task()
	page := m.page()
	if task == nil || len(page.items) == 0 {
		return
	}
	all := strings.Join(page.lines, "\n")
	for off := range max(len(page.lines)-f.body.h, 0) + 1 {
		shown := page.fold(f.body.h).window(off)
		for i, item := range page.items {
			lines := page.lines[item.from:item.to]
			if len(lines) > f.body.h-(page.pin.to-page.pin.from) {
				continue
			}
			seen := 0
			for _, line := range lines {
				if slices.Contains(shown, line) && strings.Count(all, line) == 1 {
					seen++
				}
			}
			if whole := strings.Contains(strings.Join(shown, "\n"), strings.Join(lines, "\n")); seen > 0 && !whole {
				t.Errorf("from line %d on instruction %d is in sight by half:\n%s", off, i+1, strings.Join(shown, "\n"))
			}
		}
	}
	for _, item := range task.Items {
		value := clean(item.Shown)
		if width(value) > page.w-len("  x 1  ") {
			continue
		}
		if !slices.ContainsFunc(page.lines, func(line string) bool { return strings.Contains(ansi.Strip(line), value) }) {
			t.Errorf("the value %q is parted:\n%s", value, strings.Join(page.lines, "\n"))
		}
	}
}

// handedOver is the last screen, with as many lines above its instructions as a test wants.
func handedOver(lines int) steps.Finding {
	const fingerprint = "6053 4781 5c34 11e3 6ddf fea5"
	path := filepath.Join("/home/consultant/Documents/delegate365-onboard", "contoso.com-2026-11-28-2.html")
	found := steps.Finding{
		Status: steps.Done,
		Task: &steps.Task{
			Where: "In your own browser", URL: "file://" + path,
			Items: []steps.Item{
				{ID: "page", Text: "Look at the report together, and give it to the customer", Opens: true},
				{ID: "fingerprint", Text: "Both keep its fingerprint", Copy: graph.NewText(fingerprint), Shown: fingerprint},
				{ID: "path", Text: "Its place on this computer", Copy: graph.NewText(path), Shown: path},
			},
		},
		Sections: []steps.Section{{Title: "Next", Facts: checkFacts}, {Title: "Then", Facts: checkFacts}},
		Actions:  []steps.Action{{ID: steps.ActNext, Label: "Finish"}},
	}
	for range lines {
		found.Text = append(found.Text, finding.Advise("Turning them off reaches everybody in the tenant.")...)
	}
	return found
}

// No instruction is cut by the fold, and paging down and up shows each line.
func TestNoInstructionIsCutByTheFold(t *testing.T) {
	t.Parallel()
	for _, lines := range fewerUpTo(4) {
		drive(t, Options{}, contoso(), tenSteps(4, handedOver(lines)), func(d *driver) {
			to(4)(d)
			for _, size := range sizes {
				d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
				checkItems(t, d.m)
				*d.m.body().scrollable() = 0
				down := d.linesSeen("pgdown")
				up := d.linesSeen("pgup")
				for _, line := range d.m.page().lines {
					if !down[line] || !up[line] {
						t.Errorf("%s, under %d lines: paging does not show %q: down %t, up %t", size.name, lines, ansi.Strip(line), down[line], up[line])
					}
				}
			}
		})
	}
}

// linesSeen presses a key again and again, and returns the lines of the body that were in sight meanwhile.
func (d *driver) linesSeen(key string) map[string]bool {
	seen := map[string]bool{}
	for at := -1; at != *d.m.body().scrollable(); d.press(key) {
		at = *d.m.body().scrollable()
		page, h := d.m.page(), d.m.frame().body.h
		for _, line := range page.fold(h).window(at) {
			seen[line] = true
		}
	}
	return seen
}

// Nor is the report's on the last screen of a whole onboarding, nor the fingerprint parted.
func TestFingerprintIsWholeOnTheLastScreen(t *testing.T) {
	t.Parallel()
	folder, seen := t.TempDir(), 0
	walkReal(t, "fresh", steps.Options{Journal: folder, Reports: steps.Reports{Folder: folder}}, func(d *driver, _ string) {
		if f := d.m.current().Found; d.m.current().Info.ID != steps.HandOver || f == nil || f.Task == nil {
			return
		}
		seen++
		checkItems(t, d.m)
	})
	if seen == 0 {
		t.Error("no report was handed over")
	}
}

// Enter does nothing with an instruction that was scrolled away: it goes there first, and says so.
func TestEnterGoesToTheInstructionFirst(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(4, handedOver(0)), func(d *driver) {
		to(4)(d)
		for range 9 {
			d.press("space")
		}
		d.hides("Look at the report together")
		d.shows("enter go to line 1")
		d.press("enter")
		d.shows("Look at the report together")
		d.shows("enter open")
		if len(d.run.opened) > 0 {
			t.Errorf("opened %q out of sight", d.run.opened)
		}
		d.press("enter")
		if len(d.run.opened) != 1 {
			t.Errorf("opened %q", d.run.opened)
		}
	})
}

// Enter says that the last instruction is done before it says how the task went, and what was carried out is so still after a question
// that came between.
func TestEnterRestsOnTheWait(t *testing.T) {
	t.Parallel()
	list := tenSteps(0, setupTask)
	drive(t, Options{Copy: confirmed}, contoso(), list, func(d *driver) {
		d.press("o", "enter", "enter", "enter")
		task := setupTask.Task
		if at := d.m.current().Item(task); at != len(task.Items)-1 {
			t.Fatalf("Enter is for the instruction %d", at)
		}
		asked := setupTask
		asked.Task, asked.Actions = nil, []steps.Action{{ID: "again", Label: "Watch again"}}
		list[0].found = asked
		d.wait(setupTask.Poll)
		d.shows("Watch again")
		list[0].found = setupTask
		d.wait(setupTask.Poll)
		if at := d.m.current().Item(task); at != len(task.Items)-1 {
			t.Errorf("after the question Enter is for the instruction %d", at)
		}
		d.press("enter")
		if at := d.m.current().Item(task); at >= 0 {
			t.Errorf("Enter is for the instruction %d, and all are done", at)
		}
	})
}

// Where somebody has to say what they saw, Enter follows the instructions to the last one, and then awaits the answer.
func TestNothingIsSaidForTheOperator(t *testing.T) {
	t.Parallel()
	test := steps.Finding{
		Status: steps.Waiting, Task: &steps.Task{Items: []steps.Item{{ID: "user", Text: "Paste the user name", Copy: graph.NewText("service")}, {ID: "test", Text: "Choose Test credentials"}}},
		Fields:  []steps.Field{{ID: "said", Label: "What it said", Kind: steps.ChoiceField, Options: []steps.Option{{Label: "not tested yet"}, {ID: "failed", Label: "it failed"}}}},
		Actions: []steps.Action{{ID: steps.ActRetry, Label: "Use this answer"}},
	}
	list := tenSteps(0, test)
	drive(t, Options{Copy: confirmed}, contoso(), list, func(d *driver) {
		for _, does := range []string{"copy", "done", "see what is missing", "see what is missing"} {
			d.shows("enter " + does)
			d.press("enter")
		}
		d.shows("What it said: nothing is chosen yet")
		if got := list[0].answered; len(got) > 0 {
			t.Errorf("answered %q", got)
		}
		d.press("down")
		d.shows("enter use this answer")
		d.press("enter")
		if got := list[0].answered; !slices.Equal(got, []string{"said=failed"}) {
			t.Errorf("answered %q", got)
		}
	})
}

// Where no browser can be opened and the link is too long to be shown, the instruction says what is left: to copy it, and to say that it was
// opened.
func TestLinkIsOpenedByHand(t *testing.T) {
	t.Parallel()
	waiting := steps.Finding{
		Status: steps.Waiting, Actions: []steps.Action{{ID: steps.ActRetry, Label: "Look again"}}, Poll: time.Second,
		Task: &steps.Task{URL: "https://login.example/" + strings.Repeat("x", mostNoted), Items: []steps.Item{{ID: "open", Text: "Open the page", Opens: true}, {ID: "accept", Text: "Accept"}}},
	}
	drive(t, Options{}, contoso(), tenSteps(0, waiting), func(d *driver) {
		d.shows("enter open")
		d.m.browserless = true
		d.shows("c  copy")
		d.shows("enter I have opened it")
		d.hides("o open link")
		d.press("enter")
		if !d.m.current().Carried["open"] || len(d.run.opened) > 0 {
			t.Errorf("carried out %v, opened %v", d.m.current().Carried, d.run.opened)
		}
	})
}

// Who has it look at once is told that nothing has changed.
func TestLookingIsAnswered(t *testing.T) {
	t.Parallel()
	waiting := steps.Finding{Status: steps.Waiting, Poll: time.Minute, Actions: []steps.Action{{ID: steps.ActRetry, Label: "Look now"}}}
	list := tenSteps(0, waiting)
	drive(t, Options{}, contoso(), list, func(d *driver) {
		d.hides("nothing new")
		d.press("enter")
		d.shows("nothing new")
		d.wait(waiting.Poll)
		d.press("enter")
		list[0].found.Status = steps.Ready
		d.press("enter")
		d.hides("nothing new")
	})
}

// What was read whole stays read: a note that takes a row from it, once something was copied, has nobody read it again.
func TestWhatWasReadStaysRead(t *testing.T) {
	t.Parallel()
	shorter := 0
	for lines := range 12 {
		last := handedOver(lines)
		last.Sections = last.Sections[:1]
		drive(t, Options{Copy: confirmed}, contoso(), tenSteps(9, last), func(d *driver) {
			d.send(tea.WindowSizeMsg{Width: 120, Height: 40})
			to(9)(d)
			end := steps.Action{ID: steps.ActNext, Label: "Finish"}
			if d.m.body().unread(end) {
				return
			}
			d.press("o", "c")
			if !d.m.body().seen() {
				shorter++
			}
			if d.m.body().unread(end) {
				t.Errorf("%d lines are to be read again:\n%s", len(d.m.page().lines), d.view())
			}
		})
	}
	if shorter == 0 {
		t.Error("no note took a row from a page that was read")
	}
}

// A note that is too long for its place names the key of the details, where all of it stands.
func TestCutNoteSaysWhereTheRestIs(t *testing.T) {
	t.Parallel()
	drive(t, Options{}, contoso(), tenSteps(4, suspend), func(d *driver) {
		to(4)(d)
		d.m.note = strings.Repeat("The page said much. ", 10)
		d.hides("all of it")
		d.m.note += strings.Repeat("The page said more. ", 20)
		d.shows("… (d: all of it)")
		d.m.note = ""
	})
}

// What a note takes, the question gives back, and not the instructions: its answers are in sight again once somebody is at them.
func TestNoteHidesNoInstruction(t *testing.T) {
	t.Parallel()
	waits := steps.Finding{
		Status:  steps.Waiting,
		Task:    &steps.Task{Part: "test", Where: "In the private window", URL: "https://contoso.delegate365.com", Items: make([]steps.Item, 6), Watched: "Say what the test said."},
		Fields:  []steps.Field{{ID: "test", Label: "What the test said", Kind: steps.ChoiceField, Options: []steps.Option{{Label: "not tested yet"}, {ID: "1", Label: "it succeeded"}, {ID: "2", Label: "it failed"}, {ID: "3", Label: "it failed otherwise"}, {ID: "4", Label: "there is no page"}}}},
		Actions: []steps.Action{{ID: steps.ActRetry, Label: "Use this answer"}},
	}
	for i := range waits.Task.Items {
		waits.Task.Items[i] = steps.Item{ID: string(rune('a' + i)), Text: "Paste number " + string(rune('1'+i)), Copy: graph.NewText("x")}
	}
	drive(t, Options{}, contoso(), tenSteps(0, waits), func(d *driver) {
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		d.shows("there is no page")
		d.press("enter") // no clipboard is given
		d.shows("No clipboard can be reached from here")
		for i := range waits.Task.Items {
			d.shows(waits.Task.Items[i].Text)
		}
		d.shows("What the test said: not tested yet")
		d.press("tab")
		d.shows("there is no page")
	})
}
