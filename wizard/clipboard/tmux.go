package clipboard

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// tmux is the paste buffer of the tmux that this program runs in, and through it the clipboard of the terminal outside:
// load-buffer -w hands it on whatever set-clipboard says. https://man.openbsd.org/tmux#load-buffer
type tmux struct {
	socket string
	run    program
}

func (t *tmux) name() string { return phrase.T("tmux's paste buffer") }

// do runs a tmux command in the server of this session.
func (t *tmux) do(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	return t.run(ctx, input, "tmux", append([]string{"-S", t.socket}, args...)...)
}

// put adds an unnamed buffer, the one that prefix ] pastes; a named one would only be pasted by its name.
func (t *tmux) put(ctx context.Context, text []byte) (placing, error) {
	_, err := t.do(ctx, text, "load-buffer", "-w", "-")
	if err == nil {
		return placing{aside: phrase.T("tmux may have handed it to the terminal's clipboard too: copy something else after pasting.")}, nil
	}
	if ctx.Err() != nil {
		return placing{}, err
	}
	// -w came with tmux 3.2.
	_, err = t.do(ctx, text, "load-buffer", "-")
	return placing{}, err
}

func (t *tmux) holds(ctx context.Context, text []byte) (bool, error) {
	got, err := t.do(ctx, nil, "save-buffer", "-")
	if refused(err, phrase.T("no buffer")) {
		return false, nil
	}
	defer clear(got)
	return bytes.Equal(got, text), err
}

// take deletes every buffer that holds text. Buffers are a stack, so nobody else's is lost, and one that was added
// since must not hide ours.
func (t *tmux) take(ctx context.Context, text []byte) (bool, error) {
	list, err := t.do(ctx, nil, "list-buffers", "-F", "#{buffer_size} #{buffer_name}")
	if err != nil {
		return false, err
	}
	taken := false
	for entry := range strings.Lines(string(list)) {
		size, name, _ := strings.Cut(strings.TrimSpace(entry), " ")
		if size != strconv.Itoa(len(text)) {
			continue
		}
		got, err := t.do(ctx, nil, "save-buffer", "-b", name, "-")
		switch {
		case refused(err, phrase.T("no buffer")):
			continue
		case err != nil:
			return taken, err
		case !bytes.Equal(got, text):
			clear(got)
			continue
		}
		clear(got)
		if _, err := t.do(ctx, nil, "delete-buffer", "-b", name); err != nil {
			return taken, err
		}
		taken = true
	}
	return taken, nil
}
