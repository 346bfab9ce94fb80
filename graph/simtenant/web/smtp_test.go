package web_test

import (
	"crypto/tls"
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// enforced gives the service account an authenticator app and an app password, and returns that.
func enforced(r *simtest.Rehearsal) string {
	r.Helper()
	r.Play("service-settings", nil)
	r.SetMFA(state.MFAEnabled)
	return r.Play("register-mfa", nil)
}

func TestSubmission(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	password := enforced(r)
	r.LetIn()
	submit := func(client sasl.Client) error {
		t.Helper()
		c, err := smtp.DialStartTLS(server.Endpoints().SMTP, &tls.Config{ServerName: "127.0.0.1", RootCAs: server.CertPool()})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if err := c.Auth(client); err != nil {
			return err
		}
		return c.SendMail(simtest.ServiceUPN, []string{"somebody@example.com"}, strings.NewReader("Subject: x\r\n\r\nx\r\n"))
	}
	for _, c := range []struct {
		name   string
		client sasl.Client
		want   string // empty is welcome
	}{
		{"PLAIN with the app password", sasl.NewPlainClient("", simtest.ServiceUPN, password), ""},
		{"LOGIN with the app password", sasl.NewLoginClient(simtest.ServiceUPN, password), ""},
		{"the app password in groups of four", sasl.NewPlainClient("", simtest.ServiceUPN, password[:4]+" "+password[4:8]+" "+password[8:12]+" "+password[12:]), ""},
		{"the user password", sasl.NewPlainClient("", simtest.ServiceUPN, simtest.ServicePassword), "the user credentials were incorrect"},
		{"LOGIN with the user password", sasl.NewLoginClient(simtest.ServiceUPN, simtest.ServicePassword), "the user credentials were incorrect"},
		{"a wrong password", sasl.NewPlainClient("", simtest.ServiceUPN, "abcdabcdabcdabcd"), "the user credentials were incorrect"},
		{"an unknown user", sasl.NewPlainClient("", "nobody@contoso.com", password), "Authentication unsuccessful"},
	} {
		err := submit(c.client)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
		if refusal, ok := errors.AsType[*smtp.SMTPError](err); c.want != "" && (!ok || refusal.Code != 535 || refusal.EnhancedCode[1] != 7) {
			t.Errorf("%s: the answer is %v", c.name, err)
		}
	}
	r.Tenant.Settings.SetSMTPAuth(false)
	if err := submit(sasl.NewPlainClient("", simtest.ServiceUPN, password)); err == nil || !strings.Contains(err.Error(), "SmtpClientAuthentication is disabled") {
		t.Errorf("with SMTP AUTH disabled: %v", err)
	}
	r.Tenant.Settings.SetSMTPAuth(true)
	r.Tenant.SetSecurityDefaults(true)
	if err := submit(sasl.NewPlainClient("", simtest.ServiceUPN, password)); err == nil || !strings.Contains(err.Error(), "security defaults") {
		t.Errorf("with security defaults: %v", err)
	}
}

func TestSubmissionNeedsTLSAndSignIn(t *testing.T) {
	r := simtest.Rehearse(t, simtenant.Options{})
	server := r.Serve()
	c, err := smtp.Dial(server.Endpoints().SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.Auth(sasl.NewPlainClient("", simtest.ServiceUPN, simtest.ServicePassword)); err == nil {
		t.Error("it takes a password without TLS")
	}
	if err := c.Mail(simtest.ServiceUPN, nil); err == nil {
		t.Error("it takes mail from nobody")
	}
}
