package simtenant

import (
	"fmt"
	"strings"
)

// countRoute is the route of a collection whose number the path asks for with /$count, or nil.
func countRoute(routes []*graphRoute, version, method string, segments []string) (*graphRoute, map[string]string) {
	last := len(segments) - 1
	if last < 1 || !strings.EqualFold(segments[last], "$count") {
		return nil, nil
	}
	route, params, failure := findSegments(routes, version, method, segments[:last])
	if failure != nil || !route.query.count || !route.query.advanced {
		return nil, nil
	}
	return counting(route), params
}

// counting answers with the number of what a collection holds, as plain text
// (https://learn.microsoft.com/graph/query-parameters#count).
func counting(route *graphRoute) *graphRoute {
	counted := *route
	counted.query = queryRules{filter: route.query.filter, search: route.query.search, count: true, advanced: true, counted: true}
	counted.handle = func(c *graphCall) (*graphAnswer, *graphError) {
		c.options.top = 1
		answer, failure := route.handle(c)
		if failure != nil {
			return nil, failure
		}
		return &graphAnswer{status: answer.status, text: fmt.Sprint(answer.body["@odata.count"])}, nil
	}
	return &counted
}
