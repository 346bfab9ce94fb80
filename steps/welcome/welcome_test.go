package welcome

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph/secret"
)

// values are the passwords of a mail in the open.
func revealed(m Mail) []string {
	var out []string
	for _, p := range m.Passwords {
		out = append(out, p.Value.Reveal())
	}
	return out
}

func bases(m Mail) []string {
	var out []string
	for _, p := range m.Portals {
		out = append(out, p.Base())
	}
	return out
}

// inDoubt are the shapes that can't be read for certain.
var inDoubt = map[string]Doubt{
	"pasted, sentence":    CutOff, // the words after it may be more of it
	"no charset, 1252":    Guessed,
	"file in 1252":        Guessed,
	"unknown charset":     Guessed,
	"wrong charset":       Guessed,
	"source, no boundary": Repaired,
}

func TestShapes(t *testing.T) {
	for name, text := range shapes() {
		before := strings.Clone(text)
		m, err := Read(secret.New(text), "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Join(bases(m), " "); got != home || !m.Portals[0].Usual() {
			t.Errorf("%s: the portals are %s", name, got)
		}
		if got := strings.Join(revealed(m), " "); got != theirs {
			t.Errorf("%s: the passwords are %q", name, got)
		} else if p := m.Passwords[0]; p.Line < 1 || p.Label == "" || p.Note != "" || strings.Contains(p.Label, "Xy7") {
			t.Errorf("%s: %+v", name, p)
		}
		if len(m.Refused) > 0 {
			t.Errorf("%s: %+v is refused", name, m.Refused)
		}
		if doubt := m.Portals[0].Doubt | m.Passwords[0].Doubt; doubt != inDoubt[name] {
			t.Errorf("%s: in doubt because %q, want %q", name, doubt, inDoubt[name])
		}
		if text != before {
			t.Errorf("%s was changed", name)
		}
	}
}

// Two charsets that have no umlaut.
func TestCyrillic(t *testing.T) {
	text := "Портал: https://contoso.delegate365.com/setup\r\nПароль: Xy7-Ж9\r\n"
	for name, mail := range map[string]string{
		"koi8-r":       headed("text/plain; charset=koi8-r", "8bit", in("koi8-r", text)),
		"koi8-u":       headed("text/plain; charset=KOI8-U", "base64", base64Lines(in("koi8-u", text))),
		"windows-1251": headed("text/plain; charset=windows-1251", "quoted-printable", quotedPrintable(in("windows-1251", text))),
		".msg, locale": string(outlook(map[string][]byte{propertiesStream: locale(1049), streamPrefix + "1000001E": []byte(in("windows-1251", text))})),
		".msg":         string(outlook(map[string][]byte{propertiesStream: properties(1251, 0), streamPrefix + "1000001E": []byte(in("windows-1251", text))})),
	} {
		m, err := Read(secret.New(mail), "")
		if err != nil || strings.Join(revealed(m), " ") != "Xy7-Ж9" {
			t.Errorf("%s: %+v, %v", name, revealed(m), err)
		}
	}
}

