package journal

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// plays are the parts that another process plays in these tests: the arguments of a second start of the test binary
// are a name here and a folder.
var plays = map[string]func(folder string) error{"append": appendLines, "hold": holdUntilKilled}

func TestMain(m *testing.M) {
	if len(os.Args) == 3 {
		if part, ok := plays[os.Args[1]]; ok {
			os.Exit(exitCode(part(os.Args[2])))
		}
	}
	os.Exit(m.Run())
}

func exitCode(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func appendLines(folder string) error {
	j, err := Attach(folder, contoso, Author{By: ByGuard, Operator: operator})
	if err != nil {
		return err
	}
	for i := range 200 {
		if _, err := j.Append(Entry{Kind: KindStarted, Note: strconv.Itoa(i)}); err != nil {
			return err
		}
	}
	return j.Close()
}

func holdUntilKilled(folder string) error {
	j, err := Open(folder, contoso, Author{By: ByWizard, Operator: operator})
	if err != nil {
		return err
	}
	if _, err := j.ClaimWindow(context.Background()); err != nil {
		return err
	}
	if _, err := j.Append(Entry{Kind: KindStarted}); err != nil {
		return err
	}
	if _, err := os.Stdout.WriteString("held\n"); err != nil {
		return err
	}
	_, err = os.Stdin.Read(make([]byte, 1)) // until the test kills this process, or ends itself
	return err
}

// play starts the test binary in one of its parts.
func play(t *testing.T, part, folder string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, part, folder)
	cmd.Stderr = os.Stderr
	return cmd
}

// heldBy starts a process that holds the session, and returns when it does.
func heldBy(t *testing.T, folder string) *exec.Cmd {
	t.Helper()
	cmd := play(t, "hold", folder)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	return cmd
}
