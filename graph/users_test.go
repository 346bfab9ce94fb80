package graph

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestUsersTitled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, "fresh")
		c := s.as(globalAdmin)
		made, err := c.Users.CreateUser(t.Context(), NewUser{
			UserPrincipalName: "service.x@contoso.onmicrosoft.com", DisplayName: "Service", MailNickname: "service.x", JobTitle: "It's ours", Password: NewSecret("S3cret-Word-9"),
		})
		if err != nil {
			t.Fatal(err)
		}
		users, err := c.Users.UsersTitled(t.Context(), "It's ours")
		if err != nil || len(users) != 1 || users[0].ID != made.ID || users[0].Created.IsZero() || !users[0].Enabled || users[0].JobTitle != "It's ours" {
			t.Errorf("%+v, %v", users, err)
		}
		if _, err := c.Users.UsersTitled(t.Context(), ""); !errors.Is(err, ErrInvalid) || OutcomeOf(err) != Refused {
			t.Errorf("no title: %v", err)
		}
		if _, err := s.as(globalReader, "Domain.Read.All").Users.UsersTitled(t.Context(), "x"); !errors.Is(err, ErrForbidden) {
			t.Errorf("without the permission: %v", err)
		}
	})
}

// A directory of 100,000 accounts with the title is not read to its end: a hundred are handed out, and that there are more.
func TestUsersTitledGivesUp(t *testing.T) {
	n := 0
	page := `{"@odata.nextLink":"https://graph.test/v1.0/users?$skiptoken=x","value":[` + strings.Repeat(`{"id":"1"},`, 99) + `{"id":"1"}]}`
	c := newTestClient(t, inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { n++; ok(page)(w) })})
	if users, err := c.Users.UsersTitled(t.Context(), "Engineer"); !errors.Is(err, ErrMore) || len(users) != 100 || n != 2 {
		t.Errorf("%d users after %d requests: %v", len(users), n, err)
	}
}
