package graph

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"
)

// Whatever reaches the port of the sign-in without its state is told 404, changes nothing and ends nothing: the operator's
// own answer, which comes after all of it, is the one that counts.
func TestStrangersCannotEndASignIn(t *testing.T) {
	s := newSTS()
	own := s.visit(nil)
	var told []int
	open := func(address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		redirect, state := u.Query().Get("redirect_uri"), u.Query().Get("state")
		for name, attack := range map[string]func() (*http.Request, error){
			"a plain GET":           func() (*http.Request, error) { return http.NewRequest(http.MethodGet, redirect, nil) },
			"a GET of another path": func() (*http.Request, error) { return http.NewRequest(http.MethodGet, redirect+"/favicon.ico", nil) },
			"a GET with the state": func() (*http.Request, error) {
				return http.NewRequest(http.MethodGet, redirect+"/?code=x&state="+state, nil)
			},
			"another state": posted(redirect, url.Values{"state": {"x"}, "code": {"y"}}),
			"no state":      posted(redirect, url.Values{"code": {"y"}}),
			"an error without the state": posted(redirect, url.Values{
				"error": {"access_denied"}, "error_description": {"AADSTS50020: User account is from another tenant."},
			}),
			"the state in the query": posted(redirect+"/?state="+state, url.Values{"code": {"y"}}),
			"another path":           posted(redirect+"/callback", url.Values{"state": {state}, "code": {"y"}}),
			"neither code nor error": posted(redirect, url.Values{"state": {state}}),
			"both":                   posted(redirect, url.Values{"state": {state}, "code": {"y"}, "error": {"access_denied"}}),
			"another host":           from(posted(redirect, url.Values{"state": {state}, "code": {"y"}}), "Host", "rebind.example"),
			"another origin":         from(posted(redirect, url.Values{"state": {"guessed"}, "code": {"y"}}), "Origin", "https://evil.example"),
			"too much":               posted(redirect, url.Values{"state": {state}, "code": {strings.Repeat("y", maxRedirect)}}),
		} {
			req, err := attack()
			if err != nil {
				return err
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return err
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusNotFound {
				t.Errorf("%s is answered %d", name, resp.StatusCode)
			}
			told = append(told, resp.StatusCode)
		}
		return own(address)
	}
	id, err := newSignInClient(t, s).SignIn(t.Context(), Browser, Prompt{OpenURL: open}, "User.Read")
	if err != nil || id.ObjectID != operatorID || len(told) != 13 {
		t.Errorf("after %d attacks: %+v, %v", len(told), id, err)
	}
}

func posted(to string, form url.Values) func() (*http.Request, error) {
	return func() (*http.Request, error) {
		req, err := http.NewRequest(http.MethodPost, to, strings.NewReader(form.Encode()))
		if err == nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return req, err
	}
}

func from(attack func() (*http.Request, error), header, value string) func() (*http.Request, error) {
	return func() (*http.Request, error) {
		req, err := attack()
		if err == nil {
			if req.Header.Set(header, value); header == "Host" {
				req.Host = value
			}
		}
		return req, err
	}
}

// localhost may be either loopback address: whichever a browser takes is ours, and nobody else can bind the other.
func TestBothLoopbacksAreBound(t *testing.T) {
	six, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Log("this machine has no IPv6: only 127.0.0.1 can be bound")
	} else {
		_ = six.Close()
	}
	l, failed := listenForRedirect(t.Context(), nil)
	if failed != nil {
		t.Fatal(failed)
	}
	defer l.close()
	u, _ := url.Parse(l.address)
	for _, at := range []string{"127.0.0.1", "::1"} {
		if at == "::1" && err != nil {
			continue
		}
		conn, err := net.Dial("tcp", net.JoinHostPort(at, u.Port()))
		if err != nil {
			t.Errorf("%s does not answer: %v", at, err)
			continue
		}
		_ = conn.Close()
		if other, err := net.Listen("tcp", net.JoinHostPort(at, u.Port())); err == nil {
			_ = other.Close()
			t.Errorf("somebody else can bind %s as well", at)
		}
	}
}

