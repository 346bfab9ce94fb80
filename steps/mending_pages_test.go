package steps

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
)

// Each row that blocks, however it came to, carries the page where somebody mends it.
func TestBlockingRowsCarryTheirPages(t *testing.T) {
	t.Parallel()
	cloud, err := graph.LookupCloud("global")
	if err != nil {
		t.Fatal(err)
	}
	ready := posture{
		roles:    analysis.Read([]graph.Role{{TemplateID: graph.GlobalAdministrator, Name: "Global Administrator"}}, nil),
		eligible: analysis.Read[[]graph.Role](nil, nil),
		domains:  analysis.Read([]graph.Domain{{Name: "contoso.com", Verified: true, Default: true}}, nil),
		defaults: analysis.Read(false, nil),
		skus:     analysis.Read([]graph.SKU{{PartNumber: "AAD_PREMIUM", Enabled: true, Plans: []string{graph.PlanP1}}}, nil),
		policies: analysis.Read[[]graph.Policy](nil, nil),
		apps:     analysis.Read[[]app](nil, nil),
	}
	m := memory{account: serviceName, org: graph.Organization{DefaultDomain: "contoso.com", DisplayName: "Contoso"}, signedIn: signedIn{cloud: cloud}}
	m.appPasswords.version = versionOlder
	legacy := graph.Policy{
		ID: "1", Name: "Block legacy authentication", State: graph.StateEnabled, ClientAppTypes: []string{"other"},
		Users: graph.PolicyUsers{IncludeUsers: []string{"All"}}, Applications: graph.PolicyApplications{Include: []string{"All"}},
		Grant: &graph.Grant{Operator: "OR", Controls: []string{"block"}},
	}
	for name, c := range map[string]struct {
		change func(p *posture)
		found  foundUser
		row    string
		want   string
	}{
		"nobody":               {func(p *posture) { p.roles = analysis.Read[[]graph.Role](nil, nil) }, foundUser{}, rowYou, cloud.RolesURL()},
		"eligible":             {func(p *posture) { p.eligible, p.roles = p.roles, analysis.Read[[]graph.Role](nil, nil) }, foundUser{}, rowYou, cloud.MyRolesURL()},
		"no domain":            {func(p *posture) { p.domains = analysis.Read[[]graph.Domain](nil, nil) }, foundUser{}, rowDomain, cloud.DomainsURL()},
		"domains forbidden":    {func(p *posture) { p.domains = analysis.Read[[]graph.Domain](nil, graph.ErrForbidden) }, foundUser{}, rowDomain, cloud.MyRolesURL()},
		"security defaults":    {func(p *posture) { p.defaults = analysis.Read(true, nil) }, foundUser{}, rowDefaults, ""},
		"no app password":      {func(p *posture) { p.defaults = analysis.Read(true, nil) }, foundUser{}, rowPassword, cloud.TenantPropertiesURL()},
		"legacy is blocked":    {func(p *posture) { p.policies = analysis.Read([]graph.Policy{legacy}, nil) }, foundUser{}, rowPassword, cloud.ConditionalAccessURL()},
		"policies forbidden":   {func(p *posture) { p.policies = analysis.Read[[]graph.Policy](nil, graph.ErrForbidden) }, foundUser{}, rowPolicy, cloud.MyRolesURL()},
		"applications unread":  {func(p *posture) { p.apps = analysis.Read[[]app](nil, graph.ErrForbidden) }, foundUser{}, rowApp, cloud.MyRolesURL()},
		"synced account":       {func(*posture) {}, foundUser{user: graph.User{ID: "7", Synced: true}}, rowAccount, cloud.UserURL("7")},
		"Microsoft is offline": {func(p *posture) { p.apps = analysis.Read[[]app](nil, graph.ErrOffline) }, foundUser{}, rowApp, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := ready
			c.change(&p)
			c.found.name = serviceName
			m := m
			m.posture, m.found, m.user = &p, &c.found, c.found.user
			blocks := false
			for _, f := range checkRows(&p, &m, c.found) {
				if f.Mark != MarkBlocks && f.Page.URL != "" {
					t.Errorf("%s does not block, and has a page", f.Label)
				}
				if f.ID != c.row || f.Mark != MarkBlocks {
					continue
				}
				blocks = true
				if f.Page.URL != c.want {
					t.Errorf("%s is mended on %+v, want %s", f.Label, f.Page, c.want)
				}
			}
			if !blocks {
				t.Error("the row does not block")
			}
		})
	}
}
