package simtenant

import (
	"slices"
	"strings"
)

// expansion is one property of $expand, with the $select inside it.
type expansion struct {
	name     string
	selected []string
}

// expandedTypes are what can be behind a property that $expand names. A directory object shows what its kind has.
var expandedTypes = map[string][]string{
	"principal":      {"user", "group", "servicePrincipal"},
	"roleDefinition": {"unifiedRoleDefinition"},
}

// readExpand reads names, each perhaps with options in brackets, of which $select alone is taken
// (https://learn.microsoft.com/graph/query-parameters#expand-parameter).
func (o *queryOptions) readExpand(rules queryRules, value string) *graphError {
	for _, item := range splitOutside(value, ',') {
		name, inside, nested := strings.Cut(strings.TrimSpace(item), "(")
		i := slices.IndexFunc(rules.expand, func(known string) bool { return strings.EqualFold(known, name) })
		if i < 0 {
			return badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' to expand.", name)
		}
		e := expansion{name: rules.expand[i]}
		inside, closed := strings.CutSuffix(inside, ")")
		if nested && !closed {
			return badRequest("Parsing OData Select and Expand failed: Found an unbalanced bracket expression in '%s'.", item)
		}
		for option := range strings.SplitSeq(inside, ";") {
			key, selection, _ := strings.Cut(strings.TrimSpace(option), "=")
			if key == "" {
				continue
			}
			if !strings.EqualFold(key, "$select") {
				return badRequest("Parsing OData Select and Expand failed: the option '%s' is not supported inside $expand.", key)
			}
			var failure *graphError
			if e.selected, failure = parseSelect(selection, expandedTypes[e.name]...); failure != nil {
				return failure
			}
		}
		o.expand = append(o.expand, e)
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

// expandInto writes into an object what the call expands of it.
func (c *graphCall) expandInto(object map[string]any, principalID, roleID string) {
	for _, e := range c.options.expand {
		var other map[string]any
		switch e.name {
		case "principal":
			other = c.t.principalObjectLocked(principalID, e.selected != nil)
		case "roleDefinition":
			role, _ := roleByID(roleID)
			other = role.object()
		}
		if other == nil {
			object[e.name] = nil
			continue
		}
		object[e.name] = pick(other, e.selected)
	}
}

// expandedContext are the expansions as the context of a set names them.
func (o *queryOptions) expandedContext() string {
	var parts []string
	for _, e := range o.expand {
		parts = append(parts, e.name+"("+strings.Join(e.selected, ",")+")")
	}
	return "(" + strings.Join(parts, ",") + ")"
}
