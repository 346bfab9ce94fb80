package graphapi

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// stamp writes an instant as Graph does; the zero one is null.
func stamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Truncate(time.Second).Format(time.RFC3339)
}

func listOrganization(c *Call) (*Answer, *odata.Error) {
	t := c.t
	domains, plans := []any{}, []any{}
	for _, d := range t.Organization.Domains {
		if !d.Verified {
			continue
		}
		kind := "Managed"
		if d.Federated {
			kind = "Federated"
		}
		domains = append(domains, map[string]any{"name": d.Name, "isInitial": d.Initial, "isDefault": d.Preferred, "type": kind, "capabilities": "Email, OfficeCommunicationsOnline"})
	}
	for _, s := range t.Organization.SKUs {
		for _, p := range s.Plans {
			plans = append(plans, map[string]any{"assignedDateTime": stamp(t.Organization.Created), "capabilityStatus": "Enabled", "service": p.Name, "servicePlanId": p.ID})
		}
	}
	object := map[string]any{
		"id": t.Organization.ID, "deletedDateTime": nil, "displayName": t.Organization.DisplayName, "createdDateTime": stamp(t.Organization.Created), "countryLetterCode": "AT", "country": nil,
		"city": "Wien", "postalCode": "1010", "street": nil, "state": nil, "preferredLanguage": "de", "tenantType": "AAD", "defaultUsageLocation": nil,
		"businessPhones": []any{}, "technicalNotificationMails": []any{state.OperatorUPN}, "marketingNotificationEmails": []any{},
		"securityComplianceNotificationMails": []any{}, "securityComplianceNotificationPhones": []any{}, "onPremisesSyncEnabled": nil,
		"onPremisesLastSyncDateTime": nil, "partnerTenantType": nil, "mobileDeviceManagementAuthority": "unknown", "privacyProfile": nil,
		"verifiedDomains": domains, "assignedPlans": plans, "provisionedPlans": []any{},
	}
	if !c.hasScopes([]string{"Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}) {
		limited := []string{"id", "displayName", "verifiedDomains", "tenantType", "countryLetterCode"}
		for name := range object {
			if !slices.Contains(limited, name) {
				object[name] = nil
			}
		}
	}
	return c.collection("organization", []map[string]any{object})
}

func domainObject(d *state.Domain) map[string]any {
	kind, services, password := "Managed", []any{}, any(2147483647)
	if d.Federated {
		kind, password = "Federated", nil
	}
	if d.Verified {
		services = []any{"Email", "OfficeCommunicationsOnline"}
	}
	return map[string]any{
		"id": d.Name, "authenticationType": kind, "availabilityStatus": nil, "isAdminManaged": true, "isDefault": d.Preferred, "isInitial": d.Initial,
		"isRoot": true, "isVerified": d.Verified, "manufacturer": nil, "model": nil, "passwordNotificationWindowInDays": nil,
		"passwordValidityPeriodInDays": password, "state": nil, "supportedServices": services,
	}
}

func listDomains(c *Call) (*Answer, *odata.Error) {
	var objects []map[string]any
	for _, d := range c.t.Organization.Domains {
		objects = append(objects, domainObject(d))
	}
	return c.collection("domains", objects)
}

func getDomain(c *Call) (*Answer, *odata.Error) {
	d := c.t.Organization.DomainLocked(c.params["id"])
	if d == nil {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.entity("domains", domainObject(d))
}

func listSKUs(c *Call) (*Answer, *odata.Error) {
	t := c.t
	var objects []map[string]any
	for _, s := range t.Organization.SKUs {
		plans := []any{}
		for _, p := range s.Plans {
			plans = append(plans, map[string]any{"servicePlanId": p.ID, "servicePlanName": p.Name, "provisioningStatus": "Success", "appliesTo": p.AppliesTo})
		}
		used := 0
		if t.Directory.Crowd != nil && t.Directory.Crowd.Licence == s.ID {
			used = t.Directory.Crowd.Count()
		}
		for _, u := range t.Directory.Users {
			if slices.Contains(t.Directory.LicencesLocked(u), s.ID) {
				used++
			}
		}
		objects = append(objects, map[string]any{
			"id": t.Organization.ID + "_" + s.ID, "accountId": t.Organization.ID, "accountName": t.Organization.DisplayName, "appliesTo": "User", "capabilityStatus": skuStatus(s), "consumedUnits": used,
			"prepaidUnits": map[string]any{"enabled": s.Enabled, "suspended": 0, "warning": 0, "lockedOut": 0}, "servicePlans": plans, "skuId": s.ID,
			"skuPartNumber": s.PartNumber, "subscriptionIds": []any{s.ID},
		})
	}
	return c.collection("subscribedSkus", objects)
}

// roleObject is an activated role. Its id is the tenant's own; the template id is the same everywhere.
func roleObject(t *state.Tenant, r state.RoleDefinition) map[string]any {
	sum := sha256.Sum256([]byte(t.Organization.ID + r.ID))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	id := fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	return map[string]any{
		"id": id, "deletedDateTime": nil, "description": r.Description, "displayName": r.Name, "roleTemplateId": r.ID,
	}
}

// skuStatus is what Graph calls the state of a product
// (https://learn.microsoft.com/graph/api/resources/subscribedsku).
func skuStatus(s *state.SKU) string {
	if s.Suspended {
		return "Suspended"
	}
	return "Enabled"
}
