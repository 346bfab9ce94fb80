package clipboard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
)

type secret string

func (s secret) Use(f func([]byte)) { f([]byte(s)) }
func (secret) Public() bool         { return false }

// open is a value that is no secret.
type open struct{ secret }

func (open) Public() bool { return true }

const password = "Tr0ub4dor-unique-5e1"

// desk is a clipboard that holds what it is told to.
type desk struct {
	mu      sync.Mutex
	called  string
	text    string
	p       placing
	blind   bool
	refuses error // to put
	jammed  error // to take
	lossy   bool
	slow    time.Duration
}

func (d *desk) name() string { return d.called }

func (d *desk) put(ctx context.Context, text []byte) (placing, error) {
	select {
	case <-time.After(d.slow):
	case <-ctx.Done():
		return placing{}, ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuses == nil && !d.lossy {
		d.text = string(text)
	}
	return d.p, d.refuses
}

func (d *desk) holds(_ context.Context, text []byte) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.blind {
		return false, errBlind
	}
	return d.text == string(text), nil
}

func (d *desk) take(ctx context.Context, text []byte) (bool, error) {
	held, err := d.holds(ctx, text)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.jammed != nil {
		return false, d.jammed
	}
	if held {
		d.text = ""
	}
	return held, err
}

func (d *desk) now() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text
}

func (d *desk) set(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text = s
}

// jam has it refuse to put and to take, until it is told nil.
func (d *desk) jam(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuses, d.jammed = err, err
}

func TestASecretStaysForItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{called: "the desk", p: placing{unrecorded: true}}
		var told []Cleared
		c := with(Options{Cleared: func(g Cleared) { told = append(told, g) }}, []way{d}, nil, false)
		r, err := c.Copy(t.Context(), secret(password))
		if err != nil || !r.Held() || !r.Unrecorded || r.Hold != Hold {
			t.Fatalf("%+v, %v", r, err)
		}
		time.Sleep(Hold - time.Second)
		synctest.Wait()
		if d.now() != password {
			t.Error("taken away too early")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if d.now() != "" {
			t.Error("still there after 46 s")
		}
		if len(told) != 1 || !slices.Equal(told[0].Emptied, []string{"the desk"}) {
			t.Errorf("told %+v", told)
		}
		closed(t, c)
	})
}

// What is no secret stays, and nothing is warned of; a secret that was copied before it is taken away all the same.
func TestWhatIsPublicStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, terminal := &desk{called: "the desk", p: placing{aside: "An aside."}}, &desk{called: "the terminal", blind: true}
		c := with(Options{Cleared: func(g Cleared) { t.Errorf("told %+v", g) }}, []way{d}, []way{terminal}, true)
		copied(t, c, password)
		r, err := c.Copy(t.Context(), open{"c5ca 0923"})
		if said := strings.Join(r.Sentences(), " "); err != nil || said != "Copied to the desk and read back. Sent to the terminal, which confirms nothing." {
			t.Errorf("said %q, %v", said, err)
		}
		if r, err = c.Copy(t.Context(), open{"c5ca 0923"}); err != nil || len(r.Sentences()) != 2 {
			t.Errorf("said %q, %v", r.Sentences(), err)
		}
		time.Sleep(Hold + time.Second)
		synctest.Wait()
		if gone := closed(t, c); d.now() != "c5ca 0923" || len(gone.Sentences()) > 0 {
			t.Errorf("it holds %q, told %q", d.now(), gone.Sentences())
		}
	})
}

func TestTheNextCopyHasItsOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{called: "the desk"}
		c := with(Options{}, []way{d}, nil, false)
		copied(t, c, "first")
		time.Sleep(Hold - time.Second)
		copied(t, c, "second")
		time.Sleep(Hold - time.Second)
		synctest.Wait()
		if d.now() != "second" {
			t.Errorf("it holds %q", d.now())
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if d.now() != "" {
			t.Errorf("it holds %q", d.now())
		}
		closed(t, c)
	})
}

func TestSomebodyElsesValueIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{called: "the desk"}
		var told Cleared
		c := with(Options{Cleared: func(g Cleared) { told = g }}, []way{d}, nil, false)
		copied(t, c, password)
		d.set("a shopping list")
		time.Sleep(Hold + time.Second)
		synctest.Wait()
		if d.now() != "a shopping list" || !slices.Equal(told.Kept, []string{"the desk"}) {
			t.Errorf("it holds %q, told %+v", d.now(), told)
		}
		closed(t, c)
	})
}

func TestCloseTakesItAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{called: "the desk"}
		c := with(Options{Cleared: func(Cleared) { t.Error("the time was not over") }}, []way{d}, nil, false)
		copied(t, c, password)
		closed(t, c)
		if d.now() != "" {
			t.Errorf("it holds %q", d.now())
		}
		if _, err := c.Copy(t.Context(), secret(password)); !errors.Is(err, ErrClosed) {
			t.Errorf("copied after Close: %v", err)
		}
		closed(t, c)
		time.Sleep(2 * Hold)
	})
}

func TestWhatCantBeReadIsNotCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{called: "the terminal", blind: true}
		c := with(Options{}, nil, []way{d}, false)
		r, err := c.Copy(t.Context(), secret(password))
		if err != nil || r.Held() || len(r.Unconfirmed) != 1 || r.Unrecorded {
			t.Fatalf("%+v, %v", r, err)
		}
		gone := closed(t, c)
		if d.now() != password || !slices.Equal(gone.Blind, []string{"the terminal"}) {
			t.Errorf("it holds %q, %+v", d.now(), gone)
		}
	})
}

func TestWhatCouldNotBeTakenIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{called: "the desk", jammed: errors.New("busy")}
		var gone Cleared
		c := with(Options{Cleared: func(g Cleared) { gone = g }}, []way{d}, nil, false)
		copied(t, c, password)
		time.Sleep(time.Minute)
		synctest.Wait()
		if !slices.Equal(gone.Failed, []string{"the desk"}) {
			t.Errorf("%+v", gone)
		}
		d.jammed = nil
		if gone := closed(t, c); !slices.Equal(gone.Emptied, []string{"the desk"}) || d.now() != "" {
			t.Errorf("%+v", gone)
		}
	})
}

// A secret that could not be taken away when something public was copied elsewhere is tried again after its time.
func TestWhatIsPublicEndsNoSecretsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		jammed, other := &desk{called: "the jammed one"}, &desk{called: "the other"}
		c := with(Options{}, []way{jammed, other}, nil, false)
		copied(t, c, password)
		jammed.jam(errors.New("busy"))
		if _, err := c.Copy(t.Context(), open{"c5ca 0923"}); err != nil || other.now() != "c5ca 0923" || jammed.now() != password {
			t.Fatalf("%v; %q, %q", err, jammed.now(), other.now())
		}
		jammed.jam(nil)
		time.Sleep(Hold + time.Second)
		synctest.Wait()
		if jammed.now() != "" || other.now() != "c5ca 0923" {
			t.Errorf("they hold %q and %q", jammed.now(), other.now())
		}
		closed(t, c)
	})
}

