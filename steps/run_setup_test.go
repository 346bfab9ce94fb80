package steps

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
)

func TestRunSetupPlan(t *testing.T) {
	t.Parallel()
	kept := memory{}
	kept.setup.choice = setupKeep
	plannedAs{needed: true}.by(t, runSetup{}, &posture{}, &memory{})
	plannedAs{}.by(t, runSetup{}, &posture{}, &kept)
}

// Whoever is asked for a second factor that is there is told which, and registers none.
func TestSecondFactorIsNamedWhereItIsAsked(t *testing.T) {
	t.Parallel()
	var m memory
	m.user.ID, m.choices.methods.user = "1", "1"
	last := func() string {
		items := askAtPortal(&m).Task.Items
		return items[len(items)-1].Text
	}
	if said := last(); !strings.HasPrefix(said, "Register an authenticator app") {
		t.Errorf("without one it says %q", said)
	}
	m.choices.methods.read = analysis.Read([]graph.AuthMethod{{Kind: "microsoftAuthenticator", Name: "Telephone of the provider"}, {Kind: "password"}}, nil)
	if said := last(); !strings.HasSuffix(said, `use: Microsoft Authenticator "Telephone of the provider"`) {
		t.Errorf("with one it says %q", said)
	}
	if m.user.ID = "2"; !strings.HasPrefix(last(), "Register an authenticator app") {
		t.Error("it names another account's")
	}
}

// A method that nobody asked for is named as its owner did, so that somebody can tell whose it is.
func TestUnaskedSecondFactorIsNamed(t *testing.T) {
	t.Parallel()
	var m memory
	methods := []graph.AuthMethod{{Kind: "microsoftAuthenticator", Name: "Telephone of the provider"}}
	for _, unasked := range []bool{false, true} {
		m.appPasswords.unasked = unasked
		if row := methodsRow(methods, &m); strings.Contains(row.Value, "provider") != unasked {
			t.Errorf("unasked %t: %+v", unasked, row)
		}
	}
}

// A run that changed nothing says what may have been accepted all the same.
func TestNothingChangedKeepsItsReservation(t *testing.T) {
	t.Parallel()
	if rows := doneRows(&memory{appPasswords: appPasswords{version: versionOlder}}); len(rows) != 1 || !strings.Contains(rows[0].Note, "may have been accepted") {
		t.Errorf("%+v", rows)
	}
}

// A user name is no secret: wherever it is to be pasted, it is shown as well.
func TestUserNamesAreShown(t *testing.T) {
	t.Parallel()
	var m memory
	m.user.UserPrincipalName = serviceName.String()
	for _, f := range []Finding{askAtPortal(&m), waitingForSetup(&m, nil)} {
		for _, item := range f.Task.Items {
			if item.ID == "user-name" && item.Shown != serviceName.String() {
				t.Errorf("%q shows %q", item.Text, item.Shown)
			}
		}
	}
}
