package bundle

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

func TestBundle(t *testing.T) {
	folder := t.TempDir()
	log, journals, out := filepath.Join(folder, "a.log"), filepath.Join(folder, "journals"), filepath.Join(folder, "out.zip")
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(log, `{"time":"2026-11-27T10:00:00Z","level":"DEBUG","msg":"request","program":"delegate365-onboard","response":"{\"password\":\"*** (string)\"}"}`+"\n")
	write(filepath.Join(journals, "1.jsonl"), `{"seq":1,"run":"a","by":"wizard","tenant":"t","kind":"started"}`+"\n")
	write(filepath.Join(journals, "2.jsonl"), "of somebody else\n")
	write(filepath.Join(journals, "1.lock"), "")
	files, err := Collect(log, journals, "version 1\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(out, files); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(out)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var names []string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(r); err != nil || len(data) == 0 {
			t.Errorf("%s: %d bytes, %v", f.Name, len(data), err)
		}
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"facts.txt", "journal/1.jsonl", "log.jsonl"}) {
		t.Errorf("it holds %q", names)
	}
	if err := Write(out, files); !errors.Is(err, os.ErrExist) {
		t.Errorf("a file is replaced: %v", err)
	}
	if _, err := Collect(filepath.Join(folder, "none"), journals, ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a log that is not there: %v", err)
	}
}

// What looks like a secret is not packed, and nothing is left of the bundle.
func TestRefused(t *testing.T) {
	password := secret.New("wT-pL8#nB!c5*Yx=Rk3+")
	t.Cleanup(password.Forget)
	for name, text := range map[string]string{
		"a live secret":   "is " + password.Reveal(),
		"a JWT":           "x eyJ0eXAiOiJKV1QiLCJhbGciOi.eyJhdWQiOiJodHRwczovL2dyYXBo.sig",
		"a header":        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz",
		"a refresh token": `"1.AXkAbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"`,
		"a member":        `{"password": "hunter2"}`,
		"a member inside": `{"request":"{\"password\":\"hunter2\"}"}`,
		"a key inside":    `{"msg":"-----BEGIN OPENSSH PRIVATE KEY-----"}`,
		"an app password": "use abcd efgh ijkl mnop now",
	} {
		out := filepath.Join(t.TempDir(), "out.zip")
		if _, ok := errors.AsType[*SecretError](Write(out, []File{{"log.jsonl", []byte(text)}})); !ok {
			t.Errorf("%s is packed", name)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s leaves a file", name)
		}
	}
}

// Of a file that the command line names, only this program's lines are taken.
func TestForeign(t *testing.T) {
	folder := t.TempDir()
	line := `{"time":"2026-11-27T10:00:00Z","level":"INFO","msg":"x","program":"delegate365-onboard"}` + "\n"
	for name, c := range map[string]struct {
		text, kept string
		refused    bool
	}{
		"a key":        {"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "", true},
		"settings":     {"DB_HOST=db\nDB_PASS=hunter2\n", "", true},
		"another log":  {`{"time":"2026-11-27T10:00:00Z","level":"INFO","msg":"x"}` + "\n", "", true},
		"ours":         {line, line, false},
		"ours, mended": {"hunter2\n" + line + "half a li", line, false},
		"nothing":      {"", "", false},
	} {
		path := filepath.Join(folder, "file")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		files, err := Collect(path, folder, "facts")
		if (err != nil) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
		for _, f := range files {
			if f.Name == "log.jsonl" && string(f.Data) != c.kept {
				t.Errorf("%s: %q is packed", name, f.Data)
			}
		}
	}
}
