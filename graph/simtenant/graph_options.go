package simtenant

import (
	"crypto/sha256"
	"encoding/base64"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// queryRules are the query options a route takes; what is not listed is refused.
type queryRules struct {
	selectType string            // schema type whose properties $select may name; empty is no $select
	filter     map[string]string // property path to the operators it takes
	top        int               // largest $top; 0 is no $top
	skip       bool
	count      bool // $count=true
	advanced   bool // $count needs ConsistencyLevel: eventual
	expand     []string
	orderBy    []string // whole values
	pageSize   int      // 0 is one page
}

// queryOptions are those of one request.
type queryOptions struct {
	selected []string
	filter   []condition
	top      int
	skip     int
	count    bool
	expand   []string
	orderBy  string
	offset   int // from $skiptoken
	raw      url.Values
}

func unsupportedQuery(format string, args ...any) *graphError {
	return refuse(http.StatusBadRequest, "Request_UnsupportedQuery", format, args...)
}

// parseOptions reads the OData options of a query; other parameters are the client's own affair.
func parseOptions(rules queryRules, rawQuery, consistency string) (queryOptions, *graphError) {
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return queryOptions{}, badRequest("The query is not valid: %v", err)
	}
	o := queryOptions{raw: values}
	for name, list := range values {
		key := strings.ToLower(strings.TrimPrefix(name, "$"))
		if !strings.HasPrefix(name, "$") && !slices.Contains([]string{"select", "filter", "top", "skip", "count", "expand", "orderby"}, key) {
			continue
		}
		if len(list) > 1 {
			return o, badRequest("Query option '%s' was specified more than once, but it must be specified at most once.", name)
		}
		if failure := o.read(rules, key, list[0]); failure != nil {
			return o, failure
		}
	}
	return o, o.checkAdvanced(rules, consistency)
}

// advancedOperators are those of $filter that directory objects take in advanced queries alone.
var advancedOperators = []string{"ne", "endswith"}

// checkAdvanced: what directory objects answer from their index store needs both $count=true and the header
// ConsistencyLevel: eventual (https://learn.microsoft.com/graph/aad-advanced-queries).
func (o *queryOptions) checkAdvanced(rules queryRules, consistency string) *graphError {
	if consistency != "" && !strings.EqualFold(consistency, "eventual") && !strings.EqualFold(consistency, "session") {
		return badRequest("Invalid value '%s' specified for header 'ConsistencyLevel'.", consistency)
	}
	eventual := strings.EqualFold(consistency, "eventual")
	if o.count && rules.advanced && !eventual {
		return unsupportedQuery("$count is not supported without the header 'ConsistencyLevel: eventual'.")
	}
	for _, c := range o.filter {
		if slices.Contains(advancedOperators, c.operator) && (!eventual || !o.count) {
			return unsupportedQuery("Unsupported Query.")
		}
	}
	return nil
}

func (o *queryOptions) read(rules queryRules, key, value string) *graphError {
	refused := badRequest("The query parameter '$%s' is not supported for this resource.", key)
	switch key {
	case "select":
		return o.readSelect(rules, value)
	case "filter":
		if rules.filter == nil {
			return refused
		}
		var failure *graphError
		o.filter, failure = parseFilter(value, rules.filter)
		return failure
	case "top":
		n, err := strconv.Atoi(value)
		if rules.top == 0 {
			return refused
		}
		if err != nil || n < 1 || n > rules.top {
			return badRequest("Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", value, rules.top)
		}
		o.top = n
	case "skip":
		n, err := strconv.Atoi(value)
		if !rules.skip || err != nil || n < 0 {
			return refused
		}
		o.skip = n
	case "count":
		if !rules.count || value != "true" && value != "false" {
			return refused
		}
		o.count = value == "true"
	case "expand":
		for name := range strings.SplitSeq(value, ",") {
			if !slices.Contains(rules.expand, name) {
				return badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' to expand.", name)
			}
			o.expand = append(o.expand, name)
		}
	case "orderby":
		if !slices.Contains(rules.orderBy, value) {
			return unsupportedQuery("Sorting not supported for current query.")
		}
		o.orderBy = value
	case "skiptoken":
		return o.readSkipToken(rules, value)
	case "search":
		return badRequest("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")
	default:
		return badRequest("The query parameter '$%s' is not supported.", key)
	}
	return nil
}

