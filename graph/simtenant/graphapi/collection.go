package graphapi

import (
	"encoding/base64"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/odata"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/request"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// collection answers with the objects that the filter keeps, a page of them at a time.
func (c *Call) collection(set string, objects []map[string]any) (*Answer, *odata.Error) {
	return c.stream(set, func(yield func(odata.Object) bool) {
		for _, object := range objects {
			if !yield(func() map[string]any { return object }) {
				return
			}
		}
	})
}

// stream is collection for objects too many to make them all. It stops behind the page unless they have to be counted.
func (c *Call) stream(set string, objects iter.Seq[odata.Object]) (*Answer, *odata.Error) {
	o := c.options
	start, size := o.Offset+o.Skip, c.route.Query.PageSize
	if o.Top > 0 {
		size = o.Top
	}
	if o.OrderBy != nil {
		objects = odata.Sorted(objects, o.OrderBy)
	}
	page, kept := []any{}, 0
	for object := range objects {
		if len(o.Filter) > 0 && !odata.MatchesAll(object(), o.Filter) || !o.Search.Matches(object.Property) {
			continue
		}
		kept++
		inside := kept > start && (size == 0 || kept <= start+size)
		if inside {
			page = append(page, o.Project(object()))
		}
		if !o.Count && size > 0 && kept > start+size {
			break
		}
	}
	body := map[string]any{"@odata.context": c.context(set), "value": page}
	if o.Count {
		body["@odata.count"] = kept
	}
	if size > 0 && kept > start+size {
		body["@odata.nextLink"] = c.nextLink(start + size)
	}
	return ok(body)
}

func (c *Call) nextLink(offset int) string {
	values := url.Values{}
	for name, list := range c.options.Raw {
		if !strings.EqualFold(name, "$skip") {
			values[name] = list
		}
	}
	values.Set("$skiptoken", base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(offset)+"."+odata.QueryMark(values))))
	return request.BaseURL(c.r) + c.r.URL.EscapedPath() + "?" + values.Encode()
}

// context is the @odata.context of a set, with the selection as OData writes it.
func (c *Call) context(set string) string {
	if c.options.Selected != nil {
		set += "(" + strings.Join(c.options.Selected, ",") + ")"
	}
	return c.base + "/$metadata#" + set
}

// entity answers with one object of a set.
func (c *Call) entity(set string, object map[string]any) (*Answer, *odata.Error) {
	body := c.options.Project(object)
	body["@odata.context"] = c.context(set) + "/$entity"
	return ok(body)
}

// expandInto writes into an object what the call expands of it.
func (c *Call) expandInto(object map[string]any, principalID, roleID string) {
	for _, e := range c.options.Expand {
		var other map[string]any
		switch e.Name {
		case "principal":
			other = principalObject(c.t, principalID, e.Selected != nil)
		case "roleDefinition":
			role, _ := state.RoleByID(roleID)
			other = roleDefinitionObject(role)
		}
		if other == nil {
			object[e.Name] = nil
			continue
		}
		object[e.Name] = odata.Pick(other, e.Selected)
	}
}
