package odata

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Rules are the query options a route takes; what is not listed is refused.
type Rules struct {
	SelectType string            // schema type whose properties $select may name; empty is no $select
	Filter     map[string]string // property path to the operators it takes
	Top        int               // largest $top; 0 is no $top
	Skip       bool
	Count      bool // $count=true
	Advanced   bool // $count, $search and $orderby beside $filter need ConsistencyLevel: eventual
	Counted    bool // the path ends with /$count
	Expand     []string
	OrderBy    []string // properties
	Search     []string // properties
	PageSize   int      // 0 is one page
}

// Options are those of one request.
type Options struct {
	Selected []string
	Filter   []Condition
	Top      int
	Skip     int
	Count    bool
	Expand   []expansion
	OrderBy  []sortKey
	Search   searchQuery
	Offset   int // from $skiptoken
	Raw      url.Values
}

func unsupportedQuery(format string, args ...any) *Error {
	return Refuse(http.StatusBadRequest, "Request_UnsupportedQuery", format, args...)
}

// ParseOptions reads the OData options of a query; other parameters are the client's own affair.
func ParseOptions(rules Rules, rawQuery, consistency string) (Options, *Error) {
	// OData parts the options inside $expand with semicolons, which are no separators of a query here.
	values, err := url.ParseQuery(strings.ReplaceAll(rawQuery, ";", "%3B"))
	if err != nil {
		return Options{}, BadRequest("The query is not valid: %v", err)
	}
	o := Options{Raw: values, Count: rules.Counted}
	for name, list := range values {
		key := strings.ToLower(strings.TrimPrefix(name, "$"))
		if !strings.HasPrefix(name, "$") && !slices.Contains([]string{"select", "filter", "top", "skip", "count", "expand", "orderby", "search"}, key) {
			continue
		}
		if len(list) > 1 {
			return o, BadRequest("Query option '%s' was specified more than once, but it must be specified at most once.", name)
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
func (o *Options) checkAdvanced(rules Rules, consistency string) *Error {
	if consistency != "" && !strings.EqualFold(consistency, "eventual") && !strings.EqualFold(consistency, "session") {
		return BadRequest("Invalid value '%s' specified for header 'ConsistencyLevel'.", consistency)
	}
	eventual := strings.EqualFold(consistency, "eventual")
	switch {
	case rules.Counted && !eventual:
		return BadRequest("$count is not currently supported.")
	case o.Search != nil && !eventual:
		return BadRequest("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")
	case o.OrderBy != nil && o.Filter != nil && rules.Advanced && (!eventual || !o.Count):
		return unsupportedQuery("Sorting not supported for current query.")
	case o.Count && rules.Advanced && !eventual:
		return unsupportedQuery("$count is not supported without the header 'ConsistencyLevel: eventual'.")
	}
	for _, c := range o.Filter {
		if slices.Contains(advancedOperators, c.Operator) && (!eventual || !o.Count) {
			return unsupportedQuery("Unsupported Query.")
		}
	}
	return nil
}

func (o *Options) read(rules Rules, key, value string) *Error {
	refused := BadRequest("The query parameter '$%s' is not supported for this resource.", key)
	switch key {
	case "select":
		return o.readSelect(rules, value)
	case "filter":
		if rules.Filter == nil {
			return refused
		}
		var failure *Error
		o.Filter, failure = parseFilter(value, rules.Filter)
		return failure
	case "top":
		n, err := strconv.Atoi(value)
		if rules.Top == 0 {
			return refused
		}
		if err != nil || n < 1 || n > rules.Top {
			return BadRequest("Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", value, rules.Top)
		}
		o.Top = n
	case "skip":
		n, err := strconv.Atoi(value)
		if !rules.Skip || err != nil || n < 0 {
			return refused
		}
		o.Skip = n
	case "count":
		if !rules.Count || value != "true" && value != "false" {
			return refused
		}
		o.Count = value == "true"
	case "expand":
		return o.readExpand(rules, value)
	case "orderby":
		return o.readOrder(rules, value)
	case "skiptoken":
		return o.readSkipToken(rules, value)
	case "search":
		return o.readSearch(rules, value)
	default:
		return BadRequest("The query parameter '$%s' is not supported.", key)
	}
	return nil
}

// readSkipToken takes a token that was made for the same query, and no other.
func (o *Options) readSkipToken(rules Rules, token string) *Error {
	b, err := base64.RawURLEncoding.DecodeString(token)
	offset, query, found := strings.Cut(string(b), ".")
	n, notNumber := strconv.Atoi(offset)
	switch {
	case rules.PageSize == 0 || err != nil || notNumber != nil || !found || n < 0:
		return BadRequest("The skip token '%s' is not valid.", token)
	case query != QueryMark(o.Raw):
		return Refuse(http.StatusBadRequest, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be used.")
	}
	o.Offset = n
	return nil
}

// QueryMark tells a query from others, whatever page of it is asked for.
func QueryMark(values url.Values) string {
	rest := url.Values{}
	for name, list := range values {
		if name = strings.ToLower(name); name != "$skiptoken" && name != "$skip" {
			rest[name] = list
		}
	}
	sum := sha256.Sum256([]byte(rest.Encode()))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}
