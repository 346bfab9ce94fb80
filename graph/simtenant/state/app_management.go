package state

import (
	"time"
)

// AppManagementPolicy restricts which credentials applications may have.
type AppManagementPolicy struct {
	Enabled bool
	Since   time.Time // passwordAddition is restricted for applications created after this; zero is no such restriction
}

// SecretsRestricted says whether an application that is created now may not be given a client secret.
func (p AppManagementPolicy) SecretsRestricted(now time.Time) bool {
	return p.Enabled && !p.Since.IsZero() && !now.Before(p.Since)
}
