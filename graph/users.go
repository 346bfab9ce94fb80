package graph

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	abs "github.com/microsoft/kiota-abstractions-go"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// DisablePasswordExpiration is the password policy of an account whose password never expires.
const DisablePasswordExpiration = "DisablePasswordExpiration"

// User is an account of the tenant.
type User struct {
	ID                 string
	UserPrincipalName  string
	DisplayName        string
	JobTitle           string
	Enabled            bool
	Type               UserType
	PasswordPolicies   string // comma-separated: DisablePasswordExpiration
	MustChangePassword bool   // at the next sign-in
	Synced             bool   // mastered on premises
	Created            time.Time
	Deleted            time.Time // zero unless it is in the recycle bin
}

// UserType is Graph's userType. https://learn.microsoft.com/entra/external-id/user-properties
type UserType uint8

// The types of users. The first stands for a type that was not read as well.
const (
	UnknownType UserType = iota
	Member
	Guest
)

func userType(word string) UserType {
	switch {
	case strings.EqualFold(word, "Member"):
		return Member
	case strings.EqualFold(word, "Guest"):
		return Guest
	}
	return UnknownType
}

// NewUser is an account to be created.
type NewUser struct {
	UserPrincipalName string
	DisplayName       string
	MailNickname      string
	JobTitle          string
	UsageLocation     string // two letters; empty leaves it out
	Password          Secret
}

const userProperties = "id,userPrincipalName,displayName,jobTitle,accountEnabled,passwordPolicies,passwordProfile,onPremisesSyncEnabled,createdDateTime,userType"

// Me reads the signed-in operator: GET /me, User.Read. https://learn.microsoft.com/graph/api/user-get
func (s Users) Me(ctx context.Context) (User, error) {
	return s.user(ctx, "read the signed-in account", "/me")
}

// User reads an account by id or user principal name: GET /users/{id}, User.Read.All. A new one may be ErrNotFound for
// some seconds. A 404 that is not about the account, such as that of something on the way, is ErrUnavailable. https://learn.microsoft.com/graph/api/user-get
func (s Users) User(ctx context.Context, idOrUPN string) (User, error) {
	return s.user(ctx, "read the account", usersPath+segment(idOrUPN))
}

const usersPath = "/users/"

// maxTitled bounds a search by job title: a title that more accounts have marks nothing.
const maxTitled = 100

// UsersTitled lists the accounts with this job title, which must not be empty, without what it says of passwords and
// of synchronisation: GET /users, User.Read.All. A new one may be missing for some seconds. Beside an error come those that
// were read before it: a hundred where more have the title, which is ErrMore. https://learn.microsoft.com/graph/api/user-list
func (s Users) UsersTitled(ctx context.Context, jobTitle string) ([]User, error) {
	const op = "look for accounts by their job title"
	if jobTitle == "" {
		return nil, &Error{Op: op, Message: "a job title to look for is needed", kind: ErrInvalid, unsent: true}
	}
	var users []User
	err := readPages(op, s.client.v1("/users", "$select", "id,userPrincipalName,displayName,jobTitle,accountEnabled,createdDateTime,userType",
		"$filter", "jobTitle eq "+quoted(jobTitle)), func(address string) (string, error) {
		page, next, err := pageJSON[userJSON](ctx, s.client, op, address)
		for _, w := range page {
			users = append(users, w.user())
			s.client.expected.read(w.user())
		}
		if len(users) > maxTitled {
			users = users[:maxTitled]
			return "", &Error{Op: op, Message: fmt.Sprintf("more than %d accounts have the job title %s", maxTitled, jobTitle), kind: ErrMore}
		}
		return next, err
	})
	return users, err
}

func (s Users) user(ctx context.Context, op, path string) (User, error) {
	var w userJSON
	if err := s.client.getJSON(ctx, op, s.client.v1(path, "$select", userProperties), &w); err != nil {
		if e, ok := errors.AsType[*Error](err); ok && errors.Is(err, ErrNotFound) && e.Code != "Request_ResourceNotFound" {
			e.kind = ErrUnavailable
		}
		return User{}, err
	}
	u := w.user()
	if asked := strings.TrimPrefix(path, usersPath); u.ID == "" || asked != path && !objectid.Same(asked, u.ID) && !strings.EqualFold(asked, segment(u.UserPrincipalName)) {
		return User{}, another(op)
	}
	s.client.expected.read(u)
	return u, nil
}

