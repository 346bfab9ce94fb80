package graph

import (
	"context"
	"slices"
	"sync"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

// Service plans that bring Conditional Access, and risk policies, to a tenant.
// https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
const (
	PlanP1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d" // Microsoft Entra ID P1
	PlanP2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998" // Microsoft Entra ID P2

	PlanGovernance = "e866a266-3cff-43a3-acca-0c90a7e00c8b" // Microsoft Entra ID Governance
)

// SKU is a licence that the tenant has subscribed to.
type SKU struct {
	PartNumber string   // SPB, AAD_PREMIUM, …
	Status     string   // Enabled, Warning, Suspended, Deleted, LockedOut, or one that this program does not know
	Enabled    bool     // neither expired nor suspended: within its term, or within the grace after it
	Plans      []string // ids of its service plans
}

// Premium reports a licence in force that brings Conditional Access.
func Premium(skus []SKU) bool {
	return slices.ContainsFunc(skus, func(s SKU) bool {
		return s.Enabled && (slices.Contains(s.Plans, PlanP1) || slices.Contains(s.Plans, PlanP2))
	})
}

// Privileged reports a licence in force that brings Privileged Identity Management.
// https://learn.microsoft.com/entra/id-governance/licensing-fundamentals
func Privileged(skus []SKU) bool {
	return slices.ContainsFunc(skus, func(s SKU) bool {
		return s.Enabled && (slices.Contains(s.Plans, PlanP2) || slices.Contains(s.Plans, PlanGovernance))
	})
}

// SubscribedSKUs reads the tenant's licences: GET /subscribedSkus, LicenseAssignment.Read.All.
// https://learn.microsoft.com/graph/api/subscribedsku-list
func (s Tenant) SubscribedSKUs(ctx context.Context) ([]SKU, error) {
	select {
	case s.client.licence.reading <- struct{}{}:
		defer func() { <-s.client.licence.reading }()
	default: // somebody else reads them; whoever needs a licence waits for the first answer
	}
	all, err := list[models.SubscribedSkuable](ctx, s.client, "read the licences", s.client.v1("/subscribedSkus", "$select", "skuPartNumber,capabilityStatus,servicePlans"),
		models.CreateSubscribedSkuFromDiscriminatorValue)
	if err != nil {
		return nil, err
	}
	var skus []SKU
	for _, m := range all {
		status := deref(m.GetCapabilityStatus())
		s := SKU{PartNumber: deref(m.GetSkuPartNumber()), Status: status, Enabled: status == "Enabled" || status == "Warning"}
		for _, p := range m.GetServicePlans() {
			if id := p.GetServicePlanId(); id != nil && deref(p.GetProvisioningStatus()) != "Disabled" {
				s.Plans = append(s.Plans, id.String())
			}
		}
		skus = append(skus, s)
	}
	s.client.licence.learn(Premium(skus))
	return skus, nil
}

// licence is what is known of the tenant's licence for Conditional Access, so that a list that can only be empty is not
// read again and again.
type licence struct {
	reading chan struct{} // held, by who put an element in, while the licences are read
	mu      sync.Mutex
	known   bool
	premium bool
	none    bool // there are no policies, and can be none
}

func (l *licence) learn(premium bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known, l.premium = true, premium
	l.none = l.none && !premium
}

func (l *licence) without() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.none = true
}

func (l *licence) isWithout() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.none
}

// LookAgain forgets what is known of the tenant's licences: somebody may have bought one.
func (s Tenant) LookAgain() {
	s.client.licence.mu.Lock()
	defer s.client.licence.mu.Unlock()
	s.client.licence.known, s.client.licence.none = false, false
}

// hasPremium reports whether the tenant is licensed for Conditional Access, as the licences have it; where they are just being
// read, as that answer will have it. An error is one of reading them.
func (s Tenant) hasPremium(ctx context.Context) (bool, error) {
	l := &s.client.licence
	premium, known := l.value()
	if !known {
		select {
		case l.reading <- struct{}{}:
			<-l.reading
		case <-ctx.Done():
			return false, ctx.Err()
		}
		premium, known = l.value()
	}
	if known {
		return premium, nil
	}
	skus, err := s.SubscribedSKUs(ctx)
	return Premium(skus), err
}

func (l *licence) value() (premium, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.premium, l.known
}
