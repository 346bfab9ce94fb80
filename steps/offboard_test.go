package steps_test

import (
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// take walks the offboarding as an operator does who takes everything out; stop ends it before that step.
func (r *rehearsal) take(stop steps.ID) map[steps.ID]steps.Finding {
	r.t.Helper()
	last := map[steps.ID]steps.Finding{}
	for _, s := range steps.Offboard() {
		id := s.Info().ID
		if id == stop {
			return last
		}
		all := id != finding.TakeBackConsents || r.keepsConsents
		for tries := 0; ; tries++ {
			f, err := s.Inspect(r.t.Context(), r.run, r.report)
			if err != nil || tries > 20 {
				r.t.Fatalf("%s after %d: %v %+v", id, tries, err, f)
			}
			last[id] = f
			has := func(action string) bool {
				return slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == action })
			}
			switch {
			case !all && has("all-consents"):
				r.answerTo(s, "all-consents", "")
				all = true
				continue
			case f.Status == steps.Blocked:
				r.t.Fatalf("%s is blocked: %s", id, f.Text)
			case id == r.leaves && has(steps.ActApply):
				r.answerTo(s, "leave-it", "")
				continue
			case has(steps.ActApply):
				if err := r.applyOf(r.t.Context(), s); err != nil {
					r.t.Fatalf("apply %s: %v", id, err)
				}
				continue
			case has(steps.ActNext):
			default:
				r.t.Fatalf("%s does not go on: %+v", id, f.Actions)
			}
			break
		}
	}
	return last
}

// objects is a tenant as the offboarding has to leave it, each object by its name. What Entra keeps is not in it: deleted objects, the
// log, and the service principal of the application that was signed in with.
func objects(tenant *simtest.Tenant) map[string]any {
	s := tenant.Snapshot()
	out := map[string]any{"security defaults": s.SecurityDefaults, "app passwords": s.AppPasswords, "campaign": strings.Join(s.CampaignExcludes, " ")}
	for name, u := range s.Users {
		out["user "+name] = u
	}
	for name, p := range s.Policies {
		out["policy "+name] = p
	}
	tenant.State.Lock()
	defer tenant.State.Unlock()
	a := tenant.State.Applications
	for _, sp := range a.ServicePrincipals {
		if sp.AppID != state.AppCommandLine {
			out["service principal "+sp.DisplayName] = sp.ID
		}
	}
	for _, r := range a.Registered {
		out["application "+r.DisplayName] = r.ID
	}
	for _, g := range a.Grants { // what is deleted and granted again has another id
		kind := "grant "
		if sp := a.ServicePrincipalLocked(g.ClientID); sp != nil && sp.AppID == state.AppCommandLine {
			kind = "accepted "
		}
		out[kind+g.ClientID+" "+g.ResourceID+" "+g.PrincipalID] = strings.Join(slices.Sorted(slices.Values(g.Scopes)), " ")
	}
	for _, r := range a.AppRoles {
		out["app role assignment "+r.PrincipalID+" "+r.ResourceID+" "+r.RoleID] = true
	}
	return out
}