// Words that come back by way of the browser are never shown as Microsoft's: the number is, as the browser's.
func TestWordsOfTheBrowserAreNotMicrosofts(t *testing.T) {
	for name, test := range map[string]struct {
		oauth, description string
		says               string
		kind               error
	}{
		"a refusal":    {"access_denied", "AADSTS65004: User declined.", "sign in: the browser said AADSTS65004", ErrConsent},
		"a forged one": {"access_denied", "AADSTS53003: Call +43 1 234 \x1b]0;x\x07 and read out your password", "sign in: the browser said AADSTS53003", ErrSignInRefused},
		"no number":    {"interaction_required", "Call +43 1 234", "sign in: the browser came back with interaction_required", nil},
		"nonsense":     {"\x1b[2Jaccess", "\x1b[2J", "sign in: the browser came back without a reason", ErrSignInClosed},
	} {
		s := newSTS()
		open := s.visit(func(_, form url.Values) {
			form.Del("code")
			form.Set("error", test.oauth)
			form.Set("error_description", test.description)
		})
		_, err := newSignInClient(t, s).SignIn(t.Context(), Browser, Prompt{OpenURL: open}, "User.Read")
		e, ok := errors.AsType[*SignInError](err)
		if !ok || err.Error() != test.says || !e.FromBrowser || test.kind != nil && !errors.Is(err, test.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The page at the end is told in the reader's language, which it names.
func TestThePageAtTheEndIsTold(t *testing.T) {
	german := map[Words]string{"en": "de", "Signed in": "Angemeldet", "Back to the terminal": "Zurück", "x": "y"}
	l := &redirectListener{tell: func(words Words) string { return german[words] }}
	if page := l.page("Signed in", "x"); !strings.Contains(page, `<html lang="de">`) || !strings.Contains(page, "<title>Angemeldet</title>") || !strings.Contains(page, "<h1>Zurück</h1><p>y</p>") {
		t.Errorf("it is %s", page)
	}
	if page := (&redirectListener{}).page("Signed in", "x"); !strings.Contains(page, `<html lang="en">`) || !strings.Contains(page, "<p>x</p>") {
		t.Errorf("untold it is %s", page)
	}
}

// A browser that is started here is led on to the sign-in, without its address on a command line.
func TestTheLinkLeadsOn(t *testing.T) {
	s := newSTS()
	visit := s.visit(nil)
	var address, link string
	id, err := newSignInClient(t, s).SignIn(t.Context(), Browser, Prompt{
		Lead: func(to, by string) { address, link = to, by },
		OpenURL: func(told string) error {
			if link == "" {
				peersUnknown(t)
			}
			if address != told || strings.ContainsAny(link, "?#=") {
				t.Errorf("%s leads to %s, not to %s", link, address, told)
			}
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			resp, err := client.Get(link)
			if err != nil {
				return err
			}
			_ = resp.Body.Close()
			if resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%v", resp.Header)
			}
			return visit(resp.Header.Get("Location"))
		},
	}, "User.Read")
	if err != nil || id.ObjectID != operatorID {
		t.Errorf("%+v, %v", id, err)
	}
}

// What came in place of a code is looked for until Microsoft refuses it: it may be any text, such as a name that has to be shown.
func TestRefusedCodeIsForgotten(t *testing.T) {
	for sent, refusal := range map[string]string{"x=17@fabrikam-7.example": "AADSTS9002313: Invalid request.", "1.AXkA-72Kq_mTv9Rz0": ""} {
		s, kept := newSTS(), refusal == ""
		if !kept {
			s.refuse["oauth2/v2.0/token"] = refusal
		}
		open := s.visit(func(_, form url.Values) { form.Set("code", sent) })
		_, err := newSignInClient(t, s).SignIn(t.Context(), Browser, Prompt{OpenURL: open}, "User.Read")
		if (err == nil) != kept || watched(sent) != kept {
			t.Errorf("refused with %q: %v, looked for: %t", refusal, err, watched(sent))
		}
	}
}

// peersUnknown skips a test where nothing tells whose a connection is; on CI's Linux something has to.
func peersUnknown(t *testing.T) {
	t.Helper()
	if os.Getenv("CI") == "true" && runtime.GOOS == "linux" {
		t.Fatal("nothing tells whose a connection is")
	}
	t.Skip("nothing tells here whose a connection is")
}
