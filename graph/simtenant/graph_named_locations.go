package simtenant

import (
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// object is the location in Graph's own shape
// (https://learn.microsoft.com/graph/api/resources/namedlocation).
func (l namedLocation) object() map[string]any {
	object := map[string]any{"id": l.id, "displayName": l.name, "createdDateTime": stamp(l.created), "modifiedDateTime": stamp(l.created)}
	if l.countries != nil {
		object["@odata.type"], object["countriesAndRegions"] = "#microsoft.graph.countryNamedLocation", l.countries
		object["includeUnknownCountriesAndRegions"], object["countryLookupMethod"] = l.unknown, "clientIpAddress"
		return object
	}
	ranges := []any{}
	for _, r := range l.ranges {
		kind := "#microsoft.graph.iPv4CidrRange"
		if r.Addr().Is6() {
			kind = "#microsoft.graph.iPv6CidrRange"
		}
		ranges = append(ranges, map[string]any{"@odata.type": kind, "cidrAddress": r.String()})
	}
	object["@odata.type"], object["isTrusted"], object["ipRanges"] = "#microsoft.graph.ipNamedLocation", l.trusted, ranges
	return object
}

func listNamedLocations(c *graphCall) (*graphAnswer, *odata.Error) {
	if failure := c.licensedForCA(); failure != nil {
		return nil, failure
	}
	var objects []map[string]any
	for _, l := range c.t.locations {
		objects = append(objects, l.object())
	}
	return c.collection("identity/conditionalAccess/namedLocations", objects)
}

func getNamedLocation(c *graphCall) (*graphAnswer, *odata.Error) {
	if failure := c.licensedForCA(); failure != nil {
		return nil, failure
	}
	i := slices.IndexFunc(c.t.locations, func(l namedLocation) bool { return strings.EqualFold(l.id, c.params["id"]) })
	if i < 0 {
		return nil, odata.Refuse(http.StatusNotFound, "ResourceNotFound", "%s was not found in the directory.", c.params["id"])
	}
	return c.entity("identity/conditionalAccess/namedLocations", c.t.locations[i].object())
}
