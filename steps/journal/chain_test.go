package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// sample is the text of a sound journal.
func sample(t *testing.T) []byte {
	t.Helper()
	j, _ := attached(t)
	put(t, j, aRun()...)
	return content(t, j.Path())
}

// reported is the sample, with what the report adds, and one line more.
func reported(t *testing.T) []byte {
	t.Helper()
	j, _ := attached(t)
	put(t, j, append(aRun(), Entry{Kind: KindSealed, SHA256: hashOf(nil)}, Entry{Kind: KindIntent, Target: &Target{Kind: TargetPolicyState, ID: "policy"}}, Entry{Kind: KindAnswered, Said: "the vendor asks for it"}, Entry{Kind: KindLeft})...)
	return content(t, j.Path())
}

func lines(data []byte) [][]byte {
	return slices.Collect(bytes.Lines(data))
}

// onDisk makes data the journal of contoso.
func onDisk(t *testing.T, data []byte) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, contoso+".jsonl"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestTamperedLinesAreFound(t *testing.T) {
	tests := map[string]struct {
		tamper func(l [][]byte) [][]byte
		line   int
	}{
		"a line dropped":        {func(l [][]byte) [][]byte { return slices.Delete(l, 3, 4) }, 4},
		"the first dropped":     {func(l [][]byte) [][]byte { return l[1:] }, 1},
		"two swapped":           {func(l [][]byte) [][]byte { l[2], l[3] = l[3], l[2]; return l }, 3},
		"one twice":             {func(l [][]byte) [][]byte { return slices.Insert(l, 4, l[3]) }, 5},
		"one put in by hand":    {func(l [][]byte) [][]byte { return slices.Insert(l, 4, []byte("{}\n")) }, 5},
		"words put in":          {func(l [][]byte) [][]byte { return slices.Insert(l, 4, []byte("hello\n")) }, 5},
		"an empty line put in":  {func(l [][]byte) [][]byte { return slices.Insert(l, 4, []byte("\n")) }, 5},
		"one appended by hand":  {func(l [][]byte) [][]byte { return append(l, []byte(`{"seq":9,"kind":"finished"}`+"\n")) }, 9},
		"the last one repeated": {func(l [][]byte) [][]byte { return append(l, l[7]) }, 9},
		"a number appended":     {func(l [][]byte) [][]byte { return append(l, []byte("1\n")) }, 9},
		"two lines joined":      {func(l [][]byte) [][]byte { l[3] = bytes.TrimSpace(l[3]); return l }, 4},
		"blanks at an end":      {func(l [][]byte) [][]byte { l[3] = append(bytes.TrimSpace(l[3]), " \n"...); return l }, 4},
		"blanks at the very end": {func(l [][]byte) [][]byte {
			l[7] = append(bytes.TrimSpace(l[7]), " \n"...)
			return l
		}, 8},
		"an unknown field at the very end": {func(l [][]byte) [][]byte {
			l[7] = append(bytes.TrimSuffix(l[7], []byte("}\n")), `,"password":"x"}`+"\n"...)
			return l
		}, 8},
		"an overlong line": {func(l [][]byte) [][]byte {
			return slices.Insert(l, 4, append(bytes.Repeat([]byte("x"), maxLine), '\n'))
		}, 5},
		"zeros after a power cut": {func(l [][]byte) [][]byte { clear(l[5][:len(l[5])-1]); return l }, 6},
	}
	text := sample(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			data := bytes.Join(tt.tamper(lines(bytes.Clone(text))), nil)
			folder := onDisk(t, data)
			l := mustRead(t, folder)
			if l.Broken == nil || l.Broken.Line != tt.line || len(l.Entries) != tt.line-1 {
				t.Fatalf("broken %v after %d entries, want line %d", l.Broken, len(l.Entries), tt.line)
			}
			if broken, ok := errors.AsType[*BrokenError](verify(bytes.NewReader(data))); !ok || *broken != *l.Broken {
				t.Errorf("Verify = %v, Read says %v", broken, l.Broken)
			}
			refusesToAppend(t, folder, data)
		})
	}
}

// refusesToAppend checks that a broken journal is left as it is until it is set aside.
func refusesToAppend(t *testing.T, folder string, data []byte) {
	t.Helper()
	j, err := Attach(folder, contoso, Author{By: ByRestore})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := j.Append(Entry{Kind: KindStarted})
		if _, ok := errors.AsType[*BrokenError](err); !ok {
			t.Fatalf("Append = %v", err)
		}
	}
	if !bytes.Equal(content(t, j.Path()), data) {
		t.Error("Append changed a broken journal")
	}
	aside := filepath.Join(folder, "old")
	if err := os.Rename(j.Path(), aside); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(content(t, aside), data) {
		t.Error("the journal that was set aside is not the one that was there")
	}
	if e := put(t, j, Entry{Kind: KindStarted})[0]; e.Seq != 1 {
		t.Errorf("the new journal begins with line %d", e.Seq)
	}
}

