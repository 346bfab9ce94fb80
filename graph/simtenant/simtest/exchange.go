package simtest

import (
	"fmt"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// SetSMTPAuth turns SMTP client authentication on or off for the whole tenant (Exchange Online's
// SmtpClientAuthenticationDisabled). It starts off, as in every organisation created after January 2020.
func (t Settings) SetSMTPAuth(on bool) {
	t.State.Lock()
	defer t.State.Unlock()
	t.State.Organization.SMTPAuth = on
}

// SetMailbox gives an account the tenant's first licence, and its mailbox with it. The error names an unknown account, or
// a tenant without licences.
func (t Settings) SetMailbox(upn string) error {
	t.State.Lock()
	defer t.State.Unlock()
	u := t.State.Directory.UserByUPNLocked(upn)
	if u == nil || len(t.State.Organization.SKUs) == 0 {
		return fmt.Errorf("%w, or no licence: %s", state.ErrNoUser, upn)
	}
	u.Licences = []string{t.State.Organization.SKUs[0].ID}
	return nil
}

// ConfigurationPassword is the one in the welcome mail.
func (t Settings) ConfigurationPassword() string { return t.Web.ConfigurationPassword() }
