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
	Aftermath() steps.Aftermath
	ReadFactor(ctx context.Context)
	CloseExposure(ctx context.Context, report func(steps.Event)) error
	CloseAndDisable(ctx context.Context, report func(steps.Event)) error
	Exchanges() []graph.Exchange
	Person() steps.Person
	Open(ctx context.Context, address string, private bool) (said string, err error)
	Opened(address string)
}

// Model is the whole program.
type Model struct {
	opts    Options
	run     onboarding
	explain func(error) steps.Problem
	look    look
	keys    keyMap
	size    size
	now     time.Time // of the last message, so that a frame shows one time only
	clock   ticker

	flow      flow
	over      dialogStack
	exit      exit
	jobs      jobs
	note      string // one sentence about the last key, above the actions
	copying   copying
	notice    notice
	rehearsal rehearsal

	browserless bool // no browser was found when a page was to be opened last

	drawn map[int]*page // the body of the step in the frame in sight, by its width, until a message may change it; nil then
}

// size is that of the window, in cells; 0 where it is not known.
type size struct{ w, h int }

// exit is what is known of the program's end.
type exit struct {
	result    Result
	cause     error // why the result is Failed
	lastPanic error // in a command, after which the program went on
	closeErr  error // why the exposure window could not be closed when that was last tried, since a dialog was opened
	gaveUp    bool  // closing was left to the guard
	noDisable error // why the account could not be disabled as it was asked for
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
		opts: o, run: run, flow: flow{walk: walker.New(o.Run, o.Steps)}, explain: steps.Explain,
		look: look{styles.Plain(), styles.Unicode()}, keys: newKeyMap(), now: time.Now(),
		jobs: jobs{life: life{abort: func() {}}, log: o.Log}, copying: copying{shownOnce: map[once]bool{}, blind: map[once]bool{}},
	}
	if o.ASCII {
		m.look.glyphs = styles.ASCII()
	}
	for _, stop := range m.flow.walk.Stops() {
		m.flow.screens = append(m.flow.screens, &screen{Stop: stop, scroll: byItself})
	}
	m.live(context.Background())
	return m
}

// live ties the program's work to ctx and returns what ends it.
func (m *Model) live(ctx context.Context) context.CancelFunc {
	if m.jobs.life.stop != nil {
		m.jobs.life.stop()
	}
	m.jobs.life.ctx, m.jobs.life.stop = context.WithCancel(ctx)
	return m.jobs.life.stop
}

// Result says how the wizard ended. It means something once the program has quit.
func (m *Model) Result() Result { return m.exit.result }

// Init begins with the first step.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.jobs.do(tea.RequestBackgroundColor), m.exit.listen(m), m.flow.visit(m, 0), m.afterwards())
}

// Update takes one message.
func (m *Model) Update(msg tea.Msg) (same tea.Model, cmd tea.Cmd) {
	if same = m; m.exit.broken() {
		return m, nil
	}
	defer m.exit.survive(m)
	m.now = time.Now()
	if _, pressed := msg.(tea.KeyPressMsg); !pressed {
		m.drawn = nil
	}
	cmd = m.take(msg)
	return m, tea.Batch(cmd, m.afterwards())
}

// afterwards is what every message may have made necessary: to hide a secret, the clock, the cap, the autopilot, the bell.
func (m *Model) afterwards() tea.Cmd {
	m.over.keepHidden(m)
	return tea.Batch(m.exit.watchCap(m), m.clock.tick(m), m.rehearsal.schedule(m), m.notice.watch(m))
}

func (m *Model) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m.resized(size{msg.Width, msg.Height})
	case tea.SuspendMsg, tea.ResumeMsg:
		m.over.hideNow(m)
	case tea.FocusMsg:
		m.notice.focused(true)
		return m.flow.returned(m)
	case tea.BlurMsg:
		m.notice.focused(false)
	case continuedMsg:
		return m.continued()
	case factorReadMsg:
	case tea.RawMsg: // Bubble Tea's own; it holds what is copied
	case tea.BackgroundColorMsg:
		m.paint(msg.IsDark())
	case tea.KeyPressMsg:
		return m.keys.pressed(m, msg)
	case tea.PasteMsg:
		m.pasted(msg)
	case LeaveMsg:
		return tea.Batch(m.exit.leaveRequested(m, msg), m.exit.listen(m))
	case pumpedMsg:
		return m.pumped(msg)
	case tickedMsg:
		m.clock.ticked(m, msg)
	case pollDueMsg:
		return m.flow.pollDue(m, msg)
	case retryDueMsg:
		return m.exit.retryDue(m, msg)
	case unattendedMsg:
		return m.exit.unattendedTooLong(m, msg)
	case pilotDueMsg:
		return m.rehearsal.moves(m, msg)
	case openedMsg:
		m.links().opened(msg)
	case copiedMsg:
		m.copying.copied(m, msg)
	case clearedMsg:
		m.copying.cleared(m, msg)
	case hideDueMsg:
		m.over.hideDue(m, msg)
	case crashedMsg:
		return m.crashed(msg)
	default:
		return m.current().form.take(m, msg)
	}
	return nil
}

// resized takes the window's size. After the first it is asked for again: Bubble Tea reads that one before it listens for changes,
// and a window that changed in between would keep a frame of another size.
func (m *Model) resized(to size) tea.Cmd {
	first := m.size == size{} && to != size{}
	m.size = to
	m.over.hideNow(m)
	if first {
		return tea.RequestWindowSize
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
	for _, s := range m.flow.screens {
		s.form.paint(m.look.palette)
		s.form.focusOn(s.focus)
	}
}

// current is the screen that is shown.
//
//go:noinline // every copy would be carried
func (m *Model) current() *screen { return m.flow.screens[m.flow.walk.Viewing()] }
