package analysis

import (
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

func campaignOn(c Campaign) func(*Facts) {
	return func(f *Facts) { f.Campaign = Read(c, nil) }
}

func sspr(f *Facts)      { f.SSPR = Read(true, nil) }
func sovereign(f *Facts) { f.Sovereign = true }

// adminPortal is a visit to one of Microsoft's admin portals, which the account has no need of.
func adminPortal() SignIn {
	return SignIn{ID: "admin-portal", Name: "an admin portal", Apps: []string{AppAdminPortal}, Clients: []string{clientBrowser}}
}

var errRefused = errors.New("refused")

var sourceRows = []row{
	{name: "nothing", rule: rulePerUser + ": new users are disabled for per-user MFA", facts: on(admin)},
	{name: "per-user enforced", rule: rulePerUser + ": an enforced user does MFA in browsers", facts: with(on(admin), state(graph.MFAEnforced)), want: "per-user MFA: sure MFA by state everywhere"},
	{name: "per-user enabled, legacy authentication", rule: rulePerUser + ": legacy authentication keeps working until registration", facts: with(on(admin), state(graph.MFAEnabled)), signIn: LegacyAuthentication()},
	{name: "per-user enforced, legacy authentication", rule: rulePerUser + ": apps of an enforced user require app passwords", facts: with(on(admin), state(graph.MFAEnforced)), signIn: LegacyAuthentication(), want: "per-user MFA: sure app-password by state"},
	{name: "per-user enforced, ActiveSync", rule: rulePerUser + ": apps of an enforced user require app passwords, mail on telephones too", facts: with(on(admin), state(graph.MFAEnforced)), signIn: ActiveSync(), want: "per-user MFA: sure app-password by state"},
	{name: "per-user, a state of next year", rule: learn + "graph/api/resources/strongauthenticationrequirements: the states are disabled, enabled and enforced", facts: with(on(admin), state("paused")), want: "per-user MFA: may MFA by state"},
	{name: "per-user not read", rule: learn + "graph/api/authentication-get: the state needs a permission to be read", facts: with(on(admin), func(f *Facts) { f.PerUser = Read(graph.MFAEnforced, errRefused) })},
	{name: "per-user and a policy", rule: rulePerUser + ": per-user MFA and Conditional Access add up", facts: with(everybody(), state(graph.MFAEnforced)), want: "per-user MFA: sure MFA by state everywhere; CA: sure MFA everywhere"},
	{name: "security defaults, legacy authentication", rule: ruleDefaults + ": all legacy protocols are blocked", facts: with(on(admin), defaults(true)), signIn: LegacyAuthentication(), want: "security defaults: sure block by tenant"},
	{name: "security defaults after the role is assigned", rule: ruleDefaults + ": the role makes the account an administrator", facts: with(on(member), defaults(true)).WithRole(graph.GlobalAdministrator), want: "security defaults: sure registration+MFA by tenant everywhere"},
	{name: "no licence", rule: learn + "entra/identity/conditional-access/overview: Conditional Access needs Microsoft Entra ID P1", facts: with(on(admin), func(f *Facts) { f.Policies = Read([]graph.Policy(nil), graph.ErrUnlicensed) })},
	{name: "campaign without MFA", rule: ruleCampaign + ": the prompt comes after MFA was done", facts: with(on(admin), campaignOn(Campaign{On: true}))},
	{name: "campaign after MFA", rule: ruleCampaign + ": the prompt comes after MFA was done, and may be skipped a limited number of times", facts: with(everybody(), campaignOn(Campaign{On: true})), want: "CA: sure MFA everywhere; registration campaign: may registration by exclusion"},
	{name: "campaign that can be snoozed", rule: ruleCampaign + ": a user may snooze the prompt", facts: with(everybody(), campaignOn(Campaign{On: true, Snooze: true})), want: "CA: sure MFA everywhere; registration campaign: may registration by exclusion skippable"},
	{name: "campaign, excluded", rule: ruleCampaign + ": users and groups can be excluded from the campaign", facts: with(everybody(), campaignOn(Campaign{On: true, Excluded: true})), want: "CA: sure MFA everywhere"},
	{name: "campaign, off", rule: ruleCampaign + ": a disabled campaign prompts nobody", facts: with(everybody(), campaignOn(Campaign{})), want: "CA: sure MFA everywhere"},
	{name: "campaign, legacy authentication", rule: ruleCampaign + ": the prompt needs an interactive sign-in", facts: with(everybody(), campaignOn(Campaign{On: true})), signIn: LegacyAuthentication(), want: "CA: sure MFA everywhere"},
	{name: "campaign after a block", rule: ruleCampaign + ": a blocked sign-in does no MFA", facts: with(everybody(granting("OR", "block")), campaignOn(Campaign{On: true})), want: "CA: sure block"},
	{name: "self-service reset, administrator", rule: ruleSSPR + ": administrators are enabled for self-service reset by default", facts: with(on(admin), sspr), want: "self-service password reset: may registration by tenant skippable"},
	{name: "self-service reset, ordinary account", rule: ruleSSPR + ": the default concerns administrators", facts: with(on(member), sspr)},
	{name: "self-service reset, registered", rule: ruleRegistration + ": who is registered is not interrupted", facts: with(on(admin), sspr, registered("password", "softwareOath"))},
	{name: "self-service reset, legacy authentication", rule: ruleRegistration + ": the interruption needs an interactive sign-in", facts: with(on(admin), sspr), signIn: LegacyAuthentication()},
	{name: "an admin portal", rule: ruleMandatory + ": the admin portals require MFA of every account", facts: on(admin), signIn: adminPortal(), want: "mandatory MFA of the admin portals: sure MFA never"},
	{name: "an admin portal, excluded from policies", rule: ruleMandatory + ": exclusion from Conditional Access changes nothing", facts: on(admin, ca(without(graph.PolicyUsers{ExcludeUsers: ids(me)}))), signIn: adminPortal(), want: "mandatory MFA of the admin portals: sure MFA never"},
	{name: "an admin portal of a government's cloud", rule: ruleMandatory + ": mandatory MFA is for the public cloud", facts: with(on(admin), sovereign), signIn: adminPortal()},
	{name: "setup is no admin portal", rule: ruleMandatory + ": Microsoft Graph is not in scope", facts: on(admin), signIn: SetupBrowser("")},
	{name: "security info, nothing registered", rule: ruleRegistration + ": who has no method registers one", facts: on(admin), signIn: SecurityInfo()},
	{name: "security info, registered", rule: ruleRegistration + ": managing credentials requires MFA within ten minutes", facts: with(on(admin), registered("softwareOath")), signIn: SecurityInfo(), want: "recent MFA for the security-info page: sure MFA never"},
	{name: "security info, methods not known", rule: ruleRegistration + ": managing credentials requires MFA of who has a method", facts: with(on(admin), func(f *Facts) { f.Methods = Reading[[]graph.AuthMethod]{} }), signIn: SecurityInfo(), want: "recent MFA for the security-info page: may MFA never"},
}

var whatIfRows = []row{
	{name: "agrees", rule: ruleWhatIf + ": policyApplies says whether a policy applies", facts: with(everybody(), whatIf(SetupBrowser(""), "CA")), want: "CA: sure MFA everywhere"},
	{name: "denies what the text says", rule: ruleWhatIf + ": what-if evaluates the tenant as it knows it", facts: with(everybody(), whatIf(SetupBrowser(""))), want: "CA: sure MFA everywhere disputed"},
	{name: "says what the text denies", rule: ruleWhatIf + ": what-if evaluates group membership itself", facts: with(on(admin, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}))), whatIf(SetupBrowser(""), "CA")), want: "CA: sure MFA disputed"},
	{name: "lags behind an excluded group", rule: ruleUsers + ": exclusion overrides inclusion, and what-if may lag", facts: with(on(admin, ca(without(graph.PolicyUsers{ExcludeGroups: ids(ourGroup)}))), whatIf(SetupBrowser(""), "CA")), want: "CA: sure MFA disputed"},
	{name: "decides a group", rule: ruleWhatIf + ": what-if evaluates group membership itself", facts: with(on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}))), whatIf(SetupBrowser(""), "CA")), want: "CA: sure MFA"},
	{name: "against a place it was not told", rule: ruleWhatIf + ": without details it can't evaluate a condition", facts: with(on(admin, ca(locations(ids("All"), ids("AllTrusted")))), reason("CA", "location")), want: "CA: may MFA"},
	{name: "against a device it was not told", rule: ruleWhatIf + ": without details it can't evaluate a condition", facts: with(on(admin, ca(devices("exclude"))), reason("CA", "devices")), want: "CA: may MFA"},
	{name: "not enough information", rule: ruleWhatIf + ": without details it can't evaluate a condition", facts: with(on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}))), reason("CA", "notEnoughInformation")), want: "CA: may MFA"},
	{name: "a reason of next year", rule: ruleWhatIf + ": a reason that is not known is none", facts: with(on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}))), reason("CA", "unknownFutureValue")), want: "CA: may MFA"},
	{name: "a policy it does not name", rule: ruleWhatIf + ": absence is no denial", facts: with(on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}))), reason("other", "users")), want: "CA: may MFA"},
	{name: "against a risk", rule: ruleWhatIf + ": signInRisk is one of the reasons not to apply", facts: with(on(admin, ca(risky)), reason("CA", "signInRisk")), want: "CA: may MFA not expected"},
	{name: "decides against a group", rule: ruleWhatIf + ": users is one of the reasons not to apply", facts: with(on(unknown, ca(users(graph.PolicyUsers{IncludeGroups: ids(theirs)}))), whatIf(SetupBrowser("")))},
	{name: "says yes to a location", rule: ruleWhatIf + ": a location in the request is evaluated", facts: with(everybody(locations(ids("All"), ids("AllTrusted"))), whatIf(SetupBrowser(""), "CA")), want: "CA: sure MFA"},
	{name: "says no to a location", rule: ruleWhatIf + ": what the request leaves out is not evaluated", facts: with(everybody(locations(ids("All"), ids("AllTrusted"))), whatIf(SetupBrowser(""))), want: "CA: may MFA not expected"},
	{name: "of another sign-in", rule: ruleWhatIf + ": what-if is about one sign-in", facts: with(everybody(), whatIf(LegacyAuthentication())), want: "CA: sure MFA everywhere"},
	{name: "after an exclusion", rule: ruleUsers + ": exclusion overrides inclusion, at once", facts: with(on(admin, ca(without(graph.PolicyUsers{ExcludeUsers: ids(me)}))), whatIf(SetupBrowser(""), "CA"))},
	{name: "of a disabled policy", rule: ruleWhatIf + ": what-if includes policies that are not enforced", facts: with(everybody(in(graph.StateReportOnly)), whatIf(SetupBrowser(""), "CA"))},
	{
		name: "before the role was assigned", rule: ruleWhatIf + ": what-if is asked for the account as it is",
		facts: with(on(member, ca(users(graph.PolicyUsers{IncludeRoles: ids(graph.GlobalAdministrator)}))), whatIf(SetupBrowser(""))).WithRole(graph.GlobalAdministrator), want: "CA: sure MFA everywhere",
	},
	{
		name: "before an excluded role was assigned", rule: ruleWhatIf + ": what-if is asked for the account as it is",
		facts: with(on(member, ca(without(graph.PolicyUsers{ExcludeRoles: ids(graph.GlobalAdministrator)}))), whatIf(SetupBrowser(""), "CA")).WithRole(graph.GlobalAdministrator),
	},
	{
		name: "lags behind the role", rule: ruleWhatIf + ": what-if evaluates the tenant as it knows it",
		facts: with(on(admin, ca(users(graph.PolicyUsers{IncludeRoles: ids(graph.GlobalAdministrator)}))), whatIf(SetupBrowser(""))), want: "CA: sure MFA everywhere disputed",
	},
	{name: "alone, the policies refused", rule: ruleWhatIf + ": what-if needs less than the list", facts: with(on(admin), whatIf(SetupBrowser(""), "CA"), noPolicies), want: "CA: sure MFA unread"},
	{name: "of a policy newer than the list", rule: ruleWhatIf + ": what-if evaluates all policies", facts: with(on(admin), whatIf(SetupBrowser(""), "CA")), want: "CA: sure MFA unread"},
	{name: "alone, of a state of next year", rule: ruleWhatIf + ": a policy in a state that is not known may be enforced", facts: with(on(admin), whatIf(SetupBrowser(""), "CA"), noPolicies, verdictIn("enabledForSome")), want: "CA: may MFA unread"},
	{name: "alone, report-only", rule: ruleWhatIf + ": what-if includes policies that are not enforced", facts: with(on(admin), whatIf(SetupBrowser(""), "CA"), noPolicies, verdictIn(graph.StateReportOnly))},
	{name: "refused with the policies", rule: ruleWhatIf + ": what-if needs a permission", facts: with(on(admin), noPolicies)},
}

func noPolicies(f *Facts) { f.Policies = Read([]graph.Policy(nil), errRefused) }

// verdictIn is what-if's first verdict, with its policy in another state.
func verdictIn(state string) func(*Facts) {
	return func(f *Facts) {
		verdicts, _ := f.WhatIf[SetupBrowser("").ID].Value()
		verdicts[0].State = state
	}
}

// reason is what-if saying why a policy does not apply.
func reason(id, why string) func(*Facts) {
	return func(f *Facts) {
		f.WhatIf = map[string]Reading[[]graph.WhatIf]{SetupBrowser("").ID: Read([]graph.WhatIf{{PolicyID: id, State: graph.StateEnabled, Reasons: why}}, nil)}
		f.WhatIfRoles = f.Account.Roles
	}
}

func risky(p *graph.Policy) { p.Risk.SignIn = ids("high") }

func devices(mode string) change {
	return func(p *graph.Policy) { p.Devices = graph.Filter{Mode: mode, Rule: "device.isCompliant -eq True"} }
}
