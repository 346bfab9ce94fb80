package cli

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/printable"
)

// onTerminal is what is written to a terminal of so many columns, in the lines that it shows.
func onTerminal(t *testing.T, wide uint16, write func()) []string {
	t.Helper()
	far, near, err := pty.Open()
	if errors.Is(err, pty.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	if err := pty.Setsize(near, &pty.Winsize{Rows: 24, Cols: wide}); err != nil {
		t.Fatal(err)
	}
	usual, usualErr, file, fileErr := stdout, stderr, os.Stdout, os.Stderr
	os.Stdout, os.Stderr = near, near
	stdout, stderr = printable.Writer(near), printable.Writer(near)
	defer func() { stdout, stderr, os.Stdout, os.Stderr = usual, usualErr, file, fileErr }()
	shown := make(chan []string)
	go func() {
		var lines []string
		for in := bufio.NewScanner(far); in.Scan(); {
			lines = append(lines, strings.TrimRight(in.Text(), "\r"))
		}
		shown <- lines
	}()
	write()
	_ = near.Close()
	return <-shown
}

// What is written to a terminal ends its lines between words, and cuts no path but behind a slash.
func TestLinesOfATerminalEndBetweenWords(t *testing.T) {
	path := "/home/consultant/Documents/delegate365-onboard/contoso.com-2026-11-28-2.html"
	supplement := steps.HandedSupplement{
		Supplement: report.Supplement{Number: 1, Today: []report.Today{{What: "MFA of service.delegate365@contoso.com", Said: "on", Now: "off", ChangedBy: "admin@contoso.com"}}},
		Written:    report.Written{Page: path},
	}
	for _, wide := range []uint16{80, 0, 100, 60} {
		lines := onTerminal(t, wide, func() {
			_ = (&reportFlags{}).supplement(supplement)
			say("service.delegate365@contoso.com has no second factor registered yet: whoever signs in first with its password registers one.")
			complain("hint: ", "The report for the customer, which was written before that, is here: "+path)
		})
		whole := 0
		name := path[strings.LastIndex(path, "/")+1:]
		for i, line := range lines {
			switch most := int(wide); {
			case strings.TrimSpace(line) == path, line+name == path && lines[i+1] == name:
				whole++
			case most == 0 && len(line) >= usualWidth, most > 0 && len(line) >= most:
				t.Errorf("in %d columns %q is broken by the terminal", wide, line)
			}
		}
		if whole != 2 {
			t.Errorf("in %d columns the path stands alone %d times, want 2:\n%s", wide, whole, strings.Join(lines, "\n"))
		}
	}
}

// No sentence goes past what breaks its lines: only tables, questions and what is written as it stands do.
func TestEverySentenceIsSaid(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	past := regexp.MustCompile(`Fprintln\(std(?:out|err),[^\n]*`)
	for _, name := range slices.DeleteFunc(files, func(name string) bool { return strings.HasSuffix(name, "_test.go") }) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range past.FindAllString(string(text), -1) {
			t.Errorf("%s: %s; a terminal breaks that inside of words, use say or sayAside", name, found)
		}
	}
}
