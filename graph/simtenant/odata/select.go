package odata

import (
	"slices"
	"strings"
)

func (o *Options) readSelect(rules Rules, value string) *Error {
	if rules.SelectType == "" {
		return BadRequest("The query parameter '$select' is not supported for this resource.")
	}
	var failure *Error
	o.Selected, failure = parseSelect(value, rules.SelectType, "undocumented."+rules.SelectType)
	return failure
}

// parseSelect reads names that one of the types has.
func parseSelect(value string, types ...string) ([]string, *Error) {
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
			return nil, BadRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.%s'.", name, types[0])
		}
		if !slices.Contains(selected, spelled) {
			selected = append(selected, spelled)
		}
	}
	return selected, nil
}

// Pick keeps the selected properties of an object, and annotations.
func Pick(object map[string]any, selected []string) map[string]any {
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

// Project keeps the selected properties, what was expanded, and annotations.
func (o *Options) Project(object map[string]any) map[string]any {
	out := Pick(object, o.Selected)
	for _, e := range o.Expand {
		out[e.Name] = object[e.Name]
	}
	return out
}
