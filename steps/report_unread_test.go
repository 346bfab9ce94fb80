package steps_test

import (
	"encoding/base64"
	"html"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What can't be read when the report is made is said, and is never taken for none, off or on.
func TestReportSaysWhatItDidNotRead(t *testing.T) {
	t.Parallel()
	type expected struct {
		mfa   string
		doubt string
		says  string // in a section's text, of the page
	}
	unread, wrong := 0, 0
	paths := map[string]expected{
		"/requirements":           {report.MFAUnknown, report.WhatPerUserMFA, "IT IS NOT KNOWN"},
		"/conditionalAccess":      {report.MFAOn, report.WhatPolicy, ""},
		"/roleAssignments":        {report.MFAOn, report.WhatRole, ""},
		"/directoryAudits":        {report.MFAOn, "Microsoft's audit log", "not known, the log was not read"},
		"/signIns":                {report.MFAOn, "sign-ins of the account", "Sign-ins of the account were not read"},
		"/mfaServicePolicy":       {report.MFAOn, report.WhatService, ""},
		"/servicePrincipals":      {report.MFAOn, report.WhatApp, ""},
		"identitySecurityDefault": {report.MFAOn, report.WhatDefaults, ""},
		"/users/":                 {report.MFAUnknown, "the service account", "IT IS NOT KNOWN"},
		"/":                       {report.MFAUnknown, "the tenant now", "IT IS NOT KNOWN"},
	}
	for _, path := range fewer(3, slices.Sorted(maps.Keys(paths))) {
		want := paths[path]
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				folder := t.TempDir()
				r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, t.TempDir() }})
				r.passUntil(steps.HandOver)
				r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
					if strings.Contains(q.URL.Path, path) && q.Method == http.MethodGet {
						return &simtest.Fault{
							Status: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}},
							Body: `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`,
						}
					}
					return nil
				})
				h := r.hand(report.Finished)
				r.tenant.SetFault(nil)
				r.run.Finish()
				unread++
				if h.Verdict.MFA != want.mfa || !slices.ContainsFunc(h.Doubts, func(d report.Doubt) bool { return strings.HasPrefix(d.About, want.doubt) }) {
					wrong++
					t.Errorf("verdict %+v, doubts %+v", h.Verdict, h.Doubts)
				}
				page, err := os.ReadFile(h.Page)
				if err != nil {
					t.Fatal(err)
				}
				if text := html.UnescapeString(string(page)); !strings.Contains(text, want.says) {
					wrong++
					t.Errorf("the page does not say %q", want.says)
				}
				for _, d := range h.Difference {
					if d.ExplainedBy == "none" {
						wrong++
						t.Errorf("what was not read is taken for a difference: %+v", d)
					}
				}
			})
		})
	}
	t.Logf("readings refused %d, false claims %d", unread, wrong)
}

// No secret of a whole onboarding is in its report, also where the page wraps it up.
func TestReportHoldsNoSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder, reports := t.TempDir(), t.TempDir()
		tenant := build(t, setup{profile: "business"})
		tenant.WatchSecrets()
		r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Journal, o.Reports.Folder = folder, reports }})
		r.passUntil(steps.HandOver)
		r.hand(report.Finished)
		r.run.Finish()
		secrets := tenant.Secrets()
		files, searched := 0, 0
		for _, dir := range []string{folder, reports} {
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				data, err := os.ReadFile(dir + "/" + e.Name())
				if err != nil {
					t.Fatal(err)
				}
				files++
				for _, s := range secrets {
					if len(s.Text) < 8 {
						continue
					}
					searched++
					if strings.Contains(string(data), s.Text) || strings.Contains(string(data), base64.StdEncoding.EncodeToString([]byte(s.Text))) {
						t.Errorf("%s is in %s", s.Kind, e.Name())
					}
				}
			}
		}
		if files < 5 || len(secrets) < 5 {
			t.Errorf("only %d files and %d secrets", files, len(secrets))
		}
		t.Logf("secrets %d in %d files, found 0 in %d searches", len(secrets), files, searched)
	})
}
