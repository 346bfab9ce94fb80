package wizard

import (
	"errors"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// Terminal is the way to a wizard's terminal, and to its screen, from outside of the program. What is written to it goes
// out whole, between two frames. The zero value is ready; nothing can be written while no wizard runs.
type Terminal struct {
	mu      sync.Mutex
	program *tea.Program
}

var errNoWizard = errors.New("no wizard is on the terminal")

// Write sends one sequence to the terminal.
func (t *Terminal) Write(sequence []byte) (int, error) {
	program := t.attached()
	if program == nil {
		return 0, errNoWizard
	}
	program.Send(tea.RawMsg{Msg: string(sequence)})
	return len(sequence), nil
}

// Cleared says on screen what became of a copied value when its time was over.
func (t *Terminal) Cleared(gone clipboard.Cleared) {
	if program := t.attached(); program != nil {
		program.Send(clearedMsg{gone})
	}
}

// Redraw draws the whole screen anew.
func (t *Terminal) Redraw() {
	if program := t.attached(); program != nil {
		program.Send(tea.ClearScreen())
	}
}

func (t *Terminal) attached() *tea.Program {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.program
}

// attach ties it to a program that is about to run, or with nil to none. A nil Terminal is nobody's.
func (t *Terminal) attach(program *tea.Program) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.program = program
}
