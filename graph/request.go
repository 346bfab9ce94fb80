package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	abs "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// maxPages bounds a collection that is read to its end.
const maxPages = 100

const jsonType = "application/json"

var errNoContent = errors.New("the answer was empty")

// v1 is the address of a path on Graph v1.0; query is name, value, name, value.
//
//go:noinline // every copy would be carried
func (c *Client) v1(path string, query ...string) string {
	return c.cloud.Graph + "/v1.0" + path + encodeQuery(query)
}

// beta is the address of a path on Graph beta, which the SDK does not cover and Microsoft may change at any time.
//
//go:noinline // every copy would be carried
func (c *Client) beta(path string) string {
	return c.cloud.Graph + "/beta" + path
}

func encodeQuery(pairs []string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		b.WriteByte("?&"[min(i, 1)])
		// OData wants %20 where a form has +.
		b.WriteString(pairs[i] + "=" + strings.ReplaceAll(url.QueryEscape(pairs[i+1]), "+", "%20"))
	}
	return b.String()
}

// segment escapes an id or a user principal name for use in a path.
//
//go:noinline // every copy would be carried
func segment(id string) string { return url.PathEscape(id) }

// quoted is a string literal of an OData filter.
//
//go:noinline // every copy would be carried
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// checkAddress refuses every address that is not this cloud's Graph over https.
func (c *Client) checkAddress(u *url.URL) error {
	home, err := url.Parse(c.cloud.Graph)
	if err != nil {
		return err
	}
	if u.Scheme != "https" || !strings.EqualFold(u.Host, home.Host) || u.User != nil {
		return fmt.Errorf("refused to send a request to %s://%s: only https://%s is Graph here", u.Scheme, u.Host, home.Host)
	}
	return nil
}

// prepare makes the request to address. body is a model of the SDK, bytes of JSON, or nil.
func (c *Client) prepare(ctx context.Context, method abs.HttpMethod, address string, body any) (*abs.RequestInformation, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if err := c.checkAddress(u); err != nil {
		return nil, err
	}
	ri := abs.NewRequestInformation()
	ri.Method = method
	ri.SetUri(*u)
	ri.Headers.Add("Accept", jsonType)
	ri.Headers.Add("User-Agent", "delegate365-onboard")
	switch body := body.(type) {
	case nil:
	case []byte:
		ri.SetStreamContentAndContentType(body, jsonType)
	case serialization.Parsable:
		err = ri.SetContentFromParsable(ctx, c.adapter, jsonType, body)
	}
	return ri, err
}

// request is one that is to be sent, and what for.
type request struct {
	op      string
	method  abs.HttpMethod
	address string
	body    any // encoded, a model of the SDK, or nil
}

// call prepares one request and hands it to send; what goes wrong comes back as an *Error.
func (c *Client) call(ctx context.Context, r request, send func(context.Context, *abs.RequestInformation) error) error {
	op := r.op
	ri, err := c.prepare(ctx, r.method, r.address, r.body)
	if err != nil {
		return &Error{Op: op, Message: err.Error(), kind: ErrInvalid, cause: err, unsent: true}
	}
	rec := &record{}
	try := func() error {
		return guarded(func() error { return send(context.WithValue(ctx, recordKey{}, rec), ri) })
	}
	err = try()
	if rec.tokenRefused() {
		is, why := replaceRefused(ctx, c, bearer(ri))
		if is {
			err = try()
		} else if why != nil {
			err = why
		}
	}
	// The adapter takes a redirect for success.
	if err == nil && rec.status >= 200 && rec.status < 300 && rec.foreign == nil && !rec.brokenOff {
		return nil
	}
	return explain(ctx, op, rec, err)
}

// guarded turns a panic of the SDK into an error. kiota-http-go v1.5.4 panics on a claims challenge without quotes,
// and an answer from the network must not end the program.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the Graph SDK broke on the answer: %T", p)
		}
	}()
	return f()
}

// write sends a request whose answer has no body worth reading.
func (c *Client) write(ctx context.Context, op string, method abs.HttpMethod, address string, body any) error {
	return c.call(ctx, request{op, method, address, body}, func(ctx context.Context, ri *abs.RequestInformation) error {
		return c.adapter.SendNoContent(ctx, ri, errorMappings())
	})
}

// getJSON reads into out without the SDK's models.
func (c *Client) getJSON(ctx context.Context, op, address string, out any) error {
	return c.call(ctx, request{op, abs.GET, address, nil}, func(ctx context.Context, ri *abs.RequestInformation) error {
		return c.sendJSON(ctx, ri, out)
	})
}

// postJSON creates value and reads what was created into out.
func (c *Client) postJSON(ctx context.Context, op, address string, value, out any) error {
	body, err := encode(op, value)
	if err != nil {
		return err
	}
	return c.call(ctx, request{op, abs.POST, address, body}, func(ctx context.Context, ri *abs.RequestInformation) error {
		return c.sendJSON(ctx, ri, out)
	})
}

func (c *Client) sendJSON(ctx context.Context, ri *abs.RequestInformation, out any) error {
	answer, err := c.adapter.SendPrimitive(ctx, ri, "[]byte", errorMappings())
	if err != nil {
		return err
	}
	raw, _ := answer.([]byte)
	if len(raw) == 0 {
		return errNoContent
	}
	return json.Unmarshal(raw, out)
}

// patchJSON changes the members that value has.
func (c *Client) patchJSON(ctx context.Context, op, address string, value any) error {
	body, err := encode(op, value)
	if err != nil {
		return err
	}
	return c.write(ctx, op, abs.PATCH, address, body)
}

func encode(op string, value any) ([]byte, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, &Error{Op: op, kind: ErrInvalid, cause: err, unsent: true}
	}
	return body, nil
}

// deref is *p, or the zero value.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

//go:noinline // every copy would be carried
func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