func differing(before, after map[string]any) (out []string) {
	for name := range maps.Keys(before) {
		if !reflect.DeepEqual(before[name], after[name]) {
			out = append(out, name)
		}
	}
	for name := range maps.Keys(after) {
		if _, there := before[name]; !there {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// onboardAs onboards a profile as its operator decides, and returns what was there before, the operator's own doing included.
func (r *rehearsal) onboardAs(c profileWalk) map[string]any {
	before := objects(r.tenant)
	for _, s := range steps.All() {
		id := s.Info().ID
		if id == c.refuses {
			r.inspect(id)
			if c.meanwhile != nil {
				c.meanwhile(r)
				asked := before // before the program asked for anything
				before = objects(r.tenant)
				for name := range before {
					if _, was := asked[name]; !was && strings.HasPrefix(name, "accepted ") {
						delete(before, name)
					}
				}
			}
		}
		for _, d := range c.decide[id] {
			r.answer(id, d.field, d.value)
		}
		r.pass(id)
	}
	return before
}

// After an onboarding and an offboarding every profile's tenant is what it was, object by object. An account that was taken over keeps
// its enforced MFA, and its new password.
func TestOffboardLeavesNothing(t *testing.T) {
	t.Parallel()
	for profile, c := range onboardings {
		t.Run(profile, func(t *testing.T) {
			if testing.Short() && !slices.Contains([]string{"security-defaults", "privileged-alone", "taken"}, profile) {
				t.Skip("TestProfiles onboards it, and these are offboarded in the ways that differ")
			}
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s := journaled(folder, "")
				s.profile = profile
				first := rehearse(t, s)
				first.letIn = true
				before := first.onboardAs(c)
				first.run.Finish()
				time.Sleep(time.Hour)
				if profile == "privileged-alone" { // the operator's role has ended meanwhile, and the account's can't be removed while it is the last
					if err := first.tenant.SetRole(first.tenant.Endpoints().Operator.UserPrincipalName, "62e90394-69f5-4237-9190-012177145e10", true); err != nil {
						t.Fatal(err)
					}
					before["user "+first.tenant.Endpoints().Operator.UserPrincipalName] = objects(first.tenant)["user "+first.tenant.Endpoints().Operator.UserPrincipalName]
				}
				r := rehearseOn(t, first.tenant, journaled(folder, ""))
				r.letIn = true
				r.keepsConsents = profile == "eligible-only" // all of them were there before
				last := r.take("")
				r.run.Close()
				time.Sleep(time.Minute)
				after := objects(first.tenant)
				if profile == "taken" {
					left := after["user "+serviceAccount].(simtest.UserSnapshot)
					if left.PerUserMFA != "enforced" || len(left.Roles) > 0 {
						t.Errorf("the account that was taken over is left as %+v", left)
					}
					// What stays of it is said: its MFA, its password, and what a person registered.
					was := before["user "+serviceAccount].(simtest.UserSnapshot)
					left.PerUserMFA, left.PasswordRules, left.Methods, left.AppPasswords = was.PerUserMFA, was.PasswordRules, was.Methods, was.AppPasswords
					after["user "+serviceAccount] = left
				}
				maps.DeleteFunc(after, func(name string, o any) bool {
					p, policy := o.(simtest.PolicySnapshot)
					return policy && microsofts(strings.TrimPrefix(name, "policy "), p)
				})
				differ := differing(before, after)
				t.Logf("objects %d, differ %d", len(before), len(differ))
				for _, name := range differ {
					t.Errorf("%s: %v, before %v", name, after[name], before[name])
				}
				if len(last[finding.Offboarded].Sections) != 2 || len(last[finding.Offboarded].Sections[0].Facts) < 3 {
					t.Errorf("%+v", last[finding.Offboarded])
				}
				again := rehearseOn(t, first.tenant, journaled(folder, ""))
				again.letIn = true
				for id, f := range again.take(finding.TakeBackConsents) {
					found := slices.DeleteFunc(planned(f), func(title string) bool { return title == "Take back consents" }) // its own sign-in's
					if id != finding.OffboardPlan && f.Status != steps.Done || len(found) > 0 {
						t.Errorf("%s a second time, with %v to take out: %+v", id, found, f)
					}
				}
			})
		})
	}
}

// A run that is stopped before any of its steps is finished by the next one.
func TestOffboardGoesOn(t *testing.T) {
	t.Parallel()
	for _, s := range fewer(3, steps.Offboard()[2:]) {
		stop := s.Info().ID
		t.Run(string(stop), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := rehearse(t, setup{profile: "business"})
				before := objects(first.tenant)
				for _, s := range steps.All() {
					first.pass(s.Info().ID)
				}
				time.Sleep(time.Hour)
				stopped := rehearseOn(t, first.tenant, setup{})
				stopped.take(stop)
				stopped.run.Close()
				r := rehearseOn(t, first.tenant, setup{})
				r.take("")
				time.Sleep(time.Minute)
				if differ := differing(before, objects(first.tenant)); len(differ) > 0 {
					t.Errorf("differ: %q", differ)
				}
			})
		})
	}
}

// What somebody else changed between the onboarding and the offboarding stays as they left it.
func TestOffboardLeavesOthersWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, setup{})
		colleague := tenant.Snapshot().Users["o'brien@contoso.com"].ID
		for name := range tenant.Snapshot().Policies {
			if strings.HasPrefix(name, "CA01") || strings.HasPrefix(name, "CA05") {
				r.pass(steps.SignIn)
				time.Sleep(2 * time.Second)
				r.asOperator("PATCH", "/beta/identity/conditionalAccess/policies/"+tenant.Snapshot().Policies[name].ID,
					`{"conditions":{"users":{"excludeUsers":["`+colleague+`","`+tenant.Snapshot().Users[serviceAccount].ID+`"]}}}`)
			}
		}
		time.Sleep(time.Minute)
		r.take("")
		time.Sleep(time.Minute)
		for name, p := range tenant.Snapshot().Policies {
			if (strings.HasPrefix(name, "CA01") || strings.HasPrefix(name, "CA05")) && !slices.Equal(p.Users.ExcludeUsers, []string{colleague}) {
				t.Errorf("%s excludes %v", name, p.Users.ExcludeUsers)
			}
		}
	})
}

