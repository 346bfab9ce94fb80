package walker

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// step is one whose answers a test sets.
type step struct {
	id      steps.ID
	found   steps.Finding
	err     error // of Inspect and Apply
	refuses map[string]error
	got     []string
	applied int
}

func (s *step) Plan(steps.Situation) steps.Planned { return steps.Planned{} }

func (s *step) Info() steps.Info { return steps.Info{ID: s.id, Title: string(s.id)} }

func (s *step) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	return s.found, s.err
}

func (s *step) Apply(context.Context, *steps.Run, func(steps.Event)) error {
	s.applied++
	return s.err
}

func (s *step) Answer(_ *steps.Run, id string, value graph.Secret) error {
	if err := s.refuses[id]; err != nil {
		return err
	}
	s.got = append(s.got, id+"="+value.Reveal())
	return nil
}

func three() (*Walk, []*step) {
	list := []*step{{id: "first"}, {id: "second"}, {id: "third"}}
	var all []steps.Step
	for _, s := range list {
		s.found = steps.Finding{Status: steps.Ready, Actions: []steps.Action{{ID: steps.ActApply, Label: "Apply"}}}
		all = append(all, s)
	}
	return New(nil, all), list
}

// settle does what comes next until it is the operator's turn, or the end.
func settle(w *Walk, next Next) Next {
	for next.Turn == Running || next.Turn == Acting {
		if next.Turn == Acting {
			next = w.Do(next.Action)
			continue
		}
		next = w.Take(next.Work(context.Background(), func(steps.Event) {}))
	}
	return next
}

func TestOrder(t *testing.T) {
	w, list := three()
	settle(w, w.Visit(0))
	for _, c := range []struct {
		do                       string
		viewing, working, wanted int // wanted is the turn
		unknown                  steps.ID
	}{
		{steps.ActRetry, 0, 0, int(Operators), ""},
		{steps.ActNext, 1, 1, int(Operators), ""},
		{steps.ActNext, 2, 2, int(Operators), ""},
		{steps.ActGo + "first", 0, 0, int(Operators), ""},
		{steps.ActGo + "nowhere", 0, 0, int(Operators), "nowhere"},
		{steps.ActLeave, 0, 0, int(Leaving), ""},
		{steps.ActGo + "nowhere/anew", 0, 0, int(Operators), "nowhere"},
		{steps.ActGo + "second/anew", 1, 1, int(Operators), ""},
		{steps.ActGo + "third", 2, 2, int(Operators), ""},
		{steps.ActNext, 2, 2, int(Finishing), ""},
	} {
		next := settle(w, w.Do(steps.Action{ID: c.do}))
		if w.Viewing() != c.viewing || w.Working() != c.working || int(next.Turn) != c.wanted || next.Unknown != c.unknown {
			t.Fatalf("after %s: viewing %d, working %d, %+v", c.do, w.Viewing(), w.Working(), next)
		}
	}
	if !slices.Equal(list[1].got, []string{"anew="}) || len(list[0].got)+len(list[2].got) > 0 {
		t.Errorf("going to the second step with an answer says %q to it", list[1].got)
	}
	list[2].found.Status = steps.Done
	settle(w, w.Look())
	if next := w.Do(steps.Action{ID: steps.ActLeave}); next.Turn != Finishing {
		t.Error("leaving the last step, done, is not the end")
	}
}

// Looking back offers the way forward first and never the next step, and changes nothing by itself.
func TestLookingBack(t *testing.T) {
	w, list := three()
	list[0].found.Actions = []steps.Action{{ID: steps.ActNext, Label: "Continue"}, {ID: "other", Label: "Other"}}
	settle(w, w.Visit(0))
	settle(w, w.Visit(1))
	settle(w, w.Back())
	if actions := w.Actions(); len(actions) != 2 || actions[0].ID != ActForward || actions[1].ID != "other" {
		t.Errorf("it offers %+v", actions)
	}
	settle(w, w.Do(w.Actions()[0]))
	if w.Viewing() != 1 || w.LookingBack() || list[0].applied+list[1].applied != 0 {
		t.Error("forward did not lead to the step that is worked on")
	}
	settle(w, w.Back())
	if next := w.Back(); next.Turn != Leaving {
		t.Error("back from the first step does not ask to leave")
	}
}

