package e2e_test

import (
	"bytes"
	"path/filepath"
	"testing"
)

// No variable makes a library print, or write to a file, what it sends: each of them is set for a run that signs in and
// reads the tenant, and every secret of that is looked for in all that the run leaves.
func TestLeakGateEnvironment(t *testing.T) {
	t.Parallel()
	for i, variable := range []string{
		"GODEBUG=http2debug=2", "GODEBUG=netdns=go,http2debug=1", "AZURE_SDK_GO_LOGGING=all", "SSLKEYLOGFILE=", "UV_DEBUG=", "TEA_TRACE=",
		"TEA_DEBUG=1", "DEBUG_HTTP2_GOROUTINES=1",
	} {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			e := newLeakRun(t, "fresh", program(t), int64(7400+i))
			if variable[len(variable)-1] == '=' {
				variable += filepath.Join(e.temp, "written")
			}
			cmd := runnable(t, e.program, "demo", "check", "--connect", e.file)
			cmd.Env = append(append(world(t), e.environ()...), variable)
			cmd.Dir = e.temp // Bubble Tea writes beside where it was started
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Run(); err != nil {
				t.Errorf("%v:\n%s", err, &errs)
			}
			h := traces{"output": out.Bytes(), "errors": errs.Bytes()}
			e.read(h, e.temp)
			secrets := e.tenant.Secrets()
			found, size := h.find(secrets)
			for _, f := range found {
				t.Error(f)
			}
			if _, written := h["file "+filepath.Join(e.temp, "written")]; written {
				t.Error("a file was written")
			}
			if len(secrets) < 3 || out.Len() == 0 || errs.Len() > 10_000 {
				t.Errorf("%d secrets, %d bytes of output, %d of errors", len(secrets), out.Len(), errs.Len())
			}
			t.Logf("searched %d bytes for %d secrets, %d found", size, len(secrets), len(found))
		})
	}
}
