package steps

import (
	"strings"
	"testing"

	"github.com/delegate365-onboard/delegate365-onboard/graph"
	"github.com/delegate365-onboard/delegate365-onboard/graph/redact"
)

// What people type and paste: taken, or refused with what to do about it.

func TestParseAccountName(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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

func TestParseAppPassword(t *testing.T) {
	t.Parallel()
	user := graph.NewSecret("abcdefghijklmnop")
	redact.Own("delegateonboards@contoso.com")
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
		"delegateonboards":     "a name",
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
	t.Parallel()
	name := accountName{local: "a.Ser.vice"}
	seen := map[string]bool{}
	many := 2000
	if testing.Short() {
		many = 200
	}
	for range many {
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
