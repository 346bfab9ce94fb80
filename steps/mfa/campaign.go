package mfa

import (
	"context"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/graph/pause"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// The registration campaign urges whoever has just passed MFA to register one more method. Where that can't be put off, the
// account is excluded from it together with what demands MFA. The campaign is read whenever it is written, and only our account
// is changed in it.
// https://learn.microsoft.com/entra/identity/authentication/how-to-mfa-registration-campaign

const campaignUsers, allCampaignUsers, andOurs phrase.Format = "excluded users of the registration campaign", "as they are", "and this account"

// CampaignLeft is the change that takes the account out of the campaign.
func CampaignLeft() finding.Change {
	return finding.Changed(finding.Modify, phrase.Both(campaignUsers), phrase.Both(allCampaignUsers), phrase.Both(andOurs))
}

// CampaignRestored is the change that puts it back.
func CampaignRestored() finding.Change {
	return finding.Changed(finding.Modify, phrase.Both(campaignUsers), phrase.Both(andOurs), phrase.Both("as they were"))
}

// IsCampaign reports the registration campaign among the demands.
func IsCampaign(d analysis.Demand) bool { return d.Kind == analysis.RegistrationCampaign }

// InCampaign reports a user whom the campaign itself excludes.
func InCampaign(c graph.Campaign, userID string) bool {
	return slices.ContainsFunc(c.Exclude, func(t graph.CampaignTarget) bool { return objectid.Same(t.ID, userID) })
}

func campaignInverse(tenantID, userID string) journal.Inverse {
	return journal.Inverse{Kind: journal.InverseCampaignExclusion, TargetID: tenantID, Value: userID}
}

// LeaveCampaign takes the account out of the campaign.
func (a Account) LeaveCampaign(ctx context.Context) error {
	campaign, err := a.campaign(ctx)
	if err != nil || InCampaign(campaign, a.User.ID) {
		return err
	}
	a.Owed.Update(func(o *Owed) { o.Campaign, o.CampaignSince = true, time.Now() })
	inverse := campaignInverse(a.Tenant.ID, a.User.ID)
	return a.apply(ctx, change.Write{
		Change: CampaignLeft(), Inverse: &inverse, Until: change.Stable,
		Send: func(ctx context.Context) error {
			return a.Client.MFA.ChangeCampaignExclusions(ctx, func(now []graph.CampaignTarget) []graph.CampaignTarget {
				return append(a.others(now), graph.CampaignTarget{ID: a.User.ID, Type: "user"})
			})
		},
		Shows: func(ctx context.Context) (bool, error) {
			now, err := a.campaign(ctx)
			return err == nil && InCampaign(now, a.User.ID), err
		},
	})
}

// RestoreCampaign puts the account back, if that is owed.
func (a Account) RestoreCampaign(ctx context.Context) error {
	if !a.Owed.Owed().Campaign {
		return nil
	}
	campaign, err := a.campaign(ctx)
	if err != nil {
		return err
	}
	inverse := campaignInverse(a.Tenant.ID, a.User.ID)
	back := func(ctx context.Context) (bool, error) {
		now, err := a.campaign(ctx)
		return err == nil && !InCampaign(now, a.User.ID), err
	}
	if !InCampaign(campaign, a.User.ID) && a.surely(ctx, back) {
		a.Writer.NoteRestored(a.Step, inverse)
		a.Owed.Update(func(o *Owed) { o.Campaign = false })
		return nil
	}
	err = a.apply(ctx, change.Write{
		Change: CampaignRestored(), Restores: &inverse, Until: change.Stable, Shows: back,
		Send: func(ctx context.Context) error {
			return a.Client.MFA.ChangeCampaignExclusions(ctx, a.others)
		},
	})
	if err == nil {
		a.Owed.Update(func(o *Owed) { o.Campaign = false })
	}
	return err
}

// surely reports that several reads in a row show the account in the campaign, the last of them when none can be as old any more as before it
// was taken out.
func (a Account) surely(ctx context.Context, back change.Read) bool {
	since := a.Owed.Owed().CampaignSince
	for change.Agreed(ctx, a.Report, back) {
		if time.Since(since) >= Lagging {
			return true
		}
		if pause.For(ctx, time.Second) != nil {
			return false
		}
	}
	return false
}

func (a Account) campaign(ctx context.Context) (graph.Campaign, error) {
	p, err := a.Client.MFA.AuthenticationMethodsPolicy(ctx)
	if err == nil && !p.Campaign.Known() {
		err = graph.ErrUnavailable
	}
	if err != nil {
		return graph.Campaign{}, &problem.Error{Op: "read the registration campaign", Err: err}
	}
	return p.Campaign, nil
}

// others are the excluded besides the account.
func (a Account) others(excluded []graph.CampaignTarget) []graph.CampaignTarget {
	return slices.DeleteFunc(slices.Clone(excluded), func(t graph.CampaignTarget) bool { return objectid.Same(t.ID, a.User.ID) })
}
