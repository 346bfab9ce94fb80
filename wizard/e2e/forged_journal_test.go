package e2e_test

import (
	"maps"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/keyring"
)

// What got through once by the journal, which anybody may forge who may write it.

// write appends lines to the journal as somebody else would: in a sound chain, and without the key.
func (o *onboarder) write(entries ...journal.Entry) {
	o.t.Helper()
	j, err := journal.Attach(o.folder(), o.ep.TenantID, journal.Author{By: journal.ByRestore, Operator: "mallory@contoso.com"})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		if _, err := j.Append(e); err != nil {
			o.t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		o.t.Fatal(err)
	}
}

// One line that says that the window was closed ended the guard's duty.
func TestForgedClosingAndWizardKilled(t *testing.T) {
	t.Parallel()
	o := newOnboarder(t, "fresh")
	s := o.start()
	s.passUntil("Setup says it is completed")
	s.wait("MFA OFF")
	var user struct{ ID string }
	if status := o.get("/v1.0/users/"+serviceAccount, &user); status != http.StatusOK {
		t.Fatalf("the service account: %d", status)
	}
	account := journal.Account{ID: user.ID, UserPrincipalName: serviceAccount}
	o.write(journal.Entry{Kind: journal.KindStarted}, journal.Entry{Kind: journal.KindWindowClosed, Account: account}, journal.Entry{Kind: journal.KindFinished})
	if w, open := o.entries().OpenWindow(); open {
		t.Fatalf("the forged lines do not say that the window is closed: %+v", w)
	}
	o.closesWhenKilled(s)
}

// tenantState is what a forged journal would have changed.
type tenantState struct {
	Changes  []string
	Excluded map[string][]string
	MFA      string
	Defaults bool
}

func (o *servedTenant) state(id string) (s tenantState) {
	o.t.Helper()
	s.Changes, s.Excluded = o.changes(), map[string][]string{}
	look := &windowMonitor{servedTenant: o}
	for began := time.Now(); !look.readPolicies(); time.Sleep(lookEvery) {
		if time.Since(began) > goneWithin {
			o.t.Fatal("the tenant does not let its policies be read")
		}
	}
	for _, p := range look.policies {
		s.Excluded[p.DisplayName] = p.Conditions.Users.ExcludeUsers
	}
	var mfa struct{ PerUserMfaState string }
	o.get("/beta/users/"+id+"/authentication/requirements", &mfa)
	var defaults struct{ IsEnabled bool }
	o.get("/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", &defaults)
	s.MFA, s.Defaults = mfa.PerUserMfaState, defaults.IsEnabled
	return s
}

// breakGlass is the emergency access account, and an exclusion of it that its tenant made itself.
func (o *servedTenant) breakGlass() (id, upn string, owing []journal.Inverse) {
	o.t.Helper()
	var users struct {
		Value []struct{ ID, UserPrincipalName string }
	}
	o.get("/v1.0/users?$select=id,userPrincipalName&$top=999", &users)
	for _, u := range users.Value {
		if strings.HasPrefix(u.UserPrincipalName, "breakglass@") {
			id, upn = u.ID, u.UserPrincipalName
		}
	}
	var policies struct {
		Value []struct{ ID, DisplayName string }
	}
	o.get("/v1.0/identity/conditionalAccess/policies", &policies)
	for _, p := range policies.Value {
		if strings.HasPrefix(p.DisplayName, "CA01") {
			owing = append(owing, journal.Inverse{Kind: journal.InversePolicyExclusion, TargetID: p.ID, Value: id})
		}
	}
	if id == "" || len(owing) != 1 {
		o.t.Fatalf("there is no emergency account, or no policy: %q, %v", id, owing)
	}
	time.Sleep(time.Second) // one request a second for policies
	body := `{"conditions":{"users":{"excludeUsers":["` + id + `"]}}}`
	if said := o.send(http.MethodPatch, "/v1.0/identity/conditionalAccess/policies/"+owing[0].TargetID, body); !strings.HasPrefix(said, "204 ") {
		o.t.Fatalf("exclude it: %s", said)
	}
	time.Sleep(replicasTake)
	return id, upn, owing
}

