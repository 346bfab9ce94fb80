package welcome

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// wanted is what a mail has to be read as.
type wanted struct {
	portals       string // their bases
	portalDoubt   Doubt  // of the first
	passwords     string
	passwordDoubt Doubt // of the first
	reason        string
}

// check compares what a mail was read as.
func (w wanted) check(t *testing.T, m Mail, err error) {
	t.Helper()
	if w.reason != "" {
		e, ok := errors.AsType[*Error](err)
		if !ok || !strings.Contains(e.Reason, w.reason) || e.Hint == "" {
			t.Errorf("%+v %q, %v, want: %s", bases(m), revealed(m), err, w.reason)
		}
		return
	}
	if err != nil {
		t.Error(err)
		return
	}
	if got := strings.Join(bases(m), " "); got != w.portals || m.Portals[0].Doubt != w.portalDoubt {
		t.Errorf("portals %s (%s), want %s (%s)", got, m.Portals[0].Doubt, w.portals, w.portalDoubt)
	}
	if got := strings.Join(revealed(m), " "); got != w.passwords {
		t.Errorf("passwords %s, want %s", got, w.passwords)
	} else if d := m.Passwords[0].Doubt; d != w.passwordDoubt {
		t.Errorf("password in doubt: %q, want %q", d, w.passwordDoubt)
	}
	if _, sure := m.SurePassword(); sure != (w.passwordDoubt == 0 && !strings.Contains(w.passwords, " ")) {
		t.Errorf("the password is sure: %t", sure)
	}
}

// Mails in the shapes that people report.
func TestReportedMails(t *testing.T) {
	const encoded, plain = "Tn4=kQ9wZr", "Kq7-mTv9Rz"
	for name, w := range map[string]wanted{
		"iso-2022-jp-without-charset.eml": {home, 0, plain, 0, ""},
		"winmail-dat.eml":                 {reason: "winmail.dat"},
		"banner-before-header.eml":        {home, Repaired, encoded, Repaired, ""},
		"encoding-with-semicolon.eml":     {home, Repaired, encoded, Repaired, ""},
		"encoding-in-capitals.eml":        {home, 0, encoded, 0, ""},
		"encoding-with-space.eml":         {home, 0, encoded, 0, ""},
		"address-broken-in-host.eml":      {"https://northwindtraders.delegate365.com", Joined, plain, 0, ""},
		"table-two-columns.html":          {home, 0, plain, 0, ""},
		"zero-width-in-cells.eml":         {home, 0, plain, 0, ""},
		"picture-mark-glued.txt":          {home, 0, plain, Glued, ""},
		"safe-links-data-inside.txt":      {home, 0, plain, 0, ""},
		"cisco-secure-web.txt":            {home, 0, plain, 0, ""},
		"urldefense-replaced-letters.txt": {home, 0, plain, 0, ""},
		"no-line-before-body.eml":         {home, Repaired, encoded, Repaired, ""},
		"line-of-a-full-stop.eml":         {home, 0, "Tn4kQ9wZrLeak", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(secret.New(filepath.Join("testdata", name)), "")
			w.check(t, m, err)
			text, readErr := os.ReadFile(filepath.Join("testdata", name))
			if readErr != nil {
				t.Fatal(readErr)
			}
			m, err = Read(secret.New(string(text)), "") // pasted
			w.check(t, m, err)
		})
	}
}
