package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

// Service plans that bring Conditional Access, and risk policies, to a tenant.
// https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
const (
	PlanP1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d" // Microsoft Entra ID P1
	PlanP2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998" // Microsoft Entra ID P2
)

// SKU is a licence that the tenant has subscribed to.
type SKU struct {
	PartNumber string   // SPB, AAD_PREMIUM, …
	Enabled    bool     // neither expired nor suspended
	Plans      []string // ids of its service plans
}

// SubscribedSKUs reads the tenant's licences: GET /subscribedSkus, LicenseAssignment.Read.All.
// https://learn.microsoft.com/graph/api/subscribedsku-list
func (c *Client) SubscribedSKUs(ctx context.Context) ([]SKU, error) {
	all, err := list[models.SubscribedSkuable](ctx, c, "read the licences", c.v1("/subscribedSkus", "$select", "skuPartNumber,capabilityStatus,servicePlans"),
		models.CreateSubscribedSkuFromDiscriminatorValue)
	var skus []SKU
	for _, m := range all {
		s := SKU{PartNumber: deref(m.GetSkuPartNumber()), Enabled: deref(m.GetCapabilityStatus()) == "Enabled"}
		for _, p := range m.GetServicePlans() {
			if id := p.GetServicePlanId(); id != nil && deref(p.GetProvisioningStatus()) != "Disabled" {
				s.Plans = append(s.Plans, id.String())
			}
		}
		skus = append(skus, s)
	}
	return skus, err
}
