package journal

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func init() { plays["fill-up"] = fillUp }

// fillUp lets no file of this process grow beyond a few lines, and appends until that is noticed.
func fillUp(folder string) error {
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 5000, Max: 5000}); err != nil {
		return err
	}
	j, err := Attach(folder, contoso, Author{By: ByWizard, Operator: operator})
	if err != nil {
		return err
	}
	long := Entry{Kind: KindStarted, Note: strings.Repeat("x", 200)}
	n := 0
	for ; err == nil && n < 100; n++ {
		_, err = j.Append(long)
	}
	if _, again := j.Append(long); !errors.Is(err, syscall.EFBIG) || !errors.Is(again, syscall.EFBIG) {
		return errors.Join(errors.New("the disk was not full"), err, again)
	}
	_, err = os.Stdout.WriteString(strconv.Itoa(n - 1))
	return err
}

func TestDiskFull(t *testing.T) {
	folder := t.TempDir()
	out, err := play(t, "fill-up", folder).Output()
	if err != nil {
		t.Fatal(err)
	}
	l := mustRead(t, folder)
	if l.Torn != nil || l.Broken != nil || len(l.Entries) == 0 || strconv.Itoa(len(l.Entries)) != string(out) {
		t.Errorf("%s lines were written; read %d, torn %q, broken %v", out, len(l.Entries), l.Torn, l.Broken)
	}
	j, err := Attach(folder, contoso, Author{By: ByGuard})
	if err != nil {
		t.Fatal(err)
	}
	put(t, j, Entry{Kind: KindLeft})
}
