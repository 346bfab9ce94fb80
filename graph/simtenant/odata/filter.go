package odata

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Condition is one comparison of a $filter; a filter is several joined by "and".
type Condition struct {
	Path     string // segments joined by "/"
	Operator string // "eq", "ne", "ge", "le", "gt", "lt", "startswith" or "endswith"
	Literal  any    // string, bool, time.Time, float64 or nil
}

var (
	functionForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?i:(startswith|endswith))\(\s*([A-Za-z/]+)\s*,\s*('(?:[^']|'')*')\s*\)(?:\s+eq\s+true)?$`)
	})
	comparisonForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([A-Za-z/]+)\s+(eq|ne|ge|gt|le|lt)\s+(.+)$`) })
)

// beyondForm is what OData has and these collections do not take.
var beyondForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|\W)(or|not|in|any|all|contains|has|concat|tolower|length|indexof|year|month|day)\W|\(`)
})

// parseFilter reads a filter and refuses what the collection does not support, with Graph's words.
func parseFilter(text string, allowed map[string]string) ([]Condition, *Error) {
	var conditions []Condition
	for _, part := range splitAnd(text) {
		var c Condition
		if m := functionForm().FindStringSubmatch(part); m != nil {
			c = Condition{m[2], strings.ToLower(m[1]), unquote(m[3])}
		} else if m := comparisonForm().FindStringSubmatch(part); m != nil {
			literal, ok := parseLiteral(m[3])
			if !ok && beyondForm().MatchString(outsideQuotes(part)) {
				return nil, unsupportedQuery("Unsupported Query.")
			}
			if !ok {
				return nil, invalidFilter("the literal '%s' is not understood", m[3])
			}
			c = Condition{m[1], m[2], literal}
		} else if beyondForm().MatchString(outsideQuotes(part)) {
			return nil, unsupportedQuery("Unsupported Query.")
		} else {
			return nil, invalidFilter("'%s'", part)
		}
		spelled, ok := spelledPath(allowed, c.Path)
		c.Path = spelled
		operators := allowed[spelled]
		if !ok || !slices.Contains(strings.Fields(operators), c.Operator) {
			return nil, unsupportedQuery("Unsupported or invalid query filter clause specified for property '%s' of resource: operator '%s'.", c.Path, c.Operator)
		}
		conditions = append(conditions, c)
	}
	return conditions, nil
}

// invalidFilter is the refusal of what is no filter at all.
func invalidFilter(format string, args ...any) *Error {
	return Refuse(http.StatusBadRequest, "BadRequest", "Invalid filter clause: "+format+".", args...)
}

// splitAnd splits at the word "and" outside quotes.
func splitAnd(text string) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], " and "):
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + len(" and ")
		}
	}
	return append(parts, strings.TrimSpace(text[start:]))
}

// outsideQuotes is a clause without what its string literals say.
func outsideQuotes(s string) string { return stringLiteral().ReplaceAllString(s, "''") }

var stringLiteral = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`'(?:[^']|'')*'`) })

func unquote(s string) string { return strings.ReplaceAll(s[1:len(s)-1], "''", "'") }

var quotedForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^'(?:[^']|'')*'$`) })

func parseLiteral(s string) (any, bool) {
	switch {
	case s == "null":
		return nil, true
	case s == "true" || s == "false":
		return s == "true", true
	case quotedForm().MatchString(s):
		return unquote(s), true
	case IsGUID(s):
		return s, true
	}
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return at, true
	}
	var n float64
	if err := json.Unmarshal([]byte(s), &n); err == nil {
		return n, true
	}
	return nil, false
}

// MatchesAll says whether an object meets every condition.
func MatchesAll(object map[string]any, conditions []Condition) bool {
	return !slices.ContainsFunc(conditions, func(c Condition) bool { return !c.matches(object) })
}

func (c Condition) matches(object map[string]any) bool {
	var value any = object
	for name := range strings.SplitSeq(c.Path, "/") {
		m, _ := value.(map[string]any)
		value = m[name]
	}
	return c.Holds(value)
}

// Holds says whether a value meets the condition.
func (c Condition) Holds(value any) bool {
	if at, ok := c.Literal.(time.Time); ok {
		text, _ := value.(string)
		is, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && ordered(c.Operator, is.Compare(at))
	}
	if want, ok := c.Literal.(float64); ok {
		switch is := value.(type) {
		case int:
			return ordered(c.Operator, compareFloat(float64(is), want))
		case float64:
			return ordered(c.Operator, compareFloat(is, want))
		}
		return false
	}
	is, want := plain(value), plain(c.Literal)
	switch c.Operator {
	case "startswith":
		return strings.HasPrefix(is, want)
	case "endswith":
		return strings.HasSuffix(is, want)
	}
	return ordered(c.Operator, strings.Compare(is, want))
}

func plain(v any) string { return strings.ToLower(fmt.Sprint(v)) }

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func ordered(operator string, comparison int) bool {
	switch operator {
	case "eq":
		return comparison == 0
	case "ne":
		return comparison != 0
	case "ge":
		return comparison >= 0
	case "gt":
		return comparison > 0
	case "le":
		return comparison <= 0
	}
	return comparison < 0
}
