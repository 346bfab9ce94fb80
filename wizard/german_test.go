package wizard

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/checkpage"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/wizard/plain"
)

// German is spoken by a whole process. So these tests run this binary once more, as one that speaks it.

const inGerman = "DELEGATE365_TEST_IN_GERMAN"

// TestGerman has every test whose name ends with InGerman run.
func TestGerman(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "InGerman$", "-test.v")
	if *update {
		cmd.Args = append(cmd.Args, "-update")
	}
	if testing.Short() {
		cmd.Args = append(cmd.Args, "-test.short")
	}
	cmd.Env = append(os.Environ(), inGerman+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestFramesInGerman") {
		t.Errorf("%v\n%s", err, out)
	}
	t.Log(counted.FindAllString(string(out), -1))
}

var counted = regexp.MustCompile(`(?:frames|pages|files|checks) \d+[^\n]*`)

// TestFramesInGerman walks the real steps in German, as TestOnboardingFrames does in English, and looks at each frame for words
// that are only English.
func TestFramesInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	english, frames := onlyEnglish(t), 0
	hold := func(t *testing.T, d *driver, folder string) {
		view := holdFrame(t, d, filepath.Join("german", folder))
		frames++
		if words := english(view); len(words) > 0 {
			t.Errorf("%s has English in it: %q\n%s", folder, words, view)
		}
	}
	for _, profile := range []string{"fresh", "business", "half-done"} {
		t.Run(profile, func(t *testing.T) {
			walkReal(t, profile, steps.Options{}, func(d *driver, name string) { hold(t, d, filepath.Join("onboarding-"+profile, name)) })
		})
	}
	t.Run("offboarding", func(t *testing.T) {
		title := phrase.T("Delegate365 offboarding")
		onSteps(t, "onboarded", steps.Options{}, Options{Steps: steps.Offboard(), Title: title}, func(d *driver) {
			seen := map[string]bool{}
			d.walk(func(d *driver, name string) {
				if seen[name] {
					name += "-again"
				}
				seen[name] = true
				hold(t, d, filepath.Join("offboarding", name))
			})
		})
	})
	t.Run("asked", func(t *testing.T) {
		onReal(t, "fresh", steps.Options{}, func(d *driver) {
			for _, key := range []string{"?", "d", "q"} {
				d.settle()
				d.press(key)
				hold(t, d, "dialog-"+map[string]string{"?": "help", "d": "details", "q": "leave"}[key])
				d.press("esc")
			}
		})
	})
	t.Logf("frames %d", frames)
	noEnglishPages(t, english)
}

// pagesRead are those of the rehearsal that a person went through, as a browser got them.
var pagesRead struct {
	sync.Mutex
	read []string
}

type pageReader struct{ http.RoundTripper }

// reading keeps the pages that come through.
func reading(t http.RoundTripper) http.RoundTripper { return pageReader{t} }

func (r pageReader) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.RoundTripper.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	pagesRead.Lock()
	defer pagesRead.Unlock()
	pagesRead.read = append(pagesRead.read, string(body))
	return resp, nil
}

var markup = regexp.MustCompile(`(?s)<style>.*?</style>|<code[^>]*>.*?</code>|<strong>[^<]*@[^<]*</strong>|<[^>]*>`)

// noEnglishPages looks at each page that was gone through for words that are only English.
func noEnglishPages(t *testing.T, english func(string) []string) {
	t.Helper()
	for _, page := range pagesRead.read {
		text := html.UnescapeString(markup.ReplaceAllString(page, " | "))
		if words := english(text); len(words) > 0 || !strings.Contains(page, `<html lang="de">`) {
			t.Errorf("a page has English in it: %q\n%s", words, text)
		}
	}
	if len(pagesRead.read) == 0 {
		t.Error("no page was read")
	}
	t.Logf("pages %d", len(pagesRead.read))
}

// names stand in a frame as somebody else has them: of products, of commands and keys, and of the simulated tenants.
var names = regexp.MustCompile(`CA\d\d - [^\n]*|(?s:535 5.{1,300}?information\.)|mysignins\S*|MSFT[^\n]*|(?m)(Ensure|Enable|Use|Do not|Require)\b[^\n]*|"[^"\n]*"|\S*@\S*|https?://\S*|127\.0\.0\.1\S*|` +
	`Global Administrator|Microsoft Graph Command Line Tools|Microsoft 365 Business Premium|Secure Score|Entra Admin Center|Exchange Admin Center|` +
	`[A-Z]\w+(?:\.\w+)+|[a-z]+\.delegate365|Office 365 account|Privileged Identity Management|Conditional Access|\bwhat-if\b|shift\+tab|ctrl\+c|\besc\b|\benter\b|\btab\b|\bspace\b|\bpg(?:up|dn)\b`)

var word = regexp.MustCompile(`\p{L}{3,}`)

