package graph

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

// An account that was just created is not known everywhere for a while: it is read and written all the same.
func TestNewAccountIsExpected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "fresh")
		c := s.as(globalAdmin)
		if err := s.FaultAt(1, simtest.FaultLag); err != nil {
			t.Fatal(err)
		}
		made, err := c.Users.CreateUser(t.Context(), NewUser{
			UserPrincipalName: "service.x@contoso.onmicrosoft.com", DisplayName: "Service", MailNickname: "service.x", Password: NewSecret("S3cret-Word-9"),
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			if _, err := c.Users.User(t.Context(), made.ID); err != nil {
				t.Error(err)
			}
			if _, err := c.MFA.PerUserMFA(t.Context(), made.ID); err != nil {
				t.Error(err)
			}
		}
		before := len(s.sent)
		if _, err := c.Users.UserExtension(t.Context(), made.ID, "com.example.none"); !errors.Is(err, ErrNotFound) || len(s.sent) != before+1 {
			t.Errorf("an extension that nobody made is waited for: %v after %d requests", err, len(s.sent)-before)
		}
		missed := 0
		for _, x := range s.sent {
			if x.Status == http.StatusNotFound {
				missed++
			}
		}
		if missed == 0 {
			t.Error("nothing was missing: this proves nothing")
		}
		if err := c.Users.DeleteUser(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute) // until it is gone everywhere
		before = len(s.sent)
		if _, err := c.Users.User(t.Context(), made.ID); !errors.Is(err, ErrNotFound) || len(s.sent) != before+1 {
			t.Errorf("a deleted account is waited for: %v after %d requests", err, len(s.sent)-before)
		}
	})
}

// Who is expected, for how long, and by what.
func TestExpectations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &newAccounts{}
		e.read(User{ID: "new", Created: time.Now().Add(9 * time.Minute)}) // by a clock that is ahead
		e.read(User{ID: "old", Created: time.Now().Add(-time.Hour)})
		e.read(User{ID: "unknown"})
		e.add("gone")
		e.drop("gone")
		e.add("")
		about := func(path string) bool {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, "https://graph.test"+path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			return e.about(r)
		}
		for path, want := range map[string]bool{
			"/v1.0/users/new": true, "/beta/users/new/authentication/requirements": true, "/v1.0/users/newer": false,
			"/v1.0/users/old": false, "/v1.0/users/unknown": false, "/v1.0/users/gone": false, "/v1.0/groups/new": false,
		} {
			if about(path) != want {
				t.Errorf("%s: %v", path, !want)
			}
		}
		time.Sleep(time.Minute)
		e.add("new") // read again: that does not make it newer
		time.Sleep(time.Minute)
		if about("/v1.0/users/new") {
			t.Error("it is expected for ever")
		}
	})
}

func TestUnknownAccountIsAskedAgain(t *testing.T) {
	missing := status(http.StatusNotFound, refusal("Request_ResourceNotFound", "no such user"))
	synctest.Test(t, func(t *testing.T) {
		a := &answers{t: t, list: []func(http.ResponseWriter){missing, missing, missing, status(http.StatusNoContent, "")}}
		var waits []Wait
		c := newTestClient(t, a, func(o *Options) { o.OnWait = func(w Wait) { waits = append(waits, w) } })
		if err := c.Users.SetUserEnabled(t.Context(), "x", true); !errors.Is(err, ErrNotFound) || OutcomeOf(err) != Refused || len(waits) > 0 {
			t.Errorf("%v after %v", err, waits)
		}
		c.Expect("x")
		if err := c.Users.SetUserEnabled(t.Context(), "x", true); err != nil || len(waits) != 2 || waits[0].Status != http.StatusNotFound || waits[0].Delay != time.Second || waits[1].Delay != 2*time.Second {
			t.Errorf("%v after %v", err, waits)
		}
	})
}