// Where there are several, all come back, with what tells them apart.
func TestSeveral(t *testing.T) {
	const portal = "https://contoso.delegate365.com/setup\n"
	for name, c := range map[string]struct {
		text      string
		portals   string
		passwords string
		told      string // line and note of the last password
	}{
		"portals": {
			"Test: https://contoso-test.delegate365.com/setup\nLive: " + portal + "Password: Abc-12345\n",
			"https://contoso-test.delegate365.com " + home, "Abc-12345", "",
		},
		"another host with a setup page": {
			portal + "https://portal.example.org/setup/\nPassword: Abc-12345\n",
			home + " https://portal.example.org", "Abc-12345", "",
		},
		"another host without one":       {portal + "https://delegate365.example.org/help and https://example.org/delegate365\nPassword: Abc-12345\n", home, "Abc-12345", ""},
		"only another host":              {"https://delegate365.example.org/start\nPassword: Abc-12345\n", "https://delegate365.example.org", "Abc-12345", ""},
		"passwords":                      {portal + "Configuration password: Abc-12345\nSupport password: Def-67890\n", home, "Abc-12345 Def-67890", "3 "},
		"one password twice":             {portal + "Password: Abc-12345\nYes, the password is Abc-12345 indeed.\n", home, "Abc-12345", "2 "},
		"a full stop":                    {portal + "The password is Abc-12345.\n", home, "Abc-12345 Abc-12345.", "2 with the signs around it"},
		"bold type":                      {portal + "Password: *Abc-12345*\n", home, "Abc-12345 *Abc-12345*", "2 with the signs around it"},
		"a bracket of the sentence":      {portal + "(Password: Abc-12345)\n", home, "Abc-12345 Abc-12345)", "2 with the signs around it"},
		"brackets of the password":       {portal + "Password: Abc(12)345(\n", home, "Abc(12)345(", "2 "},
		"signs settled by the HTML":      {several("alternative", "b", part("text/plain", "7bit", portal+"Password: *Abc-12345*\n"), part("text/html", "7bit", "<p>Password: <b>Abc-12345</b></p>")), home, "Abc-12345", ""},
		"two in a line":                  {portal + "Password: Abc-12345 Kennwort: Def-67890\n", home, "Abc-12345 Def-67890", "2 "},
		"a table":                        {portal + "<table><tr><th>Portal</th><th>Password</th></tr><tr><td>x</td><td>Abc-12345</td></tr></table>", home, "Abc-12345", ""},
		"small letters":                  {portal + "Configuration password: swordfish\n", home, "swordfish", "2 "},
		"with an equals sign":            {portal + "Password: Abc=12:34;5\n", home, "Abc=12:34;5", "2 "},
		"beside a link":                  {"<p>" + portal + "</p><p>Password: <a href='https://example.org/x'>Abc-12345</a></p>", home, "Abc-12345", ""},
		"with invisible characters":      {portal + "Password: Abc\u200b-123\u00ad45\u200b\n", home, "Abc-12345", "2 "},
		"after words that are no labels": {portal + "Your password is required.\nPassword: see below\nPasswords: many\nThe password: Abc-12345\n", home, "Abc-12345", "5 "},
		"a placeholder":                  {portal + "User password: ********\nPassword: Abc-12345\n", home, "Abc-12345", "3 "},
		"in an address":                  {portal + "https://example.org/reset?password=Abc-99999\nPassword: Abc-12345\n", home, "Abc-12345", ""},
	} {
		m, err := Read(secret.New(c.text), "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Join(bases(m), " "); got != c.portals {
			t.Errorf("%s: the portals are %s", name, got)
		}
		if got := strings.Join(revealed(m), " "); got != c.passwords {
			t.Errorf("%s: the passwords are %s", name, got)
			continue
		}
		last := m.Passwords[len(m.Passwords)-1]
		if got := string(rune('0'+last.Line)) + " " + last.Note; c.told != "" && got != c.told {
			t.Errorf("%s: the last is told by %q", name, got)
		}
		m.Wipe()
		if !last.Value.IsZero() {
			t.Errorf("%s: a password survives Wipe", name)
		}
	}
}

