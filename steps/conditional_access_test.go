package steps_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// all takes every step to its end.
func (r *rehearsal) all() {
	r.t.Helper()
	for _, s := range steps.All() {
		r.pass(s.Info().ID)
	}
}

// altered changes what passes between this program and Graph. Either function may be nil.
func altered(sent func(*http.Request, []byte) []byte, got func(*http.Request, []byte) []byte) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(q *http.Request) (*http.Response, error) {
			if strings.Contains(q.URL.Path, "/oauth2/") {
				return next.RoundTrip(q)
			}
			if sent != nil && q.Body != nil && q.Header.Get("Content-Encoding") == "" {
				body, err := io.ReadAll(q.Body)
				if err != nil {
					return nil, err
				}
				body = sent(q, body)
				q.Body, q.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			}
			a, err := next.RoundTrip(q)
			if err != nil || got == nil || a.StatusCode != http.StatusOK {
				return a, err
			}
			body, err := io.ReadAll(a.Body)
			body = got(q, body)
			a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			a.Header.Del("Content-Length")
			return a, err
		})
	}
}

// withoutWhatIf has what-if answer something else.
func (r *rehearsal) withoutWhatIf(f simtest.Fault) {
	r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
		if strings.HasSuffix(q.URL.Path, "/conditionalAccess/evaluate") {
			return &f
		}
		return nil
	})
}

// risky is a policy of which only what-if can say that it does not concern a sign-in without risk.
const risky = `{"displayName":"Risky","conditions":{"users":{"includeUsers":["All"]},"signInRiskLevels":["high"]},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`

