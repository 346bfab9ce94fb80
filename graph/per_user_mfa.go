package graph

import "context"

// MFAState is the per-user MFA state of an account.
// https://learn.microsoft.com/graph/api/resources/strongauthenticationrequirements
type MFAState string

// The states. Setting MFAEnabled on an account with a registered method reads back as MFAEnforced.
const (
	MFADisabled MFAState = "disabled"
	MFAEnabled  MFAState = "enabled"
	MFAEnforced MFAState = "enforced"
)

type mfaRequirements struct {
	State MFAState `json:"perUserMfaState"`
}

// PerUserMFA reads the state: GET /beta/users/{id}/authentication/requirements, Policy.Read.All. A state that this
// program does not know comes back as it is. https://learn.microsoft.com/graph/api/authentication-get?view=graph-rest-beta
func (s MFA) PerUserMFA(ctx context.Context, userID string) (MFAState, error) {
	const op = "read the per-user MFA state"
	var r mfaRequirements
	if err := s.client.getJSON(ctx, op, s.requirements(userID), &r); err != nil {
		return "", err
	}
	if r.State == "" {
		return "", &Error{Op: op, Message: "the answer holds no state", kind: ErrUnavailable}
	}
	return r.State, nil
}

// SetPerUserMFA sets the state: PATCH of the same path, Policy.ReadWrite.AuthenticationMethod.
// https://learn.microsoft.com/graph/api/authentication-update?view=graph-rest-beta
func (s MFA) SetPerUserMFA(ctx context.Context, userID string, state MFAState) error {
	return s.client.patchJSON(ctx, "set the per-user MFA state to "+string(state), s.requirements(userID), mfaRequirements{state})
}

func (s MFA) requirements(userID string) string {
	return s.client.beta("/users/" + segment(userID) + "/authentication/requirements")
}
