package graphapi

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/fault"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
)

// runBatch carries out the items one after another. The batch succeeds even if items fail; an item that depends on a
// failed one fails with 424.
func runBatch(c *Call) (*Answer, *odata.Error) {
	items, failure := odata.ReadBatch(c.body)
	if failure != nil {
		return nil, failure
	}
	status := map[string]int{}
	responses := []any{}
	for _, item := range items {
		response := map[string]any{"id": item.ID}
		if slices.ContainsFunc(item.DependsOn, func(id string) bool { return status[id] < 200 || status[id] > 299 }) {
			status[item.ID] = http.StatusFailedDependency
			response["status"] = http.StatusFailedDependency
			response["body"] = map[string]any{"error": map[string]any{"code": "FailedDependency", "message": "Request failed due to a failed dependency."}}
			responses = append(responses, response)
			continue
		}
		answer := c.runItem(item)
		status[item.ID] = answer.status
		headers := map[string]string{}
		for name, values := range answer.header {
			headers[name] = values[0]
		}
		response["status"] = answer.status
		if answer.body != nil {
			headers["Content-Type"] = "application/json"
			response["body"] = answer.body
		}
		if answer.text != "" {
			headers["Content-Type"], response["body"] = "text/plain", answer.text
		}
		response["headers"] = headers
		responses = append(responses, response)
	}
	return ok(map[string]any{"responses": responses})
}

func (c *Call) runItem(item odata.BatchItem) *Answer {
	r, err := http.NewRequestWithContext(c.r.Context(), item.Method, c.base+"/"+strings.TrimPrefix(item.URL, "/"), bytes.NewReader(item.Body))
	if err != nil {
		return &Answer{status: http.StatusBadRequest, body: odata.BadRequest("The url of the request '%s' is not valid.", item.ID).Envelope("", "", "")}
	}
	r.Host = c.r.Host
	r.Header.Set("Authorization", c.r.Header.Get("Authorization"))
	for name, value := range item.Headers {
		r.Header.Set(name, value)
	}
	q := fault.Request{Method: item.Method, Path: r.URL.Path, Writes: item.Changes()}
	k, refusal := c.api.faults.ItemRefusal(q)
	if k == "" {
		return c.api.answerGraphLocked(r, item.Body, nil)
	}
	if k == fault.Timeout {
		c.api.answerGraphLocked(r, item.Body, nil)
	}
	return c.api.EnvelopeLocked(r, nil, refusal)
}
