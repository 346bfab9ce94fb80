package cli

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// Every start of the program pays for the package variables of all that it imports, before the first frame.
func TestStartAllocatesLittle(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("start: %v\n%s", err, trace)
	}
	inits := regexp.MustCompile(`init (\S*/delegate365-onboard/\S*) @.* (\d+) bytes`).FindAllStringSubmatch(string(trace), -1)
	if len(inits) < 10 {
		t.Fatalf("the packages are not in the trace:\n%s", trace)
	}
	const most = 192 << 10
	for _, found := range inits {
		if bytes, _ := strconv.Atoi(found[2]); bytes > most {
			t.Errorf("%s allocates %d bytes at the start of every program, more than %d", found[1], bytes, most)
		}
	}
}
