package simtenant

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const maxBatch = 20

// batchItem is one request of a batch (https://learn.microsoft.com/graph/json-batching).
type batchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// runBatch carries out the items one after another. The batch succeeds even if items fail; an item that depends on a
// failed one fails with 424.
func runBatch(c *graphCall) (*graphAnswer, *graphError) {
	items, failure := c.batchItems()
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

func (c *graphCall) batchItems() ([]batchItem, *graphError) {
	bad := func(format string, args ...any) *graphError {
		return refuse(http.StatusBadRequest, "BadRequest", format, args...)
	}
	for name := range c.body {
		if name != "requests" {
			return nil, bad("Invalid batch payload format: '%s' is not a member.", name)
		}
	}
	var items []batchItem
	if failure := decodeInto(c.body["requests"], &items); failure != nil || len(items) == 0 {
		return nil, bad("Invalid batch payload format.")
	}
	if len(items) > maxBatch {
		return nil, bad("Number of batch request steps exceeds the maximum value of %d.", maxBatch)
	}
	seen := map[string]bool{}
	for i, item := range items {
		if item.ID == "" || seen[item.ID] {
			return nil, bad("Request Ids must be unique: '%s'.", item.ID)
		}
		for _, id := range item.DependsOn {
			if !seen[id] {
				return nil, bad("The request '%s' depends on '%s', which is not before it.", item.ID, id)
			}
		}
		seen[item.ID] = true
		if item.Method == "" || item.URL == "" || strings.Contains(item.URL, "://") || strings.Contains(strings.ToLower(item.URL), "$batch") {
			return nil, bad("The request '%s' needs a method and a relative url that is not a batch.", item.ID)
		}
		if string(item.Body) == "null" { // which Microsoft's Go SDK sends with every GET
			item.Body, items[i].Body = nil, nil
		}
		if len(item.Body) > 0 && !slices.ContainsFunc(sortedKeys(item.Headers), func(name string) bool { return strings.EqualFold(name, "Content-Type") }) {
			return nil, bad("The request '%s' has a body and no Content-Type header.", item.ID)
		}
	}
	if !orderly(items) {
		return nil, bad("The dependencies of the requests are not supported: each depends on the one before it, or all on the same one.")
	}
	return items, nil
}

// orderly says whether the dependencies are of a kind that batches support: none, each on the one before, or all that
// there are on the same (https://learn.microsoft.com/graph/json-batching, and BatchRequestContent of Microsoft's
// JavaScript client, which checks the same).
func orderly(items []batchItem) bool {
	serial, same, first := true, true, ""
	for i, item := range items {
		serial = serial && (i == 0 || len(item.DependsOn) == 1 && item.DependsOn[0] == items[i-1].ID)
		if len(item.DependsOn) == 0 {
			continue
		}
		if first == "" {
			first = item.DependsOn[0]
		}
		same = same && len(item.DependsOn) == 1 && item.DependsOn[0] == first
	}
	return serial || same
}

func (c *graphCall) runItem(item batchItem) *graphAnswer {
	r, err := http.NewRequestWithContext(c.r.Context(), item.Method, c.base+"/"+strings.TrimPrefix(item.URL, "/"), bytes.NewReader(item.Body))
	if err != nil {
		return &graphAnswer{status: http.StatusBadRequest, body: badRequest("The url of the request '%s' is not valid.", item.ID).envelope("", "", "")}
	}
	r.Host = c.r.Host
	r.Header.Set("Authorization", c.r.Header.Get("Authorization"))
	for name, value := range item.Headers {
		r.Header.Set(name, value)
	}
	q := GraphRequest{Method: item.Method, Path: r.URL.Path, Writes: item.changes()}
	k := c.t.sky.itemFate(q)
	if k == "" {
		return c.t.answerGraphLocked(r, item.Body, nil)
	}
	if k == FaultTimeout {
		c.t.answerGraphLocked(r, item.Body, nil)
	}
	return c.t.envelopeLocked(r, nil, c.t.sky.refusal(q.key(), k))
}
