package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// pimHolds is how long Privileged Identity Management lets nobody take an assignment back
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-add-role-to-user).
const pimHolds = 5 * time.Minute

// The wizard is killed within five minutes of a time-bound assignment, by the clock on the wall: the guard closes MFA at once, and leaves
// the role, which nobody can take back yet, to the end that Entra has for it. The next start finishes.
func TestKilledWhilePIMHoldsTheRole(t *testing.T) {
	t.Parallel()
	o := newOnboarder(t, "privileged")
	s := o.autopilot()
	assigned := o.assigned(s.ended)
	if why, open := (&windowMonitor{servedTenant: o.servedTenant}).open(); !open {
		t.Fatalf("the window is not open: %s", why)
	}
	f := killTrial{point: point{profile: "privileged", way: "kill"}, open: true}
	killed := time.Now()
	s.endBy("kill")
	closed, why := f.watch(o, s, killed)
	t.Logf("killed 1, open 0: %d ms after the assignment, closed after %d ms: %s", killed.Sub(assigned).Milliseconds(), closed.Milliseconds(), why)

	var user struct{ ID string }
	if status := o.get("/v1.0/users/"+serviceAccount, &user); status != http.StatusOK {
		t.Fatalf("the account: %d", status)
	}
	var held struct {
		Value []struct {
			AssignmentType string
			EndDateTime    time.Time
		}
	}
	o.get("/v1.0/roleManagement/directory/roleAssignmentScheduleInstances?$filter="+strings.ReplaceAll("principalId eq '"+user.ID+"'", " ", "%20"), &held)
	if len(held.Value) != 1 || held.Value[0].AssignmentType != "Assigned" || held.Value[0].EndDateTime.Before(assigned.Add(pimHolds)) {
		t.Errorf("the role is held as %+v", held)
	}
	refused := o.send(http.MethodPost, "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests",
		fmt.Sprintf(`{"action":"adminRemove","principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/","justification":"it was killed"}`, user.ID, globalAdministrator))
	if early := time.Since(assigned) < pimHolds; early && !strings.Contains(refused, "ActiveDurationTooShort") {
		t.Errorf("%s after the assignment, taking it back answers %s", time.Since(assigned), refused)
	}
	torn := o.entries().Torn
	f.afterKill(o)
	f.again(o, torn)
	f.reported(o, "finished")
	if f.wrong > 0 || f.reports == 0 {
		t.Errorf("reports %d, false %d", f.reports, f.wrong)
	}
}

// assigned waits until the setup is asked for, when MFA is off for certain, and returns when the role was read back before that.
func (o *onboarder) assigned(ended <-chan struct{}) (at time.Time) {
	o.t.Helper()
	for line := 1; o.reaches(line, ended); line++ {
		for _, e := range o.entries().Entries {
			switch {
			case e.Step == string(finding.AssignAdmin) && e.Kind == journal.KindOutcome && e.Outcome == journal.Applied:
				at = e.At
			case e.Step == string(finding.RunSetup) && e.Kind == journal.KindAsked && !at.IsZero():
				return at
			}
		}
	}
	o.t.Fatal("the setup was not asked for")
	return at
}

// send sends something as the operator, with a client that is none of the program's, and returns the answer.
func (o *servedTenant) send(method, path, body string) string {
	o.t.Helper()
	q, err := http.NewRequestWithContext(o.t.Context(), method, o.ep.Graph+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+o.ep.Operator.AccessToken)
	q.Header.Set("Content-Type", "application/json")
	answer, err := o.http.Do(q)
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return answer.Status + " " + string(text)
}
