package web

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/entra"
)

// Rules of this file: SMTP submission as Exchange Online has it, the one place where an app password still works. It is
// off for organisations created after January 2020, needs a mailbox of the account's own and STARTTLS before AUTH, and
// answers as Exchange does
// (https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission).

const smtpTimeout = 10 * time.Second

func authRefusal(sub int, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, sub}, Message: text}
}

// Submission is a sign-in to Exchange Online's SMTP endpoint; nil is welcome.
func (s *Site) Submission(user, password string) error {
	t := s.t
	t.Lock()
	on, defaults := t.Organization.SMTPAuth, t.Policies.SecurityDefaults.Seen(t.Instant(), t.Lag)
	u := t.Directory.UserByUPNLocked(user)
	mailbox := u != nil && t.MailboxLocked(u)
	t.Unlock()
	if !on {
		return authRefusal(139, "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.")
	}
	refusal := s.entra.SignIn.CheckAppPassword(user, password)
	switch {
	case refusal == nil && !mailbox:
		return authRefusal(3, "Authentication unsuccessful")
	case refusal == nil:
		return nil
	case refusal.Code == entra.AADUserNotFound:
		return authRefusal(3, "Authentication unsuccessful")
	case refusal.Code == entra.AADBadCredentials:
		return authRefusal(139, "Authentication unsuccessful, the user credentials were incorrect.")
	case defaults:
		return authRefusal(139, "Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.")
	}
	return authRefusal(139, "Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.")
}

// NewSubmissionServer is the SMTP server of s, without a listener.
func NewSubmissionServer(s *Site, config *tls.Config) *smtp.Server {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &submissionSession{site: s}, nil
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
	site *Site
	user string
}

func (s *submissionSession) AuthMechanisms() []string { return []string{sasl.Login, sasl.Plain} }

func (s *submissionSession) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if err := s.site.Submission(user, password); err != nil {
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

// SubmitOver is the client side: what Delegate365 does to test its account, over a real connection.
func SubmitOver(address string, roots *x509.CertPool) func(user, password string) error {
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

// SetSubmit says how Delegate365 signs in to Exchange Online.
func (s *Site) SetSubmit(submit func(user, password string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.portal.submit = submit
}
