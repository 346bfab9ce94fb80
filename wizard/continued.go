package wizard

import (
	"io"

	tea "charm.land/bubbletea/v2"
)

// A process that was stopped from outside goes on with the terminal as its shell has left it: with an echo, line by line, and with the
// shell's own lines on it. Bubble Tea makes its terminal anew only after a program that it ran itself, so it runs none.

// continuedMsg says that the process goes on.
type continuedMsg struct{}

// continued takes the terminal again. What was shown only once is not drawn again.
func (m *Model) continued() tea.Cmd {
	m.over.hideNow(m)
	return tea.Exec(noProgram{}, func(error) tea.Msg { return tea.ClearScreen() })
}

// noProgram is done at once.
type noProgram struct{}

func (noProgram) Run() error          { return nil }
func (noProgram) SetStdin(io.Reader)  {}
func (noProgram) SetStdout(io.Writer) {}
func (noProgram) SetStderr(io.Writer) {}
