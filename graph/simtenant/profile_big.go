package simtenant

import (
	"fmt"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
)

// How much there is in the profile big.
const (
	bigUsers             = 100_000
	bigPolicies          = 500
	bigServicePrincipals = 5_000
	bigGroups            = 200
)

// buildBig is the company of business grown to a hundred thousand accounts, five hundred Conditional Access policies and
// five thousand applications. The same two policies come to demand MFA of a new Global Administrator.
func buildBig(t *Tenant) {
	buildBusiness(t)
	premium := t.skus[0]
	premium.enabled = bigUsers + 1000
	t.crowd = &crowd{
		size: bigUsers - len(t.users), key: t.rng.Uint64(), created: t.created, licence: premium.id, met: map[int]*user{}, gone: map[int]bool{},
	}
	var departments []*group
	for i := range bigGroups {
		g := &group{id: t.newIDLocked(), displayName: fmt.Sprintf("Department %03d", i+1)}
		for n := range 5 {
			g.members = append(g.members, t.crowd.id(i*5+n))
		}
		departments = append(departments, g)
	}
	t.groups = append(t.groups, departments...)
	policies := t.policies.Latest()
	states := []string{conditionalaccess.Enabled, conditionalaccess.ReportOnly, conditionalaccess.Disabled, conditionalaccess.Enabled}
	for i := len(policies); i < bigPolicies; i++ {
		g := departments[i%len(departments)]
		p := t.newPolicy(fmt.Sprintf("D%03d - %s", i, g.displayName), states[i%len(states)], conditionalaccess.Users{IncludeGroups: []string{g.id}}, grant([]string{"mfa", "block", "compliantDevice"}[i%3]))
		p.CreatedDateTime = t.created.Add(time.Duration(i) * time.Hour)
		policies = append(policies, p)
	}
	t.policies.Settle(policies)
	for i := len(t.sps); i < bigServicePrincipals; i++ {
		t.sps = append(t.sps, &servicePrincipal{
			id: t.newIDLocked(), appID: t.newIDLocked(), displayName: fmt.Sprintf("Contoso application %04d", i), ownerTenant: t.id, created: t.created,
			tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"},
		})
	}
}
