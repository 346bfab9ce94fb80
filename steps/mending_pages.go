package steps

import (
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// What blocks is mended by somebody in the portal, so the row carries the page. Where only a choice made here helps, there is none.

// The pages, by what the Entra admin center calls them.

func rolesToActivate(c graph.Cloud) Page {
	return Page{Name: phrase.T("My roles"), URL: c.MyRolesURL()}
}

func conditionalAccessPage(c graph.Cloud) Page {
	return Page{Name: phrase.T("Conditional Access, Policies"), URL: c.ConditionalAccessURL()}
}

func tenantProperties(c graph.Cloud) Page {
	return Page{Name: phrase.T("Overview, Properties, Manage security defaults"), URL: c.TenantPropertiesURL()}
}

// withPages are the rows of the check, those that block or are to be looked at with the page where that is mended.
func withPages(rows []Fact, p *posture, m *memory, found foundUser) []Fact {
	for i, f := range rows {
		if f.Mark == MarkBlocks || f.Mark == MarkLook {
			rows[i].Page = mendedOn(f.ID, p, m, found)
		}
	}
	return rows
}

// mendedOn is the page where what a row of the check says is mended.
func mendedOn(row string, p *posture, m *memory, found foundUser) Page {
	c := m.signedIn.cloud
	var unread error
	switch row {
	case rowYou:
		if len(missingRoles(append(p.roles.Content(), p.eligible.Content()...), licensedForPolicies(p))) > 0 {
			return Page{Name: phrase.T("Roles and administrators"), URL: c.RolesURL()}
		}
		return rolesToActivate(c)
	case rowDomain:
		if unread = p.domains.Err(); unread == nil {
			return Page{Name: phrase.T("Custom domain names"), URL: c.DomainsURL()}
		}
	case rowDefaults:
		unread = p.defaults.Err() // where they are on, they are turned off by this program or by nobody
	case rowPolicy:
		if unread = p.policies.Err(); unread == nil {
			return conditionalAccessPage(c)
		}
	case rowPassword:
		if p.defaults.Content() {
			return tenantProperties(c)
		}
		return conditionalAccessPage(c)
	case rowApp:
		unread = p.apps.Err()
	case rowAccount:
		switch unread = found.err; {
		case found.user.Synced:
			return Page{Name: phrase.T("the account's own page"), URL: c.UserURL(found.user.ID)}
		case m.choices.methods.asked(found.user), doubtsMethods(found, m):
			return methodsPage(c, found.user)
		}
	}
	if errors.Is(unread, graph.ErrForbidden) {
		return rolesToActivate(c)
	}
	return Page{}
}

// withDemandPages are the rows of what demands MFA, with the pages where that which can't be suspended for one account is mended.
func withDemandPages(rows []Fact, f *mfa.Facts, c graph.Cloud) []Fact {
	for i, row := range rows {
		switch {
		case row.Mark == MarkBlocks && f.DefaultsOn():
			rows[i].Page = tenantProperties(c)
		case row.Mark == MarkDecide && row.Label == phrase.T("Conditional Access"):
			rows[i].Page = conditionalAccessPage(c)
		}
	}
	return rows
}
