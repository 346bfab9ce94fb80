package odata

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const maxBatch = 20

// BatchItem is one request of a batch (https://learn.microsoft.com/graph/json-batching).
type BatchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// ReadBatch reads the items of a batch, and refuses what a batch can not be.
func ReadBatch(body map[string]any) ([]BatchItem, *Error) {
	bad := func(format string, args ...any) *Error {
		return Refuse(http.StatusBadRequest, "BadRequest", format, args...)
	}
	for name := range body {
		if name != "requests" {
			return nil, bad("Invalid batch payload format: '%s' is not a member.", name)
		}
	}
	var items []BatchItem
	if failure := DecodeInto(body["requests"], &items); failure != nil || len(items) == 0 {
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
		if len(item.Body) > 0 && !slices.ContainsFunc(SortedKeys(item.Headers), func(name string) bool { return strings.EqualFold(name, "Content-Type") }) {
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
func orderly(items []BatchItem) bool {
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

// Changes says whether an item of a batch wants something changed.
func (i BatchItem) Changes() bool {
	return !strings.EqualFold(i.Method, http.MethodGet) && !strings.HasSuffix(strings.ToLower(i.URL), "/conditionalaccess/evaluate")
}