// A step that was left before and was answered is worked on again where something is left to do in it, so that nothing after it is
// reached as if it were done; where nothing is, or it was not answered, the way goes forward as before.
func TestAnswerWhileLookingBack(t *testing.T) {
	for name, c := range map[string]struct {
		status  steps.Status
		refused bool
		working int
	}{
		"something is left": {steps.Waiting, false, 1},
		"nothing is left":   {steps.Done, false, 2},
		"refused":           {steps.Waiting, true, 2},
	} {
		w, list := three()
		list[1].found.Status = steps.Done
		settle(w, w.Visit(1))
		settle(w, w.Visit(2))
		settle(w, w.Back())
		if c.refused {
			list[1].refuses = map[string]error{"page": errors.New("no")}
		}
		list[1].found.Status = c.status
		settle(w, w.Do(steps.Action{ID: "page"}))
		if w.Viewing() != 1 || w.Working() != c.working {
			t.Errorf("%s: viewing %d, working %d, want 1 and %d", name, w.Viewing(), w.Working(), c.working)
		}
	}
}

// What was carried out of one page is not carried out of the next, though each is opened by an instruction of the same id; a task that
// comes back as it was keeps it.
func TestAnotherTaskBeginsAnew(t *testing.T) {
	w, list := three()
	for _, c := range []struct {
		url  string
		done bool // before it is carried out here
	}{{"https://a", false}, {"https://a", true}, {"", false}, {"https://a", true}, {"https://b", false}} {
		list[0].found.Task = nil
		item := steps.Item{ID: "open", Opens: true}
		if c.url != "" {
			list[0].found.Task = &steps.Task{URL: c.url, Items: []steps.Item{item}}
		}
		settle(w, w.Visit(0))
		if c.url == "" {
			continue
		}
		if got := w.Here().CarriedOut(item); got != c.done {
			t.Errorf("%s: carried out %t, want %t", c.url, got, c.done)
		}
		w.Here().Carried["open"] = true
	}
}

// What was submitted is done only when it still announces what the operator saw.
func TestAnnouncement(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*step)
		applied int
	}{
		"the same":       {func(*step) {}, 1},
		"another change": {func(s *step) { s.found.Changes = []steps.Change{{Object: "another"}} }, 0},
		"another status": {func(s *step) { s.found.Status = steps.Blocked }, 0},
		"another action": {func(s *step) { s.found.Actions = []steps.Action{{ID: steps.ActNext}} }, 0},
	} {
		w, list := three()
		settle(w, w.Visit(0))
		c.change(list[0])
		next := settle(w, w.Submit(w.Primary(), []Answer{{"name", graph.NewText("x")}}))
		if list[0].applied != c.applied || len(list[0].got) != 1 || !next.Shown {
			t.Errorf("%s: applied %d times, answered %q, shown %t", name, list[0].applied, list[0].got, next.Shown)
		}
	}
}

func TestRefusal(t *testing.T) {
	w, list := three()
	settle(w, w.Visit(0))
	list[0].refuses = map[string]error{"name": errors.New("too long"), "own": errors.New("not now")}
	next := settle(w, w.Submit(w.Primary(), []Answer{{"name", graph.NewText("x")}}))
	if next.Refused == nil || next.Refused.Field != "name" || w.State != Found || list[0].applied != 0 {
		t.Errorf("a refused value leads to %+v in state %d", next, w.State)
	}
	settle(w, w.Do(steps.Action{ID: "own"}))
	if w.State != Failed || w.Err == nil || w.Actions()[0].ID != steps.ActRetry {
		t.Errorf("a refused action leads to state %d", w.State)
	}
	settle(w, w.Do(w.Actions()[0]))
	if w.State != Found {
		t.Errorf("trying again leads to state %d", w.State)
	}
}

