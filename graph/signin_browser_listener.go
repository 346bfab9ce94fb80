package graph

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Rules of this file: the answer of a sign-in comes back to a port of this machine, to which every program and every page
// in a browser here can send. Whoever does not know the state learns nothing, ends nothing and is told 404. What comes with
// the right state is still no word of Microsoft's: it went through a browser.
//
// The state stands in the address of the sign-in, and a browser's command line can be read by the other users of the machine. So
// where the system tells whose a connection is, as Linux does, a browser is given a link to this port, which leads on to that
// address for this user alone. Then the answer is this user's to bring as well. Elsewhere other users of the machine may know the
// state, if they can read command lines: the answer may be theirs, and for an account of theirs.

const (
	maxRedirect = 64 << 10 // bytes of an answer
	portTries   = 10
)

// redirected is what the browser brought back: a code, or why there is none.
type redirected struct {
	code, oauth, description, subcode string
}

// redirectListener waits on both loopback addresses for one answer that carries its state. localhost may mean either
// address; a port that is bound on one only could be taken by somebody else on the other.
type redirectListener struct {
	address string // the redirect address: http://localhost:PORT
	state   string
	answer  chan redirected
	server  *http.Server
	tell    func(Words) string

	link     string                 // the address at this port that leads on to the sign-in's
	leads    atomic.Pointer[string] // the sign-in's; nil leads nowhere
	followed atomic.Bool            // this user's browser has the link
}

// listenForRedirect begins to listen. Errors are about this machine.
func listenForRedirect(ctx context.Context, tell func(Words) string) (*redirectListener, error) {
	listeners, port, err := bindLoopback(ctx)
	if err != nil {
		return nil, err
	}
	l := &redirectListener{
		address: "http://localhost:" + strconv.Itoa(port), state: rand.Text() + rand.Text(),
		answer: make(chan redirected, 1), tell: tell,
	}
	l.link = l.address + "/" + rand.Text()
	l.server = &http.Server{
		Handler: http.HandlerFunc(l.take), ReadTimeout: 10 * time.Second, ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout: 10 * time.Second, MaxHeaderBytes: maxRedirect,
	}
	for _, at := range listeners {
		go func() {
			defer func() { _ = recover() }()
			_ = l.server.Serve(at) // a listener that ends early leaves the wait to its limit
		}()
	}
	return l, nil
}

// bindLoopback binds one free port on 127.0.0.1 and on [::1]; on a machine without IPv6, on 127.0.0.1 alone.
func bindLoopback(ctx context.Context) (listeners []net.Listener, port int, err error) {
	var config net.ListenConfig
	for range portTries {
		six, noSix := config.Listen(ctx, "tcp6", "[::1]:0")
		at := "127.0.0.1:0"
		if noSix == nil {
			at = "127.0.0.1:" + strconv.Itoa(six.Addr().(*net.TCPAddr).Port)
		}
		var four net.Listener
		if four, err = config.Listen(ctx, "tcp4", at); err == nil {
			listeners = []net.Listener{four}
			if noSix == nil {
				listeners = append(listeners, six)
			}
			return listeners, four.Addr().(*net.TCPAddr).Port, nil
		}
		if noSix != nil {
			return nil, 0, err
		}
		_ = six.Close()
	}
	return nil, 0, err
}

// leadsTo has the link lead on to the sign-in's address. It reports false where it would do so for other users too.
func (l *redirectListener) leadsTo(address string) bool {
	if !peersAreKnown(strings.Replace(l.address, "http://localhost", "127.0.0.1", 1)) {
		return false
	}
	l.leads.Store(&address)
	return true
}

// wait returns the first answer with the right state.
func (l *redirectListener) wait(ctx context.Context) (redirected, error) {
	select {
	case a := <-l.answer:
		return a, nil
	case <-ctx.Done():
		return redirected{}, ctx.Err()
	}
}

func (l *redirectListener) close() { _ = l.server.Close() }

// take answers one request. The origin is not looked at: Entra posts from several hosts of its own, some browsers send
// none, and whoever knows the state needs no forged one.
func (l *redirectListener) take(w http.ResponseWriter, r *http.Request) {
	leads := l.leads.Load()
	link := leads != nil && r.Method == http.MethodGet && subtle.ConstantTimeCompare([]byte("http://"+r.Host+r.URL.RequestURI()), []byte(l.link)) == 1
	switch {
	case (link || l.followed.Load()) && !ownUsers(r):
		answerWith(w, http.StatusForbidden, l.page("Not signed in", "This is another user's sign-in. Copy the address from delegate365-onboard, and open it where you are signed in to this computer as the one who started that."))
		return
	case link:
		l.followed.Store(true)
		w.Header().Set("Location", *leads)
		answerWith(w, http.StatusSeeOther, "")
		return
	}
	got, err := l.read(w, r)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	page := l.page("Signed in", "The sign-in has reached delegate365-onboard. Go back to its window; this tab can be closed.")
	if got.code == "" {
		page = l.page("Not signed in", "The sign-in did not succeed. delegate365-onboard says why, and what to do; this tab can be closed.")
	}
	answerWith(w, http.StatusOK, page)
	select {
	case l.answer <- got:
	default:
	}
}

// answerWith sends a page that is kept nowhere and loads nothing.
func answerWith(w http.ResponseWriter, status int, page string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Connection", "close")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(page))
	_ = http.NewResponseController(w).Flush() // the server is closed as soon as the answer is taken
}

// ownUsers reports a request of this user's own.
func ownUsers(r *http.Request) bool {
	own, known := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return known && fromOwnUser(r.RemoteAddr, own.String())
}

var errNotTheAnswer = errors.New("not the answer that is awaited")

// read takes a request apart that is the answer to this sign-in.
func (l *redirectListener) read(w http.ResponseWriter, r *http.Request) (redirected, error) {
	home, err := url.Parse(l.address)
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/" || r.URL.RawQuery != "" || !strings.EqualFold(r.Host, home.Host) {
		return redirected{}, errNotTheAnswer
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRedirect)
	if r.ParseForm() != nil || subtle.ConstantTimeCompare([]byte(r.PostForm.Get("state")), []byte(l.state)) != 1 {
		return redirected{}, errNotTheAnswer
	}
	got := redirected{
		code: r.PostForm.Get("code"), oauth: r.PostForm.Get("error"),
		description: r.PostForm.Get("error_description"), subcode: r.PostForm.Get("error_subcode"),
	}
	if (got.code == "") == (got.oauth == "") {
		return redirected{}, errNotTheAnswer
	}
	return got, nil
}

// page is what the browser shows at the end. Its language is one of its words.
func (l *redirectListener) page(title, text Words) string {
	tell := l.tell
	if tell == nil {
		tell = func(words Words) string { return string(words) }
	}
	return fmt.Sprintf(`<!DOCTYPE html>
<html lang="%s"><head><meta charset="utf-8"><title>%s</title></head>
<body><h1>%s</h1><p>%s</p></body></html>
`, tell("en"), tell(title), tell("Back to the terminal"), tell(text))
}
