package simtest

import (
	"maps"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// RestrictClientSecrets lets no application that is created after a time have a client secret.
func (t Settings) RestrictClientSecrets(after time.Time) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Policies.AppManagement = state.AppManagementPolicy{Enabled: true, Since: after}
}

// ReplaceMFAService makes a PATCH of the MFA service settings replace them, so that what it does not name goes back to how
// a new tenant has it.
func (t Settings) ReplaceMFAService() {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.MFA.ServiceReplaces = true
}

// AddMFAServiceMember gives the MFA service settings a member that nobody has seen yet.
func (t Settings) AddMFAServiceMember(name string, value any) {
	t.State.Lock()
	defer t.State.Unlock()
	p := t.State.MFA.Service.Latest()
	p.Unseen = maps.Clone(p.Unseen)
	if p.Unseen == nil {
		p.Unseen = map[string]any{}
	}
	p.Unseen[name] = value
	t.State.MFA.Service.Settle(p)
}

// SetRemembering lets people trust a device for so many days after MFA.
func (t Settings) SetRemembering(days int) {
	t.State.Lock()
	defer t.State.Unlock()
	p := t.State.MFA.Service.Latest()
	p.RememberOnDevice, p.RememberDays = true, days
	t.State.MFA.Service.Settle(p)
}

// ProtectActions has the tenant demand an authentication context before a Conditional Access policy is changed.
func (t Settings) ProtectActions(on bool) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Policies.Protected = map[string]string{}
	if on {
		t.State.Policies.Protected[state.ActionPolicyUpdate] = state.StepUpContext
	}
}

// ForgetStepUps makes every sign-in one in which no authentication context was met, as a sign-in frequency does.
func (t SignIns) ForgetStepUps() {
	t.State.Lock()
	defer t.State.Unlock()
	for _, r := range t.Entra.RefreshTokens {
		r.Contexts = nil
	}
}
