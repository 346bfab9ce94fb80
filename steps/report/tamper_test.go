package report_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

var everyByte = flag.Bool("every-byte", false, "flip every byte and change every member of a report, instead of a sample")

func check(t *testing.T, f report.Files, typed string) report.Verification {
	t.Helper()
	v, _, err := report.Verify(f, typed, report.Program{Version: "1.2.3", Commit: "abc"})
	if err != nil {
		return report.Verification{Exit: 2}
	}
	return v
}

// saved opens files again that were written to the disk.
func saved(t *testing.T, s report.Sealed) (data, page report.Files, w report.Written) {
	t.Helper()
	w, err := s.Save(filepath.Join(t.TempDir(), "reports"))
	if err != nil {
		t.Fatal(err)
	}
	if data, err = report.Open(w.JSON); err != nil {
		t.Fatal(err)
	}
	if page, err = report.Open(w.Page); err != nil {
		t.Fatal(err)
	}
	return data, page, w
}

func TestVerifyHolds(t *testing.T) {
	s := sealedReport(t)
	data, page, w := saved(t, s)
	for name, f := range map[string]report.Files{"data": data, "page": page} {
		for _, typed := range []string{report.Fingerprint(s.SHA256), strings.ToUpper(s.SHA256), strings.ReplaceAll(report.Fingerprint(s.SHA256), " ", "-")} {
			if v := check(t, f, typed); v.Exit != 0 || v.Checks[0].State != report.Holds || !slices.Equal(v.Against, []string{"fingerprint"}) {
				t.Errorf("%s: %+v", name, v)
			}
		}
		if v := check(t, f, ""); v.Exit != 0 || v.Checks[0].State != report.Remark || v.Against == nil || len(v.Against) > 0 || !strings.HasPrefix(v.Checks[0].Said, "NOT CHECKED against a fingerprint.") || !strings.Contains(v.Checks[0].Said, report.Fingerprint(s.SHA256)) {
			t.Errorf("%s without a fingerprint: %+v", name, v)
		}
		for _, wrong := range []string{"7c1e 04b9 a2f3 5d18 90ce 4b77", "7c1e", "not hex, but as long as"} {
			if v := check(t, f, wrong); v.Exit != 1 {
				t.Errorf("%s: %q passed", name, wrong)
			}
		}
		for _, c := range check(t, f, "").Checks {
			for _, never := range []string{"genuine", "authentic", "trusted", "complete", "nothing else"} {
				if strings.Contains(strings.ToLower(c.Said), never) {
					t.Errorf("%q claims too much: %s", c.Said, never)
				}
			}
		}
	}
	for _, path := range []string{w.JSON, w.Page, w.JSON + ".minisig"} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
	if again, err := s.Save(w.Folder); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second one: %v %v", again, err)
	}
}

func TestMissingSealIsUnchecked(t *testing.T) {
	data, _, _ := saved(t, sealedReport(t))
	data.Seal = nil
	if v := check(t, data, ""); v.Exit != 3 {
		t.Errorf("exit %d", v.Exit)
	}
}

// TestEveryByte flips bytes of the data, of its seal, of the page and of the page's seal line.
func TestEveryByte(t *testing.T) {
	if testing.Short() {
		t.Skip("every member and every line of the journal are changed in other tests")
	}
	s := sealedReport(t)
	step := 97
	if *everyByte {
		step = 1
	}
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	exit := func(path string) int {
		f, err := report.Open(path)
		if err != nil {
			return 2
		}
		return check(t, f, "").Exit
	}
	flipped, passed := 0, 0
	flip := func(data []byte, step int, exit func([]byte) int) {
		for i := 0; i < len(data); i += step {
			for _, bit := range []byte{1, 0x20} {
				changed := bytes.Clone(data)
				changed[i] ^= bit
				flipped++
				if code := exit(changed); code != 1 && code != 2 {
					passed++
					t.Errorf("byte %d of %q… passed with exit %d", i, data[:12], code)
				}
			}
		}
	}
	path, page := write("a.json", s.JSON), filepath.Join(dir, "a.html")
	write("a.json.minisig", s.Seal)
	flip(s.JSON, step, func(b []byte) int { return exit(write("a.json", b)) })
	write("a.json", s.JSON)
	flip(s.Seal, min(step, 3), func(b []byte) int { write("a.json.minisig", b); return exit(path) })
	flip(s.Page, step*7, func(b []byte) int { write("a.html", b); return exit(page) })
	line := len(s.Page) - bytes.LastIndexByte(s.Page[:len(s.Page)-1], '\n')
	end := s.Page[len(s.Page)-line+1:]
	flip(end, min(step, 3), func(b []byte) int {
		write("a.html", append(bytes.Clone(s.Page[:len(s.Page)-len(end)]), b...))
		return exit(page)
	})
	t.Logf("bytes flipped %d, passed %d", flipped, passed)
}

