package odata

import (
	"slices"
	"strings"
)

// expansion is one property of $expand, with the $select inside it.
type expansion struct {
	Name     string
	Selected []string
	Nested   string // the one property that is expanded within it
}

// expandedTypes are what can be behind a property that $expand names. A directory object shows what its kind has.
var expandedTypes = map[string][]string{
	"principal":      {"user", "group", "servicePrincipal"},
	"roleDefinition": {"unifiedRoleDefinition"},
}

// readExpand reads names, each perhaps with options in brackets, of which $select is taken, and an $expand of what the rules
// name behind a slash
// (https://learn.microsoft.com/graph/query-parameters#expand-parameter).
func (o *Options) readExpand(rules Rules, value string) *Error {
	for _, item := range splitOutside(value, ',') {
		name, inside, nested := strings.Cut(strings.TrimSpace(item), "(")
		i := slices.IndexFunc(rules.Expand, func(known string) bool { return strings.EqualFold(known, name) })
		if i < 0 {
			return BadRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' to expand.", name)
		}
		e := expansion{Name: rules.Expand[i]}
		inside, closed := strings.CutSuffix(inside, ")")
		if nested && !closed {
			return BadRequest("Parsing OData Select and Expand failed: Found an unbalanced bracket expression in '%s'.", item)
		}
		for option := range strings.SplitSeq(inside, ";") {
			key, selection, _ := strings.Cut(strings.TrimSpace(option), "=")
			if key == "" {
				continue
			}
			if strings.EqualFold(key, "$expand") && slices.Contains(rules.Expand, e.Name+"/"+selection) {
				e.Nested = selection
				continue
			}
			if !strings.EqualFold(key, "$select") {
				return BadRequest("Parsing OData Select and Expand failed: the option '%s' is not supported inside $expand.", key)
			}
			var failure *Error
			if e.Selected, failure = parseSelect(selection, expandedTypes[e.Name]...); failure != nil {
				return failure
			}
		}
		o.Expand = append(o.Expand, e)
	}
	return nil
}

// splitOutside splits at a character outside brackets and quotes.
func splitOutside(text string, at byte) []string {
	var parts []string
	depth, quoted, start := 0, false, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == at && depth == 0:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// ExpandedContext are the expansions as the context of a set names them.
func (o *Options) ExpandedContext() string {
	var parts []string
	for _, e := range o.Expand {
		parts = append(parts, e.Name+"("+strings.Join(e.Selected, ",")+")")
	}
	return "(" + strings.Join(parts, ",") + ")"
}
