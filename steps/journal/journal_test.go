package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	contoso  = "11111111-2222-3333-4444-555555555555"
	fabrikam = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	operator = "admin@contoso.example"
)

var account = Account{ID: "99999999-0000-0000-0000-000000000001", UserPrincipalName: "svc@contoso.example"}

// attached is a journal of the wizard in a folder of its own.
func attached(t *testing.T) (*Journal, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "state")
	j, err := Attach(folder, contoso, Author{By: ByWizard, Operator: operator})
	if err != nil {
		t.Fatal(err)
	}
	return j, folder
}

func put(t *testing.T, j *Journal, entries ...Entry) []Entry {
	t.Helper()
	var out []Entry
	for _, e := range entries {
		e, err := j.Append(e)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// aRun has every field of an entry in use.
func aRun() []Entry {
	inverse := Inverse{Kind: InversePerUserMFA, TargetID: account.ID, Value: "enforced"}
	return []Entry{
		{Kind: KindStarted, Note: "version 1"},
		{Kind: KindWindowOpened, Account: account, CapSeconds: 1800},
		{
			Kind: KindIntent, Step: "suspend-mfa", Account: account, Inverse: &inverse,
			Change: Change{Op: "modify", Object: "per-user MFA of <svc> & co", From: "enforced", To: "disabled"},
		},
		{Kind: KindOutcome, Step: "suspend-mfa", Intent: 3, Outcome: Applied, Verified: true, RequestID: "0f0f", ClientID: "c0c0"},
		{Kind: KindIntent, Step: "reenable-mfa", Account: account, Restores: &inverse},
		{Kind: KindOutcome, Step: "reenable-mfa", Intent: 5, Outcome: Applied, Verified: true, RequestID: "1e1e"},
		{Kind: KindWindowClosed, Account: account, OpenFor: 90, Unexposed: true},
		{Kind: KindFinished},
	}
}

func mustRead(t *testing.T, folder string) Log {
	t.Helper()
	l, err := Read(folder, contoso, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWhatIsReadIsWhatWasAppended(t *testing.T) {
	j, folder := attached(t)
	if l := mustRead(t, folder); l.Entries != nil || l.Torn != nil || l.Broken != nil {
		t.Errorf("before the first line: %+v", l)
	}
	want := put(t, j, aRun()...)
	got := mustRead(t, folder)
	if diff := cmp.Diff(Log{Entries: want}, got); diff != "" {
		t.Error(diff)
	}
	first := got.Entries[0]
	if first.Seq != 1 || first.Prev != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Errorf("the first line is number %d after %s", first.Seq, first.Prev)
	}
	if first.PID != os.Getpid() || first.Run != j.Run() || first.By != ByWizard || first.Operator != operator || first.Tenant != contoso {
		t.Errorf("the first line is signed %+v", first)
	}
	if err := verify(bytes.NewReader(content(t, j.Path()))); err != nil {
		t.Error(err)
	}
}

func TestEntriesRefused(t *testing.T) {
	inverse := &Inverse{Kind: InverseUser, TargetID: account.UserPrincipalName}
	tests := map[string]struct {
		entry Entry
		want  string
	}{
		"no kind":                  {Entry{}, "unknown kind"},
		"strange kind":             {Entry{Kind: "password"}, "unknown kind"},
		"outcome of nothing":       {Entry{Kind: KindOutcome, Outcome: Applied}, "no intent"},
		"outcome of what follows":  {Entry{Kind: KindOutcome, Outcome: Applied, Intent: 2}, "before it"},
		"strange outcome":          {Entry{Kind: KindOutcome, Intent: 1, Outcome: "fine"}, "unknown outcome"},
		"intent with an outcome":   {Entry{Kind: KindIntent, Outcome: Applied}, "only an outcome"},
		"started with an inverse":  {Entry{Kind: KindStarted, Inverse: inverse}, "only an intent"},
		"finished with restores":   {Entry{Kind: KindFinished, Restores: inverse}, "only an intent or an outcome"},
		"inverse without target":   {Entry{Kind: KindIntent, Inverse: &Inverse{Kind: InverseUser}}, "unknown"},
		"inverse of strange kind":  {Entry{Kind: KindIntent, Inverse: &Inverse{Kind: "shell", TargetID: "x"}}, "unknown"},
		"window of nobody":         {Entry{Kind: KindWindowOpened}, "account"},
		"negative cap":             {Entry{Kind: KindWindowOpened, Account: account, CapSeconds: -1}, "negative"},
		"longer than a line":       {Entry{Kind: KindStarted, Note: strings.Repeat("x", maxLine)}, "64 KiB"},
		"longer than a line in <>": {Entry{Kind: KindStarted, Note: strings.Repeat("<", maxLine/5)}, "64 KiB"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			j, folder := attached(t)
			_, err := j.Append(tt.entry)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Append = %v, want one with %q", err, tt.want)
			}
			put(t, j, Entry{Kind: KindStarted})
			if l := mustRead(t, folder); len(l.Entries) != 1 || l.Entries[0].Seq != 1 {
				t.Errorf("after it: %+v", l)
			}
		})
	}
}

func TestNamesThatAreNoTenant(t *testing.T) {
	for _, name := range []string{"", "contoso", "../" + contoso, contoso + "/..", contoso + "\x00", contoso + "\n", "contoso.onmicrosoft.com"} {
		if _, err := Attach(t.TempDir(), name, Author{By: ByGuard}); err == nil {
			t.Errorf("Attach took %q", name)
		}
		if _, err := Read(t.TempDir(), name, nil); err == nil {
			t.Errorf("Read took %q", name)
		}
	}
	j, err := Attach(t.TempDir(), strings.ToUpper(fabrikam), Author{By: ByGuard})
	if err != nil || filepath.Base(j.Path()) != fabrikam+".jsonl" {
		t.Errorf("an upper-case id: %v", err)
	}
	if _, err := Attach(t.TempDir(), contoso, Author{By: "somebody"}); err == nil {
		t.Error("Attach took an unknown author")
	}
}

func TestOnlyTheOwnerMayRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits: the folder is in the user's profile, which is its owner's only")
	}
	folder := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(folder, 0o755); err != nil { //nolint:gosec // left open on purpose
		t.Fatal(err)
	}
	j, err := Open(folder, contoso, Author{By: ByWizard})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	put(t, j, Entry{Kind: KindStarted})
	if err := os.Chmod(j.Path(), 0o644); err != nil { //nolint:gosec // left open on purpose
		t.Fatal(err)
	}
	put(t, j, Entry{Kind: KindFinished})
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s is %v, want %v", filepath.Base(path), got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNotARegularFile(t *testing.T) {
	j, folder := attached(t)
	if err := os.Mkdir(j.Path(), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(Entry{Kind: KindStarted}); err == nil {
		t.Error("Append wrote to a folder")
	}
	if _, err := Read(folder, contoso, nil); err == nil {
		t.Error("Read read a folder")
	}
}

