package graph

import (
	"context"
	"errors"
	"fmt"

	abs "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// errNoValue says that an answer is JSON but not a collection.
var errNoValue = errors.New("the answer is not a collection")

// errNullItem says that a collection has nothing where something has to be. What is left out may be what matters.
var errNullItem = errors.New("the answer is a collection with a null in it")

// page is one page of a collection of the SDK's models.
type page[T serialization.Parsable] struct {
	factory serialization.ParsableFactory
	value   []T
	next    string
	found   bool
}

// Serialize does nothing: a page is only read.
func (p *page[T]) Serialize(serialization.SerializationWriter) error { return nil }

// GetFieldDeserializers reads value and @odata.nextLink.
func (p *page[T]) GetFieldDeserializers() map[string]func(serialization.ParseNode) error {
	return map[string]func(serialization.ParseNode) error{
		"value": func(n serialization.ParseNode) error {
			items, err := n.GetCollectionOfObjectValues(p.factory)
			if err != nil {
				return err
			}
			p.found = items != nil
			for _, item := range items {
				item, ok := item.(T)
				if !ok {
					return errNullItem
				}
				p.value = append(p.value, item)
			}
			return nil
		},
		"@odata.nextLink": func(n serialization.ParseNode) error {
			next, err := n.GetStringValue()
			p.next = deref(next)
			return err
		},
	}
}

// list reads a collection of the SDK's models to its end.
func list[T serialization.Parsable](ctx context.Context, c *Client, op, address string, factory serialization.ParsableFactory) ([]T, error) {
	var all []T
	err := readPages(op, address, func(address string) (string, error) {
		p, err := firstPage[T](ctx, c, op, address, factory)
		if err != nil {
			return "", err
		}
		all = append(all, p.value...)
		return p.next, nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// firstPage reads one page.
func firstPage[T serialization.Parsable](ctx context.Context, c *Client, op, address string, factory serialization.ParsableFactory) (*page[T], error) {
	p := &page[T]{factory: factory}
	err := c.call(ctx, request{op, abs.GET, address, nil}, func(ctx context.Context, ri *abs.RequestInformation) error {
		_, err := c.adapter.Send(ctx, ri, func(serialization.ParseNode) (serialization.Parsable, error) { return p, nil }, errorMappings())
		if err == nil && !p.found {
			err = errNoValue
		}
		return err
	})
	return p, err
}

// listJSON reads a collection to its end without the SDK's models.
func listJSON[T any](ctx context.Context, c *Client, op, address string) ([]T, error) {
	var all []T
	err := readPages(op, address, func(address string) (string, error) {
		items, next, err := pageJSON[T](ctx, c, op, address)
		all = append(all, items...)
		return next, err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// pageJSON reads one page without the SDK's models.
func pageJSON[T any](ctx context.Context, c *Client, op, address string) (items []T, next string, err error) {
	var p struct {
		Value []*T   `json:"value"`
		Next  string `json:"@odata.nextLink"`
	}
	err = c.call(ctx, request{op, abs.GET, address, nil}, func(ctx context.Context, ri *abs.RequestInformation) error {
		items = nil
		if err := c.sendJSON(ctx, ri, &p); err != nil {
			return err
		}
		if p.Value == nil {
			return errNoValue
		}
		for _, item := range p.Value {
			if item == nil {
				return errNullItem
			}
			items = append(items, *item)
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return items, p.Next, nil
}

// readPages follows the addresses that read returns until it returns none.
func readPages(op, address string, read func(address string) (next string, err error)) error {
	for range maxPages {
		next, err := read(address)
		if err != nil || next == "" {
			return err
		}
		address = next
	}
	return unclear(op, fmt.Sprintf("there are more than %d pages", maxPages), nil)
}
