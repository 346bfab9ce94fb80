package clients

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// runJavaScript drives the tenant with Microsoft's JavaScript client, as testdata/javascript says, in a folder of its own.
func runJavaScript(t *testing.T, j job) exchanges {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, program, err)
		}
	}
	dir := t.TempDir()
	source := os.DirFS(filepath.Join("testdata", "javascript"))
	for _, name := range []string{"package.json", "package-lock.json", "calls.mjs"} {
		text, err := fs.ReadFile(source, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Logf("%s", out)
		missing(t, "Microsoft's JavaScript client", err)
	}
	told, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	var out, problem bytes.Buffer
	run := exec.CommandContext(t.Context(), "node", "calls.mjs")
	run.Dir, run.Stdin, run.Stdout, run.Stderr = dir, bytes.NewReader(told), &out, &problem
	run.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+j.CA)
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, problem.String())
	}
	var got exchanges
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	return got
}
