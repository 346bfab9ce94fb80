package steps

import (
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/problem"
)

// Rules of this file: a secret is replaced wherever it would be shown or written down. So what is offered as one and is a name
// that the run has to say, or a word, is not taken: the truth would be replaced with it. What is a name may be known only after
// the mail was read.

// sayNames says which names screens, journal and report have to say of this tenant. Ids are known by their form, but for parts.
func (m *memory) sayNames() {
	redact.Own(m.identity.UserPrincipalName, m.identity.Name, m.signedIn.tenant, m.org.DisplayName, m.org.DefaultDomain,
		m.account.String(), m.user.ID, m.user.UserPrincipalName, m.user.DisplayName, m.setup.portal.Base(), m.setup.foreign.Base())
	if m.posture == nil {
		return
	}
	for _, d := range m.posture.domains.Content() {
		redact.Own(d.Name)
	}
	for _, a := range m.posture.apps.Content() {
		redact.Own(a.AppID, a.DisplayName)
	}
	for _, p := range m.posture.policies.Content() {
		redact.Own(p.ID, p.Name)
	}
}

// notSecret is why a value can't be the configuration password; empty where it can.
func (m *memory) notSecret(value graph.Secret) string {
	text := strings.TrimSpace(value.Reveal())
	name, _, _ := strings.Cut(text, "@")
	switch {
	case !redact.Ordinary(text):
		return ""
	case strings.EqualFold(name, m.account.local):
		return phrase.T("it is the user name of the service account")
	}
	return phrase.T(hasToBeShown)
}

const hasToBeShown = "it is a name or a word that this program has to show, and would have to hide as a password"

// dropName forgets the configuration password where that is none.
func (m *memory) dropName() {
	if why := m.notSecret(m.secrets.configuration); why != "" {
		m.secrets.configuration.Forget()
		m.secrets.configuration, m.setup.unfit = graph.Secret{}, why
	}
}

// refuseName refuses as a configuration password what is none.
func (m *memory) refuseName(value graph.Secret) error {
	if why := m.notSecret(value); why != "" {
		return &Error{Op: "use this as the configuration password", Hint: phrase.T("Copy the one in the welcome mail, or leave this empty and type it in the browser."), Err: problem.ValueError(why)}
	}
	return nil
}
