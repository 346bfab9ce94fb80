package web_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"strings"
	"testing"

	"github.com/emersion/go-message/mail"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant"
	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/simtest"
)

func TestWelcomeMail(t *testing.T) {
	for _, seed := range []int64{0, 1} {
		tenant, err := simtest.New(simtenant.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		password := tenant.Settings.ConfigurationPassword()
		raw := tenant.WelcomeMail("https://contoso.delegate365.com")
		if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) {
			t.Error("a line does not end with CRLF")
		}
		message, err := mail.CreateReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if subject, err := message.Header.Subject(); err != nil || !strings.HasPrefix(subject, "Welcome to Delegate365") {
			t.Errorf("the subject is %q, %v", subject, err)
		}
		if kind, _, _ := message.Header.ContentType(); kind != "multipart/alternative" {
			t.Errorf("the mail is %s", kind)
		}
		var kinds []string
		for {
			part, err := message.NextPart()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, kind)
			body, err := io.ReadAll(part.Body)
			if err != nil || !strings.Contains(string(body), "https://contoso.delegate365.com/setup") || !strings.Contains(string(body), password) {
				t.Errorf("%s lacks the address or the password, %v", kind, err)
			}
			if kind == "text/plain" && !strings.Contains(string(body), "Configuration password: "+password) {
				t.Error("the password has no label")
			}
		}
		if strings.Join(kinds, " ") != "text/plain text/html" {
			t.Errorf("the parts are %v", kinds)
		}
	}
}
