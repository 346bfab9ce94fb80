package web_test

import (
	"context"
	"net/url"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// command is a protocol command whose answer nobody needs.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}

// watch notes what no page may cause: a request that leaves the tenant, unless it returns to the application that asked for
// the sign-in, and a complaint of the browser, such as a broken content security policy.
func (b *browser) watch(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		from, _ := url.Parse(e.DocumentURL)
		back := err == nil && u.Hostname() == "localhost" && (e.Type == network.ResourceTypeDocument || from.Host == u.Host)
		if err != nil || !b.served[u.Host] && u.Scheme != "data" && u.Scheme != "about" && !back {
			b.faults = append(b.faults, "a request to "+e.Request.URL)
		}
	case *log.EventEntryAdded:
		refusal := strings.HasPrefix(e.Entry.Text, "Failed to load resource: the server responded with a status of 4")
		if !refusal && (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) {
			b.faults = append(b.faults, "the browser says: "+e.Entry.Text+" "+e.Entry.URL)
		}
	}
}
