package graph

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// AuthenticationMethodsPolicy says which methods the tenant lets accounts register, and how it urges them to.
// https://learn.microsoft.com/graph/api/resources/authenticationmethodspolicy
type AuthenticationMethodsPolicy struct {
	// Migration is how far the legacy MFA and self-service reset policies have been replaced by this one:
	// preMigration, migrationInProgress, migrationComplete; empty where Graph does not say.
	Migration string
	Enabled   []string // microsoftAuthenticator, softwareOath, sms, voice, fido2, temporaryAccessPass, email, …
	Campaign  Campaign
}

const (
	authenticationMethodsID     = "authenticationMethodsPolicy"
	authenticationMethodsPolicy = "/policies/" + authenticationMethodsID
)

// AuthenticationMethodsPolicy reads the policy: GET /beta/policies/authenticationMethodsPolicy,
// Policy.Read.AuthenticationMethod or Policy.Read.All. It takes no $select. Version 1.0 leaves out a member of the
// registration campaign, which would be lost when the campaign is written back.
// https://learn.microsoft.com/graph/api/authenticationmethodspolicy-get?view=graph-rest-beta
func (s MFA) AuthenticationMethodsPolicy(ctx context.Context) (AuthenticationMethodsPolicy, error) {
	var w struct {
		ID          objectid.ID `json:"id"`
		Migration   string      `json:"policyMigrationState"`
		Enforcement struct {
			Campaign json.RawMessage `json:"authenticationMethodsRegistrationCampaign"`
		} `json:"registrationEnforcement"`
		Methods []struct {
			Type  string `json:"@odata.type"`
			State string `json:"state"`
		} `json:"authenticationMethodConfigurations"`
	}
	const op = "read the authentication methods policy"
	if err := s.client.getJSON(ctx, op, s.client.beta(authenticationMethodsPolicy), &w); err != nil {
		return AuthenticationMethodsPolicy{}, err
	}
	if w.ID != authenticationMethodsID {
		return AuthenticationMethodsPolicy{}, another(op)
	}
	campaign, err := readCampaign(w.Enforcement.Campaign)
	if err != nil {
		return AuthenticationMethodsPolicy{}, unclear(op, "the registration campaign could not be read", err)
	}
	p := AuthenticationMethodsPolicy{Migration: w.Migration, Campaign: campaign}
	for _, m := range w.Methods {
		if m.State == "enabled" {
			kind := strings.TrimPrefix(m.Type, "#microsoft.graph.")
			p.Enabled = append(p.Enabled, strings.TrimSuffix(kind, "AuthenticationMethodConfiguration"))
		}
	}
	return p, nil
}
