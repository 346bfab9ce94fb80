package simtest

import (
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// WatchSecrets keeps every secret that the tenant gives out from now on, for Secrets.
func (t *Tenant) WatchSecrets() {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.WatchIssuedLocked()
}

// Secrets are the configuration password, every password that a request set, every app password, and, since WatchSecrets,
// every token and code: what an onboarding of this tenant may never show.
func (t *Tenant) Secrets() []state.Issued {
	t.State.Lock()
	defer t.State.Unlock()
	all := []state.Issued{{Kind: "configuration password", Text: t.Web.ConfigurationPassword()}}
	for _, u := range t.State.Directory.Users {
		for _, p := range u.Credentials.Set {
			all = append(all, state.Issued{Kind: "password of " + u.UPN, Text: p})
		}
		for _, p := range u.Factors.AppPasswords {
			all = append(all, state.Issued{Kind: "app password of " + u.UPN, Text: p.Secret})
		}
	}
	return append(all, t.State.GivenOutLocked()...)
}

// AccessToken signs a token for Graph as if upn had signed in to Microsoft's command-line client. Without scopes it
// carries every scope there is. The error names an unknown account.
func (t *Tenant) AccessToken(upn string, scopes ...string) (string, error) {
	return t.Entra.AccessToken(upn, "", scopes...)
}

// ChallengeableToken is an AccessToken of a client that can answer a claims challenge.
func (t *Tenant) ChallengeableToken(upn string, scopes ...string) (string, error) {
	return t.Entra.AccessToken(upn, `{"access_token":{"xms_cc":{"values":["cp1"]}}}`, scopes...)
}
