package wizard

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// Enter reads on where it announces what was not in sight yet: nothing is accepted before each change, what is said of them and each
// question was, and each row that they answer. What was read beforehand otherwise, and stands beneath them, need not be.
func TestNothingIsAcceptedUnread(t *testing.T) {
	t.Parallel()
	for _, profile := range fewer(t, []string{"fresh", "business", "branch-office", "migrated", "half-done", "security-defaults"}, "fresh", "branch-office", "security-defaults") {
		t.Run(profile, func(t *testing.T) {
			w := truthWalk{profile: profile}
			if profile == "security-defaults" {
				w.answers = map[steps.ID][]string{steps.Check: {"security-defaults=off"}}
			}
			w.begin(t, func(d *driver, _ *outside) {
				watched := readings{}
				d.wander(func() {
					if d.m.over.top() == nil {
						watched.look(t, d)
					}
				})
				if len(watched.accepted) == 0 {
					t.Error("nothing was accepted")
				}
			})
		})
	}
}

// readings are what was in sight of a finding, and the steps of which all was that Enter accepts.
type readings struct {
	on       *steps.Finding
	read     string
	to       int
	accepted map[steps.ID]bool
}

// look holds what Enter says it does against what was in sight.
func (r *readings) look(t *testing.T, d *driver) {
	t.Helper()
	s := d.m.current()
	action, _ := d.m.focus().action()
	if d.m.flow.walk.State != walker.Found || action.ID != steps.ActApply || s.Info.ID == steps.SignIn {
		return
	}
	if s.Found != r.on {
		r.on, r.read, r.to = s.Found, "", 0
	}
	page, h := d.m.page(), d.m.frame().body.h
	if in := page.fold(h).sight(d.m.body().offset(page, h)); in.from <= r.to {
		r.to = max(r.to, in.to)
	}
	r.read += " " + words(ansi.Strip(strings.Join(page.fold(h).window(d.m.body().offset(page, h)), "\n")))
	says, unseen := d.m.keys.enterDoes(d.m), announced(s, page, r.read, r.to)
	if (unseen != "") != (says == "read on") {
		t.Errorf("not in sight was %q, and Enter does %q:\n%s", unseen, says, d.view())
	}
	if unseen == "" {
		if r.accepted == nil {
			r.accepted = map[steps.ID]bool{}
		}
		r.accepted[s.Info.ID] = true
	}
}

// announced is what a step announces or asks, and what was read, which is down to a line, does not hold.
func announced(s *screen, page *page, read string, to int) string {
	var answered steps.Fact // the last row that the changes answer
	parts := []string{s.Found.Notice.String()}
	for _, c := range s.Found.Changes {
		parts = append(parts, string(c.Op)+" "+clean(c.Object))
	}
	for _, e := range s.form.entries {
		if page.brief && len(s.form.entries) > fewFields && e.settled() {
			parts = append(parts, e.answered())
		} else {
			parts = append(parts, e.field.Label)
		}
	}
	for _, section := range s.Found.Sections {
		for _, fact := range section.Facts {
			switch {
			case len(s.Found.Changes) == 0:
				parts = append(parts, fact.Label)
			case fact.Mark >= steps.MarkToDo:
				answered = fact
			}
		}
	}
	for _, part := range parts {
		if !strings.Contains(read, words(part)) {
			return part
		}
	}
	if last := lastOf(page, answered); answered.Label != "" && last >= to {
		return answered.Label + ": " + answered.Value
	}
	return ""
}

// lastOf is the last line of the page that ends as a row does.
func lastOf(page *page, row steps.Fact) int {
	text := squash(clean(row.Value + row.Note))
	for i, line := range slices.Backward(page.lines) {
		if end := squash(ansi.Strip(line)); end != "" && strings.HasSuffix(text, end[max(len(end)-4, 0):]) {
			return i
		}
	}
	return -1
}

// words is a text without its line breaks and what indents its lines.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// Enter on a blocked check says what is wanted while nothing is chosen otherwise.
func TestBlockedEnterSaysWhatIsWanted(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]string{"security-defaults": "With these answers it stays blocked", "taken": "Nothing is entered yet"} {
		t.Run(profile, func(t *testing.T) {
			w := truthWalk{profile: profile}
			w.begin(t, func(d *driver, _ *outside) {
				d.walk(func(*driver, string) {})
				for range len(d.m.current().form.entries) {
					d.press("enter")
				}
				d.wait(time.Second)
				d.shows(want)
				d.is(walker.Found, nil)
			})
		})
	}
}

