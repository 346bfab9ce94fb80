package steps

import (
	"errors"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
)

// ReportNotRead is what the check could not read, and by which something may ask the account for more than its password.
type ReportNotRead struct {
	ID    string `json:"id"` // of the row, or per-user-mfa
	Label string `json:"label"`
	Why   string `json:"why"`
}

// demandsNotRead is what may ask the account for more than its password and is not known. Beside it, no demand that was found is none.
func demandsNotRead(p *posture, m *memory) []ReportNotRead {
	out := liftsNotRead(p, m)
	if err := p.methods.Err(); err != nil {
		out = append(out, notRead(rowCampaign, phrase.T("Registration campaign"), err))
	}
	if err := p.authorization.Err(); err != nil {
		out = append(out, notRead(rowReset, phrase.T("Password reset"), err))
	}
	return out
}

func notRead(id, label string, err error) ReportNotRead {
	return ReportNotRead{id, label, unread(id, err).Note}
}

// liftsNotRead is that of which MFA may have to be suspended.
func liftsNotRead(p *posture, m *memory) []ReportNotRead {
	out := []ReportNotRead{}
	if m.existed() && m.found.facts.PerUser.Err() != nil {
		out = append(out, notRead("per-user-mfa", phrase.T("Per-user MFA"), m.found.facts.PerUser.Err()))
	}
	if p.defaults.Err() != nil {
		out = append(out, notRead(rowDefaults, phrase.T(defaultsLabel), p.defaults.Err()))
	}
	switch err := p.policies.Err(); {
	case err != nil && !errors.Is(err, graph.ErrUnlicensed):
		out = append(out, notRead(rowPolicy, phrase.T(policyLabel), err))
	case p.hides:
		out = append(out, ReportNotRead{rowPolicy, phrase.T(policyLabel), phrase.T(previewMissing)})
	}
	return out
}

func labels(all []ReportNotRead) []string {
	var out []string
	for _, r := range all {
		out = append(out, r.Label)
	}
	return out
}
