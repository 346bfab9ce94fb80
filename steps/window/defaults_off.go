package window

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/mfa"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// Security defaults that an earlier run turned off for the whole tenant, and of which no journal here knows, are found from
// the tenant: they are off, an account of this program is there, no policy of the tenant's own stands in their place, and the
// audit log says that they were turned off after that account was made. Where the log can't be read, or does not reach back that
// far, an account of this program that is Global Administrator is sign enough to ask: closing turns per-user MFA on before it
// turns them on, and may have been ended in between. Whether they go back on is asked, never assumed.

// DefaultsOff is what the audit log says of security defaults that are off.
type DefaultsOff struct {
	At   time.Time // zero where the log does not say
	By   string
	made time.Time // the account, where the log does not say
}

// auditReach is for how long the audit log goes back at the least
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention).
const auditReach = 7 * 24 * time.Hour

// defaultsActivities are how the audit log calls it.
var defaultsActivities = []string{"Update security defaults", "Disable security defaults", "Update policy"}

// defaultsTurnedOff is nil where security defaults are on, or surely nobody turned them off since the account was made.
func defaultsTurnedOff(ctx context.Context, client *graph.Client, f *mfa.Facts) *DefaultsOff {
	if on, known := f.SecurityDefaults.Value(); on || !known || ownPolicies(f.PolicyList()) {
		return nil
	}
	user, err := client.Users.User(ctx, f.User.ID)
	if err != nil || user.Created.IsZero() {
		return nil
	}
	var newest graph.Audit
	unread := 0
	for _, activity := range defaultsActivities {
		audits, err := client.Tenant.DirectoryAudits(ctx, graph.AuditFilter{Since: user.Created, Activity: activity})
		if err != nil {
			unread++
			continue
		}
		for _, a := range audits {
			if aboutDefaults(a) && a.At.After(newest.At) {
				newest = a
			}
		}
	}
	switch {
	case !newest.At.IsZero():
		return &DefaultsOff{At: newest.At, By: newest.InitiatedBy}
	case f.Administrator && (unread > 0 || time.Since(user.Created) > auditReach && f.State() == graph.MFADisabled):
		return &DefaultsOff{made: user.Created}
	}
	return nil
}

func aboutDefaults(a graph.Audit) bool {
	names := append([]string{a.Activity}, a.Targets...)
	return slices.ContainsFunc(names, func(name string) bool {
		return strings.Contains(strings.ToLower(name), "security defaults")
	})
}

// ownPolicies reports a policy in force that is not Microsoft's own: with one, security defaults can't be on.
func ownPolicies(policies []graph.Policy) bool {
	return slices.ContainsFunc(policies, func(p graph.Policy) bool { return p.State == graph.StateEnabled && !p.Managed })
}

// Words say that they are off, and what is known of when and by whom.
func (d *DefaultsOff) Words(domain string) string {
	text := phrase.T("Security defaults are off for everybody in %s.", domain) + " "
	if d.At.IsZero() {
		text += phrase.T("The audit log can't be read, or does not go back that far, so nobody here knows since when. They may have been turned off for this account, which carries this program's mark, was created on %s and is Global Administrator.", phrase.DateTime(d.made))
	} else {
		text += phrase.T("The audit log says that they were changed last on %s, after this account was made, by %s.", phrase.DateTime(d.At), phrase.Name(d.By))
	}
	return phrase.T("%s If that was for the onboarding, they go back on; if somebody meant it, leave them off.", text)
}
