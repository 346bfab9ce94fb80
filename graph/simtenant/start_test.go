package simtenant_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// Every start of the program pays for the package variables of all it imports, though most starts simulate nothing.
func TestImportingCostsNothing(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("start: %v\n%s", err, trace)
	}
	inits := regexp.MustCompile(`init (\S*/graph/simtenant\S*) @.* (\d+) bytes`).FindAllStringSubmatch(string(trace), -1)
	if len(inits) == 0 {
		t.Fatalf("no package of the tenant is in the trace:\n%s", trace)
	}
	for _, found := range inits {
		if bytes, _ := strconv.Atoi(found[2]); bytes > 32<<10 {
			t.Errorf("%s allocates %d bytes at the start of every program", found[1], bytes)
		}
	}
}
