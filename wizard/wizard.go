// Package wizard is the onboarding on a terminal: one Bubble Tea program that renders what the steps find, runs them,
// and shows what they report. It knows nothing of any step in particular. Its rules: keys are matched only through
// bindings, and the footer is made from those enabled now; commands are made in one place, which survives a panic in
// any of them; Update neither blocks nor does I/O, and View only draws what Update left; nobody leaves while the
// exposure window is open except by closing it.
package wizard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/process"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// Options are what a wizard is made of.
type Options struct {
	Run   *steps.Run
	Steps []steps.Step
	Title string // what this is; empty means Delegate365 onboarding

	Log     *slog.Logger // nil discards
	Portal  string       // page where MFA can be put back by hand, shown when the program cannot do it
	NoColor bool         // bold only; NO_COLOR with any value does the same
	NoBell  bool         // rings no bell, and leaves the window its title
	ASCII   bool         // draw with ASCII only; a locale without UTF-8 does the same

	// Copy hands a value over by the clipboard, and says what could be confirmed of that; nil means that there is none.
	Copy func(context.Context, graph.Secret) (clipboard.Report, error)
	// Terminal is tied to the wizard while it runs; nil means that nobody else needs its terminal.
	Terminal *Terminal

	// Autopilot goes through the onboarding by itself: it presses each screen's primary action and plays the
	// person's parts, waiting Pace before each. What Caption says of the step on screen is shown meanwhile.
	Autopilot bool
	Pace      time.Duration
	Caption   func(steps.ID) string // nil says nothing

	// Leave asks to leave from outside, for instance on a signal.
	Leave <-chan LeaveMsg

	Input  io.Reader // nil means the terminal
	Output io.Writer // nil means the standard output
}

// Result is how a wizard ended.
type Result int

// The ends of a wizard.
const (
	Left     Result = iota // the operator left before the end
	Finished               // the last step was done
	Failed                 // the program could not go on
)

// framesPerSecond is the most that Bubble Tea draws. What a key changed waits for the next of them, and so does the first frame.
const framesPerSecond = 120

// Run shows the wizard until it ends. When it returns the terminal is as before, and the exposure window is closed
// unless the error says otherwise.
func Run(ctx context.Context, o Options) (Result, error) {
	if os.Getenv("NO_COLOR") != "" {
		o.NoColor = true
	}
	o.ASCII = o.ASCII || asciiOnly(os.Getenv)
	return New(o).show(ctx)
}

func (m *Model) show(ctx context.Context) (Result, error) {
	ctx, m.jobs.life.abort = context.WithCancel(ctx)
	defer m.jobs.life.abort()
	stop := m.live(ctx)
	defer stop()
	program := []tea.ProgramOption{tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond), tea.WithFilter(bounded)}
	if m.opts.NoColor {
		program = append(program, tea.WithColorProfile(colorprofile.ASCII))
	}
	if m.opts.Input != nil {
		program = append(program, tea.WithInput(m.opts.Input))
	} else {
		program = append(program, tea.WithInput(newKeyboard(os.Stdin)))
	}
	if m.opts.Output != nil {
		program = append(program, tea.WithOutput(m.opts.Output))
	}
	p := tea.NewProgram(m, program...)
	m.opts.Terminal.attach(p)
	deaf := process.Continued(func() { p.Send(continuedMsg{}) })
	_, err := p.Run()
	deaf()
	m.opts.Terminal.attach(nil)
	stop()
	result := m.Result()
	if result == Failed {
		err = errors.Join(m.exit.cause, err)
	} else if err != nil {
		result, err = Failed, fmt.Errorf("show the wizard: %w", err)
	}
	err = errors.Join(err, m.exit.lastPanic, m.exit.noDisable)
	return result, errors.Join(err, m.exit.closeLast(m, ctx))
}

// The largest window that is drawn in. Bubble Tea keeps every cell of it, and a terminal may say what it likes: with 65,535 of both the
// program ran out of memory while MFA was off.
const mostWidth, mostHeight = 1000, 500

// bounded is a message as the program takes it.
func bounded(_ tea.Model, msg tea.Msg) tea.Msg {
	if size, is := msg.(tea.WindowSizeMsg); is {
		return tea.WindowSizeMsg{Width: min(size.Width, mostWidth), Height: min(size.Height, mostHeight)}
	}
	return msg
}

// closeLast puts MFA back when the program ended without its own screen for that, as after a panic. A window that was
// found open takes the operator's consent, and is left to the next start.
func (e *exit) closeLast(m *Model, ctx context.Context) error {
	open, yes := m.run.Exposure()
	if !yes || open.Found {
		return nil
	}
	if e.gaveUp {
		return errors.New("nobody was there to see MFA being put back; the guard goes on trying")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), steps.ClosingBound)
	defer cancel()
	if err := m.run.CloseExposure(ctx, func(steps.Event) {}); err != nil {
		return fmt.Errorf("put MFA back for %s, by hand at %s: %w", open.Account, m.opts.Portal, err)
	}
	return nil
}