// While a person is waited for, one look that fails is no failure; the first look at a step is.
func TestUnread(t *testing.T) {
	w, list := three()
	list[0].found = steps.Finding{Status: steps.Waiting, Poll: time.Second}
	settle(w, w.Visit(0))
	list[0].err = errors.New("no connection")
	if next := settle(w, w.Look()); next.Unread == nil || w.State != Found {
		t.Errorf("looking again leads to %+v in state %d", next, w.State)
	}
	settle(w, w.Visit(0))
	if w.State != Failed {
		t.Errorf("the first look leads to state %d", w.State)
	}
}

// A step that was told to stop is read again; one that stopped by itself has failed.
func TestStop(t *testing.T) {
	for _, stopped := range []bool{true, false} {
		w, list := three()
		settle(w, w.Visit(0))
		next := w.Do(w.Primary())
		list[0].err = context.Canceled
		outcome := next.Work(t.Context(), nil)
		list[0].err = nil
		if stopped {
			w.Stop()
		}
		settle(w, w.Take(outcome))
		if got := w.State == Found; got != stopped {
			t.Errorf("stopped %t: state %d", stopped, w.State)
		}
	}
}

// What a part brings back is an action, the answer to a field, or a reason to look again.
func TestPlayed(t *testing.T) {
	choice := steps.Field{ID: "version", Kind: steps.ChoiceField, Options: []steps.Option{{ID: "older"}}}
	for name, c := range map[string]struct {
		brought string
		fields  []steps.Field
		action  string
		got     string
	}{
		"an action":  {"own", nil, "own", ""},
		"its reason": {"own\nso it says", nil, "own", ""},
		"of option":  {"older\nso it says", []steps.Field{{ID: "name"}, choice}, "", "version=older"},
		"two lines":  {"abcd\nefgh", []steps.Field{{ID: "mail", Kind: steps.PasteField}}, "", "mail=abcd\nefgh"},
		"a secret":   {"abcd", []steps.Field{choice, {ID: "mail", Kind: steps.PasteField}, {ID: "pw", Kind: steps.SecretField}}, "", "pw=abcd"},
		"a mail":     {"abcd", []steps.Field{choice, {ID: "mail", Kind: steps.PasteField}}, "", "mail=abcd"},
		"an option":  {"older", []steps.Field{{ID: "name"}, choice}, "", "version=older"},
		"no field":   {"abcd", []steps.Field{{ID: "name"}, choice}, "", ""},
		"what walks": {steps.ActApply, nil, "", ""},
		"nothing":    {"", []steps.Field{{ID: "pw", Kind: steps.SecretField}}, "", ""},
	} {
		w, list := three()
		list[0].found.Fields, list[0].found.Actions = c.fields, append(list[0].found.Actions, steps.Action{ID: "own"})
		settle(w, w.Visit(0))
		next := w.Played(Played{Brought: graph.NewText(c.brought)})
		if _, words, _ := strings.Cut(c.brought, "\n"); next.Said != words && name != "two lines" {
			t.Errorf("%s: the page said %q", name, next.Said)
		}
		if c.action != "" {
			if next.Turn != Acting || next.Action.ID != c.action {
				t.Errorf("%s: %+v", name, next)
			}
			continue
		}
		settle(w, next)
		got := ""
		if len(list[0].got) > 0 {
			got = list[0].got[0]
		}
		if got != c.got || list[0].applied != 0 {
			t.Errorf("%s: answered %q, applied %d times", name, got, list[0].applied)
		}
	}
}

