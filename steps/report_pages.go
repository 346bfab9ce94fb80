package steps

import (
	"errors"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/report"
)

// What a report leads to: pages of the portal, the place among the steps, and the answers by which something could not be read.

// pagesOf are the pages of the cloud's portal; the account's only where its id is known.
func pagesOf(cloud graph.Cloud, account string) report.Pages {
	p := report.Pages{
		MFA: cloud.OwnPage(cloud.PerUserMFAURL()), Settings: cloud.OwnPage(cloud.ServiceSettingsURL()), Policies: cloud.OwnPage(cloud.ConditionalAccessURL()),
	}
	if account != "" {
		p.User = cloud.OwnPage(cloud.UserURL(account))
	}
	return p
}

// placeOf is where a step stands among all; empty where it is none of the onboarding's.
func placeOf(step string) string {
	all := All()
	i := slices.IndexFunc(all, func(s Step) bool { return string(s.Info().ID) == step })
	if i < 0 {
		return ""
	}
	return phrase.T("step %d of %d", i+1, len(all))
}

// claimOf is the answer by which something was refused; nil where none came.
func claimOf(err error, layer string) *report.Claim {
	e, is := errors.AsType[*graph.Error](err)
	if !is || e.RequestID == "" {
		return nil
	}
	at := e.Date
	if at.IsZero() {
		at = time.Now()
	}
	return &report.Claim{Layer: layer, At: at.UTC().Truncate(time.Second), RequestID: e.RequestID}
}
