package welcome

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// A path in every way that somebody types it or a terminal pastes a dragged file.
func TestPaths(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the names have characters that Windows forbids")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Chdir(home)
	mail := shapes()
	for name, content := range map[string]string{
		"welcome.eml": mail["alternative"], "Welcome to Delegate365 (1).eml": mail["alternative"], "it's.eml": mail["alternative"],
		"Grüße.msg": mail[".msg"], "a%20b.txt": mail["file in UTF-16"], "page.html": pageText, "noext": mail["nested"], `back\slash.eml`: mail["quoted"],
		"'quoted'.eml": mail["alternative"], "upper.EML": mail["alternative"],
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	uri := func(name string) string { return (&url.URL{Scheme: "file", Path: filepath.Join(home, name)}).String() }
	for _, line := range []string{
		filepath.Join(home, "welcome.eml"),
		"welcome.eml", "./welcome.eml", "~/welcome.eml", "  welcome.eml \n", "upper.EML",
		`"welcome.eml"`, `'welcome.eml'`, `"~/welcome.eml"`, "& '" + filepath.Join(home, "welcome.eml") + "'",
		"Welcome to Delegate365 (1).eml", `"Welcome to Delegate365 (1).eml"`, `'~/Welcome to Delegate365 (1).eml'`,
		home + `/Welcome\ to\ Delegate365\ \(1\).eml`, home + `/Welcome\ to\ Delegate365\ \(1\).eml `,
		"it's.eml", `'` + home + `/it'\''s.eml'`, home + `/it\'s.eml`, `"` + home + `/it's.eml"`, "'quoted'.eml",
		"Grüße.msg", uri("Grüße.msg"), uri("welcome.eml"), uri("Welcome to Delegate365 (1).eml"), "file://localhost" + home + "/welcome.eml", "FILE:" + home + "/welcome.eml",
		"a%20b.txt", uri("a%20b.txt"), "page.html", home + "/noext", `back\slash.eml`, `back\\slash.eml`,
	} {
		m, err := Read(secret.New(line), "")
		if err != nil || strings.Join(revealed(m), " ") != theirs || len(m.Portals) != 1 {
			t.Errorf("%q: %+v, %v", line, bases(m), err)
		}
	}
}

func TestBadPaths(t *testing.T) {
	home := t.TempDir()
	large := filepath.Join(home, "large.eml")
	f, err := os.Create(large)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(1<<40), f.Close()); err != nil { // a hole: reading it whole would take minutes
		t.Skip("no sparse files here: ", err)
	}
	for line, reason := range map[string]string{
		large:                         "larger than 10 MB",
		filepath.Join(home, "no.eml"): "can't be opened",
		home:                          "folder",
		"~nobody.eml":                 "can't be opened",
		`C:\nowhere\welcome.msg`:      "can't be opened",
		`\\nowhere\share\welcome.msg`: "can't be opened",
		"file:///nowhere/welcome.eml": "can't be opened",
		"file://%zz/welcome.eml":      "can't be opened",
		"'/nowhere/welcome.eml":       "can't be opened",
	} {
		_, err := Read(secret.New(line), "")
		if e, ok := errors.AsType[*Error](err); !ok || !strings.Contains(e.Reason, reason) || e.Hint == "" {
			t.Errorf("%q: %v", line, err)
		}
	}
	if runtime.GOOS == "linux" {
		_, err := Read(secret.New("/dev/zero"), "")
		if e, ok := errors.AsType[*Error](err); !ok || !strings.Contains(e.Reason, "not a file's") {
			t.Errorf("a device: %v", err)
		}
	}
}

// Windows' paths are taken apart alike on every system.
func TestReadings(t *testing.T) {
	for line, want := range map[string]string{
		`C:\Users\me\Welcome.msg`:             `C:\Users\me\Welcome.msg`,
		`"C:\Users\me\My mail\Welcome.msg"`:   `C:\Users\me\My mail\Welcome.msg`,
		`file:///C:/Users/me/My%20mail/W.msg`: `C:/Users/me/My mail/W.msg`,
		`\\server\share\W.msg`:                `\\server\share\W.msg`,
		`file://server/share/W.msg`:           `\\server\share\W.msg`,
	} {
		if got := readings(line); !strings.Contains(strings.Join(got, "\n")+"\n", want+"\n") {
			t.Errorf("%q is read as %q, not as %q", line, got, want)
		}
	}
	if runtime.GOOS == "linux" {
		if got := readings(`C:\Users\me\W.msg`); got[len(got)-1] != "/mnt/c/Users/me/W.msg" {
			t.Errorf("not read as a path in WSL: %q", got)
		}
	}
}
