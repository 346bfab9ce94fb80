package odata

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// searchQuery is a $search: one of its alternatives has to fit as a whole. Nil is none.
type searchQuery [][]searchClause

// searchClause is "property:text".
type searchClause struct {
	property string
	tokens   []string
}

// searchForm: each clause stands in quotes, and capital AND and OR stand between them
// (https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections).
var searchForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*"([A-Za-z]+):((?:[^"\\]|\\.)*)"\s*(?:(AND|OR)\s+|$)`)
})

func (o *Options) readSearch(rules Rules, value string) *Error {
	if rules.Search == nil {
		return BadRequest("The query parameter '$search' is not supported for this resource.")
	}
	o.Search = searchQuery{nil}
	for rest, joined := value, "AND"; joined != ""; {
		m := searchForm().FindStringSubmatch(rest)
		if m == nil {
			return Refuse(http.StatusBadRequest, "BadRequest", "Syntax error: '%s' is not valid in '%s'. Each clause is \"property:text\", in quotes.", rest, value)
		}
		i := slices.IndexFunc(rules.Search, func(known string) bool { return strings.EqualFold(known, m[1]) })
		if i < 0 {
			return unsupportedQuery("Unsupported property '%s' in $search.", m[1])
		}
		clause := searchClause{rules.Search[i], tokens(m[2])}
		if joined == "OR" {
			o.Search = append(o.Search, nil)
		}
		last := len(o.Search) - 1
		o.Search[last] = append(o.Search[last], clause)
		rest, joined = rest[len(m[0]):], m[3]
	}
	return nil
}

// tokens are the words of a text, which $search compares by their beginnings.
func tokens(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Matches says whether what has these properties is found.
func (q searchQuery) Matches(property func(string) any) bool {
	return q == nil || slices.ContainsFunc(q, func(all []searchClause) bool {
		return !slices.ContainsFunc(all, func(c searchClause) bool { return !c.matches(property(c.property)) })
	})
}

// matches says whether each token begins a word of the value.
func (c searchClause) matches(value any) bool {
	if value == nil {
		return false
	}
	words := tokens(fmt.Sprint(value))
	return len(c.tokens) > 0 && !slices.ContainsFunc(c.tokens, func(token string) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, token) })
	})
}
