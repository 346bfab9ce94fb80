package graph

import (
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// userJSON is a user as it is read, and as much of one as is to be written.
type userJSON struct {
	ID                objectid.ID   `json:"id,omitempty"`
	UserPrincipalName string        `json:"userPrincipalName,omitempty"`
	DisplayName       string        `json:"displayName,omitempty"`
	MailNickname      string        `json:"mailNickname,omitempty"`
	JobTitle          string        `json:"jobTitle,omitempty"`
	UsageLocation     string        `json:"usageLocation,omitempty"`
	Enabled           *bool         `json:"accountEnabled,omitempty"`
	Type              string        `json:"userType,omitempty"`
	PasswordPolicies  *string       `json:"passwordPolicies,omitempty"`
	Password          *passwordJSON `json:"passwordProfile,omitempty"`
	Synced            *bool         `json:"onPremisesSyncEnabled,omitempty"`
	Created           *time.Time    `json:"createdDateTime,omitempty"`
	Deleted           *time.Time    `json:"deletedDateTime,omitempty"`
}

type passwordJSON struct {
	Password      string `json:"password,omitempty"`
	Change        bool   `json:"forceChangePasswordNextSignIn"`
	ChangeWithMFA bool   `json:"forceChangePasswordNextSignInWithMfa"`
}

// lastingPassword is a password that nothing demands to be changed, which an unattended sign-in could not do.
func lastingPassword(password Secret) *passwordJSON {
	return &passwordJSON{Password: password.Reveal()}
}

func (w userJSON) user() User {
	profile := deref(w.Password)
	return User{
		ID:                 string(w.ID),
		UserPrincipalName:  w.UserPrincipalName,
		DisplayName:        w.DisplayName,
		JobTitle:           w.JobTitle,
		Enabled:            w.Enabled == nil || *w.Enabled, // only what is said to be disabled is
		Type:               userType(w.Type),
		PasswordPolicies:   deref(w.PasswordPolicies),
		MustChangePassword: profile.Change || profile.ChangeWithMFA,
		Synced:             deref(w.Synced),
		Created:            deref(w.Created),
		Deleted:            deref(w.Deleted),
	}
}
