package steps

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// A sign-in that Conditional Access refused names no policy, and nothing can be read without a token. Once the operator is in the
// other way, the sign-in log tells which policy it was; it follows some minutes late.

// namedIn are the policies that block in an entry of the sign-in log, or, where it does not say which do, all that were not met.
func namedIn(s graph.SignInRecord) []string {
	if len(s.BlockedBy) > 0 {
		return s.BlockedBy
	}
	return s.RefusedBy
}

// blockedBefore says which policy refused the operator's earlier sign-in; empty where none did.
func blockedBefore(ctx context.Context, r *Run, client *graph.Client) Sentence {
	e := r.snapshot().signedIn.blocked
	if e == nil {
		return Sentence{}
	}
	way := phrase.T("in the browser")
	if e.Method == graph.DeviceCode {
		way = phrase.T("with a code")
	}
	refused := finding.SignedIn.Of(client.Identity().UserPrincipalName, "refused")
	head := refused.In("Your sign-in %s was refused (AADSTS%d).", way, e.Code)
	records, err := client.Tenant.SignIns(ctx, client.Identity().ObjectID, time.Now().Add(-time.Hour))
	if err != nil {
		return head.And(finding.Unread.Of("sign-in log", "").In("Which policy it was can't be read here: it stands in the sign-in logs of the Entra admin center, under Conditional Access."))
	}
	for _, s := range records {
		if names := namedIn(s); s.ErrorCode == e.Code && len(names) > 0 {
			return head.And(finding.Outside.Of("sign-in log", phrase.JoinAnd(names)).In("The sign-in log names for such a refusal at %s: %s.", phrase.Zoned(s.At), phrase.JoinAnd(phrase.Names(names))))
		}
	}
	return head.And(finding.Outside.Of("sign-in log", "").In("The sign-in log does not name the policy yet: it follows some minutes late. Check again, or look there in the Entra admin center, under Conditional Access."))
}
