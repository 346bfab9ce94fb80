package plain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// saying is a step that stands as its finding says, notes what is answered, and fails when it makes changes.
type saying struct {
	standing
	answered *[]string
}

func (s saying) Answer(_ *steps.Run, id string, value graph.Secret) error {
	*s.answered = append(*s.answered, id+"="+value.Reveal())
	return nil
}

// walked is what is said of a finding when something is typed, and what is answered.
func walked(t *testing.T, f steps.Finding, typed string, o Options) (said string, answered []string, err error) {
	t.Helper()
	run, failed := steps.NewRun(steps.Options{})
	if failed != nil {
		t.Fatal(failed)
	}
	var out bytes.Buffer
	o.Run, o.Out, o.In = run, &out, strings.NewReader(typed)
	o.Steps = []steps.Step{saying{standing{doubtful{t}, f}, &answered}}
	err = Run(t.Context(), o)
	return out.String(), answered, err
}

// Where a page has to be opened first and can't be, an empty line says next that it was, and all is said again before one makes the change.
func TestUnopenedPageIsNoYes(t *testing.T) {
	f := steps.Finding{
		Status: steps.Ready, Actions: []steps.Action{{ID: steps.ActApply, Label: "Assign it"}},
		Task: &steps.Task{URL: "https://setup.example.com", Items: []steps.Item{{ID: "open", Text: "Open it", Opens: true}}},
	}
	said, _, err := walked(t, f, "\n\n", Options{})
	want := "1  Assign it\no  Open the page\nYour choice [o]:\n" +
		"No browser can be opened here. Open this page yourself: https://setup.example.com\n" +
		"1  Assign it\no  I have opened it\nYour choice [o]:\n" +
		"1  Assign it\no  Open the page\nYour choice [1]:\n"
	if !errors.Is(err, ErrInputClosed) || !strings.HasSuffix(said, want) {
		t.Errorf("%v, it says\n%s", err, said)
	}
	f.Task.Private = true
	if said, _, _ = walked(t, f, "\n\n", Options{}); !strings.Contains(said, "Open this page yourself, in a private window: https://setup.example.com\n") {
		t.Errorf("of a private window it says\n%s", said)
	}
}

// Nothing that is entered for a mail goes back to the choices, and q leaves; a line that came with others is one of the mail.
func TestNoMail(t *testing.T) {
	f := steps.Finding{
		Status: steps.Waiting, Fields: []steps.Field{{ID: "mail", Label: "Welcome mail", Kind: steps.PasteField}},
		Actions: []steps.Action{{ID: steps.ActRetry, Label: "Continue"}, {ID: "later", Label: "Later"}},
	}
	for name, c := range map[string]struct {
		typed []string
		says  string
		times int // it says so
	}{
		"the closing line alone": {[]string{"\n", "END\n"}, "1  Later\ne  Fill in: Welcome mail\n", 2},
		"an empty line":          {[]string{"\n", "\n"}, "1  Later\ne  Fill in: Welcome mail\n", 2},
		"q":                      {[]string{"\n", "q\n"}, "Stay", 1},
		"a mail that begins so":  {[]string{"\n", "q\nHello\nEND\n"}, "Stay", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, err := steps.NewRun(steps.Options{})
			if err != nil {
				t.Fatal(err)
			}
			talk := &talk{lines: c.typed}
			var answered []string
			err = Run(t.Context(), Options{Run: run, Steps: []steps.Step{saying{standing{doubtful{t}, f}, &answered}}, In: talk, Out: &talk.out})
			if said := talk.out.String(); !errors.Is(err, ErrInputClosed) || strings.Count(said, c.says) != c.times {
				t.Errorf("%v, it says\n%s", err, said)
			}
			if mail := strings.Join(answered, ""); (mail != "") != (c.times == 0) || mail != "" && mail != "mail=q\nHello" {
				t.Errorf("it answers %q", mail)
			}
		})
	}
}

// talk types a line whenever one is awaited after a pause, and knows the closing line.
type talk struct {
	lines []string
	out   bytes.Buffer
	reads int
}