// No answer of what-if stops an onboarding, from the start or from after the check, and the check says that there is none.
func TestWhatIfStopsNothing(t *testing.T) {
	t.Parallel()
	nonsense := simtest.Fault{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"value":"perhaps"}`}
	faults := map[string]simtest.Fault{
		"400": answer(http.StatusBadRequest, "BadRequest"), "403": forbidden, "404": answer(http.StatusNotFound, "ResourceNotFound"),
		"429": answer(http.StatusTooManyRequests, "TooManyRequests"), "nonsense": nonsense,
	}
	for _, name := range fewer(2, slices.Sorted(maps.Keys(faults))) {
		f := faults[name]
		for _, profile := range fewer(2, []string{"business", "fresh", "branch-office"}) {
			for _, from := range fewer(2, []steps.ID{steps.SuspendMFA, steps.Check}) {
				t.Run(name+" "+profile+" "+string(from), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { onboardWithoutWhatIf(t, profile, from, f) })
				})
			}
		}
	}
}

func onboardWithoutWhatIf(t *testing.T, profile string, from steps.ID, f simtest.Fault) {
	r := rehearse(t, setup{profile: profile})
	if profile != "fresh" {
		if _, err := r.tenant.AddPolicyBehindBack(risky); err != nil {
			t.Fatal(err)
		}
	}
	r.passUntil(from)
	r.withoutWhatIf(f)
	if row := rowOf(r.inspect(steps.Check), "Conditional Access"); from == steps.Check && profile != "fresh" && !strings.Contains(row.Note, "what-if does not answer") {
		t.Errorf("the check does not say it: %+v", row)
	}
	r.passUntil(steps.SuspendMFA)
	offered := slices.ContainsFunc(r.inspect(steps.SuspendMFA).Changes, func(c steps.Change) bool { return strings.Contains(c.Object, "Risky") })
	if offered != (profile != "fresh") {
		t.Errorf("the exclusion from what only what-if can judge is offered: %v", offered)
	}
	r.all()
	if r.open() || r.excluded() > 0 {
		t.Errorf("open %v, %d exclusions left", r.open(), r.excluded())
	}
}

// Where what-if answers, one call settles it.
func TestWhatIfSettlesARisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		r := rehearse(t, setup{profile: "business", wrap: func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(q *http.Request) (*http.Response, error) {
				if strings.HasSuffix(q.URL.Path, "/evaluate") {
					asked++
				}
				return next.RoundTrip(q)
			})
		}})
		if _, err := r.tenant.AddPolicyBehindBack(risky); err != nil {
			t.Fatal(err)
		}
		r.passUntil(steps.SuspendMFA)
		f := r.inspect(steps.SuspendMFA)
		if slices.ContainsFunc(f.Changes, func(c steps.Change) bool { return strings.Contains(c.Object, "Risky") }) {
			t.Errorf("an exclusion from it is offered: %+v", f.Changes)
		}
		r.all()
		t.Logf("what-if was asked %d times", asked)
		if asked > 4 {
			t.Errorf("what-if was asked %d times", asked)
		}
	})
}

func rowOf(f steps.Finding, label string) steps.Fact {
	for _, s := range f.Sections {
		for _, fact := range s.Facts {
			if fact.Label == label {
				return fact
			}
		}
	}
	return steps.Fact{}
}

// Each is an enforced policy of a common kind that what-if, which is not told the place, the device and the platform,
// reports as one that does not apply. The exclusion is offered, with the doubt named, and setup goes through.
func TestPoliciesThatWhatIfCannotJudge(t *testing.T) {
	t.Parallel()
	for name, doubt := range map[string]string{
		"BO01 - MFA outside trusted locations": "the location", "BO02 - Block outside allowed countries": "the location",
		"BO03 - MFA on devices that are not managed": "the device", "BO04 - MFA on macOS": "the platform", "BO05 - Block unknown platforms": "the platform",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "branch-office", options: func(o *steps.Options) { o.Platform = "windows" }})
				for _, other := range r.tenant.PolicyIDs("BO0") {
					if other != r.tenant.PolicyIDs(name)[0] {
						r.tenant.DeletePolicyBehindBack(other)
					}
				}
				r.pass(steps.SignIn)
				if row := rowOf(r.inspect(steps.Check), "Conditional Access"); row.Mark != steps.MarkDecide || !strings.Contains(row.Note, name) || !strings.Contains(row.Note, doubt) {
					t.Errorf("the check has %+v", row)
				}
				r.passUntil(steps.SuspendMFA)
				f := r.inspect(steps.SuspendMFA)
				if row := rowOf(f, "Perhaps asked by"); row.Value != name || row.Mark != steps.MarkToDo || !strings.Contains(row.Note, doubt) {
					t.Errorf("suspend-mfa has %+v", f.Sections)
				}
				if f.Status != steps.Ready || len(f.Changes) != 1 || f.Changes[0].Object != "excluded users of "+name || strings.Contains(finding.Read(f.Text), "Nothing demands") {
					t.Errorf("no exclusion is offered: %+v", f)
				}
				for _, id := range []steps.ID{steps.SuspendMFA, steps.RunSetup, steps.ReenableMFA} {
					r.pass(id)
				}
				if r.excluded() > 0 {
					t.Error("the exclusion is left")
				}
			})
		})
	}
}

// A policy about what is no browser concerns the vendor's server, and one about Windows Azure Active Directory both
// sign-ins.
func TestBothSignInsOfSetupAreJudged(t *testing.T) {
	t.Parallel()
	for name, conditions := range map[string]string{
		"desktop": `"clientAppTypes":["mobileAppsAndDesktopClients"]`, "directory": `"applications":{"includeApplications":["00000002-0000-0000-c000-000000000000"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business"})
				_, err := r.tenant.AddPolicyBehindBack(`{"displayName":"New","conditions":{"users":{"includeUsers":["All"]},` + conditions + `},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`)
				if err != nil {
					t.Fatal(err)
				}
				r.passUntil(steps.SuspendMFA)
				f := r.inspect(steps.SuspendMFA)
				if !slices.ContainsFunc(f.Changes, func(c steps.Change) bool { return c.Object == "excluded users of New" }) {
					t.Errorf("it is not found: %+v", f.Changes)
				}
				r.passUntil(steps.ReenableMFA)
			})
		})
	}
}

// A tenant without a licence answers the list with nothing. It is read once, and no permission for it is asked for.
func TestUnlicensedTenant(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"fresh", "no-licence"} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lists, asked := 0, 0
				var mu sync.Mutex
				r := rehearse(t, setup{profile: profile, wrap: func(next http.RoundTripper) http.RoundTripper {
					return roundTripper(func(q *http.Request) (*http.Response, error) {
						mu.Lock()
						defer mu.Unlock()
						if strings.HasSuffix(q.URL.Path, "/conditionalAccess/policies") {
							lists++
						}
						if q.Body != nil && strings.Contains(q.URL.Path, "/oauth2/") {
							body, _ := io.ReadAll(q.Body)
							q.Body = io.NopCloser(bytes.NewReader(body))
							if bytes.Contains(body, []byte("Policy.ReadWrite.ConditionalAccess")) {
								asked++
							}
						}
						return next.RoundTrip(q)
					})
				}})
				r.all()
				if lists != 1 || asked != 0 {
					t.Errorf("the list is read %d times; its permission is asked for %d times", lists, asked)
				}
			})
		})
	}
}

