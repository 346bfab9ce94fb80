package simtenant

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Rules of this file: SMTP submission as Exchange Online has it, the one place where an app password still works. It is
// off for organisations created after January 2020, needs a mailbox of the account's own and STARTTLS before AUTH, and
// answers as Exchange does
// (https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission).

const smtpTimeout = 10 * time.Second

func authRefusal(sub int, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, sub}, Message: text}
}

// SetSMTPAuth turns SMTP client authentication on or off for the whole tenant (Exchange Online's
// SmtpClientAuthenticationDisabled). It starts off, as in every organisation created after January 2020.
func (t *Tenant) SetSMTPAuth(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.smtpAuth = on
}

// mailboxLocked says whether an account has a mailbox: one of its licences, its own or those of its groups, has Exchange
// Online in it.
func (t *Tenant) mailboxLocked(u *user) bool {
	return slices.ContainsFunc(t.skus, func(s *sku) bool {
		exchange := slices.ContainsFunc(s.plans, func(p servicePlan) bool { return strings.HasPrefix(p.name, "EXCHANGE_S_") })
		return exchange && slices.Contains(t.licencesLocked(u), s.id)
	})
}

// licencesLocked are the ids of an account's licences: those assigned to it and those that its groups bring
// (https://learn.microsoft.com/entra/fundamentals/concept-group-based-licensing).
func (t *Tenant) licencesLocked(u *user) []string {
	all := slices.Clone(u.licences)
	for _, g := range t.groupsOfLocked(u) {
		for _, id := range g.licences {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}

// SetMailbox gives an account the tenant's first licence, and its mailbox with it. The error names an unknown account, or
// a tenant without licences.
func (t *Tenant) SetMailbox(upn string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.userByUPNLocked(upn)
	if u == nil || len(t.skus) == 0 {
		return fmt.Errorf("%w, or no licence: %s", errNoUser, upn)
	}
	u.licences = []string{t.skus[0].id}
	return nil
}

// submission is a sign-in to Exchange Online's SMTP endpoint; nil is welcome.
func (t *Tenant) submission(user, password string) error {
	t.mu.Lock()
	on, defaults := t.smtpAuth, t.securityDefaults.Seen(t.instant(), t.opts.Lag)
	u := t.userByUPNLocked(user)
	mailbox := u != nil && t.mailboxLocked(u)
	t.mu.Unlock()
	if !on {
		return authRefusal(139, "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.")
	}
	refusal := t.checkAppPassword(user, password)
	switch {
	case refusal == nil && !mailbox:
		return authRefusal(3, "Authentication unsuccessful")
	case refusal == nil:
		return nil
	case refusal.Code == aadUserNotFound:
		return authRefusal(3, "Authentication unsuccessful")
	case refusal.Code == aadBadCredentials:
		return authRefusal(139, "Authentication unsuccessful, the user credentials were incorrect.")
	case defaults:
		return authRefusal(139, "Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.")
	}
	return authRefusal(139, "Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.")
}

// newSubmissionServer is the SMTP server of t, without a listener.
func newSubmissionServer(t *Tenant, config *tls.Config) *smtp.Server {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &submissionSession{t: t}, nil
	}))
	server.Domain = "smtp.office365.example"
	server.TLSConfig = config
	server.ReadTimeout, server.WriteTimeout = smtpTimeout, smtpTimeout
	server.MaxMessageBytes = 1 << 20
	server.ErrorLog = log.New(io.Discard, "", 0)
	return server
}

// submissionSession is one connection. Mail that is accepted goes nowhere.
type submissionSession struct {
	t    *Tenant
	user string
}

func (s *submissionSession) AuthMechanisms() []string { return []string{sasl.Login, sasl.Plain} }

func (s *submissionSession) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if err := s.t.submission(user, password); err != nil {
			return err
		}
		s.user = user
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	case sasl.Login:
		return &loginServer{check: check}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *submissionSession) Mail(string, *smtp.MailOptions) error {
	if s.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 57}, Message: "Client not authenticated to send mail."}
	}
	return nil
}

func (s *submissionSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s *submissionSession) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

func (s *submissionSession) Reset()        {}
func (s *submissionSession) Logout() error { return nil }

// loginServer is the server side of LOGIN, which go-sasl has no longer and Exchange's clients still use
// (https://datatracker.ietf.org/doc/html/draft-murchison-sasl-login).
type loginServer struct {
	check func(user, password string) error
	user  *string // nil until it came
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(response))
}

// submitOver is the client side: what Delegate365 does to test its account, over a real connection.
func submitOver(address string, roots *x509.CertPool) func(user, password string) error {
	return func(user, password string) error {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		client, err := smtp.DialStartTLS(address, &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12})
		if err != nil {
			return fmt.Errorf("reach Exchange Online: %w", err)
		}
		defer func() { _ = client.Close() }()
		client.CommandTimeout = smtpTimeout
		return client.Auth(sasl.NewPlainClient("", user, password))
	}
}
