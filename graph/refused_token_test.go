package graph

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// ended is a Graph that takes its first token once, and then only others; to that it says no more than 401.
type ended struct {
	mu    sync.Mutex
	first string
	all   bool // no token is taken
	asked int
}

func (e *ended) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked++
	token := r.Header.Get("Authorization")
	if e.all || e.first == token {
		status(401, refusal("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."), "WWW-Authenticate",
			`Bearer realm="", authorization_uri="https://login.test/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`)(w)
		return
	}
	if e.first == "" {
		e.first = token
	}
	ok(`{"id":"1"}`)(w)
}

// signedInto is a client that is signed in, and whose token Graph takes no longer.
func signedInto(t *testing.T, e *ended) (*Client, *sts) {
	t.Helper()
	s := newSTS()
	s.signedIn, s.graph = time.Now(), e
	c := newSignInClient(t, s)
	if _, err := c.SignIn(t.Context(), DeviceCode, Prompt{ShowCode: func(Code) {}}, "User.Read"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Users.Me(t.Context()); (err != nil) != e.all {
		t.Fatal(err)
	}
	return c, s
}

// Of a token that Graph takes no longer, whatever this computer's clock says, one other is asked for, and all that was refused
// with it is sent again.
func TestRefusedTokenIsReplacedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := signedInto(t, &ended{})
		before := len(s.tokens)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := c.Users.SetUserEnabled(t.Context(), "u", true); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := len(s.tokens) - before; n != 1 || c.Lapsed() {
			t.Errorf("%d tokens were asked for; lapsed %v", n, c.Lapsed())
		}
	})
}

// A Graph that takes none of them is not asked over and over, nor is the sign-in service.
func TestRefusedTokensEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &ended{all: true}
		c, s := signedInto(t, e)
		before, asked := len(s.tokens), e.asked
		for range 60 {
			if _, err := c.Users.Me(t.Context()); !errors.Is(err, ErrUnauthorized) || OutcomeOf(err) != Refused {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if n, m := len(s.tokens)-before, e.asked-asked; n > 2 || m > 62 {
			t.Errorf("in a minute %d tokens were asked for, and Graph %d times", n, m)
		}
	})
}

// Where the sign-in service gives no other one, the sign-in is over, and says so: asking again asks the person.
func TestRefusedTokenOfNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &ended{}
		c, s := signedInto(t, e)
		s.refuse["oauth2/v2.0/token"] = "invalid_grant|AADSTS50057: The user account is disabled."
		_, err := c.Users.Me(t.Context())
		if in, _ := errors.AsType[*SignInError](err); !errors.Is(err, ErrUnauthorized) || in == nil || in.Code != 50057 || OutcomeOf(err) != Refused {
			t.Errorf("it gives %v", err)
		}
		if !c.Lapsed() || c.Renewable() {
			t.Error("the sign-in counts as good")
		}
		shown := 0
		err = c.Require(t.Context(), Prompt{ShowCode: func(Code) {
			shown++
			delete(s.refuse, "oauth2/v2.0/token")
		}}, "User.Read")
		if err != nil || shown != 1 || c.Lapsed() {
			t.Errorf("Require: %v, %d codes, lapsed %v", err, shown, c.Lapsed())
		}
		if _, err := c.Users.Me(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Nothing is concluded from a sign-in service that can't be reached: the next request tries again.
func TestRefusedTokenOffline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := signedInto(t, &ended{})
		s.broken = errors.New("no road")
		if _, err := c.Users.Me(t.Context()); !errors.Is(err, ErrUnauthorized) || c.Lapsed() {
			t.Errorf("%v; lapsed %v", err, c.Lapsed())
		}
		s.broken = nil
		if _, err := c.Users.Me(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A guard sends again with the token that it was handed meanwhile, and asks for nothing where there is no newer one.
func TestRefusedTokenOfARelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var relay Relay
		hand := func(text string) { relay.Set(Token{NewSecret(text), time.Now().Add(time.Hour)}) }
		hand("one")
		e := &ended{}
		c := newTestClient(t, inProcess{e}, func(o *Options) { o.Credential = &relay })
		if _, err := c.Users.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
		asked := e.asked
		if _, err := c.Users.Me(t.Context()); !errors.Is(err, ErrUnauthorized) || e.asked != asked+1 {
			t.Errorf("%v, asked %d times", err, e.asked-asked)
		}
		hand("two")
		if _, err := c.Users.Me(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// When a token ends is kept by the clock that nobody can set, whatever MSAL tells it by. In virtual time there is no other.
func TestTokenEndsByTheOtherClock(t *testing.T) {
	s, now := &session{}, time.Now()
	for _, told := range []time.Duration{time.Hour, 3 * time.Hour} { // the second by a clock that was set back, and out of MSAL's memory
		s.adopt(azcore.AccessToken{Token: "token", ExpiresOn: now.Add(told).Round(0)}, Identity{})
	}
	if end := s.token.ExpiresOn; !strings.Contains(end.String(), " m=") || end.Sub(now) > time.Hour+time.Minute {
		t.Errorf("it ends at %s", end)
	}
}

// What closes the window is sent with a token that seems over, where no other can be had: Microsoft decides.
func TestTokenThatSeemsOverIsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSTS()
		s.signedIn, s.graph = time.Now(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { ok(`{"id":"1"}`)(w) })
		c := newSignInClient(t, s)
		if _, err := c.SignIn(t.Context(), DeviceCode, Prompt{ShowCode: func(Code) {}}, "User.Read"); err != nil {
			t.Fatal(err)
		}
		s.broken = errors.New("no road")
		time.Sleep(5 * time.Hour)
		if _, err := c.Users.Me(t.Context()); !errors.Is(err, ErrOffline) {
			t.Errorf("without hurry it gives %v", err)
		}
		if _, err := c.Users.Me(Closing(t.Context())); err != nil {
			t.Errorf("closing it gives %v", err)
		}
	})
}