// Imitations are never offered; where there is nothing else their reason is the answer.
func TestImitations(t *testing.T) {
	const password = "\nConfiguration password: Abc-12345\n"
	for name, text := range map[string]string{
		"another end":     "https://contoso.delegate365.com.evil.example/setup" + password,
		"no path":         "https://contoso.delegate365.com.evil.example" + password,
		"without scheme":  "contoso.delegate365.com.evil.example" + password,
		"user name":       "https://contoso.delegate365.com@evil.example/setup" + password,
		"punycode":        "https://contoso.xn--dlegate365-ksi.com/setup" + password,
		"Cyrillic":        "https://contoso.dеlеgаtе365.com" + password,
		"http":            "http://contoso.delegate365.com/setup" + password,
		"backslash":       "https://contoso.delegate365.com\\@evil.example" + password,
		"zero width":      "https://contoso.delegate\u200b365.com/setup" + password,
		"behind a link":   "<p><a href='https://contoso-delegate365.com/setup'>Open the setup</a></p>" + password,
		"in a safe link":  "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcontoso.delegate365.net%2Fsetup&data=1" + password,
		"address alone":   "https://contoso.delegate365.com:8443/setup",
		"misspelt":        "https://contoso.de1egate365.com" + password,
		"right to left":   "https://contoso.\u202emoc.563etageled/setup" + password,
		"alone, no words": "contoso-delegate365.com",
	} {
		m, err := Read(secret.New(text), "")
		if r, ok := errors.AsType[*RefusedError](err); !ok || r.Reason == "" || len(m.Portals) > 0 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	m, err := Read(secret.New("https://contoso.delegate365.com/setup\nor https://contoso.delegate365.com.evil.example/setup"+password), "")
	if err != nil || strings.Join(bases(m), " ") != home || len(m.Refused) != 1 || m.Refused[0].Host != "contoso.delegate365.com.evil.example" {
		t.Errorf("next to the real one: %+v, %v", m, err)
	}
	m, err = Read(secret.New("https://contoso.delegate365.com/setup\nWritten by noreply@mail.delegate365.com, http://www.delegate365.com, https://delegate365.zendesk.com"+password), "")
	if err != nil || strings.Join(bases(m), " ") != home || len(m.Refused) != 0 {
		t.Errorf("the vendor's other addresses: %+v, %v", m, err)
	}
}

// What can't be used is refused with what to do, and never quoted.
func TestNoMail(t *testing.T) {
	for name, c := range map[string]struct{ text, reason, hint string }{
		"empty":          {"", "empty", "Paste"},
		"blank":          {" \r\n\t ", "empty", "Paste"},
		"no address":     {"Welcome\nConfiguration password: Xy7-kLm", "no Delegate365 address", "portal address"},
		"no password":    {"Welcome to Delegate365\nhttps://contoso.delegate365.com/setup\nBye", "no line that labels a configuration password", "browser"},
		"a word":         {"Xy7-kLm", "single word", "Paste"},
		"too large":      {strings.Repeat("a ", MaxMail), "larger than 10 MB", "paste only its text"},
		"binary":         {"GIF89a \x00\x01\x02 Xy7-kLm", "no mail", ".eml"},
		"damaged .msg":   {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Xy7-kLm", "damaged", ".eml"},
		"a .msg of RTF":  {string(outlook(map[string][]byte{streamPrefix + "10090102": []byte("x")})), "RTF", ".eml"},
		"an empty .msg":  {string(outlook(map[string][]byte{streamPrefix + "0037001F": wide("x")})), "damaged", ".eml"},
		"a .msg cut off": {string(outlook(map[string][]byte{streamPrefix + "1000001F": wide(plainText)})[:1500]), "damaged", ".eml"},
	} {
		m, err := Read(secret.New(c.text), "")
		e, ok := errors.AsType[*Error](err)
		if !ok || !strings.Contains(e.Reason, c.reason) || !strings.Contains(e.Hint, c.hint) || len(m.Portals) > 0 {
			t.Errorf("%s: %+v, %v", name, m, err)
			continue
		}
		if strings.Contains(err.Error()+e.Hint, "Xy7") {
			t.Errorf("%s: the mail is in its own error", name)
		}
	}
}

func TestAddressAlone(t *testing.T) {
	for _, text := range []string{home + "/setup", "contoso.delegate365.com", "<" + home + ">", home + "/setup\n"} {
		m, err := Read(secret.New(text), "")
		if err != nil || strings.Join(bases(m), " ") != home || len(m.Passwords) > 0 {
			t.Errorf("%q: %+v, %v", text, m, err)
		}
	}
}

// What a buffer outgrows is overwritten, and so is what it holds in the end.
func TestScratch(t *testing.T) {
	var s scratch
	var arrays [][]byte
	for range 5000 {
		_, _ = s.Write([]byte("secret"))
		if n := len(arrays); n == 0 || &arrays[n-1][0] != &s.b[:1][0] {
			arrays = append(arrays, s.b[:cap(s.b)])
		}
	}
	if _, err := s.ReadFrom(strings.NewReader(strings.Repeat("secret", 5000))); err != nil || len(s.b) != 60000 {
		t.Fatalf("%d bytes, %v", len(s.b), err)
	}
	arrays = append(arrays, s.b[:cap(s.b)])
	s.wipe()
	for i, a := range arrays {
		if bytes.Contains(a, []byte("secret")) {
			t.Errorf("buffer %d of %d still has it", i, len(arrays))
		}
	}
}
