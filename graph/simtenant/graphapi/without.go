package graphapi

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// Rules of this file: a tenant may answer any read that is not what the onboarding is made of with a refusal, for want of
// a licence, of a cloud, of a role that no document names. Which ones a tenant lacks is chosen by name.

// lacking are the reads that a tenant can be without, by name, with their paths. A path stands for itself and for what is
// below it.
var lacking = map[string][]string{
	"what-if":                {"/identity/conditionalAccess/evaluate"},
	"policies":               {"/identity/conditionalAccess/policies"},
	"secure-score":           {"/security/secureScores", "/security/secureScoreControlProfiles"},
	"audit":                  {"/auditLogs/directoryAudits"},
	"pim":                    {"/roleManagement/directory/roleEligibilityScheduleInstances", "/roleManagement/directory/roleAssignmentScheduleInstances"},
	"deleted-items":          {"/directory/deletedItems"},
	"methods-policy":         {"/policies/authenticationMethodsPolicy"},
	"strengths":              {"/policies/authenticationStrengthPolicies"},
	"authorization-policy":   {"/policies/authorizationPolicy"},
	"app-password-setting":   {"/policies/mfaServicePolicy"},
	"app-management-policy":  {"/policies/defaultAppManagementPolicy"},
	"resource-actions":       {"/roleManagement/directory/resourceNamespaces"},
	"licences":               {"/subscribedSkus"},
	"groups":                 {"/users/{id}/transitiveMemberOf"},
	"authentication-methods": {"/users/{id}/authentication/methods"},
	"apps":                   {"/servicePrincipals"},
}

// LackingNames lists what Options.Without takes, sorted.
func LackingNames() []string { return slices.Sorted(maps.Keys(lacking)) }

// Lack is one read that the tenant answers with a refusal.
type Lack struct {
	Name   string
	Status int // 400, 403 or 404
}

// ParseWithout reads names joined by commas, such as "what-if,audit=403". Without a status it is 404. The error names
// what is not known, and what is.
func ParseWithout(text string) ([]Lack, error) {
	var all []Lack
	for part := range strings.SplitSeq(text, ",") {
		part = strings.ToLower(strings.TrimSpace(part))
		if part == "" {
			continue
		}
		name, code, given := strings.Cut(part, "=")
		if lacking[name] == nil {
			return nil, fmt.Errorf("unknown read %q: known are %s", name, strings.Join(LackingNames(), ", "))
		}
		status := http.StatusNotFound
		if given {
			n, err := strconv.Atoi(code)
			if err != nil || !slices.Contains(lackingStatuses, n) {
				return nil, fmt.Errorf("status %q of %s: it can be 400, 403 or 404", code, name)
			}
			status = n
		}
		all = append(all, Lack{name, status})
	}
	return all, nil
}

var lackingStatuses = []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound}

// refusedFor is the refusal of a route that the tenant is without, or nil. Writes are refused with their reads.
func (api *API) refusedFor(route *Route) *odata.Error {
	for _, lack := range api.without {
		for _, path := range lacking[lack.Name] {
			if route.Path == path || strings.HasPrefix(route.Path, path+"/") || strings.HasPrefix(route.Path, path+"(") {
				return lack.refusal(route)
			}
		}
	}
	return nil
}

// refusal is worded as Graph words it where the service behind a path is not there for a tenant
// (https://learn.microsoft.com/graph/errors).
func (l Lack) refusal(route *Route) *odata.Error {
	switch l.Status {
	case http.StatusBadRequest:
		last := route.Path[strings.LastIndex(route.Path, "/")+1:]
		return odata.Refuse(http.StatusBadRequest, "BadRequest", "Resource not found for the segment '%s'.", last)
	case http.StatusForbidden:
		return odata.Refuse(http.StatusForbidden, "Forbidden", "The caller does not have permission to perform the action.")
	}
	return odata.Refuse(http.StatusNotFound, "ResourceNotFound", "Resource could not be discovered.")
}
