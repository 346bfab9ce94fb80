package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/journal"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/window"
)

// Where setup did not finish, the service account is a Global Administrator that nobody uses yet, and mostly without a second
// factor: whoever learns its password registers one. Disabled, it can't be signed in to at all, until the next start.

// disableAdmin is asked for when it is chosen: only with it may an administrator's account be disabled
// (https://learn.microsoft.com/graph/api/resources/users#who-can-perform-sensitive-actions).
var disableAdmin = scope{Name: "Directory.AccessAsUser.All", Why: "disable the service account, which is an administrator"}

// CloseAndDisable puts MFA back as CloseExposure does, and then disables the account. An error may come after MFA is back.
func (r *Run) CloseAndDisable(ctx context.Context, report func(Event)) error {
	if err := r.CloseExposure(ctx, report); err != nil {
		return err
	}
	defer r.listen(report)()
	client, user, err := r.account()
	if err != nil {
		return err
	}
	report(Event{Text: phrase.T("Disabling %s", user.UserPrincipalName)})
	if err := r.require(ctx, report, changeUsers, disableAdmin); err != nil {
		return err
	}
	enabled := func(ctx context.Context) (bool, error) {
		now, err := client.Users.User(ctx, user.ID)
		return now.Enabled, err
	}
	return r.window.Writer().Apply(ctx, report, change.Write{
		Step: CloseWindow, Until: change.Once,
		Change:  finding.Changed(Modify, phrase.Both("sign-in of %s", user.UserPrincipalName), phrase.Both("allowed"), phrase.Both("blocked")),
		Inverse: &journal.Inverse{Kind: journal.InverseSignIn, TargetID: user.ID, Value: "allowed"},
		Send:    func(ctx context.Context) error { return client.Users.SetUserEnabled(ctx, user.ID, false) },
		Shows: func(ctx context.Context) (bool, error) {
			on, err := enabled(ctx)
			return err == nil && !on, err
		},
	})
}

// partingWithin is how long leaving waits to know whether a second factor is registered.
const partingWithin = 10 * time.Second

// Parting says, where the end was not reached and no window is open, how the account is left, as the tenant says it now. It is empty
// where this run left none.
func Parting(ctx context.Context, r *Run) string {
	m := r.snapshot()
	client, user, err := r.account()
	closed := m.window.Exposed()
	if err != nil || m.window.Open != nil || len(closed) == 0 && r.Aftermath().Bare == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(graph.Closing(ctx), partingWithin)
	defer cancel()
	if len(closed) > 0 && closed[len(closed)-1].By == phrase.Both(window.AccountGone) {
		return phrase.T("The account %s is gone: %s.", user.UserPrincipalName, phrase.T(window.AccountGone))
	}
	if now, err := client.Users.User(ctx, user.ID); err == nil {
		user = now // somebody may have renamed it
		if !now.Enabled {
			said := phrase.T("%s is disabled.", user.UserPrincipalName)
			if !r.opts.Reports.Ends {
				said += " " + phrase.T("The next start offers to enable it.")
			}
			return said
		}
	}
	methods, err := client.MFA.AuthenticationMethods(ctx, user.ID)
	page := lasting(r, r.opts.Cloud.UserURL(user.ID))
	switch {
	case err != nil:
		return phrase.T("Whether %s has a second factor registered could not be read. Look at it, or disable the account until the next start: %s", user.UserPrincipalName, page)
	case isFactorIn(methods):
		return phrase.T("%s has a second factor registered, and is asked for it.", user.UserPrincipalName)
	}
	r.update(func(m *memory) { m.handed.factorSaid = user.UserPrincipalName })
	if why := barred(r.snapshot()); why != "" {
		return phrase.T("%s has no second factor, and can't register one itself: %s. %s, or disable the account: %s", user.UserPrincipalName, why, phrase.T(addable(r.snapshot())), page)
	}
	return phrase.T("%s has no second factor registered yet: whoever signs in first with its password registers one. If it takes a while until you go on, disable the account: %s", user.UserPrincipalName, page)
}

// lasting is the address of a page on the terminal. A rehearsal's tenant may end with this process, and its pages with it.
func lasting(r *Run, page string) string {
	if r.opts.Reports.Ends {
		return phrase.T("on its page, which ended with the rehearsal")
	}
	return page
}