// readSkipToken takes a token that was made for the same query, and no other.
func (o *queryOptions) readSkipToken(rules queryRules, token string) *graphError {
	b, err := base64.RawURLEncoding.DecodeString(token)
	offset, query, found := strings.Cut(string(b), ".")
	n, notNumber := strconv.Atoi(offset)
	switch {
	case rules.pageSize == 0 || err != nil || notNumber != nil || !found || n < 0:
		return badRequest("The skip token '%s' is not valid.", token)
	case query != queryMark(o.raw):
		return refuse(http.StatusBadRequest, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be used.")
	}
	o.offset = n
	return nil
}

// queryMark tells a query from others, whatever page of it is asked for.
func queryMark(values url.Values) string {
	rest := url.Values{}
	for name, list := range values {
		if name = strings.ToLower(name); name != "$skiptoken" && name != "$skip" {
			rest[name] = list
		}
	}
	sum := sha256.Sum256([]byte(rest.Encode()))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

func (o *queryOptions) readSelect(rules queryRules, value string) *graphError {
	if rules.selectType == "" {
		return badRequest("The query parameter '$select' is not supported for this resource.")
	}
	for name := range strings.SplitSeq(value, ",") {
		name = strings.TrimSpace(name)
		_, known := schemaTypes[rules.selectType][name]
		if !known && (rules.selectType != "user" || name != "perUserMfaState") {
			return badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.%s'.", name, rules.selectType)
		}
		o.selected = append(o.selected, name)
	}
	return nil
}

// project keeps the selected properties, an id, and annotations.
func (o *queryOptions) project(object map[string]any) map[string]any {
	if o.selected == nil {
		return object
	}
	out := map[string]any{}
	for name, value := range object {
		if slices.Contains(o.selected, name) || strings.HasPrefix(name, "@") || slices.Contains(o.expand, name) {
			out[name] = value
		}
	}
	for _, name := range o.selected {
		if _, ok := out[name]; !ok {
			out[name] = nil
		}
	}
	return out
}

// context is the @odata.context of a set, with the selection as OData writes it.
func (c *graphCall) context(set string) string {
	if c.options.selected != nil {
		set += "(" + strings.Join(c.options.selected, ",") + ")"
	}
	return c.base + "/$metadata#" + set
}

// entity answers with one object of a set.
func (c *graphCall) entity(set string, object map[string]any) (*graphAnswer, *graphError) {
	body := c.options.project(object)
	body["@odata.context"] = c.context(set) + "/$entity"
	return ok(body)
}

// collection answers with the objects that the filter keeps, a page of them at a time.
func (c *graphCall) collection(set string, objects []map[string]any) (*graphAnswer, *graphError) {
	if field, direction, _ := strings.Cut(c.options.orderBy, " "); field != "" && direction == "asc" {
		slices.Reverse(objects)
	}
	return c.stream(set, func(yield func(lazyObject) bool) {
		for _, object := range objects {
			if !yield(func() map[string]any { return object }) {
				return
			}
		}
	})
}

// lazyObject is an object that is made only where it is shown or filtered.
type lazyObject func() map[string]any

// stream is collection for objects too many to make them all. It stops behind the page unless they have to be counted.
func (c *graphCall) stream(set string, objects iter.Seq[lazyObject]) (*graphAnswer, *graphError) {
	o := c.options
	start, size := o.offset+o.skip, c.route.query.pageSize
	if o.top > 0 {
		size = o.top
	}
	page, kept := []any{}, 0
	for object := range objects {
		if len(o.filter) > 0 && !matchesAll(object(), o.filter) {
			continue
		}
		kept++
		inside := kept > start && (size == 0 || kept <= start+size)
		if inside {
			page = append(page, o.project(object()))
		}
		if !o.count && size > 0 && kept > start+size {
			break
		}
	}
	body := map[string]any{"@odata.context": c.context(set), "value": page}
	if o.count {
		body["@odata.count"] = kept
	}
	if size > 0 && kept > start+size {
		body["@odata.nextLink"] = c.nextLink(start + size)
	}
	return ok(body)
}

func (c *graphCall) nextLink(offset int) string {
	values := url.Values{}
	for name, list := range c.options.raw {
		if !strings.EqualFold(name, "$skip") {
			values[name] = list
		}
	}
	values.Set("$skiptoken", base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(offset)+"."+queryMark(values))))
	return baseURL(c.r) + c.r.URL.EscapedPath() + "?" + values.Encode()
}
