package steps

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"delegate365-onboard/graph"
)

// tenantRows are the rows of the check, in order. A part that has not arrived is shown as being read; one that could
// not be read says so and is never ok.
func tenantRows(p posture, m memory) []Fact {
	return []Fact{
		row("You", p.roles, func(roles []graph.Role) Fact { return rowRoles(roles, licensedForPolicies(p)) }),
		{Label: "Tenant", Value: m.org.DisplayName + " (" + m.org.DefaultDomain + ")", Mark: MarkOK},
		row("Domains", p.domains, rowDomains),
		row("Licences", p.skus, rowLicences),
		row("Secure Score", p.score, rowScore),
		row("Security defaults", p.defaults, rowDefaults),
		row("Conditional Access", p.policies, rowPolicies),
		row("App passwords", p.service, rowAppPasswords),
		row("Delegate365 apps", p.apps, rowApps),
	}
}

// row is the fact for one part of the tenant.
func row[T any](label string, r reading[T], say func(T) Fact) Fact {
	var f Fact
	switch {
	case !r.done:
		f = Fact{Mark: MarkPending}
	case r.err == nil:
		f = say(r.value)
	default:
		f = unread(label, r.err)
	}
	f.Label = label
	return f
}

// unread says what could not be known, and what that means here.
func unread(label string, err error) Fact {
	switch {
	case errors.Is(err, graph.ErrUnlicensed):
		return Fact{Value: "not licensed here", Mark: MarkOK}
	case label == "Secure Score" && errors.Is(err, graph.ErrNotFound):
		return Fact{Value: "none yet", Mark: MarkNote, Note: "New tenants get their first score after some days."}
	case label == "App passwords":
		return Fact{Value: "not known", Mark: MarkNote, Note: "Microsoft does not document how to read it. You will be asked to look."}
	}
	f := Fact{Value: "could not be read", Mark: MarkNote, Note: Explain(err).What}
	if label == "You" || label == "Domains" || label == "Security defaults" {
		f.Mark = MarkBlocks
	}
	return f
}

func licensedForPolicies(p posture) bool { return !errors.Is(p.policies.err, graph.ErrUnlicensed) }

func rowRoles(roles []graph.Role, conditionalAccess bool) Fact {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name
	}
	if missing := missingRoles(roles, conditionalAccess); len(missing) > 0 {
		f := Fact{Value: "no administrator role", Mark: MarkBlocks}
		if len(names) > 0 {
			f.Value = joinAnd(names)
		}
		f.Note = "Sign in as a Global Administrator, or activate that role, or these: " + joinAnd(missing) + "."
		return f
	}
	return Fact{Value: joinAnd(names), Mark: MarkOK}
}

func rowDomains(domains []graph.Domain) Fact {
	usable := usableDomains(domains)
	if len(usable) == 0 {
		return Fact{Value: "no verified, managed domain", Mark: MarkBlocks, Note: "The account needs a domain whose passwords are kept in Entra."}
	}
	f := Fact{Value: strings.Join(usable, ", "), Mark: MarkOK}
	var federated []string
	for _, d := range domains {
		if d.Verified && d.Federated {
			federated = append(federated, d.Name)
		}
	}
	if len(federated) > 0 {
		f.Mark, f.Note = MarkNote, "Federated, and so not for this account: "+joinAnd(federated)+"."
	}
	return f
}

func rowLicences(skus []graph.SKU) Fact {
	var names []string
	p1, p2 := false, false
	for _, s := range skus {
		if !s.Enabled {
			continue
		}
		names = append(names, s.PartNumber)
		p1 = p1 || slices.Contains(s.Plans, graph.PlanP1)
		p2 = p2 || slices.Contains(s.Plans, graph.PlanP2)
	}
	switch {
	case p2:
		return Fact{Value: "Entra ID P2", Mark: MarkOK, Note: strings.Join(names, ", ")}
	case p1:
		return Fact{Value: "Entra ID P1", Mark: MarkOK, Note: strings.Join(names, ", ")}
	case len(names) == 0:
		return Fact{Value: "none", Mark: MarkOK}
	}
	return Fact{Value: "no Entra ID P1", Mark: MarkOK, Note: strings.Join(names, ", ")}
}

