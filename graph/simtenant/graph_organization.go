package simtenant

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// stamp writes an instant as Graph does; the zero one is null.
func stamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Truncate(time.Second).Format(time.RFC3339)
}

func listOrganization(c *graphCall) (*graphAnswer, *odata.Error) {
	t := c.t
	domains, plans := []any{}, []any{}
	for _, d := range t.domains {
		if !d.verified {
			continue
		}
		kind := "Managed"
		if d.federated {
			kind = "Federated"
		}
		domains = append(domains, map[string]any{"name": d.name, "isInitial": d.initial, "isDefault": d.preferred, "type": kind, "capabilities": "Email, OfficeCommunicationsOnline"})
	}
	for _, s := range t.skus {
		for _, p := range s.plans {
			plans = append(plans, map[string]any{"assignedDateTime": stamp(t.created), "capabilityStatus": "Enabled", "service": p.name, "servicePlanId": p.id})
		}
	}
	object := map[string]any{
		"id": t.id, "deletedDateTime": nil, "displayName": t.displayName, "createdDateTime": stamp(t.created), "countryLetterCode": "AT", "country": nil,
		"city": "Wien", "postalCode": "1010", "street": nil, "state": nil, "preferredLanguage": "de", "tenantType": "AAD", "defaultUsageLocation": nil,
		"businessPhones": []any{}, "technicalNotificationMails": []any{operatorUPN}, "marketingNotificationEmails": []any{},
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

func (d *domain) object() map[string]any {
	kind, services, password := "Managed", []any{}, any(2147483647)
	if d.federated {
		kind, password = "Federated", nil
	}
	if d.verified {
		services = []any{"Email", "OfficeCommunicationsOnline"}
	}
	return map[string]any{
		"id": d.name, "authenticationType": kind, "availabilityStatus": nil, "isAdminManaged": true, "isDefault": d.preferred, "isInitial": d.initial,
		"isRoot": true, "isVerified": d.verified, "manufacturer": nil, "model": nil, "passwordNotificationWindowInDays": nil,
		"passwordValidityPeriodInDays": password, "state": nil, "supportedServices": services,
	}
}

func listDomains(c *graphCall) (*graphAnswer, *odata.Error) {
	var objects []map[string]any
	for _, d := range c.t.domains {
		objects = append(objects, d.object())
	}
	return c.collection("domains", objects)
}

func getDomain(c *graphCall) (*graphAnswer, *odata.Error) {
	d := c.t.domainLocked(c.params["id"])
	if d == nil {
		return nil, odata.NotFound(c.params["id"])
	}
	return c.entity("domains", d.object())
}

func listSKUs(c *graphCall) (*graphAnswer, *odata.Error) {
	t := c.t
	var objects []map[string]any
	for _, s := range t.skus {
		plans := []any{}
		for _, p := range s.plans {
			plans = append(plans, map[string]any{"servicePlanId": p.id, "servicePlanName": p.name, "provisioningStatus": "Success", "appliesTo": p.appliesTo})
		}
		used := 0
		if t.crowd != nil && t.crowd.licence == s.id {
			used = t.crowd.count()
		}
		for _, u := range t.users {
			if slices.Contains(t.licencesLocked(u), s.id) {
				used++
			}
		}
		objects = append(objects, map[string]any{
			"id": t.id + "_" + s.id, "accountId": t.id, "accountName": t.displayName, "appliesTo": "User", "capabilityStatus": s.status(), "consumedUnits": used,
			"prepaidUnits": map[string]any{"enabled": s.enabled, "suspended": 0, "warning": 0, "lockedOut": 0}, "servicePlans": plans, "skuId": s.id,
			"skuPartNumber": s.partNumber, "subscriptionIds": []any{s.id},
		})
	}
	return c.collection("subscribedSkus", objects)
}

// roleObject is an activated role. Its id is the tenant's own; the template id is the same everywhere.
func (t *Tenant) roleObject(r roleDefinition) map[string]any {
	sum := sha256.Sum256([]byte(t.id + r.id))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	id := fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	return map[string]any{
		"id": id, "deletedDateTime": nil, "description": r.description, "displayName": r.name, "roleTemplateId": r.id,
	}
}

// status is what Graph calls the state of a product
// (https://learn.microsoft.com/graph/api/resources/subscribedsku).
func (s *sku) status() string {
	if s.suspended {
		return "Suspended"
	}
	return "Enabled"
}
