package odata

import (
	"cmp"
	"iter"
	"net/http"
	"slices"
	"sort"
	"strings"
)

// sortKey is one property of $orderby.
type sortKey struct {
	path       string
	descending bool
}

// readOrder reads $orderby. What a collection can't sort by, it says of the query as a whole.
func (o *Options) readOrder(rules Rules, value string) *Error {
	for part := range strings.SplitSeq(value, ",") {
		words := strings.Fields(part)
		if len(words) == 0 || len(words) > 2 || len(words) == 2 && words[1] != "asc" && words[1] != "desc" {
			return Refuse(http.StatusBadRequest, "BadRequest", "Syntax error in the $orderby clause '%s'.", value)
		}
		i := slices.IndexFunc(rules.OrderBy, func(known string) bool { return strings.EqualFold(known, words[0]) })
		if i < 0 {
			return unsupportedQuery("Sorting not supported for current query.")
		}
		o.OrderBy = append(o.OrderBy, sortKey{rules.OrderBy[i], len(words) == 2 && words[1] == "desc"})
	}
	return nil
}

// Object is an object that is made only where it is shown or filtered.
type Object func() map[string]any

// Property makes the object for one of its properties.
func (o Object) Property(name string) any { return o()[name] }

// Sorted are the objects in the order that was asked for. Lists that have an order of their own have the newest first,
// so that among equals the oldest comes first where the order ascends.
func Sorted(objects iter.Seq[Object], keys []sortKey) iter.Seq[Object] {
	type row struct {
		object Object
		values []string
	}
	var rows []row
	for object := range objects {
		r, whole := row{object: object}, object()
		for _, key := range keys {
			r.values = append(r.values, plain(whole[key.path]))
		}
		rows = append(rows, r)
	}
	if !keys[0].descending {
		slices.Reverse(rows)
	}
	sort.SliceStable(rows, func(i, j int) bool {
		for k, key := range keys {
			if order := cmp.Compare(rows[i].values[k], rows[j].values[k]); order != 0 {
				return order < 0 != key.descending
			}
		}
		return false
	})
	return func(yield func(Object) bool) {
		for _, r := range rows {
			if !yield(r.object) {
				return
			}
		}
	}
}