// An operator without a role that reads policies, in a tenant without a licence, and the account is there already.
func TestUnlicensedForWhoMayNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{})
		r.passUntil(steps.AssignAdmin)
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if strings.HasSuffix(q.URL.Path, "/conditionalAccess/policies") {
				return &forbidden
			}
			return nil
		})
		again := rehearseOn(t, r.tenant, setup{})
		again.pass(steps.SignIn)
		if f := again.inspect(steps.Check); f.Status == steps.Blocked {
			t.Errorf("%+v", f)
		}
	})
}

// A change of a policy sends its excluded users, and nothing else of it.
func TestOnlyExclusionsAreSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		n := 0
		r := rehearse(t, setup{profile: "branch-office", wrap: altered(func(q *http.Request, body []byte) []byte {
			if q.Method != http.MethodPatch || !strings.Contains(q.URL.Path, "/conditionalAccess/policies/") {
				return body
			}
			mu.Lock()
			defer mu.Unlock()
			n++
			var sent map[string]map[string]map[string][]string
			if err := json.Unmarshal(body, &sent); err != nil || len(sent) != 1 || len(sent["conditions"]) != 1 || len(sent["conditions"]["users"]) != 1 || sent["conditions"]["users"]["excludeUsers"] == nil {
				t.Errorf("sent %s", body)
			}
			if !strings.HasPrefix(q.URL.Path, "/beta/") {
				t.Errorf("sent to %s", q.URL.Path)
			}
			return body
		}, nil)})
		r.passUntil(steps.EnableAppPasswords)
		if n != 12 {
			t.Errorf("%d changes, want six and six back", n)
		}
	})
}

// Where beta does not answer, version 1.0 does, and the check says that it leaves policies out.
func TestPoliciesOfVersionOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		gone := answer(http.StatusNotFound, "ResourceNotFound")
		r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if strings.HasPrefix(q.URL.Path, "/beta/identity/") {
				return &gone
			}
			return nil
		})
		r.pass(steps.SignIn)
		if row := rowOf(r.inspect(steps.Check), "Conditional Access"); !strings.Contains(row.Note, "preview may be missing") {
			t.Errorf("%+v", row)
		}
		r.passUntil(steps.SuspendMFA)
		if row := rowOf(r.inspect(steps.SuspendMFA), "Conditional Access"); !strings.Contains(row.Note, "preview may be missing") || row.Mark < steps.MarkNote {
			t.Errorf("suspend-mfa says %+v", row)
		}
		r.all()
		if r.excluded() > 0 {
			t.Error("an exclusion is left")
		}
	})
}

// inPreview is a policy that version 1.0 does not show.
const inPreview = `{"displayName":"CA90 MFA, in preview","conditions":{"users":{"includeRoles":["62e90394-69f5-4237-9190-012177145e10"],"excludeUsers":["%s"]},"deviceStates":{"includeStates":["All"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`

