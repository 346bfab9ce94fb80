package state

import (
	"strings"
)

// Employee is one account of a profile.
type Employee struct {
	UPN, Name, Password string
	Role                string
	Guest               bool
}

// SeedUser adds an account as old as the tenant.
func (d *Directory) SeedUser(p Employee) *User {
	u := &User{
		ID: d.NewIDLocked(), UPN: p.UPN, DisplayName: p.Name, MailNickname: Nickname(p.UPN), UserType: "Member", AccountEnabled: true,
		Created: d.organization.Created, Attributes: map[string]any{"usageLocation": "AT"},
		Credentials: Credentials{Password: p.Password, LastChange: d.organization.Created},
		Sessions:    Sessions{ValidFrom: d.organization.Created}, Factors: Factors{PerUserMFA: MFADisabled},
	}
	if p.Guest {
		u.UserType = "Guest"
	}
	if !p.Guest && !strings.HasSuffix(p.UPN, InitialDomain) {
		u.Attributes["mail"] = p.UPN
	}
	d.Users = append(d.Users, u)
	return u
}

// Nickname is the part of a user principal name before its @.
func Nickname(upn string) string {
	local, _, _ := strings.Cut(upn, "@")
	return local
}

// MicrosoftTenant owns Microsoft's first-party applications.
const MicrosoftTenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"

// CustomerClientID is a public client that the customer registered, for those who would not use Microsoft's.
const CustomerClientID = "6f3c2a51-8f5e-4b8b-9d0c-2d3a1f60c7e4"

// Names that every profile has. The operator is who runs the onboarding.
const (
	OperatorUPN      = "admin@contoso.onmicrosoft.com"
	OperatorPassword = "Rehearse-2026-Contoso!"
	DefaultDomain    = "contoso.com"
	InitialDomain    = "contoso.onmicrosoft.com"
)
