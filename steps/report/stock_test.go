package report_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestStockProgramsAgree has minisign and sha256sum, as Debian has them, check what this program sealed.
func TestStockProgramsAgree(t *testing.T) {
	s := sealedReport(t)
	_, _, w := saved(t, s)
	run := func(name string, args ...string) (string, error) {
		out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
		return string(out), err
	}
	out, err := run("minisign", "-V", "-m", w.JSON, "-P", s.Report.Seal.PublicKey)
	if err != nil || !strings.Contains(out, "Signature and comment signature verified") || !strings.Contains(out, s.SHA256) {
		t.Errorf("minisign: %v: %s", err, out)
	}
	if out, err := run("minisign", "-V", "-H", "-m", w.JSON, "-P", s.Report.Seal.PublicKey); err != nil {
		t.Errorf("minisign -H: %v: %s", err, out)
	}
	if out, err := run("sha256sum", w.JSON); err != nil || !strings.HasPrefix(out, s.SHA256) {
		t.Errorf("sha256sum: %v: %s", err, out)
	}
	if err := os.WriteFile(w.JSON, append(s.JSON, ' '), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run("minisign", "-V", "-m", w.JSON, "-P", s.Report.Seal.PublicKey); err == nil {
		t.Errorf("minisign takes a changed file: %s", out)
	}
}
