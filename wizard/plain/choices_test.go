package plain

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/clipboard"
)

// standing is a step that stands as its finding says.
type standing struct {
	doubtful
	found steps.Finding
}

func (s standing) Inspect(context.Context, *steps.Run, func(steps.Event)) (steps.Finding, error) {
	return s.found, nil
}

// Whatever is typed is answered, and asked for again: an answer that leads nowhere says why, d lists what is kept for who asks, the page of
// any step can be opened, and a choice is told from a line of instructions.
func TestEveryAnswerIsAnswered(t *testing.T) {
	mail := steps.Finding{
		Status: steps.Waiting, Task: &steps.Task{Items: []steps.Item{{ID: "open", Text: "Open the mail"}}},
		Fields: []steps.Field{{ID: "mail", Label: "Welcome mail", Kind: steps.PasteField}}, Actions: []steps.Action{{ID: steps.ActRetry, Label: "Continue"}},
	}
	watched := steps.Finding{Status: steps.Waiting, Poll: time.Hour, Task: &steps.Task{
		URL: "https://portal.example.com", Watched: "Apps are looked for.", Items: []steps.Item{{Text: "Paste it", Copy: graph.NewSecret("Tr0ub4dor-7c2")}},
	}, Actions: []steps.Action{{ID: steps.ActRetry, Label: "It is done"}}}
	ready := watched
	ready.Status, ready.Poll, ready.Actions = steps.Ready, 0, []steps.Action{{ID: steps.ActApply, Label: "Assign it"}}
	reads := steps.Finding{Status: steps.Ready, Text: finding.Advise("Sign in."), Actions: ready.Actions, Details: []steps.Section{{Title: "Asks for", Facts: []steps.Fact{{Label: "User.Read"}}}}}
	link := steps.Finding{Status: steps.Ready, Actions: []steps.Action{{ID: steps.ActRetry, Label: "Open the settings", URL: "https://settings.example.com"}}}
	seen := steps.Finding{
		Status: steps.Waiting, Task: &steps.Task{Part: "test", URL: "https://portal.example.com"}, Actions: []steps.Action{{ID: steps.ActRetry, Label: "Use this answer"}},
		Fields: []steps.Field{{ID: "said", Label: "The test", Kind: steps.ChoiceField, Options: []steps.Option{{Label: "not tested yet"}, {ID: "failed", Label: "it failed"}}}},
	}
	for name, c := range map[string]struct {
		found      steps.Finding
		typed      string
		says, asks string // asks is said before and after
	}{
		"nothing chosen":    {seen, "\n\n", "The test:\n1  it failed\nYour choice, or an empty line to go back without one:\n", "o  Open the page\nYour choice, or an empty line to fill it in:"},
		"nothing entered":   {mail, "1\n", "That is none of the choices.\n", "Your choice, or an empty line to fill it in:"},
		"nothing new":       {watched, "1\n", "nothing new. Apps are looked for.\n", "Your choice, or an empty line to look again:"},
		"no such choice":    {watched, "7\n", "That is none of the choices.\n", "Your choice, or an empty line to look again:"},
		"a copy":            {watched, "c\n1\n", "Copied.\n", "Your choice, or an empty line to look again:"},
		"help":              {watched, "?\n", "Line 1: Paste it (a secret: copy it with c)\n", "Your choice, or an empty line to look again:"},
		"a page to open":    {ready, "o\n", "Open this page yourself: https://portal.example.com\n", "Your choice [1]:"},
		"a copy when ready": {ready, "c\n\n", "Copied.\n", "Your choice [1]:"},
		"details":           {reads, "d\n", "Asks for:\nUser.Read\n", "Your choice [1]:"},
		"an action's page":  {link, "1\n", "Open this page yourself: https://settings.example.com\n", "Your choice [1]:"},
	} {
		t.Run(name, func(t *testing.T) {
			run, err := steps.NewRun(steps.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			copier := func(context.Context, graph.Secret) (clipboard.Report, error) {
				return clipboard.Report{Confirmed: []string{"Copied."}}, nil
			}
			err = Run(t.Context(), Options{Run: run, Steps: []steps.Step{standing{found: c.found}}, In: strings.NewReader(c.typed), Out: &out, Copy: copier})
			if text := out.String(); !errors.Is(err, ErrInputClosed) || !strings.Contains(text, c.says) || strings.Count(text, c.asks) != 2 {
				t.Errorf("%v, it says\n%s", err, text)
			}
		})
	}
}

// A check's rows begin in one column on a terminal, whatever is in them and in every language; a whole address is said where nobody can ask.
func TestCheckHangs(t *testing.T) {
	var out bytes.Buffer
	o := Options{Out: &out, Columns: func() int { return 40 }}
	WriteCheck(o, steps.CheckReport{Verdict: steps.VerdictDecide, Rows: []steps.ReportRow{
		{Label: "Domains", Mark: "note", Value: "contoso.com and many others", Note: "None is federated."}, {Label: "Account", Mark: "blocks", Value: "taken"},
	}})
	hang(o, "klären ", strings.Repeat("Wort ", 9))
	for _, want := range []string{
		"\nnote   Domains: contoso.com and many\n       others. None is federated.\nblocks Account: taken\n", "\nBlocked until it is decided: Account.\n",
		"\nklären Wort Wort Wort Wort Wort Wort\n       Wort",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	out.Reset()
	(&session{Options: Options{Out: &out}}).address(steps.Task{URL: longAddress, Part: steps.PartSignIn})
	if !strings.Contains(out.String(), longAddress) {
		t.Errorf("it says %q", out.String())
	}
}
