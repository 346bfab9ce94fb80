package odata

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// DenialStyle is how the service behind a path words a missing scope.
type DenialStyle int

// The services that word a denial each in their own way.
const (
	directoryDenial DenialStyle = iota
	PolicyDenial
	ReportDenial
)

// Limit is which of the tenant's own call limits a path counts against.
type Limit int

// The limits that there are.
const (
	limitNone Limit = iota
	LimitConditionalAccess
	LimitReports
)

// AnyBody marks a route whose body is JSON that the call itself checks.
const AnyBody = "any"

// Route is one method of one path, whose calls and answers are of these types.
type Route[Call, Answer any] struct {
	Method   string
	Path     string   // "{name}" stands for a segment, or for the key within one
	Versions string   // "v1.0", "beta" or both
	Scopes   []string // alternatives, each one scope or several joined by "+"
	Roles    []string // alternatives beside Global Administrator; nil is any account
	Query    Rules
	BodyType string // schema type of the body; empty is no body
	Denial   DenialStyle
	Limit    Limit
	Action   string // that a tenant can protect
	Handle   func(*Call) (*Answer, *Error)
}

// The versions of a path.
const (
	Both   = "v1.0 beta"
	V1Only = "v1.0"
	Beta   = "beta"
)

// PathSegments parts a path behind its version into names and keys.
func PathSegments(escapedPath string) ([]string, *Error) {
	segments := strings.Split(strings.Trim(escapedPath, "/"), "/")[1:]
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil {
			return nil, Refuse(http.StatusBadRequest, "BadRequest", "The request URL is not valid.")
		}
		segments[i] = plain
	}
	return splitKeys(segments), nil
}

// keyForm is a key written behind the name of its collection, as in users('a@contoso.com'), where quotes are doubled
// (https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_CanonicalURL).
var keyForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([A-Za-z0-9]+)\(('(?:[^']|'')*')\)$`) })

// splitKeys makes segments of their own of such keys.
func splitKeys(segments []string) []string {
	var out []string
	for _, segment := range segments {
		if m := keyForm().FindStringSubmatch(segment); m != nil {
			out = append(out, m[1], unquote(m[2]))
			continue
		}
		out = append(out, segment)
	}
	return out
}

// FindSegments matches a path, segment by segment and whatever the case, and then the method.
func FindSegments[Call, Answer any](routes []*Route[Call, Answer], version, method string, segments []string) (*Route[Call, Answer], map[string]string, *Error) {
	var found *Route[Call, Answer]
	var params map[string]string
	var allowed []string
	best, whole := 0, ""
	for _, r := range routes {
		if !r.in(version) {
			continue
		}
		p, depth, fits := matchPath(r.Path, segments)
		best = max(best, depth)
		if !fits {
			continue
		}
		allowed, whole = append(allowed, r.Method), r.Path
		if r.Method == method && (found == nil || len(p) < len(params)) {
			found, params = r, p
		}
	}
	switch {
	case found != nil:
		return found, params, nil
	case allowed != nil && isUnsimulatedMethod(method, whole):
		return nil, nil, notSimulated(method + " " + whole)
	case allowed != nil:
		e := Refuse(http.StatusMethodNotAllowed, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
		e.Header = http.Header{"Allow": {strings.Join(allowed, ", ")}}
		return nil, nil, e
	case isUnsimulated(segments, best):
		return nil, nil, notSimulated(strings.Join(segments[:min(best+1, len(segments))], "/"))
	case best > 0 && strings.EqualFold(segments[len(segments)-1], "$count"):
		return nil, nil, BadRequest("$count is not currently supported.")
	case best >= len(segments):
		return nil, nil, Refuse(http.StatusBadRequest, "BadRequest", "Unsupported segment type. The path ends where more is expected.")
	}
	return nil, nil, Refuse(http.StatusBadRequest, "BadRequest", "Resource not found for the segment '%s'.", segments[best])
}

func (r *Route[Call, Answer]) in(version string) bool {
	return (version == V1Only || version == Beta) && (r.Versions == version || r.Versions == Both)
}

// matchPath holds segments against a route's path: the keys it found, how many segments fit, and whether all did. Most routes are told from
// the path by their first segment, so that nothing is made before a key is met.
func matchPath(path string, segments []string) (params map[string]string, depth int, whole bool) {
	for want := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if params == nil && strings.Contains(want, "{") {
			params = map[string]string{}
		}
		if depth >= len(segments) || !matchSegment(want, segments[depth], params) {
			return params, depth, false
		}
		depth++
	}
	return params, depth, depth == len(segments)
}

// matchSegment knows three forms: a word, {key}, and word(name='{key}').
func matchSegment(want, segment string, params map[string]string) bool {
	open := strings.Index(want, "{")
	if open < 0 {
		return strings.EqualFold(want, segment)
	}
	prefix, rest := want[:open], want[open+1:]
	name, suffix, _ := strings.Cut(rest, "}")
	if len(segment) <= len(prefix)+len(suffix) || !strings.EqualFold(segment[:len(prefix)], prefix) || !strings.HasSuffix(segment, suffix) {
		return false
	}
	value := segment[len(prefix) : len(segment)-len(suffix)]
	if prefix == "" && (strings.HasPrefix(value, "microsoft.graph.") || strings.HasPrefix(value, "$")) {
		return false
	}
	params[name] = value
	return true
}
