package steps

import (
	"strings"
	"testing"

	"delegate365-onboard/graph"
)

// What people type and paste: taken, or refused with what to do about it.

func TestParseAccountName(t *testing.T) {
	for text, want := range map[string]string{
		"service.delegate365":                    "service.delegate365@",
		"service.delegate365@contoso.com":        "service.delegate365@contoso.com",
		" d365@Contoso.COM ":                     "d365@contoso.com",
		"o'brien-1_!#^~x@contoso.com":            "o'brien-1_!#^~x@contoso.com",
		strings.Repeat("a", 64) + "@contoso.com": strings.Repeat("a", 64) + "@contoso.com",
		strings.Repeat("a", 65) + "@contoso.com": "",
		"a@" + strings.Repeat("b", 49):           "",
		"":                                       "",
		"@contoso.com":                           "",
		"name@":                                  "",
		"a@b@c":                                  "",
		"name.@contoso.com":                      "",
		"na me@contoso.com":                      "",
		"näme@contoso.com":                       "",
	} {
		got, err := parseAccountName(text)
		if (err != nil) != (want == "") || (err == nil && got.String() != want) {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
		if err != nil && Explain(err).Next == "" {
			t.Errorf("%q is refused without saying what to do", text)
		}
	}
}

func TestCheckDomain(t *testing.T) {
	domains := []graph.Domain{
		{Name: "contoso.com", Verified: true, Default: true},
		{Name: "contoso.onmicrosoft.com", Verified: true, Initial: true},
		{Name: "fed.contoso.com", Verified: true, Federated: true},
		{Name: "new.contoso.com"},
	}
	for name, say := range map[string]string{
		"contoso.com": "", "Contoso.Com": "", "contoso.onmicrosoft.com": "",
		"fed.contoso.com": "federated", "new.contoso.com": "not verified", "fabrikam.com": "does not have it",
	} {
		err := checkDomain(name, domains)
		if (err == nil) != (say == "") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err == nil {
			continue
		}
		if next := Explain(err).Next; !strings.Contains(next, say) || !strings.Contains(next, "contoso.com and contoso.onmicrosoft.com") {
			t.Errorf("%s: %q does not say why and what else there is", name, next)
		}
	}
}

func TestParsePortal(t *testing.T) {
	for text, want := range map[string]string{
		"https://contoso.delegate365.com":                "https://contoso.delegate365.com",
		"https://contoso.delegate365.com/setup":          "https://contoso.delegate365.com",
		"https://CONTOSO.Delegate365.com/Setup/?a=b":     "https://contoso.delegate365.com",
		"contoso2.delegate365.com":                       "https://contoso2.delegate365.com",
		"<https://contoso.delegate365.com/setup>":        "https://contoso.delegate365.com",
		"https://portal.example.org/setup":               "https://portal.example.org",
		"http://contoso.delegate365.com/setup":           "",
		"https://contoso.delegate365.com@evil.example/":  "",
		"https://contoso.delegate365.com:pw@evil.test/":  "",
		"ftp://contoso.delegate365.com":                  "",
		"https://dеlegate365.com/setup":                  "", // a Cyrillic e
		"https://xn--dlegate365-e4b.com/setup":           "",
		"https://":                                       "",
		"setup":                                          "",
		"javascript:alert(1)":                            "",
		"https://contoso.delegate365.com\\@evil.example": "",
	} {
		got, err := parsePortal(text)
		if (err != nil) != (want == "") || got.base != want {
			t.Errorf("%q: got %q, %v; want %q", text, got.base, err, want)
		}
	}
}

func TestUsualPortal(t *testing.T) {
	for base, want := range map[string]bool{
		"https://contoso.delegate365.com":          true,
		"https://contoso1.delegate365.com":         true,
		"https://delegate365.com":                  false,
		"https://a.b.delegate365.com":              false,
		"https://contoso.delegate365.com.evil.com": false,
		"https://contosodelegate365.com":           false,
		"https://contoso.delegate365.com:8443":     false,
	} {
		if got := (portal{base}).usual(graph.Cloud{}); got != want {
			t.Errorf("%s: %v, want %v", base, got, want)
		}
	}
}

func TestReadWelcome(t *testing.T) {
	plain := "Welcome to Delegate365\n\nYour portal: https://contoso.delegate365.com/setup\nConfiguration password: Xy7-kLm\n\nSee https://www.delegate365.com\n"
	eml := "MIME-Version: 1.0\r\nSubject: Welcome to Delegate365\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
		"<html><style>p{}</style><body><p>Setup: <a href=3D\"https://contoso.delegate365.com/setup\">here</a></p><table><tr><td>Configuration=\r\n password:</td><td>Xy7-kLm</td></tr></table></body></html>\r\n"
	quoted := "> From: vendor\n> Portal: https://contoso.delegate365.com/setup\n> The configuration password is:\n>\n> Xy7-kLm\n"
	base64 := "MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nVXJsOiBodHRwczovL2NvbnRvc28uZGVsZWdhdGUzNjUuY29tL3NldHVwClBhc3N3b3JkOiBYeTct\na0xtCg==\n"
	for name, text := range map[string]string{"plain": plain, "html": eml, "quoted": quoted, "base64": base64, "windows": strings.ReplaceAll(plain, "\n", "\r\n")} {
		w, err := readWelcome(text)
		if err != nil || len(w.portals) != 1 || w.portals[0].base != "https://contoso.delegate365.com" || len(w.passwords) != 1 || w.passwords[0] != "Xy7-kLm" {
			t.Errorf("%s: %+v, %v", name, w, err)
		}
	}
	if w, err := readWelcome("https://contoso.delegate365.com/setup"); err != nil || len(w.passwords) != 0 || len(w.portals) != 1 {
		t.Errorf("an address alone: %+v, %v", w, err)
	}
	for name, text := range map[string]string{
		"empty":       "",
		"no address":  "Welcome\nConfiguration password: Xy7-kLm",
		"no password": "Welcome to Delegate365\nhttps://contoso.delegate365.com/setup\nBye",
		"no file":     "/nowhere/welcome.eml",
		"too large":   strings.Repeat("a ", maxMail),
	} {
		_, err := readWelcome(text)
		if err == nil || Explain(err).Next == "" {
			t.Errorf("%s is taken: %v", name, err)
		}
	}
}

func TestParseAppPassword(t *testing.T) {
	user := graph.NewSecret("abcdefghijklmnop")
	for text, say := range map[string]string{
		"jzrkqwertyuiopas":     "",
		"jzrk qwer tyui opas":  "",
		" jzrkqwertyuiopas\n":  "",
		"jzrkqwertyuiopa":      "16 letters",
		"jzrkqwertyuiopasd":    "16 letters",
		"jzrkqwertyu10pas":     "digits",
		"JZRKqwertyuiopas":     "capital",
		"123456":               "Authenticator",
		"Xy7-kLmQwErTyUi9":     "digits or signs",
		"abcdefghijklmnop":     "the password of the service account itself",
		"":                     "empty",
		"jzrkqwertyuiopäs":     "digits or signs",
		"jzrk-qwer-tyui-opas":  "digits or signs",
		"jzrk\tqwertyui\nopas": "",
	} {
		got, err := parseAppPassword(graph.NewSecret(text), user)
		if (err == nil) != (say == "") || (err != nil && !strings.Contains(err.Error(), say)) {
			t.Errorf("%q: %v, want %q", text, err, say)
		}
		if err == nil && len(got.Reveal()) != 16 {
			t.Errorf("%q is kept as %d letters", text, len(got.Reveal()))
		}
		if err != nil && text != "" && strings.Contains(err.Error()+Explain(err).Next, text) {
			t.Errorf("%q is in its own error", text)
		}
	}
}

func TestNewPassword(t *testing.T) {
	name := accountName{local: "a.Ser.vice"}
	seen := map[string]bool{}
	for range 2000 {
		p := newPassword(name).Reveal()
		if len(p) < 24 || seen[p] {
			t.Fatalf("%d characters, seen before: %v", len(p), seen[p])
		}
		seen[p] = true
		for _, class := range passwordClasses {
			if !strings.ContainsAny(p, class) {
				t.Fatalf("no character of %q", class)
			}
		}
		if strings.ContainsAny(p, "0O1lIo") {
			t.Fatal("a character that can be mistaken for another")
		}
		if lower := strings.ToLower(p); strings.Contains(lower, "ser") || strings.Contains(lower, "vice") {
			t.Fatal("a word of the account's name")
		}
	}
}
