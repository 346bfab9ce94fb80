package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// onboard is a whole onboarding in plain lines, with its bundle and its report once more.
func onboard(profile string) func(*yard) error {
	return func(y *yard) error {
		t, err := y.tenant(profile, "plain")
		if err != nil {
			return err
		}
		defer t.close()
		return y.whole(t)
	}
}

func (y *yard) whole(t *tenant) error {
	out, code, err := y.output(t.args("--autopilot", "--pace", "0")...)
	t.output.WriteString(out)
	if err != nil || code != 0 || !strings.Contains(out, "Finished.") {
		return fmt.Errorf("exit code %d (%v):\n%s", code, err, tail(out))
	}
	if err := t.finished(); err != nil {
		return err
	}
	zip := filepath.Join(t.folder, "bundle.zip")
	out, code, err = y.output("bundle", "--yes", "--log", windows(filepath.Join(t.folder, "log.jsonl")), "--journals", windows(t.file+".journal"), "--out", windows(zip))
	t.output.WriteString(out)
	if err != nil || code != 0 {
		return fmt.Errorf("bundle ends with %d (%v):\n%s", code, err, out)
	}
	if _, err := os.Stat(zip); err != nil {
		return err
	}
	pages, _ := filepath.Glob(filepath.Join(t.folder, "report", "*.html"))
	out, code, err = y.output("report", "verify", windows(pages[0]))
	t.output.WriteString(out)
	if err != nil || code != 0 && code != 3 { // 3: nobody says the fingerprint
		return fmt.Errorf("report verify ends with %d (%v):\n%s", code, err, tail(out))
	}
	return y.search(t)
}

// longPaths is an onboarding where no path is short, and none is ASCII.
func longPaths(y *yard) error {
	t, err := y.tenant("fresh", filepath.Join("Jörg Müller 漢字", strings.Repeat("ein sehr langer Ordnername mit Umlauten äöüß ", 2), strings.Repeat("und noch einer ", 8)))
	if err != nil {
		return err
	}
	defer t.close()
	if n := len([]rune(windows(t.file + ".journal"))); n < 260 {
		return fmt.Errorf("the path has %d characters only", n)
	}
	return y.whole(t)
}

// check reads tenants, and its answer is JSON and nothing else.
func check(y *yard) error {
	for profile, want := range map[string]int{"business": 0, "eligible-only": 1, "no-licence": 0} {
		cmd := y.start("demo", "check", "--json", "--profile", profile)
		out, err := cmd.Output()
		if code := cmd.ProcessState.ExitCode(); code != want {
			return fmt.Errorf("%s: exit code %d, want %d (%v)", profile, code, want, err)
		}
		var report struct {
			Schema, Verdict string
			Rows            []any
		}
		if err := json.Unmarshal(out, &report); err != nil || report.Schema != "delegate365-onboard/check/1" || len(report.Rows) == 0 {
			return fmt.Errorf("%s: %v: %+v", profile, err, report)
		}
	}
	return nil
}

// two wizards on one tenant and machine: the second is refused, and the first goes on.
func two(y *yard) error {
	t, err := y.tenant("fresh", "two")
	if err != nil {
		return err
	}
	defer t.close()
	first := y.start(t.args("--autopilot", "--pace", "1s")...)
	if err := first.Start(); err != nil {
		return err
	}
	defer first.Wait() //nolint:errcheck // it may end as it likes
	defer func() { _ = first.Process.Kill() }()
	if err := waitUntil(time.Minute, "the first wizard has the journal", func() bool {
		files, _ := filepath.Glob(t.file + ".journal/*.jsonl")
		return len(files) > 0
	}); err != nil {
		return err
	}
	second := y.converse(t.args(), []string{})
	defer second.end()
	if err := second.until("Another wizard is at work on it on this machine (process "); err != nil {
		return fmt.Errorf("%w:\n%s", err, tail(second.text()))
	}
	return nil
}

// testsOf runs the tests of a room. Rooms whose tests use folders fail on Wine's RemoveAll.
func testsOf(room string) func(*yard) error {
	return func(y *yard) error {
		path := filepath.Join(y.folder, strings.ReplaceAll(room, "/", "-")+".test.exe")
		if err := goTool("test", "-c", "-o", path, "./"+room); err != nil {
			return err
		}
		run := "."
		if room == "steps/guard" {
			run = "^(TestJobs|TestDoubts|TestGoodbye|TestBrokenPipe|TestLookForJobs|TestStayAwake)$"
		}
		out, err := y.wine("wine64", path, "-test.run", run).CombinedOutput()
		if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "PASS") {
			return fmt.Errorf("%w\n%s", err, tail(string(out)))
		}
		return nil
	}
}

// talk is a program whose questions are answered.
type talk struct {
	out    *strings.Builder
	mu     *sync.Mutex
	in     io.WriteCloser
	ended  chan struct{}
	code   func() int
	finish func()
}

// question is what plain lines end with when they wait. After the value that is kept, a field may say what it is.
var question = regexp.MustCompile(`(?:(?:choice|\]).*:|\]: [^\n]*|\(rehearsal\)\.|: )$`)

// converse starts the program and answers each question: by the number of the choice that has one of the words, by p where a part
// can be played, else by Enter. With nil nothing is answered.
func (y *yard) converse(args []string, words []string, before ...string) *talk {
	cmd := y.wine("wine64", append(append(before, y.program), args...)...)
	in, out := must(cmd.StdinPipe()), must(cmd.StdoutPipe())
	cmd.Stderr = nil
	t := &talk{out: &strings.Builder{}, mu: &sync.Mutex{}, in: in, ended: make(chan struct{}), code: func() int { return cmd.ProcessState.ExitCode() }}
	t.finish = func() { _ = in.Close(); _ = cmd.Process.Kill(); <-t.ended }
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	go func() {
		defer close(t.ended)
		defer func() { _ = cmd.Wait() }()
		chunk, block := make([]byte, 64<<10), ""
		for {
			n, err := out.Read(chunk)
			t.mu.Lock()
			t.out.Write(chunk[:n])
			t.mu.Unlock()
			block += strings.ReplaceAll(string(chunk[:n]), "\r", "")
			if words != nil && question.MatchString(strings.TrimRight(block, "\n ")) {
				fmt.Fprintln(in, answerTo(block, words))
				block = ""
			}
			if err != nil {
				return
			}
		}
	}()
	return t
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func answerTo(block string, words []string) string {
	for _, word := range words {
		for line := range strings.Lines(block) {
			if n, label, ok := strings.Cut(strings.TrimSpace(line), "  "); ok && strings.Contains(label, word) {
				return n
			}
		}
	}
	if strings.Contains(block, "p  Play this part") || strings.HasSuffix(strings.TrimSpace(block), "(rehearsal).") {
		return "p"
	}
	return ""
}

func (t *talk) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.out.String()
}

func (t *talk) until(words ...string) error {
	return waitUntil(2*time.Minute, "it says "+strings.Join(words, " or "), func() bool {
		for _, w := range words {
			if strings.Contains(t.text(), w) {
				return true
			}
		}
		return false
	})
}

func (t *talk) end() { t.finish() }

// tail is the end of an output.
func tail(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