// onlyEnglish finds the words of a frame that English texts of the program have and German ones have not.
func onlyEnglish(t *testing.T) func(view string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "steps", "phrase", "german.txt"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := os.ReadFile(filepath.Join("..", "graph", "simtenant", "web", "german.txt"))
	if err != nil {
		t.Fatal(err)
	}
	in := [2]map[string]bool{{}, {}}
	for _, pair := range strings.Split(strings.ReplaceAll(string(data)+"\n"+string(more), "\r\n", "\n"), "\n\n") {
		for i, line := range strings.SplitN(pair, "\n", 2) {
			for _, w := range word.FindAllString(line, -1) {
				in[i][strings.ToLower(w)] = true
			}
		}
	}
	return func(view string) []string {
		var found []string
		for _, w := range word.FindAllString(names.ReplaceAllString(view, " "), -1) {
			if w := strings.ToLower(w); in[0][w] && !in[1][w] && !slices.Contains(found, w) {
				found = append(found, w)
			}
		}
		return found
	}
}

// TestReviewInGerman reads tenants some time after their onboarding, and looks at each line for words that are only English.
func TestReviewInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	english := onlyEnglish(t)
	for _, profile := range []string{"onboarded", "drifted", "fresh"} {
		t.Run(profile, func(t *testing.T) {
			var said bytes.Buffer
			onReal(t, profile, steps.Options{}, func(d *driver) {
				o := plain.Options{Run: d.m.run.(*steps.Run), Columns: func() int { return 0 }, Out: &said}
				if err := plain.SignIn(d.t.Context(), o, steps.All()[0], io.Discard); err != nil {
					t.Fatal(err)
				}
				found, err := plain.Review(d.t.Context(), o, steps.ReviewOptions{}, io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				plain.WriteReview(o, found)
				said.WriteString(plain.ReviewLine(found))
			})
			if words := english(said.String()); len(words) > 0 || said.Len() == 0 {
				t.Errorf("English: %q\n%s", words, said.String())
			}
		})
	}
}

// TestCheckInGerman checks tenants of every kind, and looks at each line and at the customer's page for words that are only English.
func TestCheckInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	english := onlyEnglish(t)
	checked := 0
	for _, profile := range fewer(t, []string{"fresh", "business", "half-done", "taken", "eligible-only", "no-licence", "big"}, "business", "half-done", "taken", "no-licence") {
		t.Run(profile, func(t *testing.T) {
			var lines bytes.Buffer
			onReal(t, profile, steps.Options{}, func(d *driver) {
				o := plain.Options{Run: d.m.run.(*steps.Run), Columns: func() int { return 0 }, Out: &lines}
				found, err := plain.Check(d.t.Context(), o, steps.All()[0], &lines)
				if err != nil {
					t.Fatal(err)
				}
				plain.WriteCheck(o, found)
				drawn, err := checkpage.Draw(found, "v1.0.0", true)
				if err != nil {
					t.Fatal(err)
				}
				for where, text := range map[string]string{"the lines": lines.String(), "the page": html.UnescapeString(markup.ReplaceAllString(string(drawn), " | "))} {
					if words := english(text); len(words) > 0 || text == "" {
						t.Errorf("%s: English: %q\n%s", where, words, text)
					}
				}
				told := found.Retold(o.Run)
				if again, err := checkpage.Draw(told, "v1.0.0", true); err != nil || !bytes.Equal(drawn, again) {
					t.Errorf("told again in the same language it is another page: %v", err)
				}
				checked++
			})
		})
	}
	t.Logf("checks %d", checked)
}

// TestFilesInGerman: what other programs read is English in a German run, too; but for the verdict of the report, which is in the words of
// its page.
func TestFilesInGerman(t *testing.T) {
	if phrase.Spoken() != phrase.German {
		t.Skip("run by TestGerman")
	}
	folder := t.TempDir()
	walkReal(t, "business", steps.Options{Journal: folder, Reports: steps.Reports{Folder: folder}}, func(*driver, string) {})
	data, err := os.ReadFile(filepath.Join("..", "steps", "phrase", "german.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, pair := range strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n\n") {
		text, german, _ := strings.Cut(pair, "\n")
		for _, part := range verb.Split(german, -1) {
			if part = strings.TrimSpace(part); len(part) > 8 && !strings.Contains(text, part) {
				said = append(said, part)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, files %v", err, files)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".html" {
			continue
		}
		if r, _, err := report.Decode(text); err == nil && r.Schema == report.Schema {
			if r.Language != string(phrase.German) || !strings.Contains(r.Verdict.Sentence, "MFA ist an") {
				t.Errorf("in %s the verdict is %q", r.Language, r.Verdict.Sentence)
			}
			r.Verdict.Sentence, r.Verdict.Alarms = "", nil
			if text, err = r.Encode(); err != nil {
				t.Fatal(err)
			}
		}
		for _, german := range said {
			if strings.Contains(string(text), german) {
				t.Errorf("%s has German in it: %q", filepath.Base(name), german)
			}
		}
	}
	t.Logf("files %d, words looked for %d", len(files), len(said))
}

var verb = regexp.MustCompile(`%(?:\[\d\])?[-+# 0-9.]*[a-zA-Z%]`)
