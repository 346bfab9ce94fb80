package simtenant

import (
	"encoding/base64"
	"iter"
	"net/url"
	"strconv"
	"strings"
)

// collection answers with the objects that the filter keeps, a page of them at a time.
func (c *graphCall) collection(set string, objects []map[string]any) (*graphAnswer, *graphError) {
	return c.stream(set, func(yield func(lazyObject) bool) {
		for _, object := range objects {
			if !yield(func() map[string]any { return object }) {
				return
			}
		}
	})
}

// lazyObject is an object that is made only where it is shown or filtered.
type lazyObject func() map[string]any

func (o lazyObject) property(name string) any { return o()[name] }

// stream is collection for objects too many to make them all. It stops behind the page unless they have to be counted.
func (c *graphCall) stream(set string, objects iter.Seq[lazyObject]) (*graphAnswer, *graphError) {
	o := c.options
	start, size := o.offset+o.skip, c.route.query.pageSize
	if o.top > 0 {
		size = o.top
	}
	if o.orderBy != nil {
		objects = sorted(objects, o.orderBy)
	}
	page, kept := []any{}, 0
	for object := range objects {
		if len(o.filter) > 0 && !matchesAll(object(), o.filter) || !o.search.matches(object.property) {
			continue
		}
		kept++
		inside := kept > start && (size == 0 || kept <= start+size)
		if inside {
			page = append(page, o.project(object()))
		}
		if !o.count && size > 0 && kept > start+size {
			break
		}
	}
	body := map[string]any{"@odata.context": c.context(set), "value": page}
	if o.count {
		body["@odata.count"] = kept
	}
	if size > 0 && kept > start+size {
		body["@odata.nextLink"] = c.nextLink(start + size)
	}
	return ok(body)
}

func (c *graphCall) nextLink(offset int) string {
	values := url.Values{}
	for name, list := range c.options.raw {
		if !strings.EqualFold(name, "$skip") {
			values[name] = list
		}
	}
	values.Set("$skiptoken", base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(offset)+"."+queryMark(values))))
	return baseURL(c.r) + c.r.URL.EscapedPath() + "?" + values.Encode()
}
