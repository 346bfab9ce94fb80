package web

import (
	"bytes"
	"fmt"
	"html"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"github.com/delegate365-onboard/delegate365-onboard/graph/simtenant/state"
)

// WelcomeMail is the mail "Welcome to Delegate365" for a portal at the address base, as an .eml file (RFC 5322): the setup
// address and the configuration password, in plain text and in HTML. The vendor publishes none to copy; the subject's
// beginning and these two facts are what is known of it.
func (s *Site) WelcomeMail(base string) []byte {
	t, password := s.t, s.portal.configurationPassword
	setup := strings.TrimSuffix(base, "/") + "/setup"
	text := fmt.Sprintf(`Welcome to Delegate365

Your Delegate365 portal is ready. Connect it with your Microsoft 365 tenant %[1]s:

1. Open the setup page in a private browser window:
   %[2]s
2. Enter the configuration password and the credentials of your service account.

Configuration password: %[3]s

Setup takes one to two minutes. Do not forward this mail.

This is a simulated mail of a simulated tenant.
`, state.InitialDomain, setup, password)
	page := fmt.Sprintf(`<!doctype html>
<html lang="en"><head><title>Welcome to Delegate365</title></head><body>
<h1>Welcome to Delegate365</h1>
<p>Your Delegate365 portal is ready. Connect it with your Microsoft 365 tenant %[1]s:</p>
<ol>
<li>Open the setup page in a private browser window: <a href="%[2]s">%[2]s</a></li>
<li>Enter the configuration password and the credentials of your service account.</li>
</ol>
<table><tr><td>Configuration password:</td><td><b>%[3]s</b></td></tr></table>
<p>Setup takes one to two minutes. Do not forward this mail.</p>
<p>This is a simulated mail of a simulated tenant.</p>
</body></html>
`, html.EscapeString(state.InitialDomain), html.EscapeString(setup), html.EscapeString(password))

	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	_ = parts.SetBoundary("welcome-" + t.Organization.ID) // a UUID: within the allowed characters and length
	writePart(parts, "text/plain; charset=utf-8", text)
	writePart(parts, "text/html; charset=utf-8", page)
	_ = parts.Close() // writes to memory

	var out bytes.Buffer
	from := mail.Address{Name: "Delegate365", Address: "noreply@delegate365.example"}
	to := mail.Address{Address: state.OperatorUPN}
	for _, field := range [][2]string{
		{"From", from.String()},
		{"To", to.String()},
		{"Subject", mime.QEncoding.Encode("utf-8", "Welcome to Delegate365")},
		{"Date", t.Instant().Format(time.RFC1123Z)},
		{"Message-ID", "<welcome." + t.Organization.ID + "@delegate365.example>"},
		{"MIME-Version", "1.0"},
		{"Content-Type", `multipart/alternative; boundary="` + parts.Boundary() + `"`},
	} {
		fmt.Fprintf(&out, "%s: %s\r\n", field[0], field[1])
	}
	out.WriteString("\r\n")
	out.Write(body.Bytes())
	return out.Bytes()
}

// writePart adds one quoted-printable part; the writers under it write to memory and cannot fail.
func writePart(parts *multipart.Writer, contentType, text string) {
	w, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type":              {contentType},
		"Content-Transfer-Encoding": {"quoted-printable"},
	})
	if err != nil {
		panic(err)
	}
	q := quotedprintable.NewWriter(w)
	_, _ = q.Write([]byte(text))
	_ = q.Close()
}
