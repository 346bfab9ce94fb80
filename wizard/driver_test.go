package wizard

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
)

// driver drives a model as Bubble Tea does: one message at a time, commands in goroutines of their own. It lives inside
// a synctest bubble, so that time is virtual.
type driver struct {
	t    *testing.T
	m    *Model
	run  *fakeRun
	msgs chan tea.Msg
	done chan struct{}
	quit bool
}

// sit starts a wizard over the given steps in a bubble and hands it to f at 80x24.
func drive(t *testing.T, o Options, run *fakeRun, list []*fakeStep, f func(d *driver)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		for _, step := range list {
			o.Steps = append(o.Steps, step)
		}
		m := newModel(o, run)
		m.explain = explain
		d := &driver{t: t, m: m, run: run, msgs: make(chan tea.Msg), done: make(chan struct{})}
		defer func() {
			m.jobs.life.stop()
			close(d.done)
			synctest.Wait()
		}()
		d.start(m.Init())
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		f(d)
	})
}

// explain stands in for steps.Explain, so that these tests don't depend on its words.
func explain(err error) steps.Problem {
	if e, ok := errors.AsType[*steps.Error](err); ok {
		return steps.Problem{What: "Could not " + string(e.Op) + ".", Next: e.Hint, Raw: []string{err.Error()}}
	}
	return steps.Problem{What: "Something unexpected happened.", Next: "Try again.", Raw: []string{err.Error()}}
}

func (d *driver) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				d.start(c)
			}
		default:
			select {
			case d.msgs <- msg:
			case <-d.done:
			}
		}
	}()
}

// settle takes every message that is there without time passing.
func (d *driver) settle() {
	for n := 0; ; n++ {
		if n > 20000 {
			d.t.Fatalf("messages without end:\n%s", d.view())
		}
		synctest.Wait()
		select {
		case msg := <-d.msgs:
			if _, yes := msg.(tea.QuitMsg); yes {
				d.quit = true
				continue
			}
			_, cmd := d.m.Update(msg)
			d.start(cmd)
		default:
			return
		}
	}
}

// send hands the model one message and settles.
func (d *driver) send(msg tea.Msg) {
	d.settle()
	_, cmd := d.m.Update(msg)
	d.start(cmd)
	d.settle()
}

// press presses keys by their names, one after the other, each on a screen that has been there for a moment.
func (d *driver) press(keys ...string) {
	for _, k := range keys {
		for d.settle(); time.Since(d.m.flow.moved) < aMoment; {
			d.wait(50 * time.Millisecond)
		}
		d.send(named(k))
	}
}