func rowScore(s graph.SecureScore) Fact {
	f := Fact{Value: fmt.Sprintf("%.0f of %.0f", s.Current, s.Max), Mark: MarkNote, Ratio: s.Current, Of: s.Max}
	for _, a := range s.Averages {
		if a.Basis == "TotalSeats" {
			f.Note = fmt.Sprintf("Tenants of this size reach %.0f on average.", a.Score)
		}
	}
	return f
}

func rowDefaults(on bool) Fact {
	if on {
		return Fact{
			Value: "on", Mark: MarkBlocks,
			Note: "They demand MFA of every administrator, make no exception for one account, and rule app passwords out. They have to be off, with Conditional Access or per-user MFA in their place.",
		}
	}
	return Fact{Value: "off", Mark: MarkOK}
}

func rowPolicies(policies []graph.Policy) Fact {
	on, demanding := 0, 0
	for _, p := range policies {
		if p.State == graph.StateEnabled {
			on++
			if p.DemandsMFA() {
				demanding++
			}
		}
	}
	f := Fact{Value: fmt.Sprintf("%s, %d on", count(len(policies), "policy", "policies"), on), Mark: MarkOK}
	if demanding > 0 {
		f.Mark = MarkNote
		f.Note = count(demanding, "of them demands", "of them demand") + " MFA. Which of them ask the service account is known once it is Global Administrator."
	}
	return f
}

func rowAppPasswords(s graph.MFAServicePolicy) Fact {
	if !s.AllowAppPasswordsKnown {
		return Fact{Value: "not known", Mark: MarkNote, Note: "Microsoft does not document how to read it. You will be asked to look."}
	}
	if s.AllowAppPasswords {
		return Fact{Value: "allowed", Mark: MarkOK}
	}
	return Fact{Value: "not allowed", Mark: MarkNote, Note: "A step of this onboarding allows them, for the whole tenant."}
}

func rowApps(apps []app) Fact {
	if len(apps) == 0 {
		return Fact{Value: "none", Mark: MarkOK}
	}
	names := make([]string, len(apps))
	for i, a := range apps {
		names[i] = a.DisplayName
	}
	return Fact{Value: joinAnd(names), Mark: MarkDecide, Note: "Delegate365's setup has run here before. Decide below whether it runs again."}
}

const accountLabel = "Service account"

// accountRow is the row about what has the service account's name.
func accountRow(f foundUser) Fact {
	row := Fact{Label: accountLabel, Value: f.name.String(), Mark: MarkOK}
	switch {
	case f.err != nil:
		problem := Explain(f.err)
		row.Mark, row.Note = MarkBlocks, problem.What+" "+problem.Next
	case f.exposed:
		row.Mark, row.Note = MarkDecide, "It is Global Administrator, and nothing demands MFA of it now. Go on, or leave: leaving puts MFA back."
	case f.user.Synced:
		row.Mark, row.Note = MarkBlocks, "An account of this name comes from an on-premises directory. Choose another name."
	case ours(f.user):
		row.Mark, row.Note = MarkNote, "It exists, made by this program; per-user MFA is "+string(f.mfa)+". It is used again, with a new password."
	case f.user.ID != "":
		row.Mark, row.Note = MarkDecide, "An account of this name exists that this program did not make: "+f.user.DisplayName+". Choose another name, or decide in the next step."
	case f.deleted.ID != "":
		row.Mark, row.Note = MarkDecide, "A deleted account had this name. Choose another name, or decide in the next step."
	default:
		row.Note = "It does not exist yet."
	}
	return row
}