// The autopilot plays each part once, waits until it is noticed, presses on, and gives up in the end.
func TestAutopilot(t *testing.T) {
	w, list := three()
	task := &steps.Task{Part: steps.PartSetup}
	list[0].found = steps.Finding{Status: steps.Waiting, Task: task, Poll: time.Second}
	settle(w, w.Visit(0))
	var a Autopilot
	now := time.Unix(0, 0)
	if !a.Idle(w, task, now) || a.Move(task, now) != Play {
		t.Fatal("it does not play the part")
	}
	if a.Idle(w, task, now.Add(noticeWithin-1)) || !a.Idle(w, task, now.Add(noticeWithin)) {
		t.Error("it does not wait until the part may be noticed")
	}
	for range mostTries - 1 {
		if a.Move(task, now) != Press {
			t.Fatal("it plays the part again, or gives up too soon")
		}
	}
	if a.Move(task, now) != GiveUp {
		t.Error("it goes on for good")
	}
	settle(w, w.Visit(1))
	if !a.At(w) || a.Move(task, now) != Play {
		t.Error("in another step it does not begin anew")
	}
	if a.Forget(); a.Move(task, now) != Play {
		t.Error("a part that failed is not played again")
	}
}

func TestProgress(t *testing.T) {
	var p Progress
	now := time.Unix(1, 0)
	code := steps.Event{Task: &steps.Task{Part: steps.PartDeviceLogin, Code: "ABC"}}
	if !p.Report(code, now) || p.Task.Since != now || p.Report(code, now) {
		t.Error("a task is another one only when its part or its code is")
	}
	p.Report(steps.Event{Wait: &steps.Wait{Text: "waiting"}}, now)
	for _, e := range []steps.Event{{Text: "going on"}, {Applied: &steps.Change{}}, {Wait: &steps.Wait{Text: "waiting"}}} {
		if e.Beside = true; p.Report(e, now) || p.Task == nil {
			t.Errorf("the task is over by %+v, which goes on beside it", e)
		}
	}
	p.Report(steps.Event{Text: "going on"}, now)
	if p.Task != nil || p.Wait != nil || p.Line != "going on" {
		t.Errorf("going on leaves %+v", p)
	}
	for name, e := range map[string]steps.Event{"a change": {Applied: &steps.Change{}}, "a wait": {Wait: &steps.Wait{Text: "waiting"}}} {
		p.Report(steps.Event{Text: "the guard runs"}, now)
		if p.Report(e, now); p.Line != "" {
			t.Errorf("after %s it still tells %q", name, p.Line)
		}
	}
}

// The autopilot answers what a step has a rehearsed answer to, once, and nothing else.
func TestAutopilotDecides(t *testing.T) {
	w, list := three()
	list[0].found.Fields = []steps.Field{
		{ID: "doubt", Kind: steps.ChoiceField, Options: []steps.Option{{}, {ID: "0"}}},
		{ID: "all", Value: "keep", Rehearsed: "off"},
		{ID: "same", Value: "off", Rehearsed: "off"},
	}
	settle(w, w.Visit(0))
	var a Autopilot
	a.At(w)
	next, decided := a.Decide(w)
	if settle(w, next); !decided || !slices.Equal(list[0].got, []string{"all=off"}) {
		t.Errorf("it answers %q", list[0].got)
	}
	if _, decided = a.Decide(w); decided {
		t.Error("it answers again")
	}
}

// Steps that lead to each other for good end too.
func TestAutopilotLeavesACircle(t *testing.T) {
	w, list := three()
	list[0].found = steps.Finding{Status: steps.Blocked, Actions: []steps.Action{{ID: steps.ActGo + "second", Label: "On"}}}
	list[1].found = steps.Finding{Status: steps.Blocked, Actions: []steps.Action{
		{ID: steps.ActGo + "first", Label: "Back"}, {ID: "adopt", Label: "Use it"},
	}}
	settle(w, w.Visit(0))
	var a Autopilot
	for range 1000 {
		a.At(w)
		if a.Move(nil, time.Now()) == GiveUp {
			err := w.Stuck()
			e, ok := errors.AsType[*steps.Error](err)
			if !ok || w.Viewing() == 1 && !strings.Contains(e.Hint, `"Use it"`) {
				t.Errorf("it ends with %v", err)
			}
			return
		}
		settle(w, w.Do(w.Actions()[0]))
	}
	t.Error("it goes on for good")
}

