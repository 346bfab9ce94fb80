package simtenant

import (
	"fmt"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
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
func buildBig(t *builder) {
	buildBusiness(t)
	premium := t.Organization.SKUs[0]
	premium.Enabled = bigUsers + 1000
	t.Directory.Crowd = &state.Crowd{
		Size: bigUsers - len(t.Directory.Users), Key: t.Random.Uint64(), Created: t.Organization.Created, Licence: premium.ID, Met: map[int]*state.User{}, Gone: map[int]bool{},
	}
	var departments []*state.Group
	for i := range bigGroups {
		g := &state.Group{ID: t.NewIDLocked(), DisplayName: fmt.Sprintf("Department %03d", i+1)}
		for n := range 5 {
			g.Members = append(g.Members, t.Directory.Crowd.ID(i*5+n))
		}
		departments = append(departments, g)
	}
	t.Directory.Groups = append(t.Directory.Groups, departments...)
	policies := t.Policies.ConditionalAccess.Latest()
	states := []string{conditionalaccess.Enabled, conditionalaccess.ReportOnly, conditionalaccess.Disabled, conditionalaccess.Enabled}
	for i := len(policies); i < bigPolicies; i++ {
		g := departments[i%len(departments)]
		p := t.Policies.NewPolicy(fmt.Sprintf("D%03d - %s", i, g.DisplayName), states[i%len(states)], conditionalaccess.Users{IncludeGroups: []string{g.ID}}, state.Grant([]string{"mfa", "block", "compliantDevice"}[i%3]))
		p.CreatedDateTime = t.Organization.Created.Add(time.Duration(i) * time.Hour)
		policies = append(policies, p)
	}
	t.Policies.ConditionalAccess.Settle(policies)
	for i := len(t.Applications.ServicePrincipals); i < bigServicePrincipals; i++ {
		t.Applications.ServicePrincipals = append(t.Applications.ServicePrincipals, &state.ServicePrincipal{
			ID: t.NewIDLocked(), AppID: t.NewIDLocked(), DisplayName: fmt.Sprintf("Contoso application %04d", i), OwnerTenant: t.Organization.ID, Created: t.Organization.Created,
			Tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"},
		})
	}
}