// DeletedUser finds the account that had this user principal name among the deleted ones, the newest of several:
// GET /directory/deletedItems/microsoft.graph.user, User.Read.All. A deleted account carries its object id without
// dashes before its name, which no filter of this collection can look past, so the list is searched here. ErrNone when
// it holds none. https://learn.microsoft.com/graph/api/directory-deleteditems-list
func (s Users) DeletedUser(ctx context.Context, upn string) (User, error) {
	const op = "look for a deleted account"
	all, err := listJSON[userJSON](ctx, s.client, op,
		s.client.v1("/directory/deletedItems/microsoft.graph.user", "$select", "id,userPrincipalName,displayName,jobTitle,deletedDateTime"))
	if err != nil {
		return User{}, err
	}
	var newest User
	for _, w := range all {
		u := w.user()
		u.UserPrincipalName = strings.TrimPrefix(u.UserPrincipalName, strings.ReplaceAll(u.ID, "-", ""))
		if strings.EqualFold(u.UserPrincipalName, upn) && (newest.ID == "" || u.Deleted.After(newest.Deleted)) {
			newest = u
		}
	}
	if newest.ID == "" {
		return User{}, &Error{Op: op, Message: "no deleted account had the name " + upn, kind: ErrNone}
	}
	return newest, nil
}

// Deleted reads a deleted account by its object id: GET /directory/deletedItems/{id}, User.Read.All. ErrNotFound when it is
// not among the deleted ones. https://learn.microsoft.com/graph/api/directory-deleteditems-get
func (s Users) Deleted(ctx context.Context, id string) (User, error) {
	const op = "look for the deleted account"
	var w userJSON
	if err := s.client.getJSON(ctx, op, s.client.v1("/directory/deletedItems/"+segment(id)), &w); err != nil {
		return User{}, err
	}
	if !objectid.Same(string(w.ID), id) {
		return User{}, another(op)
	}
	return w.user(), nil
}

// CreateUser creates an enabled account whose password does not expire and need not be changed: POST /users,
// User.ReadWrite.All. ErrConflict when the name is taken, perhaps by this very call sent twice; after an Unknown
// outcome read the account by its name. https://learn.microsoft.com/graph/api/user-post-users
func (s Users) CreateUser(ctx context.Context, u NewUser) (User, error) {
	enabled, policies := true, DisablePasswordExpiration
	var created userJSON
	err := s.client.postJSON(ctx, "create the account", s.client.v1("/users"), userJSON{
		UserPrincipalName: u.UserPrincipalName,
		DisplayName:       u.DisplayName,
		MailNickname:      u.MailNickname,
		JobTitle:          u.JobTitle,
		UsageLocation:     u.UsageLocation,
		Enabled:           &enabled,
		PasswordPolicies:  &policies,
		Password:          lastingPassword(u.Password),
	}, &created)
	if err != nil {
		return User{}, err
	}
	s.client.Expect(string(created.ID))
	return created.user(), nil
}

// SetPassword gives an account a password that need not be changed: PATCH /users/{id},
// User-PasswordProfile.ReadWrite.All or Directory.AccessAsUser.All, and for an administrator's account a role above
// it. https://learn.microsoft.com/graph/api/user-update
func (s Users) SetPassword(ctx context.Context, id string, password Secret) error {
	return s.updateUser(ctx, "set the account's password", id, userJSON{Password: lastingPassword(password)})
}

// SetUserEnabled lets an account sign in, or stops it: PATCH /users/{id}, User.ReadWrite.All.
// https://learn.microsoft.com/graph/api/user-update
func (s Users) SetUserEnabled(ctx context.Context, id string, on bool) error {
	op := "enable the account"
	if !on {
		op = "disable the account"
	}
	return s.updateUser(ctx, op, id, userJSON{Enabled: &on})
}

// SetPasswordPolicies replaces an account's password policies: PATCH /users/{id}, User.ReadWrite.All.
// https://learn.microsoft.com/graph/api/user-update
func (s Users) SetPasswordPolicies(ctx context.Context, id, policies string) error {
	return s.updateUser(ctx, "set the account's password policies", id, userJSON{PasswordPolicies: &policies})
}

func (s Users) updateUser(ctx context.Context, op, id string, change userJSON) error {
	return s.client.patchJSON(ctx, op, s.client.v1("/users/"+segment(id)), change)
}

// DeleteUser moves an account to the recycle bin, from where it can be restored for 30 days: DELETE /users/{id},
// User.ReadWrite.All; for an administrator's account Directory.AccessAsUser.All too.
// https://learn.microsoft.com/graph/api/user-delete
func (s Users) DeleteUser(ctx context.Context, id string) error {
	err := s.client.write(ctx, "delete the account", abs.DELETE, s.client.v1("/users/"+segment(id)), nil)
	if OutcomeOf(err) != Refused {
		s.client.expected.drop(id)
	}
	return err
}