// After the cap, Suspend MFA and what follows it are open again, and it is where the way goes on. Before it, and once setup is over,
// the step that is shown stays.
func TestReopen(t *testing.T) {
	for _, c := range []struct{ at, want int }{{0, 0}, {1, 1}, {2, 1}, {3, 3}} {
		var list []steps.Step
		for _, id := range []steps.ID{steps.AssignAdmin, steps.SuspendMFA, steps.RunSetup, steps.ReenableMFA} {
			list = append(list, &step{id: id, found: steps.Finding{Status: steps.Ready, Actions: []steps.Action{{ID: steps.ActApply}}}})
		}
		w := New(nil, list)
		for i := range c.at + 1 {
			settle(w, w.Visit(i))
		}
		next := w.Reopen()
		if w.Viewing() != c.want || w.Working() != c.want || !next.Arrived {
			t.Errorf("at %d: viewing %d, working %d", c.at, w.Viewing(), w.Working())
		}
		if c.at == 2 && (w.Stops()[1].Found != nil || w.Stops()[2].Found != nil || w.Stops()[0].Found == nil) {
			t.Error("what is open again is called done")
		}
	}
}

// A sign-in that is asked for again within one step is another part: nobody else would play it.
func TestAutopilotPlaysEachSignIn(t *testing.T) {
	w, _ := three()
	settle(w, w.Visit(0))
	w.State = Applying
	var a Autopilot
	for _, address := range []string{"https://login.example/?state=1", "https://login.example/?state=2"} {
		task := &steps.Task{Part: steps.PartSignIn, URL: address}
		if !a.Idle(w, task, time.Now()) || a.Move(task, time.Now()) != Play {
			t.Errorf("it does not play %s", address)
		}
		if a.Idle(w, task, time.Now()) {
			t.Errorf("it plays %s again", address)
		}
	}
}

// A step that needs nothing is left by itself, and told on the next one until the operator does something there. One that is to be
// decided, that somebody was sent to, or that is looked back at stays.
func TestPassing(t *testing.T) {
	done := steps.Finding{Status: steps.Done, Actions: []steps.Action{{ID: steps.ActNext}}}
	decide := done
	decide.Sections = []steps.Section{{Facts: []steps.Fact{{Mark: steps.MarkDecide}}}}
	for name, c := range map[string]struct {
		second  steps.Finding
		viewing int
	}{
		"done":          {done, 2},
		"not needed":    {steps.Finding{Status: steps.NotNeeded}, 2},
		"to be decided": {decide, 1},
		"with a field":  {steps.Finding{Status: steps.Done, Fields: []steps.Field{{ID: "name"}}}, 1},
		"a question":    {steps.Finding{Status: steps.Done, Actions: []steps.Action{{ID: "own"}}}, 1},
	} {
		w, list := three()
		list[0].found, list[1].found = done, c.second
		settle(w, w.Visit(0))
		if passed := len(w.Passed()); w.Viewing() != c.viewing || passed != c.viewing {
			t.Errorf("%s: at %d after passing %d, want %d", name, w.Viewing(), passed, c.viewing)
		}
		settle(w, w.Do(steps.Action{ID: steps.ActRetry}))
		if len(w.Passed()) != 0 {
			t.Errorf("%s: what was seen is still told", name)
		}
	}
	w, list := three()
	list[0].found, list[1].found = done, done
	settle(w, w.Visit(0))
	settle(w, w.Back())
	if w.Viewing() != 1 || len(w.Passed()) != 0 {
		t.Error("looking back does not stay")
	}
	settle(w, w.Do(steps.Action{ID: steps.ActGo + "first"}))
	settle(w, w.Look())
	if w.Viewing() != 0 {
		t.Error("a step that somebody was sent to does not stay")
	}
	settle(w, w.Do(w.Primary()))
	if w.Viewing() != 2 {
		t.Error("the operator's Enter does not lead on")
	}
}
