package wizard

import (
	"context"
	"log/slog"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/walker"
	"github.com/delegate365-onboard/delegate365-onboard/styles"
)

// onboarding is what the wizard itself needs of a run; the steps get the run whole.
type onboarding interface {
	Identity() (operator, tenant string)
	Exposure() (steps.Exposure, bool)
	CloseExposure(ctx context.Context, report func(steps.Event)) error
	CloseAndDisable(ctx context.Context, report func(steps.Event)) error
	Exchanges() []graph.Exchange
	Person() steps.Person
	Open(ctx context.Context, address string, private bool) (said string, err error)
}

// Model is the whole program.
type Model struct {
	opts    Options
	run     onboarding
	explain func(error) steps.Problem
	life    life
	look    look
	keys    keyMap
	size    size
	now     time.Time // of the last message, so that a frame shows one time only
	clock   ticker

	walk     *walker.Walk
	screens  []*screen // of the walk's steps
	over     dialogStack
	exit     exit
	jobs     jobs
	progress walker.Progress // of the running Inspect, Apply or CloseExposure
	note     string  // one sentence about the last key, above the actions
	handing  handing
	pilot    autopilot
}

// life ends the program's work.
type life struct {
	ctx   context.Context // ends with the program
	stop  context.CancelFunc
	abort context.CancelFunc // ends the program as it is
}

// size is that of the window, in cells; 0 where it is not known.
type size struct{ w, h int }

// exit is what is known of the program's end.
type exit struct {
	result      Result
	cause       error // why the result is Failed
	lastPanic   error // in a command, after which the program went on
	closeErr    error // why the exposure window could not be closed when that was last tried, since a dialog was opened
	gaveUp      bool  // closing was left to the guard
	noDisable   error // why the account could not be disabled as it was asked for
}

// New makes a wizard that stands at the first of its steps. There is at least one.
func New(o Options) *Model { return newModel(o, o.Run) }

func newModel(o Options, run onboarding) *Model {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Copy == nil {
		o.Copy = noClipboard
	}
	m := &Model{
		opts: o, run: run, walk: walker.New(o.Run, o.Steps), explain: steps.Explain,
		look: look{styles.Plain(), styles.Unicode()}, keys: newKeyMap(), now: time.Now(),
		life: life{abort: func() {}}, handing: handing{shownOnce: map[once]bool{}},
	}
	if o.ASCII {
		m.look.glyphs = styles.ASCII()
	}
	for _, stop := range m.walk.Stops() {
		m.screens = append(m.screens, &screen{Stop: stop, carried: map[string]bool{}, scroll: byItself})
	}
	m.live(context.Background())
	return m
}

// live ties the program's work to ctx and returns what ends it.
func (m *Model) live(ctx context.Context) context.CancelFunc {
	if m.life.stop != nil {
		m.life.stop()
	}
	m.life.ctx, m.life.stop = context.WithCancel(ctx)
	return m.life.stop
}

// Result says how the wizard ended. It means something once the program has quit.
func (m *Model) Result() Result { return m.exit.result }

// Init begins with the first step.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.do(tea.RequestBackgroundColor), m.listen(), m.visit(0), m.afterwards())
}

// Update takes one message.
func (m *Model) Update(msg tea.Msg) (same tea.Model, cmd tea.Cmd) {
	if same = m; m.broken() {
		return m, nil
	}
	defer m.survive()
	m.now = time.Now()
	cmd = m.take(msg)
	return m, tea.Batch(cmd, m.afterwards())
}

// afterwards is what every message may have made necessary: to hide a secret, the clock, the cap, the autopilot.
func (m *Model) afterwards() tea.Cmd {
	m.keepHidden()
	return tea.Batch(m.watchCap(), m.clock.tick(m), m.pilot.schedule(m))
}

func (m *Model) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.size = size{msg.Width, msg.Height}
		m.hideNow()
	case tea.SuspendMsg, tea.ResumeMsg:
		m.hideNow()
	case tea.RawMsg: // Bubble Tea's own; it holds what is copied
	case tea.BackgroundColorMsg:
		m.paint(msg.IsDark())
	case tea.KeyPressMsg:
		return m.pressed(msg)
	case tea.PasteMsg:
		m.pasted(msg)
	case LeaveMsg:
		return tea.Batch(m.leaveRequested(msg), m.listen())
	case pumpedMsg:
		return m.pumped(msg)
	case tickedMsg:
		m.clock.ticked(m, msg)
	case pollDueMsg:
		return m.pollDue(msg)
	case retryDueMsg:
		return m.retryDue(msg)
	case unseenMsg:
		return m.unseenTooLong(msg)
	case pilotDueMsg:
		return m.pilot.moves(m, msg)
	case openedMsg:
		m.opened(msg)
	case copiedMsg:
		m.copied(msg)
	case clearedMsg:
		m.cleared(msg)
	case hideDueMsg:
		m.hideDue(msg)
	case crashedMsg:
		return m.crashed(msg)
	default:
		return m.current().form.take(m, msg)
	}
	return nil
}

// paint chooses the colours for the terminal's background.
func (m *Model) paint(dark bool) {
	switch {
	case m.opts.NoColor:
	case dark:
		m.look.palette = styles.Dark()
	default:
		m.look.palette = styles.Light()
	}
	for _, s := range m.screens {
		s.form.paint(m.look.palette)
		s.form.focusOn(s.focus)
	}
}

// current is the screen that is shown.
func (m *Model) current() *screen { return m.screens[m.walk.Viewing()] }