// A second app with a like name, and another scope that somebody accepted in the same grant, stay as well.
func TestOffboardLeavesOthersApps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		tenant.State.Lock()
		colleague := tenant.State.Directory.UserByUPNLocked("helpdesk@contoso.com")
		var theirs []string
		for _, name := range []string{"Delegate365", "Delegate365 Automation", "Delegate365 Reporting"} { // two are called as ours
			_, sp := tenant.State.Applications.RegisterLocked(colleague, name)
			theirs = append(theirs, sp.ID)
		}
		for _, g := range tenant.State.Applications.Grants {
			if sp := tenant.State.Applications.ServicePrincipalLocked(g.ClientID); sp != nil && sp.AppID == state.AppCommandLine {
				g.Scopes = append(g.Scopes, "Reports.Read.All")
			}
		}
		tenant.State.Unlock()
		r := rehearseOn(t, tenant, setup{})
		last := r.take("")
		time.Sleep(time.Minute)
		for _, id := range theirs {
			tenant.State.Lock()
			sp := tenant.State.Applications.ServicePrincipalLocked(id)
			there := sp != nil && tenant.State.Applications.RegisteredLocked(sp.AppID) != nil
			ours := tenant.State.Applications.ServicePrincipals
			tenant.State.Unlock()
			if !there {
				t.Error("a colleague's app is gone")
			}
			if n := slices.IndexFunc(ours, func(sp *state.ServicePrincipal) bool {
				return strings.HasPrefix(sp.DisplayName, "Delegate365") && !slices.Contains(theirs, sp.ID)
			}); n >= 0 {
				t.Errorf("%s stays", ours[n].DisplayName)
			}
		}
		if f := last[finding.RemoveApps]; f.Status != steps.Done || len(f.Sections) == 0 || len(f.Sections[0].Facts) != len(theirs) {
			t.Errorf("%+v", f)
		}
		for name, scopes := range objects(tenant) {
			if strings.HasPrefix(name, "accepted ") && scopes != "Reports.Read.All" {
				t.Errorf("%s: %v", name, scopes)
			}
		}
	})
}

// unmarked is an onboarded tenant whose account does not carry this program's mark.
func unmarked(t *testing.T) (*simtest.Tenant, *rehearsal) {
	t.Helper()
	tenant := build(t, setup{profile: "onboarded"})
	r := rehearseOn(t, tenant, setup{options: func(o *steps.Options) { o.Account = serviceAccount }})
	r.pass(steps.SignIn)
	r.asOperator("PATCH", "/v1.0/users/"+tenant.Snapshot().Users[serviceAccount].ID, `{"jobTitle":"Robot"}`)
	time.Sleep(time.Minute)
	return tenant, r
}

// An account that was there before the onboarding keeps its role and is never deleted.
func TestOffboardKeepsAnAdoptedAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant, r := unmarked(t)
		before := tenant.Snapshot().Users[serviceAccount]
		last := r.take("")
		time.Sleep(time.Minute)
		if after := tenant.Snapshot().Users[serviceAccount]; !reflect.DeepEqual(before, after) {
			t.Errorf("%+v, before %+v", after, before)
		}
		if rows := last[finding.OffboardPlan].Sections[0].Facts; !slices.ContainsFunc(rows, func(f steps.Fact) bool { return f.Label == "App passwords of the account" && f.Value == "by hand" }) {
			t.Errorf("%+v", rows)
		}
	})
}

