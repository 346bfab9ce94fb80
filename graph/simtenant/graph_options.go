package simtenant

import (
	"crypto/sha256"
	"encoding/base64"
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
	advanced   bool // $count, $search and $orderby beside $filter need ConsistencyLevel: eventual
	counted    bool // the path ends with /$count
	expand     []string
	orderBy    []string // properties
	search     []string // properties
	pageSize   int      // 0 is one page
}

// queryOptions are those of one request.
type queryOptions struct {
	selected []string
	filter   []condition
	top      int
	skip     int
	count    bool
	expand   []expansion
	orderBy  []sortKey
	search   searchQuery
	offset   int // from $skiptoken
	raw      url.Values
}

func unsupportedQuery(format string, args ...any) *graphError {
	return refuse(http.StatusBadRequest, "Request_UnsupportedQuery", format, args...)
}

// parseOptions reads the OData options of a query; other parameters are the client's own affair.
func parseOptions(rules queryRules, rawQuery, consistency string) (queryOptions, *graphError) {
	// OData parts the options inside $expand with semicolons, which are no separators of a query here.
	values, err := url.ParseQuery(strings.ReplaceAll(rawQuery, ";", "%3B"))
	if err != nil {
		return queryOptions{}, badRequest("The query is not valid: %v", err)
	}
	o := queryOptions{raw: values, count: rules.counted}
	for name, list := range values {
		key := strings.ToLower(strings.TrimPrefix(name, "$"))
		if !strings.HasPrefix(name, "$") && !slices.Contains([]string{"select", "filter", "top", "skip", "count", "expand", "orderby", "search"}, key) {
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
	switch {
	case rules.counted && !eventual:
		return badRequest("$count is not currently supported.")
	case o.search != nil && !eventual:
		return badRequest("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")
	case o.orderBy != nil && o.filter != nil && rules.advanced && (!eventual || !o.count):
		return unsupportedQuery("Sorting not supported for current query.")
	case o.count && rules.advanced && !eventual:
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
		return o.readExpand(rules, value)
	case "orderby":
		return o.readOrder(rules, value)
	case "skiptoken":
		return o.readSkipToken(rules, value)
	case "search":
		return o.readSearch(rules, value)
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
