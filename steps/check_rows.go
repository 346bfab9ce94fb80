package steps

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// The ids of the check's rows, as other programs find them in a CheckReport.
const (
	rowYou        = "operator"
	rowTenant     = "tenant"
	rowDomain     = "domains"
	rowLicence    = "licences"
	rowScored     = "secure-score"
	rowDefaults   = "security-defaults"
	rowPolicy     = "conditional-access"
	rowManaged    = "upcoming-policies"
	rowCampaign   = "registration-campaign"
	rowReset      = "self-service-password-reset"
	rowMigration  = "authentication-methods"
	rowSetting    = "app-password-setting"
	rowPassword   = "app-password"
	rowSecrets    = "client-secrets"
	rowApp        = "delegate365-apps"
	rowAudit      = "audit-log"
	rowAccount    = "service-account"
	rowWindow     = "open-window"
	accountLabel  = "Service account"
	defaultsLabel = "Security defaults"
	policyLabel   = "Conditional Access"
	passwordLabel = "App password"
)

// checkRows are the rows of the check, in order: the tenant's, then the account's.
func checkRows(p *posture, m *memory, found foundUser) []Fact {
	rows := slices.Concat(tenantRows(p, m), missedRow(m), ownRoleRow(p, m), roleRow(p, m), []Fact{accountRow(p, m, found), appPasswordVerdict(p, m)})
	return withPages(rows, p, m, found)
}

// missedRow says that a window may be open which could not be looked for; none where everything was looked at.
func missedRow(m *memory) []Fact {
	said := missedSaid(m)
	if said.IsZero() {
		return nil
	}
	return []Fact{{ID: rowWindow, Label: phrase.T("Exposure window"), Value: phrase.T("not known"), Mark: MarkNote, Note: said.String()}}
}

// tenantRows are the rows about the tenant, in order. A part that has not arrived is shown as being read; one that could
// not be read says so and is never ok.
func tenantRows(p *posture, m *memory) []Fact {
	scored := p.score
	if scored.Done() && scored.Err() == nil && !p.controls.Done() { // it names what it rests on
		scored = analysis.Reading[graph.SecureScore]{}
	}
	return []Fact{
		row(rowYou, phrase.T("You"), p.roles, func(roles []graph.Role) Fact { return sayRoles(roles, p) }),
		sayTenant(m),
		row(rowDomain, phrase.T("Domains"), p.domains, sayDomains),
		row(rowLicence, phrase.T("Licences"), p.skus, sayLicences),
		row(rowScored, phrase.T("Secure Score"), scored, func(s graph.SecureScore) Fact { return sayScore(s, p.controls) }),
		row(rowDefaults, phrase.T(defaultsLabel), p.defaults, func(on bool) Fact { return sayDefaults(on, m) }),
		policyRow(p, m),
		row(rowManaged, phrase.T("Microsoft's policies"), p.policies, func([]graph.Policy) Fact { return sayUpcoming(p, m) }),
		row(rowCampaign, phrase.T("Registration campaign"), p.methods, sayCampaign),
		row(rowReset, phrase.T("Password reset"), p.authorization, sayReset),
		row(rowMigration, phrase.T("Methods policy"), p.methods, sayMigration),
		row(rowSetting, phrase.T("App-password setting"), p.service, saySetting),
		row(rowSecrets, phrase.T("New client secrets"), p.secrets, func(s graph.AppManagementPolicy) Fact { return saySecrets(s, m) }),
		row(rowApp, phrase.T("Delegate365 apps"), p.apps, func(apps []app) Fact { return sayApps(apps, m) }),
		row(rowAudit, phrase.T("Audit log"), p.audit, func(bool) Fact { return Fact{Value: phrase.T("can be read"), Mark: MarkOK} }),
	}
}

// sayTenant names the tenant. Where the answer does not, nobody can see that it is the right one.
func sayTenant(m *memory) Fact {
	f := Fact{ID: rowTenant, Label: phrase.T("Tenant"), Mark: MarkOK, Note: phrase.T("%s cloud", cloudName(m.signedIn.cloud))}
	if ownCloud(m.signedIn.cloud) {
		f.Note = phrase.T("Cloud") + ": " + cloudName(m.signedIn.cloud)
	}
	f.Value = cmp.Or(m.org.DisplayName, m.org.ID) + " (" + cmp.Or(m.org.DefaultDomain, phrase.T("domain not known")) + ")"
	if m.org.DisplayName == "" || m.org.DefaultDomain == "" {
		f.Mark, f.Note = MarkNote, phrase.T("%s; Microsoft's answer does not say all of it. Its id is %s.", f.Note, cmp.Or(m.org.ID, phrase.T("not known")))
	}
	return f
}

