package analysis

import "github.com/delegate365-onboard/delegate365-onboard/graph"

var applicationsRows = []row{
	{name: "all", rule: ruleApplications + ": all resources includes every application", facts: on(admin, ca(only("All"))), want: "CA: sure MFA everywhere"},
	{name: "none", rule: ruleApplications + ": none selects no resource", facts: on(admin, ca(only("None")))},
	{name: "nothing selected", rule: ruleApplications + ": a policy is about selected resources or actions", facts: on(admin, ca(only()))},
	{name: "Exchange Online", rule: ruleApplications + ": a policy for a resource applies when that is signed in to", facts: on(admin, ca(only(AppExchangeOnline))), want: "CA: sure MFA"},
	{name: "Microsoft Graph", rule: ruleApplications + ": a policy for a resource applies when a token for it is asked", facts: on(admin, ca(only(AppGraph))), want: "CA: sure MFA"},
	{name: "another application", rule: ruleApplications + ": a policy for a resource concerns no other", facts: on(admin, ca(only(otherApp)))},
	{name: "another and ours", rule: ruleApplications + ": several resources can be selected", facts: on(admin, ca(only(otherApp, AppExchangeOnline))), want: "CA: sure MFA"},
	{name: "Office 365, setup", rule: ruleApplications + ": the Office 365 suite includes Exchange Online", facts: on(admin, ca(only("Office365"))), want: "CA: sure MFA"},
	{name: "Office 365, Graph alone", rule: ruleApplications + ": Microsoft Graph is not listed in the Office 365 suite", facts: on(admin, ca(only("Office365"))), signIn: SignIn{Name: "Graph", Apps: []string{AppGraph}, Clients: []string{clientBrowser}}},
	{name: "Office 365, legacy authentication", rule: ruleApplications + ": the Office 365 suite includes Exchange Online, whatever the client", facts: on(admin, ca(only("Office365"))), signIn: LegacyAuthentication(), want: "CA: sure MFA"},
	{name: "admin portals, setup", rule: ruleApplications + ": Microsoft Admin Portals is about the portals, not about Graph", facts: on(admin, ca(only("MicrosoftAdminPortals")))},
	{
		name: "admin portals, a portal", rule: ruleApplications + ": Microsoft Admin Portals includes the Entra admin center", facts: on(admin, ca(only("MicrosoftAdminPortals"))), signIn: adminPortal(),
		want: "CA: sure MFA; mandatory MFA of the admin portals: sure MFA never",
	},
	{name: "admin portals, security info", rule: ruleApplications + ": My Sign-Ins is no admin portal", facts: on(admin, ca(only("MicrosoftAdminPortals"))), signIn: SecurityInfo()},
	{name: "all without Exchange Online", rule: ruleApplications + ": Microsoft Graph stays when Exchange Online is excluded", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids("All"), Exclude: ids(AppExchangeOnline)}))), want: "CA: sure MFA"},
	{name: "all without both", rule: ruleExclusions + ": basic permissions are enforced through Windows Azure Active Directory", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids("All"), Exclude: ids(AppExchangeOnline, AppGraph)}))), want: "CA: sure MFA"},
	{name: "all without the three", rule: ruleApplications + ": excluded resources are exempt from the policy", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids("All"), Exclude: ids(AppExchangeOnline, AppGraph, AppAzureAD)})))},
	{name: "Windows Azure Active Directory", rule: ruleExclusions + ": it is the audience of basic permissions", facts: on(admin, ca(only(AppAzureAD))), want: "CA: sure MFA"},
	{name: "an action of next year", rule: ruleApplications + ": user actions are selected one by one", facts: on(admin, ca(apps(graph.PolicyApplications{UserActions: ids("urn:user:unknown")}))), want: "CA: may MFA"},
	{name: "registering a device", rule: ruleApplications + ": nothing here registers a device", facts: on(admin, ca(apps(graph.PolicyApplications{UserActions: ids(actionDevice)})))},
	{name: "all without another", rule: ruleApplications + ": excluding a resource exempts no other", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids("All"), Exclude: ids(otherApp)}))), want: "CA: sure MFA"},
	{name: "all without Office 365, legacy authentication", rule: ruleApplications + ": the suite can be excluded, Exchange Online with it", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids("All"), Exclude: ids("Office365")}))), signIn: LegacyAuthentication()},
	{name: "all without Office 365, setup", rule: ruleApplications + ": Microsoft Graph is not exempt with the suite", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids("All"), Exclude: ids("Office365")}))), want: "CA: sure MFA"},
	{name: "a keyword of next year", rule: ruleApplications + ": groups of applications are selected by keyword", facts: on(admin, ca(only(keyword))), want: "CA: may MFA"},
	{name: "a keyword of next year excluded", rule: ruleApplications + ": groups of applications are excluded by keyword", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids("All"), Exclude: ids(keyword)}))), want: "CA: may MFA"},

	{name: "tagged applications", rule: ruleAppFilter + ": a filter selects by custom security attributes", facts: on(admin, ca(apps(graph.PolicyApplications{Filter: graph.Filter{Mode: "include", Rule: "x"}}))), want: "CA: may MFA"},
	{name: "tagged applications and ours", rule: ruleAppFilter + ": a filter adds to what is selected", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids(AppGraph), Filter: graph.Filter{Mode: "include", Rule: "x"}}))), want: "CA: sure MFA"},
	{name: "all but tagged applications", rule: ruleAppFilter + ": a filter can exclude", facts: on(admin, ca(apps(graph.PolicyApplications{Include: ids("All"), Filter: graph.Filter{Mode: "exclude", Rule: "x"}}))), want: "CA: may MFA"},

	{name: "authentication context", rule: ruleApplications + ": an authentication context is asked for by an application", facts: on(admin, ca(apps(graph.PolicyApplications{AuthenticationContext: ids("c1")})))},
	{name: "registering security info, setup", rule: ruleApplications + ": a user action is a task, not a sign-in to a resource", facts: on(admin, ca(apps(graph.PolicyApplications{UserActions: ids(actionRegister)})))},
	{name: "registering security info, there", rule: ruleApplications + ": register security information applies when it is tried", facts: on(admin, ca(apps(graph.PolicyApplications{UserActions: ids(actionRegister)}))), signIn: SecurityInfo(), want: "CA: sure MFA"},
	{name: "registering devices", rule: ruleApplications + ": register or join devices is another action", facts: on(admin, ca(apps(graph.PolicyApplications{UserActions: ids("urn:user:registerdevice")}))), signIn: SecurityInfo()},
	{name: "all, security info", rule: ruleApplications + ": all resources includes My Sign-Ins", facts: on(admin, ca()), signIn: SecurityInfo(), want: "CA: sure MFA everywhere"},
	{name: "security info blocked elsewhere", rule: ruleRegisterFirst + ": registration can be limited to trusted locations", facts: on(admin, ca(apps(graph.PolicyApplications{UserActions: ids(actionRegister)}), locations(ids("All"), ids("AllTrusted")), granting("OR", "block"))), signIn: SecurityInfo(), want: "CA: may block"},
}
