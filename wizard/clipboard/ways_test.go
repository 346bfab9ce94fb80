package clipboard

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// recorded is a program that answers from a list and remembers how it was called.
type recorded struct {
	answers []string
	calls   [][]string
	inputs  [][]byte
}

func (r *recorded) run(_ context.Context, input []byte, name string, args ...string) ([]byte, error) {
	r.calls = append(r.calls, append([]string{name}, args...))
	r.inputs = append(r.inputs, bytes.Clone(input))
	if len(r.answers) == 0 {
		return nil, errors.New("not expected")
	}
	answer := r.answers[0]
	r.answers = r.answers[1:]
	return []byte(answer), nil
}

// secretFree fails when an argument holds the password in any form that is used.
func (r *recorded) secretFree(t *testing.T) {
	t.Helper()
	for _, call := range r.calls {
		line := strings.Join(call, " ")
		for _, form := range []string{password, base64.StdEncoding.EncodeToString([]byte(password))} {
			if strings.Contains(line, form) {
				t.Errorf("the value is an argument: %s", line)
			}
		}
	}
}

func TestPasteboard(t *testing.T) {
	r := &recorded{answers: []string{"held 17\n", "held\n", "other\n"}}
	p := &pasteboard{run: r.run}
	got, err := p.put(t.Context(), []byte(password))
	if err != nil || !got.unrecorded {
		t.Fatalf("%+v, %v", got, err)
	}
	if held, err := p.holds(t.Context(), nil); !held || err != nil {
		t.Errorf("holds: %v, %v", held, err)
	}
	if taken, err := p.take(t.Context(), nil); taken || err != nil {
		t.Errorf("took somebody else's: %v, %v", taken, err)
	}
	for i, want := range [][]string{{"put", "0"}, {"holds", "17"}, {"take", "17"}} {
		if call := r.calls[i]; !slices.Equal(call[len(call)-2:], want) || call[0] != "osascript" {
			t.Errorf("call %d is %q", i, call)
		}
	}
	if string(r.inputs[0]) != password || len(r.inputs[1])+len(r.inputs[2]) != 0 {
		t.Error("the value goes in once, when it is put")
	}
	r.secretFree(t)
}

func TestPasteboardThatLosesTheValue(t *testing.T) {
	r := &recorded{answers: []string{"other\n"}}
	p := &pasteboard{run: r.run}
	if _, err := p.put(t.Context(), []byte(password)); err == nil {
		t.Error("nothing was noticed")
	}
	if taken, err := p.take(t.Context(), nil); taken || err != nil {
		t.Errorf("took what is not ours: %v, %v", taken, err)
	}
}

func TestPowerShell(t *testing.T) {
	r := &recorded{answers: []string{"", "held\r\n", "other\r\n", "Copyright (C) Microsoft"}}
	p := &powershell{"powershell.exe", r.run}
	if got, err := p.put(t.Context(), []byte(password)); err != nil || !got.unrecorded {
		t.Fatalf("%+v, %v", got, err)
	}
	if held, err := p.holds(t.Context(), []byte(password)); !held || err != nil {
		t.Errorf("holds: %v, %v", held, err)
	}
	if taken, err := p.take(t.Context(), []byte(password)); taken || err != nil {
		t.Errorf("took somebody else's: %v, %v", taken, err)
	}
	if _, err := p.holds(t.Context(), []byte(password)); err == nil {
		t.Error("an unknown answer was taken for one")
	}
	for _, input := range r.inputs {
		if got, _ := base64.StdEncoding.DecodeString(string(input)); string(got) != password {
			t.Errorf("standard input was %q", input)
		}
	}
	for _, call := range r.calls {
		if strings.Contains(strings.Join(call, " "), `"`) {
			t.Errorf("a double quote would not survive two command lines: %q", call)
		}
	}
	r.secretFree(t)
}

func TestTerminal(t *testing.T) {
	coded := base64.StdEncoding.EncodeToString([]byte(password))
	for _, tt := range []struct {
		name string
		env  map[string]string
		want string
	}{
		{"plain", map[string]string{"TERM": "xterm-256color"}, "\x1b]52;c;" + coded + "\a"},
		{"tmux", map[string]string{"TMUX": "/tmp/tmux-0/default,1,0"}, "\x1b]52;c;" + coded + "\a\x1bPtmux;\x1b\x1b]52;c;" + coded + "\a\x1b\\"},
		{"tmux at the other end", map[string]string{"TERM": "tmux-256color"}, "\x1b]52;c;" + coded + "\a\x1bPtmux;\x1b\x1b]52;c;" + coded + "\a\x1b\\"},
		{"screen", map[string]string{"STY": "1.pts-0", "TERM": "screen"}, "\x1bP\x1b]52;c;" + coded + "\a\x1b\\"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			w := &terminal{out: &out, wrap: wrapping(func(name string) string { return tt.env[name] })}
			if _, err := w.put(t.Context(), []byte(password)); err != nil || out.String() != tt.want {
				t.Errorf("wrote %q, want %q, %v", out.String(), tt.want, err)
			}
			out.Reset()
			if taken, err := w.take(t.Context(), []byte(password)); taken || !errors.Is(err, errBlind) || out.Len() != 0 {
				t.Errorf("cleared without knowing: %v, %v, %q", taken, err, out.String())
			}
		})
	}
}

func TestTerminalThatAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, holds string
		fails       error
		want        string
	}{
		{"ours", password, nil, "\x1b]52;c;\a"},
		{"somebody else's", "a shopping list", nil, ""},
		{"no answer", "", context.DeadlineExceeded, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			w := &terminal{
				out: &out, wrap: wrapping(func(string) string { return "" }),
				ask: func(context.Context) (string, error) { return tt.holds, tt.fails },
			}
			taken, err := w.take(t.Context(), []byte(password))
			if out.String() != tt.want || taken != (tt.want != "") || (tt.fails != nil) != errors.Is(err, errBlind) {
				t.Errorf("wrote %q, %v, %v", out.String(), taken, err)
			}
		})
	}
}

func TestAHelperThatRepeatsItsInputIsNotQuoted(t *testing.T) {
	if got := line([]byte("  can't do it\nbecause\n"), []byte(password)); got != "can't do it" {
		t.Errorf("got %q", got)
	}
	if got := line([]byte("can't store "+password), []byte(password)); got != "" {
		t.Errorf("got %q", got)
	}
}

// What is so of every copy is said once.
func TestSaidOnce(t *testing.T) {
	held := Report{Confirmed: []string{"Copied."}, Unconfirmed: []string{"Another may have it."}, Hold: 45 * time.Second, remains: []string{"One stayed."}}
	first, again := strings.Join(held.Sentences(), " "), strings.Join(held.Again(), " ")
	if want := "Copied. It is taken away in 45 s, or at the next copy. A clipboard history may keep it. Another may have it. One stayed."; first != want {
		t.Errorf("at first %q, want %q", first, want)
	}
	if want := "Copied. It is taken away in 45 s, or at the next copy. One stayed."; again != want {
		t.Errorf("then %q, want %q", again, want)
	}
	blind := Report{Unconfirmed: []string{"Sent somewhere."}}
	if got := strings.Join(blind.Again(), " "); got != "Sent somewhere." {
		t.Errorf("of one that nobody can confirm %q", got)
	}
}
