package graph

import (
	"context"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// Organization is the tenant itself.
type Organization struct {
	ID            string
	DisplayName   string
	DefaultDomain string
	InitialDomain string    // the one under onmicrosoft.com, or its like in another cloud
	CountryCode   string    // two letters
	Synced        bool      // directory synchronisation from on premises is on
	Created       time.Time // zero when the answer does not say
}

// Domain is one of the tenant's domains.
type Domain struct {
	Name      string
	Verified  bool
	Default   bool
	Initial   bool
	Federated bool // passwords are somebody else's: no account can be created with one
}

// Organization reads the tenant: GET /organization, Organization.Read.All (with User.Read some properties are empty).
// https://learn.microsoft.com/graph/api/organization-list
func (s Tenant) Organization(ctx context.Context) (Organization, error) {
	const op = "read the organization"
	all, err := list[models.Organizationable](ctx, s.client, op,
		s.client.v1("/organization", "$select", "id,displayName,verifiedDomains,countryLetterCode,onPremisesSyncEnabled,createdDateTime"),
		models.CreateOrganizationFromDiscriminatorValue)
	if err != nil {
		return Organization{}, err
	}
	if len(all) == 0 {
		return Organization{}, &Error{Op: op, Message: "the answer holds no organization", kind: ErrNotFound}
	}
	m := all[0]
	o := Organization{
		ID:          objectid.Canonical(deref(m.GetId())),
		DisplayName: deref(m.GetDisplayName()),
		CountryCode: deref(m.GetCountryLetterCode()),
		Synced:      deref(m.GetOnPremisesSyncEnabled()),
		Created:     deref(m.GetCreatedDateTime()),
	}
	for _, d := range m.GetVerifiedDomains() {
		if deref(d.GetIsDefault()) {
			o.DefaultDomain = deref(d.GetName())
		}
		if deref(d.GetIsInitial()) {
			o.InitialDomain = deref(d.GetName())
		}
	}
	return o, nil
}

// Domains reads the tenant's domains: GET /domains, Domain.Read.All.
// https://learn.microsoft.com/graph/api/domain-list
func (s Tenant) Domains(ctx context.Context) ([]Domain, error) {
	all, err := listJSON[struct {
		ID             string `json:"id"`
		Verified       bool   `json:"isVerified"`
		Default        bool   `json:"isDefault"`
		Initial        bool   `json:"isInitial"`
		Authentication string `json:"authenticationType"`
	}](ctx, s.client, "read the domains", s.client.v1("/domains", "$select", "id,isVerified,isDefault,isInitial,authenticationType"))
	var domains []Domain
	for _, d := range all {
		domains = append(domains, Domain{
			Name: d.ID, Verified: d.Verified, Default: d.Default, Initial: d.Initial, Federated: d.Authentication == "Federated",
		})
	}
	return domains, err
}