// row is the fact for one part of the tenant.
func row[T any](id, label string, r analysis.Reading[T], say func(T) Fact) (f Fact) {
	if r.Done() && r.Err() == nil {
		f = say(r.Content())
	} else {
		f = withoutContent(id, r.Done(), r.Err())
	}
	f.ID, f.Label = id, label
	return f
}

// withoutContent is the fact for one that was not read yet, or could not be.
func withoutContent(id string, done bool, err error) Fact {
	if !done {
		return Fact{Mark: MarkPending}
	}
	return unread(id, err)
}

// unread says what could not be known, and what that means here.
func unread(id string, err error) Fact {
	switch {
	case errors.Is(err, errNoScore):
		return Fact{Value: phrase.T("not offered in this cloud"), Mark: MarkNote, Note: phrase.T("Nothing was asked for it.")}
	case errors.Is(err, graph.ErrUnlicensed):
		return Fact{Value: phrase.T("not licensed here"), Mark: MarkOK}
	case id == rowScored && errors.Is(err, graph.ErrNone):
		return Fact{Value: phrase.T("none yet"), Mark: MarkNote, Note: phrase.T("New tenants get their first score after some days.")}
	case id == rowSetting:
		return Fact{Value: phrase.T("not known"), Mark: MarkNote, Note: phrase.T("Microsoft does not document how to read it. You will be asked to look.")}
	}
	f := Fact{Value: phrase.T("could not be read"), Mark: MarkNote, Note: Explain(err).What}
	if errors.Is(err, graph.ErrNotFound) {
		f.Note = phrase.T("Microsoft answers that it has no such thing for this tenant.")
	}
	if id == rowAudit {
		f.Note += " " + phrase.T("When something happened in the tenant, and by whom, can't be said then.")
	}
	if id == rowSecrets {
		f.Note += " " + phrase.T("Should setup say that a credential type is not allowed, the app management policy forbids it.")
	}
	switch id {
	case rowYou, rowDomain, rowDefaults:
		f.Mark = MarkBlocks
	case rowApp:
		f.Mark = MarkBlocks
		f.Note += " " + phrase.T("Whether Delegate365's setup worked could not be seen then.")
	}
	return f
}

// policyRow is the row about Conditional Access. Policies that can't be read block, because nobody could say whether they
// ask the account for MFA; unless the tenant's licences let it have none.
func policyRow(p *posture, m *memory) Fact {
	f := row(rowPolicy, phrase.T(policyLabel), p.policies, func(all []graph.Policy) Fact { return sayPolicies(all, p, m) })
	switch err := p.policies.Err(); {
	case err == nil || errors.Is(err, graph.ErrUnlicensed):
	case p.conditionalAccess() == unlicensed:
		f.Note += " " + phrase.T("The tenant has no Entra ID P1, so that it can make no policy. One of a licence that ended would only show when setup is refused.")
	default:
		f.Mark = MarkBlocks
		f.Note += " " + phrase.T("Whether a policy asks the account for MFA can't be known then.") + " "
		if lacks(p.roles.Content(), policyReaders) {
			f.Note += phrase.T("Listing them takes Global Administrator, Conditional Access Administrator, Security Administrator, Security Reader or Global Reader.")
		} else {
			f.Note += phrase.T("Your role may list them: check again later, and if it stays so, ask Microsoft.")
		}
	}
	return f
}

// licensedForPolicies reports that policies can be changed here, as far as that is known.
func licensedForPolicies(p *posture) bool { return p.conditionalAccess() == licensed }

func sayRoles(roles []graph.Role, p *posture) Fact {
	eligible, conditionalAccess := p.eligible.Content(), licensedForPolicies(p)
	names := rolesSpoken(roles)
	missing := missingRoles(roles, conditionalAccess)
	if len(missing) == 0 {
		f := Fact{Value: phrase.JoinAnd(names), Mark: MarkOK}
		if notes := p.unreadable(roles); len(notes) > 0 {
			f.Mark, f.Note = MarkNote, strings.Join(notes, " ")
		}
		return f
	}
	f := Fact{Value: phrase.T("no administrator role is active"), Mark: MarkBlocks}
	if len(names) > 0 {
		f.Value = phrase.JoinAnd(names)
	}
	if activatable(p) {
		f.Note = phrase.T("You are eligible for %s, but it is not active. Activate it under My roles in Privileged Identity Management, then check again.", phrase.JoinAnd(rolesSpoken(eligible)))
		return f
	}
	f.Note = phrase.T("Sign in as a Global Administrator, or activate that role, or these: %s.", phrase.JoinAnd(missing))
	if p.eligible.Err() != nil && !errors.Is(p.eligible.Err(), graph.ErrUnlicensed) {
		f.Note += " " + phrase.T("Which roles you could activate could not be read.")
	}
	return f
}