// write types text.
func (d *driver) write(text string) {
	for _, r := range text {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// wait lets time pass.
func (d *driver) wait(span time.Duration) {
	d.settle()
	for end := time.Now().Add(span); time.Now().Before(end); d.settle() {
		time.Sleep(min(50*time.Millisecond, time.Until(end)))
	}
}

// view is what is on screen, without colours and without blanks at the ends of lines.
func (d *driver) view() string {
	lines := strings.Split(ansi.Strip(d.m.View().Content), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

// shows fails unless the view holds text, however it is wrapped.
func (d *driver) shows(text string) {
	d.t.Helper()
	if !strings.Contains(squash(d.view()), squash(text)) {
		d.t.Errorf("the screen does not show %q:\n%s", text, d.view())
	}
}

func (d *driver) hides(text string) {
	d.t.Helper()
	if strings.Contains(squash(d.m.View().Content), squash(text)) {
		d.t.Errorf("the screen shows %q:\n%s", text, d.view())
	}
}

// is fails unless the model is in the given state, under a dialog of the given type or, with nil, under none.
func (d *driver) is(want walker.State, over dialog) {
	d.t.Helper()
	if got := d.m.over.question; d.m.flow.walk.State != want || reflect.TypeOf(got) != reflect.TypeOf(over) {
		d.t.Fatalf("state %d under %T, want %d under %T:\n%s", d.m.flow.walk.State, got, want, over, d.view())
	}
}

// reads fails unless help or details lie over the screen.
func (d *driver) reads(want dialog) {
	d.t.Helper()
	if got := d.m.over.reading; reflect.TypeOf(got) != reflect.TypeOf(want) {
		d.t.Fatalf("%T is read, want %T:\n%s", got, want, d.view())
	}
}

func squash(s string) string { return strings.Join(strings.Fields(s), "") }

func named(k string) tea.KeyPressMsg {
	switch k {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "tab":
		return tea.KeyPressMsg{Code: tea.KeyTab}
	case "shift+tab":
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	case "up":
		return tea.KeyPressMsg{Code: tea.KeyUp}
	case "down":
		return tea.KeyPressMsg{Code: tea.KeyDown}
	case "left":
		return tea.KeyPressMsg{Code: tea.KeyLeft}
	case "right":
		return tea.KeyPressMsg{Code: tea.KeyRight}
	case "pgdown":
		return tea.KeyPressMsg{Code: tea.KeyPgDown}
	case "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case "pgup":
		return tea.KeyPressMsg{Code: tea.KeyPgUp}
	case "backspace":
		return tea.KeyPressMsg{Code: tea.KeyBackspace}
	case "f1":
		return tea.KeyPressMsg{Code: tea.KeyF1}
	case "f3":
		return tea.KeyPressMsg{Code: tea.KeyF3}
	case "ctrl+c":
		return tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: rune(k[0]), Text: k}
}

// fakeStep answers from what a test put in it. It counts its calls and keeps what was answered.
type fakeStep struct {
	info    steps.Info
	found   steps.Finding // what Inspect returns when inspect is nil
	inspect func(ctx context.Context, report func(steps.Event)) (steps.Finding, error)
	apply   func(ctx context.Context, report func(steps.Event)) error
	refuse  func(id, value string) error

	mu        sync.Mutex
	inspected int
	applied   int
	answered  []string // id=value
}

func (s *fakeStep) Info() steps.Info { return s.info }

func (s *fakeStep) Plan(steps.Situation) steps.Planned { return steps.Planned{} }

func (s *fakeStep) Inspect(ctx context.Context, _ *steps.Run, report func(steps.Event)) (steps.Finding, error) {
	s.mu.Lock()
	s.inspected++
	s.mu.Unlock()
	if s.inspect != nil {
		return s.inspect(ctx, report)
	}
	return s.found, nil
}

func (s *fakeStep) Apply(ctx context.Context, _ *steps.Run, report func(steps.Event)) error {
	s.mu.Lock()
	s.applied++
	s.mu.Unlock()
	if s.apply != nil {
		return s.apply(ctx, report)
	}
	return nil
}

func (s *fakeStep) Answer(_ *steps.Run, id string, value graph.Secret) error {
	s.mu.Lock()
	s.answered = append(s.answered, id+"="+value.Reveal())
	s.mu.Unlock()
	if s.refuse != nil {
		return s.refuse(id, value.Reveal())
	}
	return nil
}

// fakeRun is the run as the wizard sees it.
type fakeRun struct {
	disabled  bool
	mu        sync.Mutex
	operator  string
	tenant    string
	open      *steps.Exposure
	close     func(ctx context.Context, report func(steps.Event)) error // nil closes at once
	exchanges []graph.Exchange
	person    steps.Person
	opened    []string
	openErr   error
	told      []string // pages that the operator opened by hand
	written   int
	factor    steps.FactorRead
	signsIn   bool
	bare      string // an administrator without a second factor
}

func (r *fakeRun) Aftermath() steps.Aftermath {
	r.mu.Lock()
	defer r.mu.Unlock()
	return steps.Aftermath{Written: steps.Tally{Shown: r.written}, Bare: r.bare, Factor: r.factor, SignsIn: r.signsIn}
}

func (r *fakeRun) ReadFactor(context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.factor == steps.FactorUnread {
		r.factor = steps.FactorNone
	}
}

func (r *fakeRun) Identity() (string, string) { return r.operator, r.tenant }

func (r *fakeRun) Exposure() (steps.Exposure, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open == nil {
		return steps.Exposure{}, false
	}
	return *r.open, true
}

func (r *fakeRun) expose(account string, limit time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = &steps.Exposure{Account: account, Opened: time.Now(), Cap: limit}
}

func (r *fakeRun) CloseExposure(ctx context.Context, report func(steps.Event)) error {
	if r.close != nil {
		if err := r.close(ctx, report); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = nil
	return nil
}

func (r *fakeRun) CloseAndDisable(ctx context.Context, report func(steps.Event)) error {
	err := r.CloseExposure(ctx, report)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.disabled = err == nil
	return err
}

func (r *fakeRun) Exchanges() []graph.Exchange { return r.exchanges }
func (r *fakeRun) Person() steps.Person        { return r.person }

func (r *fakeRun) Open(_ context.Context, address string, private bool) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opened = append(r.opened, address)
	switch {
	case r.openErr != nil:
		return "", r.openErr
	case private:
		return "Firefox was asked for a private window. Check that it says Private before anybody signs in.", nil
	}
	return "The default browser was asked to open the page, in an ordinary window.", nil
}

func (r *fakeRun) Opened(address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, address)
}

// playerFunc plays a part.
type playerFunc func(ctx context.Context, part string, with map[string]string) (string, error)

func (f playerFunc) Play(ctx context.Context, part string, with map[string]string) (string, error) {
	return f(ctx, part, with)
}
