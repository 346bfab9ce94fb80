package steps_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
	"github.com/delegate365-onboard/delegate365-onboard/steps/review"
)

// reviewPermissions are all that a review without a person takes: the README lists the same.
var reviewPermissions = []string{"AuditLog.Read.All", "Directory.Read.All", "Policy.Read.All", "RoleManagement.Read.Directory", "UserAuthenticationMethod.Read.All"}

// reviewed reviews a tenant as a person does.
func reviewed(t *testing.T, tenant *simtest.Tenant, s setup, o steps.ReviewOptions) review.Review {
	t.Helper()
	r := rehearseOn(t, tenant, s)
	r.pass(steps.SignIn)
	defer r.run.Close()
	found, err := steps.ReviewTenant(t.Context(), r.run, o, r.report)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// byCertificate reviews a tenant as an application with these permissions does.
func byCertificate(t *testing.T, tenant *simtest.Tenant, wrap func(http.RoundTripper) http.RoundTripper, permissions ...string) (review.Review, error) {
	t.Helper()
	made, err := simtest.NewCertificate(time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	id := simtest.AddApplication(tenant, "Provider's review", made, permissions...)
	certificate, err := graph.ReadCertificate(made.PEM)
	if err != nil {
		t.Fatal(err)
	}
	r := rehearseOn(t, tenant, setup{wrap: wrap, options: func(o *steps.Options) { o.ClientID = id }})
	if err := steps.SignInAs(t.Context(), r.run, certificate); err != nil {
		return review.Review{}, err
	}
	return steps.ReviewTenant(t.Context(), r.run, steps.ReviewOptions{}, r.report)
}

func ids(rows []review.Row) (out []string) {
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out
}

func rowsText(t *testing.T, r review.Review) string {
	t.Helper()
	text, err := json.MarshalIndent(r.Rows, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReview(t *testing.T) {
	t.Parallel()
	drifts := map[string]string{"mfa-off": "per-user-mfa", "no-factor": "factors", "excluded": "exclusion", "policy-blocks": "policy", "credential-ends": "credentials"}
	if len(drifts) != len(simtenant.Drifts()) {
		t.Errorf("drifts are %v", simtenant.Drifts())
	}
	for name, row := range drifts {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: "onboarded"})
				if err := simtenant.Drift(tenant.Tenant, name); err != nil {
					t.Fatal(err)
				}
				calls := &recorder{}
				found := reviewed(t, tenant, setup{wrap: calls.wrap}, steps.ReviewOptions{})
				if drifted := ids(found.Drifts()); found.Verdict != review.Drifted || !slices.Equal(drifted, []string{row}) {
					t.Errorf("%s: %v, want %s\n%s", found.Verdict, drifted, row, rowsText(t, found))
				}
				if sent := calls.writes(); len(sent) > 0 {
					t.Errorf("it wrote: %v", sent)
				}
			})
		})
	}
}

// An exclusion from what is MFA by another word, or from what came after this program, is a drift to look at.
func TestReviewOfOtherDemands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		grant, from, to string // what the policy asks for, and what stands in its place on the way
		drifts          bool
	}{
		"another provider's factor": {grant: `"customAuthenticationFactors":["RequireDuoMfa"]`, drifts: true},
		"a state of next year":      {`"builtInControls":["mfa"]`, `"state":"enabled"`, `"state":"enabledInStages"`, true},
		"a control of next year":    {`"builtInControls":["mfa"]`, `"mfa"`, `"mfaOrPasskey"`, true},
		"a compliant device":        {grant: `"builtInControls":["compliantDevice"]`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: "onboarded"})
				account := tenant.Snapshot().Users[serviceAccount].ID
				id, err := tenant.AddPolicyBehindBack(`{"displayName":"CA60","conditions":{"users":{"includeUsers":["` + account + `"]}},"grantControls":{"operator":"OR",` + c.grant + `}}`)
				if err == nil {
					err = tenant.ExcludeBehindBack(id, serviceAccount)
				}
				if err != nil {
					t.Fatal(err)
				}
				wrap := altered(nil, func(q *http.Request, body []byte) []byte {
					if c.from == "" || !strings.Contains(q.URL.Path, "/conditionalAccess/policies") {
						return body
					}
					return []byte(strings.ReplaceAll(string(body), c.from, c.to))
				})
				found := reviewed(t, tenant, setup{wrap: wrap}, steps.ReviewOptions{})
				i := slices.IndexFunc(found.Rows, func(r review.Row) bool { return r.ID == "exclusion" && strings.Contains(r.Value, "CA60") })
				if i < 0 || (found.Rows[i].Mark == review.Drift) != c.drifts || strings.Contains(found.Rows[i].Note, "demands no MFA") == c.drifts {
					t.Errorf("%s\n%s", found.Verdict, rowsText(t, found))
				}
			})
		})
	}
}

