package report

import "strings"

// The risk of a permission.
const (
	RiskHigh  = "high"
	RiskPlain = "plain"
)

// powerful are parts of the names of permissions that change who may do what, or read and write what is everybody's
// (https://learn.microsoft.com/graph/permissions-reference).
var powerful = []string{".readwrite", "rolemanagement", "approleassignment", "full_access", "fullcontrol", "accessasuser", "mail.send", "manageasapp", "user_impersonation"}

// RiskOf says of a permission whether its holder can change much by it: what changes something, for everybody.
func RiskOf(p Permission) string {
	name := strings.ToLower(p.Name)
	if !p.All {
		return RiskPlain
	}
	for _, part := range powerful {
		if strings.Contains(name, part) {
			return RiskHigh
		}
	}
	return RiskPlain
}