// p on a screen where nobody has a part to play says so.
func TestPlayingNothingSaysSo(t *testing.T) {
	t.Parallel()
	onReal(t, "fresh", steps.Options{}, func(d *driver) {
		d.walk(func(d *driver, _ string) {
			if d.m.task() == nil && d.m.flow.walk.State == walker.Found && !d.m.focus().typing() && d.m.current().Info.ID == steps.CreateAccount {
				d.press("p")
				d.shows("No part is to be played here")
			}
		})
	})
}

// A page is squeezed as little as brings it into its place, and paragraphs stay apart.
func TestSqueeze(t *testing.T) {
	t.Parallel()
	page := func() *page {
		return &page{lines: []string{"One.", "", "Two.", "", "  row", "", "  row", "", "Three."}, focal: span{6, 7}, wants: []span{{4, 5}, {6, 7}}}
	}
	for h, want := range map[int]string{9: "One.||Two.||  row||  row||Three.", 8: "One.||Two.||  row||  row|Three.", 6: "One.||Two.|  row|  row|Three.", 5: "One.||Two.|  row|  row||Three.", 4: "One.||Two.||  row||  row||Three."} {
		p := page()
		p.squeeze(h)
		if got := strings.Join(p.lines, "|"); got != want {
			t.Errorf("in %d rows it is %q, want %q", h, got, want)
		}
		if p.lines[p.focal.from] != "  row" || p.lines[p.wants[0].from] != "  row" {
			t.Errorf("in %d rows what is noted moved: %v, %v", h, p.focal, p.wants)
		}
	}
}

// What will change stays apart from the instruction above it while another blank line can go.
func TestSqueezeKeepsTheChangesApart(t *testing.T) {
	t.Parallel()
	page := func() *page {
		return &page{lines: []string{"In a window:", "", "  item", "", "What will change", "  row", "", "Said."}, focal: span{2, 3}, items: []span{{2, 3}}, changed: 6}
	}
	for h, want := range map[int]string{7: "In a window:||  item||What will change|  row|Said.", 6: "In a window:|  item||What will change|  row|Said.", 5: "In a window:|  item|What will change|  row|Said."} {
		p := page()
		p.squeeze(h)
		if got := strings.Join(p.lines, "|"); got != want {
			t.Errorf("in %d rows it is %q, want %q", h, got, want)
		}
	}
}

// What is decided for the whole tenant has its consequence in sight before it is used.
func TestAnswersThatFreeAreReadFirst(t *testing.T) {
	t.Parallel()
	truthWalk{profile: "security-defaults"}.begin(t, func(d *driver, _ *outside) {
		d.walk(func(*driver, string) {})
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		if says := d.m.keys.enterDoes(d.m); says != "see what is missing" {
			t.Errorf("with nothing chosen Enter does %q", says)
		}
		d.press("down")
		for range 5 {
			if d.m.keys.enterDoes(d.m) != "read on" {
				break
			}
			d.press("enter")
		}
		d.shows("old protocols work again")
		d.press("enter")
		d.wait(time.Second)
		d.shows("Accept the plan")
	})
}

// An Enter that comes with what was pasted is not taken, and that is said.
func TestEnterWithAPasteIsTold(t *testing.T) {
	t.Parallel()
	typed := steps.Finding{
		Status: steps.Ready, Text: finding.Advise("Look."), Fields: []steps.Field{{ID: "name", Label: "Name", Kind: steps.TextField}},
		Actions: []steps.Action{{ID: steps.ActRetry, Label: "Use it"}},
	}
	drive(t, Options{}, contoso(), tenSteps(0, typed), func(d *driver) {
		d.send(tea.PasteMsg{Content: "contoso.com"})
		d.hides("press it again")
		d.send(tea.PasteMsg{Content: "\r"})
		d.shows("press it again")
		if got := d.m.focus().entry().text(); got != "contoso.com" {
			t.Errorf("typed is %q", got)
		}
	})
}
