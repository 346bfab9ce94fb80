package steps

import (
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
)

// readyPosture is a tenant in which nothing stops the onboarding.
func readyPosture() posture {
	return posture{
		roles:    analysis.Read([]graph.Role{{TemplateID: graph.GlobalAdministrator, Name: "Global Administrator"}}, nil),
		domains:  analysis.Read([]graph.Domain{{Name: "contoso.com", Verified: true, Default: true}}, nil),
		defaults: analysis.Read(false, nil),
		policies: analysis.Read[[]graph.Policy](nil, graph.ErrUnlicensed),
		apps:     analysis.Read[[]app](nil, nil),
	}
}

// The check blocks while a row does, offers the choices that free it, and ends with a plan that was accepted.
func TestChecked(t *testing.T) {
	t.Parallel()
	ready := readyPosture()
	on, nobody, unreadable := ready, ready, ready
	on.defaults = analysis.Read(true, nil)
	nobody.roles = analysis.Read[[]graph.Role](nil, nil)
	unreadable.policies = analysis.Read[[]graph.Policy](nil, graph.ErrForbidden)
	named := memory{account: serviceName, org: graph.Organization{DefaultDomain: "contoso.com", DisplayName: "Contoso"}}
	named.appPasswords.version = versionNewer
	off, shown, lasts := named, named, named
	lasts.choices.roleLasts = true
	off.defaults.choice = defaultsOff
	shown.choices.planShown = true
	unfit, accepted := shown, shown
	unfit.choices.unfit = serviceName.String()
	accepted.plan = &Plan{}
	for name, c := range map[string]struct {
		p      posture
		m      memory
		found  foundUser
		want   tabled
		fields bool
	}{
		"ready":                        {ready, named, foundUser{}, tabled{Ready, 0, actRoleLasts}, false}, // nothing was read of the licences
		"no role":                      {nobody, named, foundUser{}, tabled{Blocked, 0, actReread}, false},
		"policies can't be read":       {unreadable, named, foundUser{}, tabled{Blocked, 0, actReread}, false},
		"security defaults":            {on, named, foundUser{}, tabled{Blocked, 0, actPlan}, true},
		"security defaults, decided":   {on, off, foundUser{}, tabled{Ready, 0, actRoleLasts}, false},
		"the role lasts":               {ready, lasts, foundUser{}, tabled{Ready, 0, actPlan}, false},
		"the name is taken":            {ready, named, foundUser{user: graph.User{ID: "1", Synced: true}}, tabled{Blocked, 0, actPlan}, true},
		"the plan":                     {ready, shown, foundUser{}, tabled{Ready, 0, ActApply}, true},
		"the name was found unfit":     {ready, unfit, foundUser{}, tabled{Ready, 0, actAccept}, true},
		"the plan is accepted":         {ready, accepted, foundUser{}, tabled{Done, 0, ActNext}, false},
		"accepted, and it blocks anew": {nobody, accepted, foundUser{}, tabled{Blocked, 0, actReread}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c.found.name = serviceName
			c.m.posture, c.m.found, c.m.user = &c.p, &c.found, c.found.user
			f := checked(&c.p, &c.m, c.found)
			c.want.of(t, f)
			if (len(f.Fields) > 0) != c.fields {
				t.Errorf("it asks for %+v", f.Fields)
			}
		})
	}
}