func TestReviewOfWhatStands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		before := tenant.Snapshot()
		found := reviewed(t, tenant, setup{}, steps.ReviewOptions{})
		if found.Verdict != review.AsItShouldBe {
			t.Errorf("%s\n%s", found.Verdict, rowsText(t, found))
		}
		for _, id := range []string{
			"account", "per-user-mfa", "factors", "exclusion", "role", "app-password-setting", "app", "credentials", "consents", "policies", "last-sign-in", "password", "date",
		} {
			if !slices.Contains(ids(found.Rows), id) {
				t.Errorf("there is no row %s", id)
			}
		}
		for _, r := range found.Rows {
			if r.Mark == review.NotSeen || r.Mark == review.Unread || r.Label == "" || r.Value == "" {
				t.Errorf("%+v", r)
			}
		}
		before.Applications = append(before.Applications, "Provider's review")
		slices.Sort(before.Applications)
		alone, err := byCertificate(t, tenant, nil, reviewPermissions...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(found.Rows, alone.Rows); diff != "" {
			t.Errorf("without a person: %s", diff)
		}
		if alone.By.UserPrincipalName != "" || !alone.By.AppOnly || alone.Verdict != review.AsItShouldBe {
			t.Errorf("%+v", alone.By)
		}
		unchanged(t, before, tenant.Snapshot())
	})
}

// What nobody can see is neither as it should be nor drifted.
func TestReviewOfWhatCantBeSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := rehearse(t, setup{profile: "fresh"})
		for _, s := range steps.All() {
			first.pass(s.Info().ID)
		}
		time.Sleep(21 * 24 * time.Hour)
		found := reviewed(t, first.tenant, setup{}, steps.ReviewOptions{})
		i := slices.Index(ids(found.Rows), "last-sign-in")
		if found.Verdict != review.AsItShouldBe || found.Rows[i].Mark != review.NotSeen {
			t.Errorf("%s\n%s", found.Verdict, rowsText(t, found))
		}
		for _, without := range fewer(2, reviewPermissions) {
			rest := slices.DeleteFunc(slices.Clone(reviewPermissions), func(p string) bool { return p == without })
			found, err := byCertificate(t, first.tenant, nil, rest...)
			if without == "Directory.Read.All" {
				if err == nil || !errors.Is(err, graph.ErrForbidden) {
					t.Errorf("without %s: %v", without, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("without %s: %v", without, err)
				continue
			}
			if without == "Policy.Read.All" || without == "UserAuthenticationMethod.Read.All" {
				if found.Verdict != review.NotKnown {
					t.Errorf("without %s it is %s\n%s", without, found.Verdict, rowsText(t, found))
				}
				continue
			}
			if found.Verdict == review.Drifted {
				t.Errorf("without %s it is %s\n%s", without, found.Verdict, rowsText(t, found))
			}
		}
	})
}

func TestReviewAgainstAReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, h := reported(t)
		time.Sleep(21 * 24 * time.Hour)
		o := steps.ReviewOptions{Report: &h.Report, SHA256: h.SHA256}
		if found := reviewed(t, r.tenant, setup{}, o); found.Verdict != review.AsItShouldBe || found.Against == nil || found.Against.SHA256 != h.SHA256 {
			t.Errorf("%s\n%s", found.Verdict, rowsText(t, found))
		}
		other := h.Report
		other.Tenant.ID = "00000000-0000-0000-0000-000000000001"
		second := rehearseOn(t, r.tenant, setup{})
		second.pass(steps.SignIn)
		if _, err := steps.ReviewTenant(t.Context(), second.run, steps.ReviewOptions{Report: &other}, second.report); !steps.OtherTenant(err) {
			t.Errorf("another tenant's report: %v", err)
		}
		second.run.Close()

		app := h.Vendor.Apps[slices.IndexFunc(h.Vendor.Apps, func(a report.App) bool { return a.Name == "Delegate365" })]
		simtest.GivePermission(r.tenant, app.ID, "Sites.FullControl.All")
		r.asOperator("PATCH", "/beta/policies/mfaServicePolicy", `{"allowAppPasswords":false}`)
		if err := r.tenant.SetRole(serviceAccount, "29232cdf-9323-42fd-ade2-1d097af3e4de", true); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		found := reviewed(t, r.tenant, setup{}, o)
		if drifted := ids(found.Drifts()); !slices.Equal(drifted, []string{"other-role", "app-password-setting", "app"}) {
			t.Errorf("%v\n%s", drifted, rowsText(t, found))
		}
		if i := slices.IndexFunc(found.Drifts(), func(row review.Row) bool { return row.ID == "app" }); !strings.Contains(found.Drifts()[i].Note, "Given since the report: Sites.FullControl.All (application, Microsoft Graph).") {
			t.Errorf("%+v", found.Drifts()[i])
		}
		r.asOperator("DELETE", "/v1.0/users/"+h.Account.ID, "")
		time.Sleep(time.Minute)
		if found := reviewed(t, r.tenant, setup{}, o); !slices.Contains(ids(found.Drifts()), "account") {
			t.Errorf("the account is gone\n%s", rowsText(t, found))
		}
	})
}

func TestReviewSaysWhichAccounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, setup{})
		r.pass(steps.SignIn)
		r.asOperator("PATCH", "/v1.0/users/o%27brien@contoso.com", `{"jobTitle":"`+steps.Marker+`"}`)
		time.Sleep(time.Minute)
		if _, err := steps.ReviewTenant(t.Context(), r.run, steps.ReviewOptions{}, r.report); err == nil || !strings.Contains(steps.Explain(err).Next, "--account") {
			t.Errorf("two accounts: %v", err)
		}
		r.run.Close()
		named := reviewed(t, tenant, setup{options: func(o *steps.Options) { o.Account = serviceAccount }}, steps.ReviewOptions{})
		if named.Verdict != review.AsItShouldBe || named.Account.UserPrincipalName != serviceAccount {
			t.Errorf("%+v", named)
		}
		none := reviewed(t, tenant, setup{options: func(o *steps.Options) { o.Account = "nobody" }}, steps.ReviewOptions{})
		if !slices.Equal(ids(none.Drifts()), []string{"account"}) {
			t.Errorf("%s", rowsText(t, none))
		}
	})
}

func TestReviewConforms(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"onboarded", "drifted"} {
		t.Run(profile, func(t *testing.T) {
			person, alone := &tape{}, &tape{}
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: profile})
				reviewed(t, tenant, setup{wrap: person.wrap}, steps.ReviewOptions{})
				if _, err := byCertificate(t, tenant, alone.wrap, reviewPermissions...); err != nil {
					t.Fatal(err)
				}
			})
			for name, exchanges := range map[string][]exchange{"": person.exchanges, "-application": alone.exchanges} {
				j := newJudge(t)
				j.permissionsOf("permissions" + name + ".json")
				for _, x := range exchanges {
					j.judge(x)
				}
				t.Logf("permissions%s: %d exchanges, %d kinds of call", name, len(exchanges), len(j.seen))
			}
		})
	}
}

// A report about one account is not compared with another one that was named.
func TestReviewOfAnotherAccount(t *testing.T) {
	t.Parallel()
	for named, refused := range map[string]bool{serviceAccount: false, "": false, "breakglass@contoso.onmicrosoft.com": true} {
		t.Run(named, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant := build(t, setup{profile: "onboarded"})
				r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Account = named }})
				r.pass(steps.SignIn)
				defer r.run.Close()
				said := report.Report{MadeAt: time.Now(), Account: report.Account{ID: tenant.Snapshot().Users[serviceAccount].ID, UserPrincipalName: serviceAccount}}
				said.Tenant.ID = tenant.Endpoints().TenantID
				found, err := steps.ReviewTenant(t.Context(), r.run, steps.ReviewOptions{Report: &said}, r.report)
				if (err != nil) != refused || refused && !steps.OtherTenant(err) {
					t.Errorf("%v %+v", err, found.Account)
				}
			})
		})
	}
}