// Odd answers of beta, about one policy or about all of them, send nobody to version 1.0 for good: what that does not show is neither
// deleted nor taken back. For as long as beta answers like that, the exclusion stays owed, and is no exclusion from none.
func TestOddAnswersOfBeta(t *testing.T) {
	t.Parallel()
	const list = "/beta/identity/conditionalAccess/policies"
	for name, c := range map[string]struct {
		status, times int
		about         func(path, preview string) bool
	}{
		"400 of another policy": {400, 1, func(path, preview string) bool {
			return strings.HasPrefix(path, list+"/") && !strings.HasSuffix(path, preview)
		}},
		"404 of another policy": {404, 1, func(path, preview string) bool {
			return strings.HasPrefix(path, list+"/") && !strings.HasSuffix(path, preview)
		}},
		"404 of the policy":         {404, 1, strings.HasSuffix},
		"400 of the list":           {400, 2, func(path, _ string) bool { return path == list }},
		"400 of the list, for ever": {400, 1000, func(path, _ string) bool { return path == list }},
		"404 of all, for ever":      {404, 1000, func(path, _ string) bool { return strings.HasPrefix(path, list) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rehearse(t, setup{profile: "business"})
				preview, err := r.tenant.AddPolicyBehindBack(fmt.Sprintf(inPreview, r.tenant.Snapshot().Users[r.tenant.Endpoints().Operator.UserPrincipalName].ID))
				if err != nil {
					t.Fatal(err)
				}
				r.passUntil(steps.ReenableMFA)
				odd := 0
				var mu sync.Mutex
				r.tenant.SetFault(func(q *http.Request) *simtest.Fault {
					mu.Lock()
					defer mu.Unlock()
					if odd == c.times || q.Method != http.MethodGet || !c.about(q.URL.Path, preview) {
						return nil
					}
					odd++
					a := answer(c.status, "UnknownError")
					return &a
				})
				f := r.inspect(steps.ReenableMFA)
				if f.Status != steps.Ready || !strings.Contains(fmt.Sprint(f.Changes), "CA90") {
					t.Errorf("before: %v %+v", f.Status, f.Changes)
				}
				err = r.apply(t.Context(), steps.ReenableMFA)
				if err == nil && r.excluded() > 0 {
					t.Error("it counts as closed, all else put back, and an exclusion is left")
				}
				f = r.inspect(steps.ReenableMFA)
				if row := rowOf(f, "Excluded from policies"); f.Status == steps.Done && (r.excluded() > 0 || (row.Value == "none") != (c.times < 1000)) {
					t.Errorf("after: %+v, %d excluded", row, r.excluded())
				}
				r.tenant.SetFault(nil)
				r.closeAtLast(t)
				if r.excluded() > 0 {
					t.Errorf("%d excluded at last", r.excluded())
				}
			})
		})
	}
}

// The run that excluded the account is gone, and beta does not list the policies to the next one: what version 1.0 does not show is
// taken back all the same, because the journal names it.
func TestPreviewPolicyIsRestored(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		in := func(by journal.By) setup {
			return setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.By = folder, by }}
		}
		r := rehearse(t, in(journal.ByWizard))
		if _, err := r.tenant.AddPolicyBehindBack(fmt.Sprintf(inPreview, r.tenant.Snapshot().Users[r.tenant.Endpoints().Operator.UserPrincipalName].ID)); err != nil {
			t.Fatal(err)
		}
		r.passUntil(steps.RunSetup)
		r.run.Close()
		time.Sleep(time.Hour)
		next := rehearseOn(t, r.tenant, in(journal.ByRestore))
		next.pass(steps.SignIn)
		next.tenant.SetFault(func(q *http.Request) *simtest.Fault {
			if q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/beta/identity/conditionalAccess/policies") {
				a := answer(http.StatusBadRequest, "BadRequest")
				return &a
			}
			return nil
		})
		restore := steps.Restore()[1]
		f, err := restore.Inspect(t.Context(), next.run, next.report)
		if err == nil && f.Status == steps.Ready {
			err = next.applyOf(t.Context(), restore)
		}
		if err != nil || next.mfa() != "enforced" || next.excluded() > 0 {
			t.Errorf("%v: %+v; MFA %s, %d excluded", err, f.Changes, next.mfa(), next.excluded())
		}
		next.run.Close()
	})
}

var anyID = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)

// Graph writes ids in capitals: in policies, as it was seen, and everywhere.
func TestIDsInCapitals(t *testing.T) {
	t.Parallel()
	for name, where := range map[string]string{"policies": "/conditionalAccess/policies", "everywhere": "/"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lower := func(_ *http.Request, body []byte) []byte { return anyID.ReplaceAllFunc(body, bytes.ToLower) }
				upper := func(q *http.Request, body []byte) []byte {
					if !strings.Contains(q.URL.Path, where) {
						return body
					}
					return anyID.ReplaceAllFunc(body, bytes.ToUpper)
				}
				r := rehearse(t, setup{profile: "business", wrap: altered(lower, upper)})
				r.passUntil(steps.EnableAppPasswords)
				if r.excluded() > 0 || r.open() {
					t.Errorf("%d exclusions are left, and the window is open: %v", r.excluded(), r.open())
				}
				r.all()
			})
		})
	}
}