func TestBounds(t *testing.T) {
	j, folder := attached(t)
	put(t, j, Entry{Kind: KindStarted})
	if err := os.Truncate(j.Path(), maxFile+1); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(Entry{Kind: KindFinished}); !errors.Is(err, errTooLarge) {
		t.Errorf("Append = %v", err)
	}
	if _, err := Read(folder, contoso, nil); !errors.Is(err, errTooLarge) {
		t.Errorf("Read = %v", err)
	}
	if err := os.Remove(j.Path()); err != nil {
		t.Fatal(err)
	}
	if e := put(t, j, Entry{Kind: KindStarted})[0]; e.Seq != 1 {
		t.Errorf("the new journal begins with line %d", e.Seq)
	}
}

// TestNoRoomForSecrets fails when a field is added that could hold anything: a map, an interface, bytes, a function.
func TestNoRoomForSecrets(t *testing.T) {
	var walk func(reflect.Type, string)
	walk = func(typ reflect.Type, path string) {
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if typ == reflect.TypeFor[time.Time]() {
			return
		}
		switch typ.Kind() {
		case reflect.String, reflect.Int, reflect.Bool:
		case reflect.Struct:
			if typ.PkgPath() != reflect.TypeFor[Entry]().PkgPath() {
				t.Errorf("%s is a %s of another package", path, typ)
			}
			for f := range typ.Fields() {
				if f.Anonymous || !f.IsExported() {
					t.Errorf("%s.%s is embedded or hidden", path, f.Name)
				}
				walk(f.Type, path+"."+f.Name)
			}
		default:
			t.Errorf("%s is a %s", path, typ)
		}
	}
	walk(reflect.TypeFor[Entry](), "Entry")
}

func TestFolder(t *testing.T) {
	folder, err := Folder()
	if err != nil || !filepath.IsAbs(folder) || filepath.Base(folder) != "delegate365-onboard" {
		t.Errorf("Folder = %q, %v", folder, err)
	}
}

// Ids that an earlier version wrote in capitals are those of today.
func TestIDsHaveNoCase(t *testing.T) {
	var e Entry
	err := json.Unmarshal([]byte(`{"account":{"id":"5E1B0001-0000-4000-8000-000000000001"},"inverse":{"kind":"policy-exclusion","targetId":"AAAAAAAA-0000-4000-8000-000000000001","value":"5E1B0001-0000-4000-8000-000000000001"}}`), &e)
	if err != nil || e.Account.ID != "5e1b0001-0000-4000-8000-000000000001" || e.Inverse.TargetID != "aaaaaaaa-0000-4000-8000-000000000001" || e.Inverse.Value != e.Account.ID {
		t.Errorf("%+v, %v", e, err)
	}
}
