package clipboard

import (
	"context"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// terminal is the clipboard of the terminal itself: OSC 52, which works over ssh, is not acknowledged, and is refused
// by many terminals. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h3-Operating-System-Commands
type terminal struct {
	out  io.Writer
	ask  func(context.Context) (string, error)
	wrap func(string) string
}

func (t *terminal) name() string { return phrase.T("the terminal's clipboard") }

func (t *terminal) put(_ context.Context, text []byte) (placing, error) {
	return placing{}, t.write(ansi.SetSystemClipboard(string(text)))
}

func (t *terminal) write(sequence string) error {
	_, err := io.WriteString(t.out, t.wrap(sequence))
	return err
}

func (t *terminal) holds(ctx context.Context, text []byte) (bool, error) {
	if t.ask == nil {
		return false, errBlind
	}
	got, err := t.ask(ctx)
	if err != nil {
		return false, errBlind
	}
	return got == string(text), nil
}

// take clears only what the terminal itself says is there: an unasked clear would destroy what somebody copied since.
func (t *terminal) take(ctx context.Context, text []byte) (bool, error) {
	ours, err := t.holds(ctx, text)
	if err != nil || !ours {
		return false, err
	}
	return true, t.write(ansi.ResetSystemClipboard)
}

// screenLimit is the longest string that GNU screen passes on in one piece.
const screenLimit = 768

// wrapping makes a sequence reach the terminal outside of a multiplexer. tmux acts on a plain one with "set-clipboard
// on" and passes on a wrapped one with "allow-passthrough on"; both defaults are off, so it gets both.
// https://github.com/tmux/tmux/wiki/Clipboard
func wrapping(getenv func(string) string) func(string) string {
	switch {
	case getenv("TMUX") != "" || strings.HasPrefix(getenv("TERM"), "tmux"):
		return func(s string) string { return s + ansi.TmuxPassthrough(s) }
	case getenv("STY") != "":
		return func(s string) string { return ansi.ScreenPassthrough(s, screenLimit) }
	}
	return func(s string) string { return s }
}
