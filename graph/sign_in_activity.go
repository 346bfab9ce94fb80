package graph

import (
	"context"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/objectid"
)

// SignInActivity is when an account last signed in. A zero time is one that Graph does not name: what an account never did, or did
// before Microsoft began to keep it.
type SignInActivity struct {
	Tried     time.Time // interactively, successful or not
	Succeeded time.Time // interactively or not; kept since December 2023
	ByItself  time.Time // a client renewed its token; successful or not
}

// SignInActivity reads when an account last signed in, up to a day late: GET /users/{id} with nothing but that and the id, because
// without a licence or a permission for it the whole request is refused; by object id only. An account that never did has no such
// property; an answer that is not about the account is ErrUnavailable. AuditLog.Read.All and User.Read.All. ErrUnlicensed where the tenant has no Microsoft Entra ID P1. https://learn.microsoft.com/graph/api/resources/signinactivity
func (s Users) SignInActivity(ctx context.Context, id string) (SignInActivity, error) {
	const op = "read when the account last signed in"
	var w struct {
		ID       objectid.ID `json:"id"`
		Activity struct {
			Tried     *time.Time `json:"lastSignInDateTime"`
			Succeeded *time.Time `json:"lastSuccessfulSignInDateTime"`
			ByItself  *time.Time `json:"lastNonInteractiveSignInDateTime"`
		} `json:"signInActivity"`
	}
	err := s.client.getJSON(ctx, op, s.client.v1("/users/"+segment(id), "$select", "id,signInActivity"), &w)
	if err == nil && !objectid.Same(string(w.ID), id) {
		err = another(op)
	}
	if err != nil {
		return SignInActivity{}, err
	}
	return SignInActivity{deref(w.Activity.Tried), deref(w.Activity.Succeeded), deref(w.Activity.ByItself)}, nil
}

// PasswordChanged reads when an account's password was last set, by itself or by somebody else: GET /users/{id}, User.Read.All. An
// app password does not count. Zero where Graph does not say; an answer that is not about the account is ErrUnavailable. https://learn.microsoft.com/graph/api/resources/user
func (s Users) PasswordChanged(ctx context.Context, id string) (time.Time, error) {
	const op = "read when the password was last set"
	var w struct {
		ID      objectid.ID `json:"id"`
		Changed *time.Time  `json:"lastPasswordChangeDateTime"`
	}
	err := s.client.getJSON(ctx, op, s.client.v1("/users/"+segment(id), "$select", "id,lastPasswordChangeDateTime"), &w)
	if err == nil && !objectid.Same(string(w.ID), id) {
		err = another(op)
	}
	if err != nil {
		return time.Time{}, err
	}
	return deref(w.Changed), nil
}