// activatable reports that the operator lacks nothing but the activation of roles that they are eligible for.
func activatable(p *posture) bool {
	roles, eligible, conditionalAccess := p.roles.Content(), p.eligible.Content(), licensedForPolicies(p)
	return p.roles.Err() == nil && len(eligible) > 0 && len(missingRoles(roles, conditionalAccess)) > 0 &&
		len(missingRoles(slices.Concat(roles, eligible), conditionalAccess)) == 0
}

// rolesSpoken are their names, in the spoken language where it is the one that the onboarding gives.
func rolesSpoken(roles []graph.Role) []string {
	names := roleNames(roles)
	for i, r := range roles {
		if r.TemplateID == graph.GlobalAdministrator {
			names[i] = phrase.T(roleLabel)
		}
	}
	return names
}

func roleNames(roles []graph.Role) []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name
	}
	return names
}

func sayDomains(domains []graph.Domain) Fact {
	usable := usableDomains(domains)
	if len(usable) == 0 {
		return Fact{Value: phrase.T("no verified, managed domain"), Mark: MarkBlocks, Note: phrase.T("The account needs a domain whose passwords are kept in Entra.")}
	}
	f := Fact{Value: strings.Join(usable, ", "), Mark: MarkOK}
	var federated []string
	for _, d := range domains {
		if d.Verified && d.Federated {
			federated = append(federated, d.Name)
		}
	}
	if len(federated) > 0 {
		f.Mark, f.Note = MarkNote, phrase.T("Federated, and so not for this account: %s.", phrase.JoinAnd(federated))
	}
	return f
}

func sayLicences(skus []graph.SKU) Fact {
	var names, ended []string
	p1, p2 := false, false
	for _, s := range skus {
		if !s.Enabled {
			ended = append(ended, cmp.Or(product(s.PartNumber), phrase.T("one without a name"))+" ("+cmp.Or(s.Status, phrase.T("its state is not known"))+")")
			continue
		}
		names = append(names, product(s.PartNumber))
		p1 = p1 || slices.Contains(s.Plans, graph.PlanP1)
		p2 = p2 || slices.Contains(s.Plans, graph.PlanP2)
	}
	f := Fact{Value: phrase.T("no Entra ID P1"), Mark: MarkOK, Note: strings.Join(names, ", ")}
	switch {
	case p2:
		f.Value = phrase.T("Entra ID P2")
	case p1:
		f.Value = phrase.T("Entra ID P1")
	case len(ended) > 0:
		f.Value, f.Mark, f.Note = phrase.T("no Entra ID P1 in force"), MarkNote, strings.Join(append(names, ended...), ", ")
	case len(names) == 0:
		f.Value = phrase.T("none")
	}
	return f
}

func saySetting(s graph.MFAServicePolicy) Fact {
	switch {
	case !s.AllowAppPasswordsKnown:
		return unread(rowSetting, errNoSetting)
	case s.AllowAppPasswords:
		return Fact{Value: phrase.T("allowed"), Mark: MarkOK}
	}
	return Fact{Value: phrase.T("not allowed"), Mark: MarkNote, Note: phrase.T("App passwords are allowed, for the whole tenant, only if this Delegate365 needs one.")}
}

func sayApps(apps []app, m *memory) Fact {
	if len(apps) == 0 {
		return Fact{Value: phrase.T("none"), Mark: MarkOK}
	}
	names := make([]string, len(apps))
	for i, a := range apps {
		names[i] = a.DisplayName
	}
	f := Fact{Value: phrase.JoinAnd(names), Mark: MarkDecide, Note: phrase.T("Delegate365's setup has run here before. The plan runs it again, and it replaces its apps, unless its line \"Delegate365's setup\" is changed.")}
	if m.setupWanted() == setupKeep {
		f.Note = phrase.T("Delegate365's setup has run here before. The plan keeps its apps, unless its line \"Delegate365's setup\" is changed.")
	}
	return f
}
