package e2e_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps"
)

// check reads a tenant in a process of its own, says whether the onboarding can begin, and writes nothing.
func TestCheckCommand(t *testing.T) {
	t.Parallel()
	for profile, c := range map[string]struct {
		code   int
		blocks []string // ids of rows
	}{
		"fresh":              {exitDone, nil},
		"business":           {exitDone, nil},
		"no-licence":         {exitDone, nil},
		"federated":          {exitDone, nil},
		"migrated":           {exitDone, nil},
		"taken":              {exitLeft, []string{"service-account"}},
		"big":                {exitDone, nil},
		"branch-office":      {exitDone, nil},
		"lapsed":             {exitLeft, []string{"conditional-access"}},
		"half-done":          {exitLeft, []string{"open-window"}},
		"security-defaults":  {exitLeft, []string{"security-defaults"}},
		"phishing-resistant": {exitDone, nil},
		"privileged":         {exitDone, nil},
		"eligible-only":      {exitLeft, []string{"operator", "security-defaults", "conditional-access"}},
	} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			o := serve(t, profile)
			before := o.changes()
			report, code := o.check("--json")
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if report.Schema != steps.CheckSchema || report.Tenant.ID != o.ep.TenantID || len(report.Rows) == 0 {
				t.Errorf("%+v", report)
			}
			var blocks []string
			for _, row := range report.Rows {
				if row.ID == "" || row.Label == "" || row.Mark == "" {
					t.Errorf("a row is not whole: %+v", row)
				}
				if row.Mark == "blocks" {
					blocks = append(blocks, row.ID)
				}
			}
			if !sameSet(blocks, c.blocks) {
				t.Errorf("blocked by %q, want %q", blocks, c.blocks)
			}
			if after := o.changes(); len(after) != len(before) {
				t.Errorf("it changed something: %q", after[len(before):])
			}
			if profile != "taken" && profile != "half-done" && o.get("/v1.0/users/"+serviceAccount, nil) != http.StatusNotFound {
				t.Error("there is a service account")
			}
		})
	}
}

// check runs the command on the tenant. What it prints on its standard output is JSON and nothing else.
func (o *servedTenant) check(args ...string) (report steps.CheckReport, code int) {
	o.t.Helper()
	cmd := runnable(o.t, program(o.t), append([]string{"demo", "check", "--connect", o.file}, args...)...)
	cmd.Env = world(o.t)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	_ = cmd.Run()
	d := json.NewDecoder(&out)
	d.DisallowUnknownFields()
	if err := d.Decode(&report); err != nil {
		o.t.Fatalf("%v after:\n%s", err, said.String())
	}
	if d.More() {
		o.t.Error("more than one JSON value on the standard output")
	}
	return report, cmd.ProcessState.ExitCode()
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	seen := map[string]bool{}
	for _, x := range a {
		seen[x] = true
	}
	for _, x := range b {
		if !seen[x] {
			return false
		}
	}
	return true
}