// TestEveryByteCounts flips a bit in each byte of every line but the last, the values of all fields among them.
func TestEveryByteCounts(t *testing.T) {
	text := sample(t)
	last := bytes.LastIndexByte(text[:len(text)-1], '\n')
	for i := range last {
		changed := bytes.Clone(text)
		changed[i] ^= 1
		broken, ok := errors.AsType[*BrokenError](verify(bytes.NewReader(changed)))
		at := bytes.Count(text[:i], []byte("\n")) + 1
		if !ok || broken.Line != at && broken.Line != at+1 {
			t.Errorf("byte %d, of line %d, changed to %q: %v", i, at, changed[i], broken)
		}
	}
}

// TestEveryFieldCounts changes the value of each field of a line, and keeps it an entry that could stand there.
func TestEveryFieldCounts(t *testing.T) {
	text := reported(t)
	for i, line := range lines(text)[:10] {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatal(err)
		}
		for name, value := range fields {
			from := append([]byte(`"`+name+`":`), value...)
			without := bytes.Replace(line, append(from, ','), nil, 1)
			if bytes.Equal(without, line) {
				without = bytes.Replace(line, append([]byte(","), from...), nil, 1)
			}
			if bytes.Equal(without, line) {
				t.Fatalf("%s is not in line %d", name, i+1)
			}
			if err := verify(bytes.NewReader(bytes.Replace(text, line, without, 1))); err == nil {
				t.Errorf("line %d without %s was taken", i+1, name)
			}
		}
	}
}

// TestSampleIsComplete keeps the tamper tables honest: every field that is written of an entry stands in some line of theirs.
func TestSampleIsComplete(t *testing.T) {
	text := string(reported(t))
	for f := range reflect.TypeFor[Entry]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "-" && !strings.Contains(text, `"`+name+`":`) {
			t.Errorf("no line has %s", name)
		}
	}
}

func TestJournalOfAnotherTenant(t *testing.T) {
	text := sample(t)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, fabrikam+".jsonl"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Read(folder, fabrikam, nil)
	if err != nil || l.Broken == nil || l.Broken.Line != 1 || l.Entries != nil {
		t.Errorf("Read = %+v, %v", l, err)
	}
	j, err := Attach(folder, fabrikam, Author{By: ByWizard})
	if err != nil {
		t.Fatal(err)
	}
	_, err = j.Append(Entry{Kind: KindStarted})
	if _, ok := errors.AsType[*BrokenError](err); !ok {
		t.Errorf("Append = %v", err)
	}
}

// TestChangedBehindItsBack edits the file while a Journal that has already read it stays open.
func TestChangedBehindItsBack(t *testing.T) {
	j, folder := attached(t)
	put(t, j, aRun()...)
	text := content(t, j.Path())
	edited := bytes.Replace(text, []byte("version 1"), []byte("version 12"), 1)
	if err := os.WriteFile(j.Path(), edited, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := j.Append(Entry{Kind: KindStarted})
	if broken, ok := errors.AsType[*BrokenError](err); !ok || broken.Line != 2 {
		t.Errorf("Append = %v", err)
	}
	if err := os.Remove(filepath.Join(folder, contoso+".jsonl")); err != nil {
		t.Fatal(err)
	}
	if e := put(t, j, Entry{Kind: KindStarted})[0]; e.Seq != 1 {
		t.Errorf("the line after the file was removed is number %d", e.Seq)
	}
}

func TestVerifyNothing(t *testing.T) {
	if err := verify(strings.NewReader("")); !errors.Is(err, errEmpty) {
		t.Errorf("Verify = %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("\n"))
	f.Add([]byte("{}\n{}\n"))
	f.Add([]byte(`{"seq":1,"prev":"","at":"2026-01-02T03:04:05Z","kind":"outcome","intent":-1}` + "\n"))
	f.Add([]byte(`{"seq":1,"prev":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","at":"2026-01-02T03:04:05Z",` +
		`"run":"r","pid":1,"host":"h","by":"wizard","tenant":"` + contoso + `","kind":"window-opened","account":{"id":"a"}}` + "\n{\"se"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var at tip
		entries, torn, broken := at.read(data)
		if at.seq != len(entries) || int(at.end) > len(data) || broken == nil && int(at.end)+len(torn) != len(data) {
			t.Errorf("%d entries, tip %+v, %d torn of %d bytes, broken %v", len(entries), at, len(torn), len(data), broken)
		}
		l := Log{Entries: entries}
		l.OpenWindow()
		if again := verify(bytes.NewReader(data[:at.end])); at.seq > 0 && again != nil {
			t.Errorf("the sound part alone: %v", again)
		}
	})
}
