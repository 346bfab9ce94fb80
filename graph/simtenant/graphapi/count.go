package graphapi

import (
	"fmt"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// countRoute is the route of a collection whose number the path asks for with /$count, or nil.
func countRoute(routes []*Route, version, method string, segments []string) (*Route, map[string]string) {
	last := len(segments) - 1
	if last < 1 || !strings.EqualFold(segments[last], "$count") {
		return nil, nil
	}
	route, params, failure := odata.FindSegments(routes, version, method, segments[:last])
	if failure != nil || !route.Query.Count || !route.Query.Advanced {
		return nil, nil
	}
	return counting(route), params
}

// counting answers with the number of what a collection holds, as plain text
// (https://learn.microsoft.com/graph/query-parameters#count).
func counting(route *Route) *Route {
	counted := *route
	counted.Query = odata.Rules{Filter: route.Query.Filter, Search: route.Query.Search, Count: true, Advanced: true, Counted: true}
	counted.Handle = func(c *Call) (*Answer, *odata.Error) {
		c.options.Top = 1
		answer, failure := route.Handle(c)
		if failure != nil {
			return nil, failure
		}
		return &Answer{status: answer.status, text: fmt.Sprint(answer.body["@odata.count"])}, nil
	}
	return &counted
}