// Nothing is taken out that the operator leaves; and while its role stays, the account is not deleted.
func TestOffboardLeavesWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		r := rehearseOn(t, tenant, setup{})
		r.pass(steps.SignIn)
		granted := objects(tenant)
		for _, s := range steps.Offboard()[1:] {
			f, err := s.Inspect(t.Context(), r.run, r.report)
			if err != nil {
				t.Fatal(err)
			}
			if s.Info().ID == finding.DeleteAccount && f.Status != steps.Blocked {
				t.Errorf("it is to be deleted with its role: %+v", f)
			}
			if slices.ContainsFunc(f.Actions, func(a steps.Action) bool { return a.ID == "leave-it" }) {
				r.answerTo(s, "leave-it", "")
				if err := r.applyOf(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
		}
		time.Sleep(time.Minute)
		if differ := differing(granted, objects(tenant)); len(differ) > 0 {
			t.Errorf("differ: %q", differ)
		}
		for _, s := range steps.Offboard()[2:4] { // and back, to take the role all the same
			if f, err := s.Inspect(t.Context(), r.run, r.report); err != nil || s.Info().ID == finding.RemoveRole && f.Actions[1].ID != "reconsider" {
				t.Fatalf("%v %+v", err, f)
			}
			r.answerTo(s, "reconsider", "")
			if f, err := s.Inspect(t.Context(), r.run, r.report); err != nil || s.Info().ID == finding.RemoveRole && f.Actions[0].ID != steps.ActApply {
				t.Errorf("%v %+v", err, f)
			}
		}
	})
}

// killer is a network that is gone from the n-th request to Graph on, before or after that was carried out.
type killer struct {
	at     int
	after  bool
	tenant *simtest.Tenant
	dead   atomic.Bool
}

func (k *killer) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(q *http.Request) (*http.Response, error) {
		if k.dead.Load() {
			return nil, io.ErrUnexpectedEOF
		}
		graphs := strings.HasPrefix(q.URL.Path, "/v1.0/") || strings.HasPrefix(q.URL.Path, "/beta/")
		if !graphs || len(k.tenant.Requests()) < k.at-1 {
			return next.RoundTrip(q)
		}
		k.dead.Store(true)
		if k.after {
			_, _ = next.RoundTrip(q)
		}
		return nil, io.ErrUnexpectedEOF
	})
}

// A role that ends by itself is ended by Privileged Identity Management, which gave it its end.
func TestOffboardEndsATimedRole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := build(t, setup{profile: "onboarded"})
		if err := tenant.Settings.BuyPremium("P2"); err != nil {
			t.Fatal(err)
		}
		id := tenant.Snapshot().Users[serviceAccount].ID
		tenant.State.Lock()
		list := slices.Clone(tenant.State.Directory.Assignments.Latest())
		for i := range list {
			if list[i].PrincipalID == id {
				list[i].Until = tenant.State.Instant().Add(time.Hour)
			}
		}
		tenant.State.Directory.Assignments.Settle(list)
		tenant.State.Unlock()
		calls := &recorder{}
		r := rehearseOn(t, tenant, setup{wrap: calls.wrap})
		r.take("")
		time.Sleep(time.Minute)
		if _, there := tenant.Snapshot().Users[serviceAccount]; there {
			t.Error("the account is there")
		}
		if !slices.Contains(calls.writes(), "POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests") {
			t.Errorf("%q", calls.writes())
		}
	})
}

func TestOffboardConforms(t *testing.T) {
	t.Parallel()
	tp := &tape{}
	synctest.Test(t, func(t *testing.T) {
		rehearseOn(t, build(t, setup{profile: "onboarded"}), setup{wrap: tp.wrap}).take("")
	})
	j := newJudge(t)
	for _, x := range tp.exchanges {
		j.judge(x)
	}
	t.Logf("%d exchanges, %d kinds of call", len(tp.exchanges), len(j.seen))
}

// What is deleted stands in the journal before it is, with what was granted to it: there is no other before-image of that.
func TestOffboardKeepsWhatWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		r := rehearseOn(t, build(t, setup{profile: "onboarded"}), setup{options: func(o *steps.Options) { o.Journal = folder }})
		r.take("")
		r.run.Finish()
		lines, err := journal.Lines(folder, r.tenant.Endpoints().TenantID)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(lines, "\n")
		for _, want := range []string{`"kind":"deleted-app"`, "Directory.AccessAsUser.All", `"kind":"consent"`, `"kind":"role-assignment"`, `"kind":"user"`} {
			if !strings.Contains(all, want) {
				t.Errorf("the journal has no %s", want)
			}
		}
	})
}

// planned are the steps that have something to take out, by a plan.
func planned(f steps.Finding) (titles []string) {
	for _, section := range f.Sections {
		for _, fact := range section.Facts {
			if strings.HasSuffix(fact.Value, "change") || strings.HasSuffix(fact.Value, "changes") {
				titles = append(titles, fact.Label)
			}
		}
	}
	return titles
}
