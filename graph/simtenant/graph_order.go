package simtenant

import (
	"cmp"
	"iter"
	"net/http"
	"slices"
	"strings"
)

// sortKey is one property of $orderby.
type sortKey struct {
	path       string
	descending bool
}

// readOrder reads $orderby. What a collection can't sort by, it says of the query as a whole.
func (o *queryOptions) readOrder(rules queryRules, value string) *graphError {
	for part := range strings.SplitSeq(value, ",") {
		words := strings.Fields(part)
		if len(words) == 0 || len(words) > 2 || len(words) == 2 && words[1] != "asc" && words[1] != "desc" {
			return refuse(http.StatusBadRequest, "BadRequest", "Syntax error in the $orderby clause '%s'.", value)
		}
		i := slices.IndexFunc(rules.orderBy, func(known string) bool { return strings.EqualFold(known, words[0]) })
		if i < 0 {
			return unsupportedQuery("Sorting not supported for current query.")
		}
		o.orderBy = append(o.orderBy, sortKey{rules.orderBy[i], len(words) == 2 && words[1] == "desc"})
	}
	return nil
}

// sorted are the objects in the order that was asked for. Lists that have an order of their own have the newest first,
// so that among equals the oldest comes first where the order ascends.
func sorted(objects iter.Seq[lazyObject], keys []sortKey) iter.Seq[lazyObject] {
	type row struct {
		object lazyObject
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
	slices.SortStableFunc(rows, func(a, b row) int {
		for i, key := range keys {
			if order := cmp.Compare(a.values[i], b.values[i]); order != 0 {
				if key.descending {
					return -order
				}
				return order
			}
		}
		return 0
	})
	return func(yield func(lazyObject) bool) {
		for _, r := range rows {
			if !yield(r.object) {
				return
			}
		}
	}
}
