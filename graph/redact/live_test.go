package redact

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// What would hide a name is no secret: whatever of the name it is, however it is written, and whichever was known first.
func TestOwn(t *testing.T) {
	const name, id = "x.delegate365@fabrikam8.com", "6C0F1E20-aaaa-4bbb-8ccc-01dc5a3b7c0f"
	offered := []string{
		name, strings.ToUpper(name), "fabrikam8.com", "(delegate365@fabrikam8)", name + " and more", "moc.8makirbaf",
		strings.ToLower(id), "6C0F1E20", "01dc5a3b7c0f",
	}
	var watched []string
	for _, text := range offered {
		watching(t, text)
		if !Ordinary(text) {
			watched = append(watched, text)
		}
	}
	watching(t, password)
	if !slices.Equal(watched, []string{offered[0], offered[1], offered[2], offered[3], offered[4], offered[5], offered[7], offered[8]}) {
		t.Errorf("before the names are known these are looked for: %q", watched)
	}
	if Text(Frame, "for "+name) != "for ***" {
		t.Error("before the name is known it is not looked for")
	}
	Own(name, id, "short")
	t.Cleanup(func() { clear(live.own) })
	for range 2 {
		for _, text := range []string{name, id} {
			if got := Text(Frame, text); got != text {
				t.Errorf("%q comes out as %q", text, got)
			}
		}
		for _, text := range offered {
			if !Ordinary(text) {
				t.Errorf("%q may be a password", text)
			}
			watching(t, text)
		}
	}
	if Text(Frame, password) != mask || Ordinary(password) || Ordinary("fabrikam8!7Kx") || Ordinary("short") {
		t.Error("what is no name is taken for one")
	}
}

// Words, times and ids are what screens are made of. Passwords have digits or signs among the letters, or capitals where no word has
// them; and an app password is sixteen letters.
func TestSaid(t *testing.T) {
	for text, want := range map[string]bool{
		"enforced": true, "window-opened": true, "perUserMfaState": true, "Policy.ReadWrite.ConditionalAccess": true, "answeredAt": true,
		"(Administrator),": true, "Per-User-MFA ausgeschaltet": true, "account's": true, "MFA is off for": true, "Größenänderung": true,
		"Delegate365's": true, "Microsoft 365": true, `":false,"isEnabled`: true, "2026-11-29T18:15": true, "18:15:03 ": true, "203.0.113.7": true,
		"00000003-0000-0000-c000-000000000000": true, "Directory_5f012631-fa8a-4b2a-a73e-cc0dede643c7": true,
		password: false, appPassword: false, short: false, token: false, "Sommer2024": false, "Abc-12345": false, "ab12-cd34": false, "796432bf-ddd8-47a1-": true, "hQzKmWpXvB": false, "kaffee+tasse": false, "83619204": false,
	} {
		if Ordinary(text) != want {
			t.Errorf("%q is ordinary: %t", text, !want)
		}
		forget := Watch(text)
		if live.holds(text) != (!want && len(core(text)) >= least) {
			t.Errorf("%q is looked for: %t", text, want)
		}
		forget()
	}
}

// Of JSON the values are looked at, and not what the program calls them, also where a value is JSON itself.
func TestValues(t *testing.T) {
	const names = `{"sha256":"","seq":1,"prev`
	watching(t, names, `sha256":"`, password, `{"a`+password)
	inner := `{"sha256":"","seq":1,"prev":"x","at":"%"}`
	for value, want := range map[string]string{
		"x": "x", inner: inner, "is " + password: "is ***", `{"a` + password: mask,
		strings.ReplaceAll(inner, "%", password): strings.ReplaceAll(inner, "%", mask),
	} {
		line, err := json.Marshal(map[string]any{"sha256": "", "value": value})
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ Value string }
		got := Values(Journal, string(line))
		if err := json.Unmarshal([]byte(got), &back); err != nil || back.Value != want {
			t.Errorf("%s comes out as %s: %v", line, got, err)
		}
	}
}
