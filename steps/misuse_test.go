package steps_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/steps"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// Whoever misuses the window is seen: each kind of sensitive entry, by the account, by the operator beside the program, by a
// colleague and by an application, is unexplained or somebody else's; and what is not sensitive is neither.
func TestEachMisuseShows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const colleague = "tom@contoso.com"
		r := rehearse(t, setup{profile: "business", options: func(o *steps.Options) { o.Journal, o.Reports.Folder = t.TempDir(), t.TempDir() }})
		r.tenant.AddUser(colleague, "Tom", "Quiet-Harbour-7194")
		operator := "admin@contoso.onmicrosoft.com"
		r.passUntil(steps.ReenableMFA) // the setup was run: its applications are there
		s := r.tenant.Snapshot()
		account := s.Users[serviceAccount].ID
		ours := ""
		for _, p := range s.Policies {
			if slices.Contains(p.Users.ExcludeUsers, account) {
				ours = p.ID
			}
		}
		if ours == "" {
			t.Fatal("no policy was changed")
		}
		type planted struct {
			simtest.Misdeed
			class string
		}
		foreign := "0f0e0d0c-0b0a-4908-8706-050403020100"
		core, ca, methods := "Core Directory", "Conditional Access", "Authentication Methods"
		all := []planted{
			// by the account: everything but what was asked for
			{misdeed(serviceAccount, "Add member to role", core, "RoleManagement", "User", "Mallory", foreign), report.NoReason},
			{misdeed(serviceAccount, "Add service principal credentials", core, "ApplicationManagement", "ServicePrincipal", "Backup", foreign), report.NoReason},
			{misdeed(serviceAccount, "Update application - Certificates and secrets management", core, "ApplicationManagement", "Application", "Backup", foreign), report.NoReason},
			{misdeed(serviceAccount, "Add app role assignment to service principal", core, "ApplicationManagement", "ServicePrincipal", "Backup", foreign), report.NoReason},
			{misdeed(serviceAccount, "Add delegated permission grant", core, "ApplicationManagement", "ServicePrincipal", "Backup", foreign), report.NoReason},
			{misdeed(serviceAccount, "Consent to application", core, "ApplicationManagement", "ServicePrincipal", "Backup", foreign), report.NoReason},
			{misdeed(serviceAccount, "Add owner to application", core, "ApplicationManagement", "Application", "Backup", foreign), report.NoReason},
			{misdeed(serviceAccount, "Update conditional access policy", ca, "Policy", "Policy", "Block legacy", foreign), report.NoReason},
			{misdeed(serviceAccount, "Set federation settings on domain", core, "DirectoryManagement", "Domain", "contoso.com", ""), report.NoReason},
			{misdeed(serviceAccount, "Something that nobody has seen yet", core, "Other", "Other", "", foreign), report.NoReason},
			{misdeed(serviceAccount, "User registered security info", methods, "UserManagement", "User", serviceAccount, account), report.NoReason},     // nobody had asked
			{misdeed(serviceAccount, "Create application password for user", core, "UserManagement", "User", serviceAccount, account), report.NoReason}, // nobody had asked
			// on the account and on what was changed, by anybody
			{misdeed(colleague, "Reset user password", core, "UserManagement", "User", serviceAccount, account), report.NoReason},
			{misdeed(colleague, "Admin registered security info", methods, "UserManagement", "User", serviceAccount, account), report.NoReason},
			{misdeed(colleague, "Disable Strong Authentication", core, "UserManagement", "User", serviceAccount, account), report.NoReason},
			{misdeed(colleague, "Update conditional access policy", ca, "Policy", "Policy", "ours", ours), report.NoReason},
			{misdeed(operator, "Update conditional access policy", ca, "Policy", "Policy", "ours", ours), report.NoReason},
			{misdeed(operator, "Reset user password", core, "UserManagement", "User", serviceAccount, account), report.NoReason},
			{misdeed(operator, "MFA Service Policy Update", methods, "Policy", "Policy", "", ""), report.NoReason}, // nobody had asked
			{misdeed(colleague, "Update security defaults", core, "Policy", "Policy", "Security Defaults", ""), report.NoReason},
			{misdeed("", "Add member to role", core, "RoleManagement", "User", serviceAccount, account), report.NoReason},
			// of the tenant, by somebody else or by the operator beside the program
			{misdeed(colleague, "Update conditional access policy", ca, "Policy", "Policy", "Block legacy", foreign), report.Somebody},
			{misdeed(colleague, "Delete conditional access policy", ca, "Policy", "Policy", "Block legacy", foreign), report.Somebody},
			{misdeed(operator, "Add conditional access policy", ca, "Policy", "Policy", "Mine", foreign), report.Somebody},
			{misdeed(colleague, "Add named location", ca, "Policy", "NamedLocation", "Home", foreign), report.Somebody},
			{misdeed(colleague, "Add app role assignment to service principal", core, "ApplicationManagement", "ServicePrincipal", "Backup", foreign), report.Somebody},
			{misdeed(colleague, "Add service principal credentials", core, "ApplicationManagement", "ServicePrincipal", "Backup", foreign), report.Somebody},
			{misdeed(colleague, "Add application", core, "ApplicationManagement", "Application", "Backup", foreign), report.Somebody},
			{misdeed(colleague, "Consent to application", core, "ApplicationManagement", "ServicePrincipal", "Backup", foreign), report.Somebody},
			{misdeed(colleague, "Add member to role", core, "RoleManagement", "User", "Mallory", foreign), report.Somebody},
			{misdeed(colleague, "Add eligible member to role in PIM completed (permanent)", "PIM", "RoleManagement", "User", "Mallory", foreign), report.Somebody},
			{misdeed(colleague, "Add role definition", core, "RoleManagement", "Role", "Half admin", foreign), report.Somebody},
			{misdeed(colleague, "Add user", core, "UserManagement", "User", "Mallory", foreign), report.Somebody},
			{misdeed(colleague, "Reset user password", core, "UserManagement", "User", "Mallory", foreign), report.Somebody},
			{misdeed(colleague, "Disable Strong Authentication", core, "UserManagement", "User", "Mallory", foreign), report.Somebody},
			{misdeed(colleague, "Authentication Methods Policy Update", methods, "Policy", "Policy", "", ""), report.Somebody},
			{misdeed(colleague, "Set domain authentication", core, "DirectoryManagement", "Domain", "contoso.com", ""), report.Somebody},
			{misdeed(colleague, "Update cross-tenant access setting", core, "CrossTenantAccessSettings", "Policy", "", ""), report.Somebody},
			{misdeed(colleague, "Add partner to company", core, "DirectoryManagement", "Directory", "", ""), report.Somebody},
			{misdeed(colleague, "Change user license", core, "UserManagement", "User", serviceAccount, account), report.Somebody},
			{misdeed("", "Add service principal credentials", core, "ApplicationManagement", "ServicePrincipal", "Backup", foreign), report.Somebody},
			// nothing of anybody's business
			{misdeed(colleague, "Add member to group", core, "GroupManagement", "Group", "Choir", foreign), report.Counted},
			{misdeed("", "Update user", core, "UserManagement", "User", serviceAccount, account), report.ByMicrosoft},
		}
		for i := range all {
			all[i].Name = fmt.Sprintf("planted %d", i)
			if err := all[i].Log(r.tenant); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if err := r.run.CloseExposure(t.Context(), r.report); err != nil {
			t.Fatal(err)
		}
		h := r.hand(report.Left)
		r.run.Close()
		shown := 0
		for _, p := range all {
			class := report.Counted
			for _, e := range h.Entries {
				if len(e.Targets) > 0 && e.Targets[0].Name == p.Name {
					class = e.Class
				}
			}
			if class != p.class {
				t.Errorf("%s by %q on %q is %s, not %s", p.Activity, p.By, p.Name, class, p.class)
				continue
			}
			shown++
		}
		want := 0
		for _, p := range all {
			if p.class == report.NoReason {
				want++
			}
		}
		if len(h.Unexplained) != want {
			t.Errorf("unexplained %d, planted %d", len(h.Unexplained), want)
		}
		t.Logf("planted %d, shown as they are %d; unexplained %d", len(all), shown, len(h.Unexplained))
	})
}

// misdeed is one by an account, or without one by an application.
func misdeed(by, activity, service, category, kind, name, id string) simtest.Misdeed {
	return simtest.Misdeed{By: by, Activity: activity, Service: service, Category: category, Kind: kind, Name: name, ID: id}
}
