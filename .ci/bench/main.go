// Command bench measures how quick and how large the program is, and prints it against the goals and against the last commit: the
// one before HEAD, or HEAD where the working tree differs from it. Nothing fails: what became more than a fifth worse is said.
//
//	go run ./.ci/bench              everything, in some minutes
//	go run ./.ci/bench -only        this tree, against the goals alone
//
// It needs Linux and a machine that does nothing else.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// benchmarks are the packages that have some worth comparing.
var benchmarks = []string{"./wizard", "./steps/analysis", "./steps/welcome", "./graph/redact"}

func main() {
	only := flag.Bool("only", false, "measure this tree alone")
	starts := flag.Int("starts", 20, "`NUMBER` of starts for each first frame")
	count := flag.Int("count", 6, "`NUMBER` of times each benchmark runs")
	flag.Parse()
	if err := run(*only, *starts, *count); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(only bool, starts, count int) error {
	work, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	now := tree{folder: ".", work: work, name: "now"}
	figures, err := now.measure(starts)
	if err != nil {
		return err
	}
	figures.print()
	if only {
		return nil
	}
	commit := "HEAD^"
	if status, err := output("git", "status", "--porcelain"); err != nil || status != "" {
		commit = "HEAD"
	}
	before := tree{folder: filepath.Join(work, "tree"), work: work, name: "before"}
	if _, err := output("git", "worktree", "add", "--detach", before.folder, commit); err != nil {
		return err
	}
	defer output("git", "worktree", "remove", "--force", before.folder) //nolint:errcheck // the folder goes with work, and git prunes
	old, err := before.measure(starts)
	if err != nil {
		return err
	}
	for range count { // in turn, so that both see the same machine
		if err := before.benchmark(); err != nil {
			return err
		}
		if err := now.benchmark(); err != nil {
			return err
		}
	}
	return compare(commit, before.save(old), now.save(figures))
}

// tree is the program's source as it is somewhere, and what was measured of it.
type tree struct {
	folder, work, name string
	results            bytes.Buffer // in the form of go test -bench
}

// measure builds the program and measures it from outside.
func (t *tree) measure(starts int) (figures, error) {
	program := filepath.Join(t.work, t.name)
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, ".")
	build.Dir, build.Stderr = t.folder, os.Stderr
	if err := build.Run(); err != nil {
		return figures{}, fmt.Errorf("build %s: %w", t.name, err)
	}
	return measured(program, starts)
}

// benchmark runs each benchmark once.
func (t *tree) benchmark() error {
	test := exec.Command("go", append([]string{"test", "-run", "^$", "-bench", ".", "-benchtime", "300ms"}, benchmarks...)...)
	test.Dir, test.Stderr = t.folder, os.Stderr
	out, err := test.Output()
	if err != nil {
		return fmt.Errorf("go test -bench of %s: %w", t.name, err)
	}
	t.results.Write(out)
	return nil
}

// save writes what was measured where benchstat reads it.
func (t *tree) save(f figures) string {
	file := filepath.Join(t.work, t.name+".txt")
	if err := os.WriteFile(file, append(t.results.Bytes(), f.lines()...), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	return file
}

// compare prints what changed, and what became worse by more than a fifth.
func compare(commit, before, now string) error {
	stat := func(more ...string) (string, error) {
		return output("go", append([]string{"tool", "-modfile=tools.mod", "benchstat"}, append(more, commit+"="+before, "now="+now)...)...)
	}
	table, err := stat()
	if err != nil {
		return err
	}
	fmt.Println("\n" + table)
	sheet, err := stat("-format", "csv")
	if err != nil {
		return err
	}
	for _, worse := range regressions(sheet) {
		fmt.Println("worse:", worse)
	}
	return nil
}

func output(name string, args ...string) (string, error) {
	var failure bytes.Buffer // benchstat has remarks for it where nothing fails
	cmd := exec.Command(name, args...)
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, failure.Bytes())
	}
	return strings.TrimSpace(string(out)), nil
}