func TestFewerPlacesAreBetter(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name         string
		here, beyond []*desk
		remote       bool
		want         []string // the desks that hold it
		err          error
	}{
		{"the first that works", []*desk{{called: "a"}, {called: "b"}}, []*desk{{called: "t"}}, false, []string{"a"}, nil},
		{"the next one", []*desk{{called: "a", refuses: broken}, {called: "b"}}, []*desk{{called: "t"}}, false, []string{"b"}, nil},
		{"one that loses it", []*desk{{called: "a", lossy: true}, {called: "b"}}, []*desk{{called: "t"}}, false, []string{"b"}, nil},
		{"the terminal at last", []*desk{{called: "a", refuses: broken}}, []*desk{{called: "t", blind: true}}, false, []string{"t"}, nil},
		{"both when remote", []*desk{{called: "a"}}, []*desk{{called: "t", blind: true}}, true, []string{"a", "t"}, nil},
		{"one that hangs", []*desk{{called: "a", slow: time.Hour}, {called: "b"}}, nil, false, []string{"b"}, nil},
		{"none", []*desk{{called: "a", refuses: broken}}, nil, false, nil, ErrNone},
		{"none at all", nil, nil, false, nil, ErrNone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := with(Options{}, ways(tt.here), ways(tt.beyond), tt.remote)
				if _, err := c.Copy(t.Context(), secret(password)); !errors.Is(err, tt.err) {
					t.Fatalf("copy: %v", err)
				}
				var got []string
				for _, d := range slices.Concat(tt.here, tt.beyond) {
					if d.now() == password {
						got = append(got, d.called)
					}
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("it is on %q, want %q", got, tt.want)
				}
				closed(t, c)
			})
		})
	}
}

func TestACopyEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := with(Options{}, []way{&desk{called: "a", slow: time.Hour}}, nil, false)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.Copy(ctx, secret(password))
		if !errors.Is(err, ErrNone) || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		closed(t, c)
	})
}

func TestSentencesHoldNoValue(t *testing.T) {
	r := Report{}
	r.confirmed("the X11 clipboard", placing{})
	r.blind("the terminal's clipboard", placing{aside: "An aside."})
	r.unconfirmed("the other clipboard")
	r.Hold = Hold
	r.earlier(Cleared{Failed: []string{"the desk"}, Emptied: []string{"the desk"}})
	got := strings.Join(r.Sentences(), "\n")
	const want = `Copied to the X11 clipboard and read back.
It is taken away in 45 s, or at the next copy. A clipboard history may keep it.
Sent to the terminal's clipboard, which confirms nothing and can't be cleared from here. When you have pasted it, copy something else.
An aside.
Sent to the other clipboard, but it could not be read back.
A value could not be taken off the desk. Copy something else.`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := (Cleared{}).Sentences(); len(got) != 0 {
		t.Errorf("nothing was copied: %q", got)
	}
}

func ways(desks []*desk) []way {
	var out []way
	for _, d := range desks {
		out = append(out, d)
	}
	return out
}

func copied(t *testing.T, c *Clipboard, s string) Report {
	t.Helper()
	r, err := c.Copy(t.Context(), secret(s))
	if err != nil || !r.Held() {
		t.Fatalf("copy: %+v, %v", r, err)
	}
	return r
}

func closed(t *testing.T, c *Clipboard) Cleared {
	t.Helper()
	gone, err := c.Close(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatalf("close: %v", err)
	}
	return gone
}

// A frame has four lines for what is said of a copy, of 72 columns in a terminal of 80.
func TestSentencesFitTheFrame(t *testing.T) {
	kept, err := (&tmux{run: func(context.Context, []byte, string, ...string) ([]byte, error) { return nil, nil }}).put(t.Context(), nil)
	if err != nil || kept.aside == "" {
		t.Fatalf("%+v, %v", kept, err)
	}
	for name, fill := range map[string]func(*Report){
		"X11":                  func(r *Report) { r.confirmed("the X11 clipboard", placing{}) },
		"tmux":                 func(r *Report) { r.confirmed((&tmux{}).name(), kept) },
		"X11 and tmux":         func(r *Report) { r.confirmed("the X11 clipboard", placing{}); r.confirmed((&tmux{}).name(), kept) },
		"X11 and the terminal": func(r *Report) { r.confirmed("the X11 clipboard", placing{}); r.blind((&terminal{}).name(), placing{}) },
	} {
		r := Report{Hold: Hold}
		fill(&r)
		said := strings.Join(r.Sentences(), " ")
		if lines := strings.Count(ansi.Wrap(said, 72, ""), "\n") + 1; lines > 4 {
			t.Errorf("%s takes %d lines:\n%s", name, lines, said)
		}
	}
}
