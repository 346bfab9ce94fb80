package graph

import (
	"context"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

// SecureScore is Microsoft's rating of the tenant on one day.
type SecureScore struct {
	Date         time.Time
	Current, Max float64 // points
	Averages     []Average
	Controls     []ControlScore
}

// Average is what comparable tenants reach, in points.
type Average struct {
	Basis string // AllTenants, TotalSeats, IndustryTypes
	Score float64
}

// ControlScore is what one recommendation contributes, in points.
type ControlScore struct {
	Category, Name string // the name is a SecureScoreControl's id
	Score          float64
}

// SecureScore reads the newest rating: GET /security/secureScores, SecurityEvents.Read.All. ErrNone where a tenant
// has none yet. https://learn.microsoft.com/graph/api/security-list-securescores
func (s Tenant) SecureScore(ctx context.Context) (SecureScore, error) {
	const op = "read the Secure Score"
	// One page: the link to the next leads through the scores of all earlier days.
	p, err := firstPage[models.SecureScoreable](ctx, s.client, op, s.client.v1("/security/secureScores", "$top", "1",
		"$select", "createdDateTime,currentScore,maxScore,averageComparativeScores,controlScores"), models.CreateSecureScoreFromDiscriminatorValue)
	if err != nil {
		return SecureScore{}, err
	}
	var newest SecureScore
	for _, m := range p.value {
		if at := deref(m.GetCreatedDateTime()); newest.Date.IsZero() || at.After(newest.Date) {
			newest = secureScore(m)
		}
	}
	if len(p.value) == 0 {
		return SecureScore{}, &Error{Op: op, Message: "there is no Secure Score yet", kind: ErrNone}
	}
	return newest, nil
}

func secureScore(m models.SecureScoreable) SecureScore {
	s := SecureScore{Date: deref(m.GetCreatedDateTime()), Current: deref(m.GetCurrentScore()), Max: deref(m.GetMaxScore())}
	for _, a := range m.GetAverageComparativeScores() {
		s.Averages = append(s.Averages, Average{Basis: deref(a.GetBasis()), Score: deref(a.GetAverageScore())})
	}
	for _, k := range m.GetControlScores() {
		s.Controls = append(s.Controls, ControlScore{
			Category: deref(k.GetControlCategory()), Name: deref(k.GetControlName()), Score: deref(k.GetScore()),
		})
	}
	return s
}
