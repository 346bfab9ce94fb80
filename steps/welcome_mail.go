package steps

import (
	"errors"
	"strings"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/steps/phrase"
	"github.com/delegate365-onboard/delegate365-onboard/steps/welcome"
)

// What the welcome mail says becomes the run's portal and configuration password.

// parsePortal takes an address that a person pasted.
func parsePortal(text string, cloud graph.Cloud) (welcome.Portal, error) {
	p, err := welcome.Judge(text, cloud.Delegate365)
	if err != nil {
		return welcome.Portal{}, refusedPortal(err)
	}
	return p, nil
}

// refusedPortal says why in the hint: that is what stands beside the field.
func refusedPortal(err error) error {
	return &Error{
		Op:   "use this address as the Delegate365 portal",
		Hint: sentence(err.Error()) + " " + phrase.T("Enter the address from the welcome mail, for instance https://contoso.delegate365.com/setup."),
		Err:  err,
	}
}

// sentence makes one of a reason. A host name at its beginning stays as it is.
func sentence(reason string) string {
	if first, _, _ := strings.Cut(reason, " "); !strings.HasSuffix(first, ":") {
		reason = strings.ToUpper(reason[:1]) + reason[1:]
	}
	return reason + "."
}

// takeWelcome stores what was pasted for the run, or what there is to choose.
func takeWelcome(r *Run, pasted graph.Secret) error {
	defer pasted.Forget() // the passwords in it are secrets of their own
	mail, err := welcome.Read(pasted, r.opts.Cloud.Delegate365)
	return takeMail(r, mail, err)
}

// ReadMail takes the welcome mail from a file, before anything else is known.
func ReadMail(r *Run, path string) error {
	mail, err := welcome.ReadFile(path, r.opts.Cloud.Delegate365)
	return takeMail(r, mail, err)
}

func takeMail(r *Run, mail welcome.Mail, err error) error {
	if _, ok := errors.AsType[*welcome.RefusedError](err); ok {
		return refusedPortal(err)
	}
	if e, ok := errors.AsType[*welcome.Error](err); ok {
		return &Error{Op: "read the welcome mail", Hint: sentence(e.Reason) + " " + e.Hint, Err: err}
	}
	if err != nil {
		return &Error{Op: "read the welcome mail", Err: err}
	}
	o := &offer{mail: mail}
	r.update(func(m *memory) {
		m.dropOffer()
		m.take(o)
	})
	return nil
}

// take uses the mail once nothing in it is open, and keeps the offer until then.
func (m *memory) take(o *offer) {
	if !o.settled() {
		m.setup.offer = o
		return
	}
	m.setup.offer, m.setup.unfit = nil, ""
	if password, ok := o.chosenPassword(); ok || o.password == ansTyped {
		m.secrets.configuration.Wipe()
		m.secrets.configuration = password
	}
	m.takePortal(o.chosenPortal())
}

// takePortal uses the portal, or, where its host is neither Delegate365's usual one nor the rehearsal's own, asks first.
func (m *memory) takePortal(p welcome.Portal) {
	if p.Usual() {
		m.setup.portal, m.setup.foreign = p, welcome.Portal{}
		return
	}
	m.setup.foreign = p
}