// A whole journal, sound and forged, names the emergency account as the service account, with its exclusions and security
// defaults. Nobody is there to answer: nothing is changed, it says why, and does not end as if all were well.
func TestRestoreOnForgedJournal(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"nobody answers": nil, "the autopilot": {"--autopilot", "--pace", "0"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOnboarder(t, "business")
			id, upn, owing := o.breakGlass()
			account := journal.Account{ID: id, UserPrincipalName: serviceAccount}
			lines := []journal.Entry{{Kind: journal.KindStarted}, {Kind: journal.KindWindowOpened, Account: account, CapSeconds: 1800}}
			owing = append(owing, journal.Inverse{Kind: journal.InverseSecurityDefaults, TargetID: o.ep.TenantID, Value: "on"})
			for _, i := range owing {
				lines = append(lines, journal.Entry{Kind: journal.KindIntent, Account: account, Inverse: &i})
			}
			o.write(lines...)
			before := o.state(id)
			if !slices.ContainsFunc(slices.Collect(maps.Values(before.Excluded)), func(ids []string) bool { return slices.Contains(ids, id) }) {
				t.Fatalf("it is excluded from nothing: %+v", before)
			}
			out, code := o.unanswered(append([]string{"demo", "restore", "--connect", o.file}, flags...)...)
			if code == exitDone {
				t.Errorf("exit code %d", code)
			}
			says := []string{"the input ended"}
			if flags != nil {
				says = []string{upn + " (" + id + ")", "does not carry this program's mark", "another name", "was left as it is", "waits for a decision"}
			}
			for _, words := range says {
				if !strings.Contains(out, words) {
					t.Errorf("%q is not in:\n%s", words, out)
				}
			}
			if after := o.state(id); !reflect.DeepEqual(before, after) {
				t.Errorf("it was\n%+v, and is\n%+v", before, after)
			}
		})
	}
}

// unanswered runs the program with nothing on its standard input.
func (o *onboarder) unanswered(args ...string) (out string, code int) {
	o.t.Helper()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		o.t.Fatal(err)
	}
	defer nothing.Close()
	cmd := runnable(o.t, o.program, args...)
	cmd.Env, cmd.Stdin = world(o.t), nothing
	said, _ := cmd.CombinedOutput()
	return string(said), cmd.ProcessState.ExitCode()
}

// Every line of a run and of its guard is proven by the key of this user's key ring; where none can be used, none is. Of several
// programs that start at once, the first ones ever on a computer, some may lack it: so it is made before.
func TestLinesOnTheBuiltProgramAreProven(t *testing.T) {
	key, none := keyring.Key(keyring.System("rehearsal"), t.TempDir())
	t.Parallel()
	o := newOnboarder(t, "fresh")
	s := o.start()
	s.passUntil("Setup says it is completed")
	s.wait("MFA OFF")
	o.closesWhenKilled(s)
	l, err := journal.Read(o.folder(), o.ep.TenantID, func(line []byte) (string, string) { return keyring.Prove(key, line) })
	if err != nil || l.Altered != 0 {
		t.Fatalf("%v, altered %d", err, l.Altered)
	}
	lines := map[journal.By]int{}
	for _, e := range l.Entries {
		if e.Proven != (none == nil) {
			t.Errorf("line %d by the %s is proven: %v; the key ring: %v", e.Seq, e.By, e.Proven, none)
		}
		lines[e.By]++
	}
	if lines[journal.ByGuard] == 0 || lines[journal.ByWizard] == 0 {
		t.Errorf("%v", lines)
	}
	t.Logf("%v, key ring: %v", lines, none)
}
