package mfa

import (
	"context"
	"errors"
	"slices"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
	"github.com/delegate365-onboard/delegate365-onboard/steps/change"
	"github.com/delegate365-onboard/delegate365-onboard/steps/finding"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// The permissions that lifting and restoring take.
var (
	WriteMFA      = finding.Permission{Name: "Policy.ReadWrite.AuthenticationMethod", Why: "set per-user MFA"}
	WriteService  = finding.Permission{Name: WriteMFA.Name, Why: "set per-user MFA and the app-password setting"}
	WriteDefaults = finding.Permission{Name: "Policy.ReadWrite.SecurityDefaults", Why: "turn security defaults off while setup runs, and on again"}
	WritePolicies = finding.Permission{Name: "Policy.ReadWrite.ConditionalAccess", Why: "take the account out of policies and put it back"}
)

// Require makes sure that the token carries permissions.
type Require func(ctx context.Context, report func(finding.Event), permissions ...finding.Permission) error

// Lacking are the permissions that the token does not carry; all of them where the sign-in has ended and can't be renewed, so that
// it is asked for again with what it is needed for.
func Lacking(client *graph.Client, permissions []finding.Permission) []finding.Permission {
	granted := client.Granted()
	missing := slices.DeleteFunc(slices.Clone(permissions), func(p finding.Permission) bool { return slices.Contains(granted, p.Name) })
	if len(missing) == 0 && client.Lapsed() {
		return permissions
	}
	return missing
}

// Names are the names of permissions, as Graph takes them.
func Names(permissions []finding.Permission) []string {
	names := make([]string, len(permissions))
	for i, p := range permissions {
		names[i] = p.Name
	}
	return names
}

// Whys are what permissions are for, as a sentence lists it.
func Whys(permissions []finding.Permission) string {
	whys := make([]string, len(permissions))
	for i, p := range permissions {
		whys[i] = phrase.T(p.Why)
	}
	return phrase.JoinAnd(whys)
}

// NotGiven is the error of permissions that were asked for; nil for nil.
func NotGiven(asked []finding.Permission, err error) error {
	if err == nil {
		return nil
	}
	return &problem.Error{Op: "get permission to %s", Of: []any{Whys(asked)}, Hint: phrase.T("Nothing was changed by that. %s", problem.Explain(err).Next), Err: err}
}

// Tenant is whose account it is.
type Tenant struct {
	ID     string
	Domain string // the default one
	Cloud  graph.Cloud
}

// Account is one account, for which the demands of one step are lifted or restored.
type Account struct {
	Client  *graph.Client
	Writer  *change.Writer
	Require Require
	Owed    *Ledger
	Tenant  Tenant
	User    graph.User
	Step    finding.ID
	Report  func(finding.Event)
}

func (a Account) apply(ctx context.Context, w change.Write) error {
	w.Step = a.Step
	return a.Writer.Apply(ctx, a.Report, w)
}

// Exists reports false for an account that was surely deleted: two new connections don't know it, and it is among the deleted
// ones. Where it is not, as after it was deleted for good, several reads in a row decide.
func Exists(ctx context.Context, client *graph.Client, user graph.User) bool {
	ctx = graph.Closing(ctx)
	for range 2 {
		client.LeaveConnections()
		if _, err := client.Users.User(ctx, user.ID); !errors.Is(err, graph.ErrNotFound) {
			return true
		}
	}
	if deleted, err := client.Users.Deleted(ctx, user.ID); err == nil && objectid.Same(deleted.ID, user.ID) {
		return false
	}
	return !change.Agreed(ctx, func(finding.Event) {}, func(ctx context.Context) (bool, error) {
		_, err := client.Users.User(ctx, user.ID) // it may be so new that a replica does not know it
		return errors.Is(err, graph.ErrNotFound) && !client.Expected(user.ID), nil
	})
}