// TestEveryLineOfTheJournal removes, doubles and swaps each line, and seals what results anew.
func TestEveryLineOfTheJournal(t *testing.T) {
	r := sealedReport(t).Report
	n := len(r.Journal.Lines)
	for i := range n {
		for what, lines := range map[string][]string{
			"removed": slices.Delete(slices.Clone(r.Journal.Lines), i, i+1),
			"doubled": slices.Insert(slices.Clone(r.Journal.Lines), i, r.Journal.Lines[i]),
			"swapped": swapped(r.Journal.Lines, i),
		} {
			changed := r
			changed.Journal.Lines = lines
			if f := anew(t, changed); check(t, f, "").Exit != 1 {
				t.Errorf("line %d %s: passed", i+1, what)
			}
		}
	}
}

func swapped(lines []string, i int) []string {
	out := slices.Clone(lines)
	j := (i + 1) % len(out)
	out[i], out[j] = out[j], out[i]
	return out
}

func anew(t *testing.T, r report.Report) report.Files {
	t.Helper()
	s, err := report.Close(r)
	if err != nil {
		t.Fatal(err)
	}
	return report.Files{JSON: s.JSON, Seal: s.Seal}
}

// TestEveryMember changes each member of the data. As it is, that is always found. Sealed anew with a fresh key it is found
// where the journal says otherwise, and by the fingerprint: offline nothing else can, and nothing claims that it does.
func TestEveryMember(t *testing.T) {
	s := sealedReport(t)
	var tree any
	if err := json.Unmarshal(s.JSON, &tree); err != nil {
		t.Fatal(err)
	}
	members, found, turn := 0, 0, 0
	mutate(tree, func() {
		if turn++; !*everyByte && turn%5 != 0 {
			return
		}
		raw, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		var changed report.Report
		if json.Unmarshal(raw, &changed) != nil || changed.Schema != report.Schema {
			return // no report any more
		}
		if reflect.DeepEqual(changed, s.Report) {
			return
		}
		members++
		data, err := changed.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if v := check(t, report.Files{JSON: data, Seal: s.Seal}, ""); v.Exit != 1 {
			t.Errorf("changed, with the old seal: exit %d", v.Exit)
		}
		f := anew(t, changed)
		if v := check(t, f, report.Fingerprint(s.SHA256)); v.Exit != 1 {
			t.Errorf("sealed anew, with the noted fingerprint: exit %d", v.Exit)
		}
		if check(t, f, "").Exit == 1 {
			found++
		}
	})
	t.Logf("members changed %d, sealed anew and still contradicted by the journal %d", members, found)
	if members < 50 || found < 30 {
		t.Error("too few members were changed or found")
	}
}

// mutate changes each string, number and truth once, calls try, and puts it back.
func mutate(v any, try func()) {
	change := func(old any, set func(any)) {
		switch x := old.(type) {
		case string:
			set(x + "x")
			if strings.HasSuffix(x, "Z") {
				set(strings.Replace(x, "2026-11-27", "2026-11-26", 1))
			}
		case float64:
			set(x + 1)
		case bool:
			set(!x)
		default:
			mutate(old, try)
			return
		}
		try()
		set(old)
	}
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			change(v[name], func(n any) { v[name] = n })
		}
	case []any:
		for i := range v {
			change(v[i], func(n any) { v[i] = n })
		}
	}
}

// TestPageSealedAnew gives a page with another verdict the seal of a fresh key: drawn again it is not the same.
func TestPageSealedAnew(t *testing.T) {
	s := sealedReport(t)
	other := s.Report
	other.Verdict.Sentence = "Everything is fine."
	o, err := report.Close(other)
	if err != nil {
		t.Fatal(err)
	}
	linked := func(data []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(data)) }
	mixed := bytes.Replace(o.Page, linked(o.JSON), linked(s.JSON), 1)
	if bytes.Equal(mixed, o.Page) {
		t.Fatal("the data is not in the page")
	}
	path := filepath.Join(t.TempDir(), "a.html")
	if err := os.WriteFile(path, mixed, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := report.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if v := check(t, f, ""); v.Exit != 1 {
		t.Errorf("exit %d", v.Exit)
	}
}

func TestCutFilesAreNoReport(t *testing.T) {
	s := sealedReport(t)
	dir := t.TempDir()
	for name, data := range map[string][]byte{"a.json": s.JSON[:len(s.JSON)/2], "b.json": s.JSON[:len(s.JSON)-1], "a.html": s.Page[:len(s.Page)-5], "c": []byte("hello\n"), "d": nil} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := report.Open(path); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func TestNewerReportNamesWhatIsNotKnown(t *testing.T) {
	s := sealedReport(t)
	data := bytes.Replace(s.JSON, []byte("  \"seal\": {"), []byte("  \"weather\": \"fine\",\n  \"seal\": {"), 1)
	v := check(t, report.Files{JSON: data, Seal: s.Seal}, "")
	if v.Exit != 1 || !slices.ContainsFunc(v.Checks, func(c report.Check) bool {
		return strings.Contains(c.Said, "weather") && strings.Contains(c.Said, "or somebody changed it")
	}) {
		t.Errorf("%+v", v)
	}
	broken := slices.IndexFunc(v.Checks, func(c report.Check) bool { return c.About == "seal" })
	if named := slices.IndexFunc(v.Checks, func(c report.Check) bool { return c.About == "members" }); named < broken {
		t.Errorf("the broken seal comes after what is only not known: %+v", v.Checks)
	}
}
