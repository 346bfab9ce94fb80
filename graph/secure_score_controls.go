package graph

import "context"

// SecureScoreControl is one recommendation that the Secure Score is made of.
// https://learn.microsoft.com/graph/api/resources/securescorecontrolprofile
type SecureScoreControl struct {
	ID         string // the name of a ControlScore
	Title      string
	Category   string  // Identity, Data, Device, Apps, Infrastructure
	Max        float64 // points
	Deprecated bool    // it counts no longer
	ActionURL  string  // where it is met, as Microsoft has it
}

// SecureScoreControls reads every recommendation, whether it is met or not: GET /security/secureScoreControlProfiles,
// SecurityEvents.Read.All. https://learn.microsoft.com/graph/api/security-list-securescorecontrolprofiles
func (s Tenant) SecureScoreControls(ctx context.Context) ([]SecureScoreControl, error) {
	all, err := listJSON[struct {
		ID         string  `json:"id"`
		Title      string  `json:"title"`
		Category   string  `json:"controlCategory"`
		Max        float64 `json:"maxScore"`
		Deprecated bool    `json:"deprecated"`
		ActionURL  string  `json:"actionUrl"`
	}](ctx, s.client, "read the recommendations of the Secure Score",
		s.client.v1("/security/secureScoreControlProfiles", "$select", "id,title,controlCategory,maxScore,deprecated,actionUrl"))
	var controls []SecureScoreControl
	for _, k := range all {
		controls = append(controls, SecureScoreControl(k))
	}
	return controls, err
}
