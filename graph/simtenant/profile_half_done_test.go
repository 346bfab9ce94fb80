package simtenant_test

import (
	"slices"
	"testing"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/web"
)

func TestHalfDone(t *testing.T) {
	start := time.Now().UTC()
	w := simtest.NewWire(t, simtenant.Options{Profile: "half-done"})
	s, whole := w.Tenant.Snapshot(), simtest.NewWire(t, simtenant.Options{Profile: "business"}).Tenant.Snapshot()
	u := s.Users[simtenant.OnboardedUPN]
	if !u.Enabled || !slices.Equal(u.Roles, []string{"Global Administrator"}) || u.PerUserMFA != state.MFADisabled || len(u.Methods) != 0 || u.AppPasswords != 0 || u.MustChange {
		t.Errorf("%+v", u)
	}
	var excluded []string
	for name, p := range s.Policies {
		if slices.Contains(p.Users.ExcludeUsers, u.ID) {
			excluded = append(excluded, name)
			p.Users.ExcludeUsers = slices.DeleteFunc(p.Users.ExcludeUsers, func(id string) bool { return id == u.ID })
			s.Policies[name] = p
		}
	}
	slices.Sort(excluded)
	if want := []string{"CA01 - Require MFA for administrators", "CA02 - MFA for Global Administrators on unmanaged platforms"}; !slices.Equal(excluded, want) {
		t.Errorf("excluded from %q", excluded)
	}
	delete(s.Users, simtenant.OnboardedUPN)
	if !simtest.SameJSON(t, s, whole) {
		t.Error("the rest is not what business is")
	}

	got := w.Must(200, "GET", "/v1.0/users?$filter=jobTitle eq '"+simtenant.OnboardedTitle+"'&$select=id,userPrincipalName,createdDateTime", "").List()
	if len(got) != 1 || got[0]["id"] != u.ID || got[0]["userPrincipalName"] != simtenant.OnboardedUPN {
		t.Fatalf("by its title: %v", got)
	}
	made, err := time.Parse(time.RFC3339, got[0]["createdDateTime"].(string))
	if age := start.Sub(made); err != nil || age < simtenant.Interrupted-time.Minute || age > simtenant.Interrupted+time.Minute {
		t.Errorf("made %v ago", age)
	}
	since := got[0]["createdDateTime"].(string)
	audits := w.Must(200, "GET", "/v1.0/auditLogs/directoryAudits?$filter=activityDateTime ge "+since+" and initiatedBy/user/id eq '"+w.ID(state.OperatorUPN)+"'", "").List()
	var activities []string
	for _, a := range audits {
		activities = append(activities, a["activityDisplayName"].(string))
	}
	update := "Update conditional access policy"
	if want := []string{update, update, "Add member to role", "Add user"}; !slices.Equal(activities, want) {
		t.Errorf("the audit log has %q", activities)
	}

	// Nothing stands between its password and the setup, which is what makes the window dangerous.
	w.Tenant.State.Directory.UserByUPNLocked(simtenant.OnboardedUPN).Credentials.Password = simtest.VendorPassword
	setup := state.SignInAttempt{UPN: simtenant.OnboardedUPN, Password: simtest.VendorPassword, AppID: web.AppPortalSetup.ID, AppName: web.AppPortalSetup.Name}
	if _, refusal := w.Tenant.Entra.SignIn.SignIn(setup); refusal != nil {
		t.Errorf("the setup's sign-in: %v", refusal)
	}
	if refusal := w.Tenant.Entra.SignIn.CheckAppPassword(simtenant.OnboardedUPN, simtest.VendorPassword); refusal != nil {
		t.Errorf("legacy: %v", refusal)
	}
}
