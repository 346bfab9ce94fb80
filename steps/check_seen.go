package steps

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/panics"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// ReportSeen is what the check saw of something that no page of Microsoft's says. The first real tenants settle it.
type ReportSeen struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Saw   string `json:"saw"`
}

// seen says what the tenant answered to each of the five questions that documents leave open.
func seen(ctx context.Context, client *graph.Client, p *posture, platform string) []ReportSeen {
	var me graph.User
	var meErr error
	var preview string
	whatIf := p.whatIf
	_ = panics.Each(
		func() error { me, meErr = client.Users.Me(ctx); return nil },
		func() error { preview = sawOfPreview(ctx, client, p); return nil },
		func() error { // nothing but this asks it where there is no policy that it could judge
			if errors.Is(p.policies.Err(), graph.ErrUnlicensed) {
				whatIf = analysis.Read(probe(ctx, client, platform))
			}
			return nil
		},
	)
	premium := map[string]string{
		"unknown": phrase.T("whether it is licensed for Entra ID P1 could not be read"), "free": phrase.T("without Entra ID P1"),
		"p1": phrase.T("with Entra ID P1"), "p2": phrase.T("with Entra ID P2"),
	}[licenceName(p)]
	return []ReportSeen{
		{"what-if", "What-if", phrase.T("%s, in a tenant %s", sawOf(whatIf.Err(), phrase.T("answered about %s", phrase.Count(whatIf.Content(), "policy", "policies"))), premium)},
		{"app-password-setting", phrase.T("App-password setting"), sawOf(p.service.Err(), phrase.T("has the members %s", phrase.JoinAnd(slices.Sorted(maps.Keys(p.service.Content().Members)))))},
		{"me", phrase.T("Your account"), sawOf(meErr, phrase.T("/me answered as %s", me.UserPrincipalName))},
		{"protected-actions", phrase.T("Protected actions"), sawOf(p.protected.Err(), phrase.T("%s for an authentication context", phrase.Count(len(p.protected.Content()), "action asks", "actions ask")))},
		{"preview-policies", phrase.T("Preview policies"), preview},
	}
}

// sawOfPreview compares the policies that were read with those that version 1.0 lists.
func sawOfPreview(ctx context.Context, client *graph.Client, p *posture) string {
	listed := phrase.Count(len(p.policies.Content()), "policy", "policies")
	refused, _ := errors.AsType[*graph.Error](p.policies.Err())
	empty := errors.Is(p.policies.Err(), graph.ErrUnlicensed) && refused != nil && refused.Status == 0 // answered, with nothing in it
	switch {
	case p.policies.Err() != nil && !empty:
		return sawOf(p.policies.Err(), "")
	case p.hides:
		return phrase.T("beta lists none that can be read; version 1.0 lists %s", listed)
	}
	out, err := client.ConditionalAccess.LeftOut(ctx, p.policies.Content())
	return sawOf(err, phrase.T("beta lists %s, of which version 1.0 leaves %d out", listed, out))
}

// sawOf is the answer, or the refusal with Microsoft's status and code.
func sawOf(err error, answered string) string {
	if err == nil {
		return answered
	}
	e, ok := errors.AsType[*graph.Error](err)
	if !ok || e.Status == 0 {
		return phrase.T("no answer: %s", Explain(err).What)
	}
	return strings.TrimSpace(phrase.T("refused with %d %s", e.Status, e.Code))
}
