package steps

import (
	"context"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/analysis"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
)

// The registration campaign urges whoever has just passed MFA to register one more method. Where that can't be put off, the
// account is excluded from it together with what demands MFA.
// https://learn.microsoft.com/entra/identity/authentication/how-to-mfa-registration-campaign

// campaignChange is taking the account out of the campaign, or back.
func campaignChange(out bool) Change {
	c := Change{Op: Modify, Object: "excluded users of the registration campaign", From: "as they are", To: "and this account"}
	if !out {
		c.From, c.To = "and this account", "as they were"
	}
	return c
}

func excludesUser(c graph.Campaign, userID string) bool {
	return slices.ContainsFunc(c.Exclude, func(t graph.CampaignTarget) bool { return objectid.Same(t.ID, userID) })
}

// leaveToCampaign takes the account out of the campaign, or puts it back. The campaign is read a moment before, and only
// our account is changed in it.
func leaveToCampaign(ctx context.Context, r *Run, client *graph.Client, user graph.User, out bool, step ID, report func(Event)) error {
	p, err := client.AuthenticationMethodsPolicy(ctx)
	if err != nil {
		return &Error{Op: "read the registration campaign", Err: err}
	}
	inverse := &journal.Inverse{Kind: journal.InverseCampaignExclusion, TargetID: r.see().identity.TenantID, Value: user.ID}
	back := func(ctx context.Context) (bool, error) {
		now, err := client.AuthenticationMethodsPolicy(ctx)
		p = now
		return err == nil && !excludesUser(now.Campaign, user.ID), err
	}
	switch {
	case excludesUser(p.Campaign, user.ID) != out:
	case out:
		return nil
	case change.Agreed(ctx, report, back):
		r.writer.NoteRestored(step, *inverse)
		r.set(func(m *memory) { m.campaignLeft = false })
		return nil
	}
	exclude := slices.DeleteFunc(slices.Clone(p.Campaign.Exclude), func(t graph.CampaignTarget) bool { return objectid.Same(t.ID, user.ID) })
	if out {
		exclude = append(exclude, graph.CampaignTarget{ID: user.ID, Type: "user"})
		r.set(func(m *memory) { m.campaignLeft = true })
	}
	w := change.Write{
		Step: step, Change: campaignChange(out), Until: change.Stable,
		Send: func(ctx context.Context) error { return client.SetCampaignExclusions(ctx, p.Campaign, exclude) },
		Shows: func(ctx context.Context) (bool, error) {
			now, err := client.AuthenticationMethodsPolicy(ctx)
			return err == nil && excludesUser(now.Campaign, user.ID) == out, err
		},
	}
	if out {
		w.Inverse = inverse
	} else {
		w.Restores = inverse
	}
	if err = r.writer.Apply(ctx, report, w); err == nil && !out {
		r.set(func(m *memory) { m.campaignLeft = false })
	}
	return err
}

// known adds what the check read about the tenant to the facts about the account.
func (r *Run) known(f mfaFacts) mfaFacts {
	m := r.see()
	if m.posture != nil {
		f.Facts = m.posture.known(f.Facts)
	}
	f.Platform = m.platform
	return f
}

// isCampaign reports the registration campaign among the demands.
func isCampaign(d analysis.Demand) bool { return d.Kind == analysis.RegistrationCampaign }
