package journal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// keyed makes codes by a key.
func keyed(key string) Prover {
	return func(line []byte) (string, string) {
		h := hmac.New(sha256.New, []byte(key))
		h.Write(line)
		return "name of " + key, hex.EncodeToString(h.Sum(nil))
	}
}

// sealed is a journal of contoso written with a key, and its folder.
func sealed(t *testing.T, prove Prover, entries ...Entry) (*Journal, string) {
	t.Helper()
	folder := t.TempDir()
	j, err := Attach(folder, contoso, Author{By: ByWizard, Operator: operator, Prove: prove})
	if err != nil {
		t.Fatal(err)
	}
	put(t, j, entries...)
	return j, folder
}

// provenIn are the numbers of the lines that the key proves.
func provenIn(t *testing.T, folder string, prove Prover) (seqs []int, l Log) {
	t.Helper()
	l, err := Read(folder, contoso, prove)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range l.Entries {
		if e.Proven {
			seqs = append(seqs, e.Seq)
		}
	}
	return seqs, l
}

var allLines = []int{1, 2, 3, 4, 5, 6, 7, 8}

func TestProvenLines(t *testing.T) {
	edit := func(change func(macs []string) []string) func(t *testing.T, folder string) {
		return func(t *testing.T, folder string) {
			path := filepath.Join(folder, contoso+".macs")
			macs := strings.Split(strings.TrimSpace(string(content(t, path))), "\n")
			if err := os.WriteFile(path, []byte(strings.Join(change(macs), "\n")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	// rewritten replaces the journal by a sound one that says something else.
	rewritten := func(prove Prover) func(t *testing.T, folder string) {
		return func(t *testing.T, folder string) {
			run := aRun()
			run[len(run)-1].Note = "forged"
			j, other := sealed(t, prove, run...)
			files := []string{j.Path()}
			if prove != nil {
				files = append(files, filepath.Join(other, contoso+".macs"))
			}
			for _, f := range files {
				if err := os.WriteFile(filepath.Join(folder, filepath.Base(f)), content(t, f), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for name, test := range map[string]struct {
		change  func(t *testing.T, folder string)
		key     string
		proven  []int
		altered int
	}{
		"as it was written":            {proven: allLines},
		"read with another key":        {key: "another"},
		"no codes":                     {change: func(t *testing.T, f string) { _ = os.Remove(filepath.Join(f, contoso+".macs")) }},
		"the last code cut off":        {change: edit(func(m []string) []string { return m[:7] }), proven: allLines[:7]},
		"the last code cut short":      {change: edit(func(m []string) []string { m[7] = m[7][:20]; return m }), proven: allLines[:7]},
		"no code of one":               {change: edit(func(m []string) []string { return slices.Delete(m, 3, 4) }), proven: []int{1, 2, 3, 5, 6, 7, 8}},
		"a code moved":                 {change: edit(func(m []string) []string { m[3] = strings.Replace(m[3], `"seq":4`, `"seq":5`, 1); m[4] = ""; return m }), altered: 5},
		"a code changed":               {change: edit(func(m []string) []string { m[2] = strings.Replace(m[2], `"mac":"`, `"mac":"0`, 1); return m }), altered: 3},
		"a whole journal of one's own": {change: rewritten(nil), altered: 1},
		"with codes of one's own":      {change: rewritten(keyed("mallory"))},
		"the last line cut off":        {change: cutLast, altered: 8},
	} {
		t.Run(name, func(t *testing.T) {
			key := test.key
			if key == "" {
				key = "ours"
			}
			_, folder := sealed(t, keyed("ours"), aRun()...)
			if test.change != nil {
				test.change(t, folder)
			}
			proven, l := provenIn(t, folder, keyed(key))
			if !slices.Equal(proven, test.proven) || l.Altered != test.altered || l.Broken != nil || len(l.Entries) < 7 {
				t.Errorf("proven %v, altered %d, broken %v", proven, l.Altered, l.Broken)
			}
		})
	}
}

func cutLast(t *testing.T, folder string) {
	path := filepath.Join(folder, contoso+".jsonl")
	l := lines(content(t, path))
	if err := os.WriteFile(path, bytes.Join(l[:7], nil), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A line that somebody else puts behind ours is not proven, and ours stay so; nor does a line of theirs close our window.
func TestForgedLineBehindOurs(t *testing.T) {
	prove := keyed("ours")
	_, folder := sealed(t, prove, Entry{Kind: KindStarted}, Entry{Kind: KindWindowOpened, Account: account, CapSeconds: 1800})
	forger, err := Attach(folder, contoso, Author{By: ByRestore})
	if err != nil {
		t.Fatal(err)
	}
	put(t, forger, Entry{Kind: KindWindowClosed, Account: account})
	proven, l := provenIn(t, folder, prove)
	if !slices.Equal(proven, []int{1, 2}) || l.Altered != 0 {
		t.Errorf("proven %v, altered %d", proven, l.Altered)
	}
	if w, open := l.OpenWindow(); !open || !w.Proven {
		t.Errorf("%+v, %v", w, open)
	}
	put(t, forger, Entry{Kind: KindWindowOpened, Account: account, CapSeconds: 1800})
	if _, l = provenIn(t, folder, prove); l.Altered != 0 {
		t.Errorf("altered %d", l.Altered)
	}
	if w, open := l.OpenWindow(); !open || w.Proven {
		t.Errorf("a line of theirs counts as proven: %+v, %v", w, open)
	}
}

// Lines were cut off the end, and the program wrote others behind what was left.
func TestCutAndWrittenOn(t *testing.T) {
	prove := keyed("ours")
	_, folder := sealed(t, prove, aRun()...)
	cutLast(t, folder)
	j, err := Attach(folder, contoso, Author{By: ByWizard, Prove: prove})
	if err != nil {
		t.Fatal(err)
	}
	put(t, j, Entry{Kind: KindStarted}, Entry{Kind: KindLeft})
	if proven, l := provenIn(t, folder, prove); l.Altered != 8 || len(proven) > 0 {
		t.Errorf("proven %v, altered %d", proven, l.Altered)
	}
}

// Only what a proven line announced is proven to be owed.
func TestProvenInverses(t *testing.T) {
	prove := keyed("ours")
	mine := Inverse{Kind: InversePolicyExclusion, TargetID: "policy-1", Value: account.ID}
	theirs := Inverse{Kind: InversePolicyExclusion, TargetID: "policy-2", Value: account.ID}
	_, folder := sealed(t, prove, Entry{Kind: KindIntent, Account: account, Inverse: &mine})
	forger, err := Attach(folder, contoso, Author{By: ByWizard})
	if err != nil {
		t.Fatal(err)
	}
	put(t, forger, Entry{Kind: KindIntent, Account: account, Inverse: &theirs})
	_, l := provenIn(t, folder, prove)
	if w, owed := l.Owed(); !owed || w.Proven || !slices.Equal(w.Proves, []Inverse{mine}) || len(w.Inverses) != 2 {
		t.Errorf("%+v, %v", w, owed)
	}
}

// The journal is byte for byte what whoever reads it without the key expects, and no code is in it.
func TestCodesStandBeside(t *testing.T) {
	j, _ := sealed(t, keyed("ours"), aRun()...)
	text := content(t, j.Path())
	if err := verify(bytes.NewReader(text)); err != nil {
		t.Error(err)
	}
	if bytes.Contains(text, []byte("mac")) || bytes.Contains(text, []byte("name of")) {
		t.Errorf("there is something of the codes in it:\n%s", text)
	}
}

// Another tenant's journal with its codes is another tenant's.
func TestCodesOfAnotherTenant(t *testing.T) {
	_, folder := sealed(t, keyed("ours"), aRun()...)
	for _, end := range []string{".jsonl", ".macs"} {
		if err := os.Rename(filepath.Join(folder, contoso+end), filepath.Join(folder, fabrikam+end)); err != nil {
			t.Fatal(err)
		}
	}
	if l, err := Read(folder, fabrikam, keyed("ours")); err != nil || l.Broken == nil || len(l.Entries) != 0 {
		t.Errorf("%+v, %v", l, err)
	}
}

// Where a journal was moved by hand and its codes were left behind, the next one is not called changed.
func TestNewJournalNewCodes(t *testing.T) {
	_, folder := sealed(t, keyed("ours"), aRun()...)
	if err := os.Rename(filepath.Join(folder, contoso+".jsonl"), filepath.Join(folder, "old")); err != nil {
		t.Fatal(err)
	}
	j, err := Attach(folder, contoso, Author{By: ByWizard}) // a run without the key
	if err != nil {
		t.Fatal(err)
	}
	put(t, j, Entry{Kind: KindStarted})
	if proven, l := provenIn(t, folder, keyed("ours")); len(proven) > 0 || l.Altered != 0 {
		t.Errorf("proven %v, altered %d", proven, l.Altered)
	}
}

// A code that can't be written costs no line.
func TestCodesCannotBeWritten(t *testing.T) {
	j, folder := sealed(t, keyed("ours"))
	if err := os.Mkdir(filepath.Join(folder, contoso+".macs"), 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, j, Entry{Kind: KindStarted})
	// An empty folder in its place is taken away at the first line; a full one stays.
	if err := errors.Join(os.RemoveAll(filepath.Join(folder, contoso+".macs")), os.MkdirAll(filepath.Join(folder, contoso+".macs", "x"), 0o700)); err != nil {
		t.Fatal(err)
	}
	put(t, j, Entry{Kind: KindFinished})
	if proven, l := provenIn(t, folder, keyed("ours")); len(l.Entries) != 2 || len(proven) > 0 {
		t.Errorf("proven %v of %d", proven, len(l.Entries))
	}
}