// editing changes the JSON of successful answers of a path.
func editing(path string, edit func(map[string]any)) func(http.RoundTripper) http.RoundTripper {
	return altered(nil, func(q *http.Request, body []byte) []byte {
		if q.Method != http.MethodGet || !strings.Contains(q.URL.Path, path) {
			return body
		}
		var object map[string]any
		if json.Unmarshal(body, &object) != nil {
			return body
		}
		edit(object)
		body, _ = json.Marshal(object)
		return body
	})
}

// A member of beta's that is gone is not known, and not off.
func TestBetaMemberIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{wrap: editing("/authenticationMethodsPolicy", func(o map[string]any) { delete(o, "registrationEnforcement") })})
		r.pass(steps.SignIn)
		if row := rowOf(r.inspect(steps.Check), "Registration campaign"); row.Value != "not known" || row.Mark != steps.MarkNote {
			t.Errorf("%+v", row)
		}
		r.all()
	})
}

// Policies with what came after this program: each that may concern the account is named as a doubt, and none is lost.
func TestNewerConditions(t *testing.T) {
	t.Parallel()
	base := func(name string, change func(p, conditions map[string]any)) map[string]any {
		conditions := map[string]any{
			"clientAppTypes": []any{"all"}, "applications": map[string]any{"includeApplications": []any{"All"}}, "users": map[string]any{"includeUsers": []any{"All"}},
		}
		p := map[string]any{
			"id": "aaaaaaaa-0000-4000-8000-0000000000" + name, "displayName": "CA" + name, "state": "enabled", "conditions": conditions,
			"grantControls": map[string]any{"operator": "OR", "builtInControls": []any{"mfa"}},
		}
		change(p, conditions)
		return p
	}
	set := func(member string, value any) func(p, c map[string]any) {
		return func(_, c map[string]any) { c[member] = value }
	}
	added := []any{
		base("20", set("times", map[string]any{"isEnabled": true})),
		base("21", set("deviceStates", map[string]any{"includeStates": []any{"All"}})),
		base("22", set("applications", map[string]any{"includeApplications": []any{"AllAgentIdResources"}})),
		base("23", set("applications", map[string]any{"includeUserActions": []any{"urn:user:unknownFutureValue"}})),
		base("24", set("clientAppTypes", []any{"unknownFutureValue"})),
		base("25", set("platforms", map[string]any{"includePlatforms": []any{"unknownFutureValue"}})),
		base("26", set("authenticationFlows", map[string]any{"transferMethods": "unknownFutureValue"})),
		base("27", func(p, _ map[string]any) { p["state"] = "unknownFutureValue" }),
		base("28", set("users", map[string]any{"includeUsers": []any{"AllOfNextYear"}})),
		base("30", set("users", map[string]any{"includeUsers": []any{"None"}})),
		base("31", func(_, c map[string]any) {
			c["agents"], c["users"] = map[string]any{"includeAgents": []any{"All"}}, map[string]any{"includeUsers": []any{"None"}}
		}),
		base("33", set("agents", map[string]any{"includeAgents": []any{"All"}})),
		base("32", set("applications", map[string]any{"networkAccess": map[string]any{"trafficProfiles": []any{"internet"}}})),
	}
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business", wrap: editing("/conditionalAccess/policies", func(o map[string]any) {
			if list, is := o["value"].([]any); is {
				o["value"] = append(list, added...)
			}
		})})
		r.passUntil(steps.SuspendMFA)
		f := r.inspect(steps.SuspendMFA)
		var named []string
		for _, c := range f.Changes {
			if after, is := strings.CutPrefix(c.Object, "excluded users of CA"); is && after > "19" {
				named = append(named, after)
			}
		}
		slices.Sort(named)
		if got := strings.Join(named, " "); got != "20 21 22 23 24 25 26 27 28 33" {
			t.Errorf("named are %s", got)
		}
		if _, open := r.run.Exposure(); f.Status != steps.Ready || open {
			t.Errorf("open %v: %+v", open, f)
		}
	})
}

// What a lapsed licence blocks is called asked only where all of it surely is.
func TestLapsedLicenceCallsNothingSureThatIsNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "lapsed"})
		r.pass(steps.SignIn)
		row := rowOf(r.inspect(steps.Check), "Conditional Access")
		if row.Mark != steps.MarkBlocks || !strings.Contains(row.Note, "or perhaps asked, by") || !strings.Contains(row.Note, "CA08 - Phishing-resistant MFA for Finance") {
			t.Errorf("%+v", row)
		}
	})
}

