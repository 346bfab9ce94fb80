package simtenant

import (
	"slices"
	"strings"
)

func (o *queryOptions) readSelect(rules queryRules, value string) *graphError {
	if rules.selectType == "" {
		return badRequest("The query parameter '$select' is not supported for this resource.")
	}
	var failure *graphError
	o.selected, failure = parseSelect(value, rules.selectType, "undocumented."+rules.selectType)
	return failure
}

// parseSelect reads names that one of the types has.
func parseSelect(value string, types ...string) ([]string, *graphError) {
	var selected []string
	for name := range strings.SplitSeq(value, ",") {
		name = strings.TrimSpace(name)
		spelled, known := name, false
		for _, typeName := range types {
			if found, ok := propertyOf(typeName, name); ok && !known {
				spelled, known = found, true
			}
		}
		if !known {
			return nil, badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.%s'.", name, types[0])
		}
		if !slices.Contains(selected, spelled) {
			selected = append(selected, spelled)
		}
	}
	return selected, nil
}

// pick keeps the selected properties of an object, and annotations.
func pick(object map[string]any, selected []string) map[string]any {
	if selected == nil {
		return object
	}
	out := map[string]any{}
	for name, value := range object {
		if strings.HasPrefix(name, "@") {
			out[name] = value
		}
	}
	for _, name := range selected {
		out[name] = object[name]
	}
	return out
}

// project keeps the selected properties, what was expanded, and annotations.
func (o *queryOptions) project(object map[string]any) map[string]any {
	out := pick(object, o.selected)
	for _, e := range o.expand {
		out[e.name] = object[e.name]
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