var ends = regexp.MustCompile(`own: (end \d+)`)

func (k *talk) Read(p []byte) (int, error) {
	if k.reads++; k.reads > 1 {
		time.Sleep(3 * afterChoice) // nobody types so soon
	}
	if len(k.lines) == 0 {
		return 0, io.EOF
	}
	line := k.lines[0]
	if m := ends.FindStringSubmatch(k.out.String()); m != nil {
		line = strings.ReplaceAll(line, "END", m[1])
	}
	k.lines = k.lines[1:]
	return copy(p, line), nil
}

// What the program can't look for, it offers no look at; what may be entered is offered with the answers that there are; and nobody is
// asked to use an answer that there is not.
func TestChoicesOfWaiting(t *testing.T) {
	version := steps.Field{ID: "version", Label: "Version", Kind: steps.ChoiceField, Options: []steps.Option{{Label: "not looked yet"}, {ID: "old", Label: "older"}, {ID: "new", Label: "newer"}}}
	use := []steps.Action{{ID: steps.ActRetry, Label: "Use this answer"}}
	for name, c := range map[string]struct {
		found     steps.Finding
		says, not string
	}{
		"nothing to look at": {steps.Finding{Status: steps.Waiting, Actions: []steps.Action{{ID: "over", Label: "Finish"}}}, "1  Finish\nYour choice [1]:\n", "look again"},
		"a choice":           {steps.Finding{Status: steps.Waiting, Fields: []steps.Field{version}, Actions: use}, "e  Fill in: Version (older; newer)\nYour choice, or an empty line to fill it in:\n", "Use this answer"},
		"a mail, if wanted": {steps.Finding{
			Status: steps.Ready, Fields: []steps.Field{{ID: "mail", Label: "Welcome mail", Kind: steps.PasteField, Optional: true}},
			Actions: []steps.Action{{ID: steps.ActApply, Label: "Sign in"}},
		}, "1  Sign in\ne  Fill in: Welcome mail\nYour choice [1]:\n", "paste it"},
	} {
		if said, _, _ := walked(t, c.found, "", Options{}); !strings.HasSuffix(said, c.says) || strings.Contains(said, c.not) {
			t.Errorf("%s: it says\n%s", name, said)
		}
	}
}

// A rehearsal says first of all that it is one.
func TestRehearsalIsSaidFirst(t *testing.T) {
	for _, rehearses := range []bool{true, false} {
		run, err := steps.NewRun(steps.Options{Reports: steps.Reports{Rehearsal: rehearses}})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		_ = Run(t.Context(), Options{Run: run, Steps: []steps.Step{standing{}}, In: strings.NewReader(""), Out: &out})
		if _, rest, _ := strings.Cut(out.String(), "\n"); strings.HasPrefix(rest, "REHEARSAL on a simulated tenant.") != rehearses {
			t.Errorf("%t: it says\n%s", rehearses, &out)
		}
	}
}

// The lines that can be copied are named before one is chosen, and the one that was, before what became of it.
func TestCopyNamesItsLine(t *testing.T) {
	f := steps.Finding{Status: steps.Ready, Actions: []steps.Action{{ID: steps.ActApply, Label: "Go"}}, Task: &steps.Task{Items: []steps.Item{
		{Text: "Open it"}, {Text: "Paste the name", Copy: graph.NewText("a")}, {Text: "Paste the password", Copy: graph.NewSecret("Tr0ub4dor-7c2")},
	}}}
	copier := func(context.Context, graph.Secret) (clipboard.Report, error) {
		return clipboard.Report{Confirmed: []string{"Copied."}}, nil
	}
	said, _, _ := walked(t, f, "c\n3\n", Options{Copy: copier})
	if want := "Line 2: Paste the name\nLine 3: Paste the password\nNumber of the line to copy [2]:\nLine 3: Paste the password\nCopied.\n"; !strings.Contains(said, want) {
		t.Errorf("it says\n%s", said)
	}
}
