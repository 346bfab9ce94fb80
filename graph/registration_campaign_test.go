package graph

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAuthenticationMethodsPolicy(t *testing.T) {
	s := simulate(t, "business")
	s.Settings.SetMethod("Sms", false)
	p, err := s.as(globalReader).MFA.AuthenticationMethodsPolicy(t.Context())
	if err != nil || p.Migration != "migrationInProgress" || strings.Join(p.Enabled, " ") != "microsoftAuthenticator softwareOath temporaryAccessPass" {
		t.Errorf("%+v, %v", p, err)
	}
	want := []CampaignTarget{{"all_users", "group", "microsoftAuthenticator"}}
	if k := p.Campaign; k.State != "default" || k.SnoozeDays != 1 || !slices.Equal(k.Include, want) || k.Exclude != nil {
		t.Errorf("campaign %+v", k)
	}
	if _, err := answering(t, `{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"state":1}}}`).MFA.AuthenticationMethodsPolicy(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a campaign that is none: %v", err)
	}
}

func answering(t *testing.T, body string) *Client {
	t.Helper()
	return newTestClient(t, &answers{t: t, list: []func(http.ResponseWriter){ok(body)}})
}

func TestCampaignExclusions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "business")
		c := s.as(globalAdmin, "Policy.ReadWrite.AuthenticationMethod")
		ours, theirs := CampaignTarget{ID: s.id(nobodyMuch), Type: "user"}, CampaignTarget{ID: s.id(globalAdmin), Type: "user"}
		set := func(exclude ...CampaignTarget) Campaign {
			t.Helper()
			p, err := c.MFA.AuthenticationMethodsPolicy(t.Context())
			if err == nil {
				err = c.MFA.ChangeCampaignExclusions(t.Context(), becoming(exclude...))
			}
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Second)
			after, err := c.MFA.AuthenticationMethodsPolicy(t.Context())
			if k := after.Campaign; err != nil || k.State != p.Campaign.State || k.SnoozeDays != 1 || !slices.Equal(k.Include, p.Campaign.Include) || after.Migration != p.Migration {
				t.Errorf("more than the exclusions changed: %+v, %v", after, err)
			}
			return after.Campaign
		}
		for _, want := range [][]CampaignTarget{{theirs}, {theirs, ours}, {theirs}, nil} {
			if got := set(want...); !slices.Equal(got.Exclude, want) {
				t.Errorf("%v reads as %v", want, got.Exclude)
			}
		}
		for who, other := range map[string]*Client{"without the permission": s.as(globalAdmin, "Policy.Read.All"), "without the role": s.as(policiesAdmin)} {
			if err := other.MFA.ChangeCampaignExclusions(t.Context(), becoming(ours)); !errors.Is(err, ErrForbidden) {
				t.Errorf("%s: %v", who, err)
			}
		}
	})
}

// What this program does not know of the campaign goes back as it came, and the documented answer to the change is a
// 200 with the whole policy.
func TestCampaignIsKeptWhole(t *testing.T) {
	const policy = `{"id":"authenticationMethodsPolicy","policyMigrationState":"migrationComplete","registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{
"@odata.type":"#microsoft.graph.authenticationMethodsRegistrationCampaign","snoozeDurationInDays":0,"enforceRegistrationAfterAllowedSnoozes":false,"state":"nextYear",
"includeTargets":[{"id":"all_users","targetType":"group","targetedAuthenticationMethod":"fido2","wave":2}],
"excludeTargets":[{"id":"a","targetType":"user","until":"2027-01-01"},{"id":"b","targetType":"group"}]}},
"authenticationMethodConfigurations":[{"@odata.type":"#microsoft.graph.fido2AuthenticationMethodConfiguration","id":"Fido2","state":"enabled"}]}`
	a := &answers{t: t, list: []func(http.ResponseWriter){ok(policy), ok(policy), ok(policy)}}
	c := newTestClient(t, a)
	p, err := c.MFA.AuthenticationMethodsPolicy(t.Context())
	if err != nil || p.Migration != "migrationComplete" || p.Campaign.State != "nextYear" || p.Enabled[0] != "fido2" || len(p.Campaign.Exclude) != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := c.MFA.ChangeCampaignExclusions(t.Context(), becoming(p.Campaign.Exclude[0], CampaignTarget{ID: "svc", Type: "user"})); err != nil {
		t.Fatal(err)
	}
	want := `{"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"enforceRegistrationAfterAllowedSnoozes":false,` +
		`"excludeTargets":[{"id":"a","targetType":"user","until":"2027-01-01"},{"id":"svc","targetType":"user"}],` +
		`"includeTargets":[{"id":"all_users","targetType":"group","targetedAuthenticationMethod":"fido2","wave":2}],"snoozeDurationInDays":0,"state":"nextYear"}}}`
	if a.body[2] != want || a.got[2].Method != http.MethodPatch || a.got[2].URL.Path != "/beta/policies/authenticationMethodsPolicy" {
		t.Errorf("sent %s %s\n%s", a.got[2].Method, a.got[2].URL, a.body[2])
	}
}

// A campaign of which the answer does not say whom it leaves alone, or that is no campaign, is not written.
func TestCampaignNotKnown(t *testing.T) {
	const policy = `{"id":"authenticationMethodsPolicy","registrationEnforcement":{"authenticationMethodsRegistrationCampaign":%s}}`
	for name, answer := range map[string]string{
		"no campaign": fmt.Sprintf(policy, `null`), "no list": fmt.Sprintf(policy, `{"state":"enabled"}`), "another list": fmt.Sprintf(policy, `{"excludeTargets":1}`),
		"no target": fmt.Sprintf(policy, `{"excludeTargets":[1]}`), "nothing": `{}`, "another policy": `{"id":"authorizationPolicy"}`,
	} {
		a := &answers{t: t, list: []func(http.ResponseWriter){ok(answer)}}
		err := newTestClient(t, a).MFA.ChangeCampaignExclusions(t.Context(), becoming())
		if !errors.Is(err, ErrUnavailable) || OutcomeOf(err) != Refused || len(a.got) != 1 {
			t.Errorf("%s: %v, %d requests", name, err, len(a.got))
		}
	}
}

func becoming(exclude ...CampaignTarget) func([]CampaignTarget) []CampaignTarget {
	return func([]CampaignTarget) []CampaignTarget { return exclude }
}
