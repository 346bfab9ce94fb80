package state

import (
	"slices"
	"strings"
)

// MailboxLocked says whether an account has a mailbox: one of its licences, its own or those of its groups, has Exchange
// Online in it.
func (t *Tenant) MailboxLocked(u *User) bool {
	return slices.ContainsFunc(t.Organization.SKUs, func(s *SKU) bool {
		exchange := slices.ContainsFunc(s.Plans, func(p servicePlan) bool { return strings.HasPrefix(p.Name, "EXCHANGE_S_") })
		return exchange && slices.Contains(t.Directory.LicencesLocked(u), s.ID)
	})
}

// LicencesLocked are the ids of an account's licences: those assigned to it and those that its groups bring
// (https://learn.microsoft.com/entra/fundamentals/concept-group-based-licensing).
func (d *Directory) LicencesLocked(u *User) []string {
	all := slices.Clone(u.Licences)
	for _, g := range d.GroupsOfLocked(u) {
		for _, id := range g.Licences {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}