// An account that a colleague puts into the group that every policy leaves out is without MFA, whatever a what-if that
// lags says of it: the window is open, and leaving puts per-user MFA back.
func TestExcludedByGroupWhatIfLags(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lags := false
		wrap := altered(nil, func(q *http.Request, body []byte) []byte {
			if !lags || !strings.HasSuffix(q.URL.Path, "/evaluate") {
				return body
			}
			var list struct{ Value []map[string]any }
			if err := json.Unmarshal(body, &list); err != nil {
				t.Error(err)
			}
			for _, v := range list.Value {
				if name, _ := v["displayName"].(string); strings.HasPrefix(name, "CA05") {
					v["policyApplies"], v["analysisReasons"] = true, "notSet"
				}
			}
			out, _ := json.Marshal(map[string]any{"value": list.Value})
			return out
		})
		r, _ := watched(t, setup{profile: "business", wrap: wrap}, t.TempDir())
		for _, id := range r.tenant.PolicyIDs("") {
			if !slices.Contains(r.tenant.PolicyIDs("CA05"), id) {
				r.tenant.DeletePolicyBehindBack(id)
			}
		}
		if _, err := r.tenant.AddPolicyBehindBack(risky); err != nil { // about a risk: what-if is asked
			t.Fatal(err)
		}
		r.passUntil(steps.SuspendMFA)
		if err := r.tenant.AddToGroup("Service accounts", serviceAccount); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		lags = true
		f := r.inspect(steps.SuspendMFA)
		if !r.open() {
			t.Errorf("per-user MFA is %s, a group takes it out of every policy, and the window counts as closed: %s", r.mfa(), finding.Read(f.Text))
		}
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil || r.mfa() == "disabled" {
			t.Errorf("after leaving MFA is %s: %v", r.mfa(), err)
		}
		r.run.Close()
	})
}

// An exclusion from a policy for another provider's factor is taken back as any other that lets MFA go.
func TestExcludedFromAnotherProvidersFactor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business"})
		r.passUntil(steps.ReenableMFA)
		id, err := r.tenant.AddPolicyBehindBack(`{"displayName":"CA50 Require Duo MFA","conditions":{"users":{"includeUsers":["All"]}},"grantControls":{"operator":"OR","customAuthenticationFactors":["RequireDuoMfa"]}}`)
		if err == nil {
			err = r.tenant.ExcludeBehindBack(id, serviceAccount)
		}
		if err != nil {
			t.Fatal(err)
		}
		if f := r.inspect(steps.ReenableMFA); !slices.ContainsFunc(f.Changes, func(c steps.Change) bool { return strings.Contains(c.Object, "CA50") }) {
			t.Errorf("it is not announced: %+v", f.Changes)
		}
		f := r.pass(steps.ReenableMFA)
		if row := rowOf(f, "Excluded from policies"); strings.Contains(row.Value, "Duo") || r.excluded() > 0 {
			t.Errorf("%+v; %d exclusions are left", row, r.excluded())
		}
		r.run.Close()
	})
}

// A service account that is a guest of this tenant itself is asked by a policy for such guests, and is excluded from it.
func TestInternalGuest(t *testing.T) {
	t.Parallel()
	const account = "svc@contoso.com"
	synctest.Test(t, func(t *testing.T) {
		r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Account = account }})
		r.tenant.AddUser(account, "Service", "Made-By-Hand-2026")
		if err := r.tenant.Settings.SetUserType(account, "Guest"); err != nil {
			t.Fatal(err)
		}
		_, err := r.tenant.AddPolicyBehindBack(`{"displayName":"CA70","conditions":{"users":{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest"}}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`)
		if err != nil {
			t.Fatal(err)
		}
		r.pass(steps.SignIn)
		r.inspect(steps.Check)
		r.answer(steps.Check, "adopt", "")
		r.passUntil(steps.SuspendMFA)
		if f := r.inspect(steps.SuspendMFA); !slices.ContainsFunc(f.Changes, func(c steps.Change) bool { return c.Object == "excluded users of CA70" }) {
			t.Errorf("it is not found: %+v", f.Changes)
		}
		r.closeAtLast(t)
		r.run.Close()
	})
}
