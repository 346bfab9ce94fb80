package problem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Why something was refused is told in the language of the process, with what it rests on; what is nobody's here stays as it is.
func TestReason(t *testing.T) {
	defer phrase.Speak(phrase.English)
	file := filepath.Join(t.TempDir(), "cloud.json")
	if err := os.WriteFile(file, []byte(`{"authority":"https://a.example"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, noGraph := graph.LookupCloud(file)
	_, noFile := graph.LookupCloud("none.json")
	_, noKey := graph.ReadCertificate([]byte("x"))
	for _, test := range []struct {
		err             error
		english, german string
	}{
		{noGraph, "the cloud file " + file + " can't be used: graph is missing: name its https address", "die Clouddatei " + file + " ist nicht verwendbar: graph fehlt: Nennen Sie die https-Adresse"},
		{noFile, "the cloud file none.json can't be used: it is not there", "die Clouddatei none.json ist nicht verwendbar: nicht vorhanden"},
		{noKey, "it is neither PEM nor PKCS#12 without a password that can be read here", "es ist weder PEM noch ein hier lesbares PKCS#12 ohne Kennwort"},
		{fmt.Errorf("read: %w", &fs.PathError{Op: "open", Path: "a.log", Err: fs.ErrPermission}), "a.log: you may not open it", "a.log: der Zugriff ist verweigert"},
		{&problem.Error{Op: "read the welcome mail of the tenant", Err: fs.ErrNotExist}, "read the welcome mail of the tenant: it is not there", "die Willkommensmail des Mandanten lesen: nicht vorhanden"},
		{errors.New("strange"), "strange", "strange"},
	} {
		for l, want := range map[phrase.Language]string{phrase.English: test.english, phrase.German: test.german} {
			phrase.Speak(l)
			if got := problem.Reason(test.err); got != want {
				t.Errorf("%s: %q, want %q", l, got, want)
			}
		}
	}
}
