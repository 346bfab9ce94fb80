package graphapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/conditionalaccess"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// locationObject is a location in Graph's own shape
// (https://learn.microsoft.com/graph/api/resources/namedlocation).
func locationObject(l conditionalaccess.Location) map[string]any {
	object := map[string]any{"id": l.ID, "displayName": l.Name, "createdDateTime": stamp(l.Created), "modifiedDateTime": stamp(l.Created)}
	if l.Countries != nil {
		object["@odata.type"], object["countriesAndRegions"] = "#microsoft.graph.countryNamedLocation", l.Countries
		object["includeUnknownCountriesAndRegions"], object["countryLookupMethod"] = l.Unknown, "clientIpAddress"
		return object
	}
	ranges := []any{}
	for _, r := range l.Ranges {
		kind := "#microsoft.graph.iPv4CidrRange"
		if r.Addr().Is6() {
			kind = "#microsoft.graph.iPv6CidrRange"
		}
		ranges = append(ranges, map[string]any{"@odata.type": kind, "cidrAddress": r.String()})
	}
	object["@odata.type"], object["isTrusted"], object["ipRanges"] = "#microsoft.graph.ipNamedLocation", l.Trusted, ranges
	return object
}

func listNamedLocations(c *Call) (*Answer, *odata.Error) {
	if failure := c.licensedForCA(); failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, l := range c.t.Policies.Locations {
		objects = append(objects, locationObject(l))
	}
	return c.collection("identity/conditionalAccess/namedLocations", objects)
}

func getNamedLocation(c *Call) (*Answer, *odata.Error) {
	if failure := c.licensedForCA(); failure != nil {
		return nil, failure
	}
	i := slices.IndexFunc(c.t.Policies.Locations, func(l conditionalaccess.Location) bool { return strings.EqualFold(l.ID, c.params["id"]) })
	if i < 0 {
		return nil, odata.Refuse(http.StatusNotFound, "ResourceNotFound", "%s was not found in the directory.", c.params["id"])
	}
	return c.entity("identity/conditionalAccess/namedLocations", locationObject(c.t.Policies.Locations[i]))
}
