package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
)

const (
	password    = "qM7_x=Rk3+vZ9%wT-pL8#nB!c5*Y"
	appPassword = "kqzvwxjplmrtbdfg"
	short       = "w8#Kz!q2"
)

// token is as long as those of Microsoft.
var token = "eyJ0eXAiOiJKV1QiLCJub25jZSI6." + strings.Repeat("aB3dE6gH9jK2mN5p", 90) + "._tAiL4xYz"

// watching watches the secrets for one test alone.
func watching(t testing.TB, secrets ...string) {
	for _, s := range secrets {
		t.Cleanup(Watch(s))
	}
}

// written are the ways a secret may come out.
func written(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	var styled strings.Builder
	for i, c := range secret {
		fmt.Fprintf(&styled, "\x1b[%dm%c", 30+i%8, c)
	}
	return map[string]string{
		"plain":          secret,
		"reversed":       reversed(secret),
		"base64":         base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 in more": base64.RawURLEncoding.EncodeToString([]byte("a:" + secret + " and so on")),
		"hex":            hex.EncodeToString([]byte(secret)),
		"hex, capitals":  fmt.Sprintf("%X", secret),
		"query":          "?password=" + url.QueryEscape(secret) + "&more=1",
		"JSON":           string(quoted),
		"quoted":         fmt.Sprintf("%q", secret),
		"styled":         styled.String(),
		"linked":         secret[:4] + "\x1b]8;;https://a.example\x1b\\" + secret[4:],
		"title":          "\x1b]0;" + secret + "\a",
		"percent":        each(3, "%%%02X").write(secret),
		"percent, small": each(1, "%%%02x").write(secret),
		"entities":       each(1, "&#%d;").write(secret),
		"hex entities":   each(1, "&#x%x;").write(secret),
		"escapes":        each(1, `\u%04x`).write(secret),
		"escapes, big":   each(1, `\u%04X`).write(secret),
		"bytes":          each(1, `\x%02x`).write(secret),
		"UTF-16":         each(1, "%c\x00").write(secret),
		"zero width":     each(1, "%c\u200b").write(secret),
	}
}

func TestText(t *testing.T) {
	watching(t, password, appPassword, short, token)
	for _, secret := range []string{password, appPassword, short, token} {
		for form, out := range written(secret) {
			for _, before := range []string{"", " ", "at 12:00 ", "é│", "\x1b[1m+ "} {
				text := before + out + " stands here"
				got := Text(Log, text)
				if !strings.Contains(got, mask) || Holds([]byte(got)) {
					t.Errorf("%.12s %s behind %q comes out as %q", secret, form, before, got)
				}
				if !strings.HasSuffix(got, " stands here") && form != "title" {
					t.Errorf("%s: what follows is lost: %q", form, got)
				}
			}
		}
	}
	for _, other := range []string{strings.ToLower(password), strings.ToUpper(token[:40])} {
		if got := Text(Log, other); got != mask {
			t.Errorf("in other letters it comes out as %q", got)
		}
	}
	if got := Text(Frame, "kqzv wxjp lmrt bdfg"); got != mask {
		t.Errorf("an app password in groups comes out as %q", got)
	}
}

// Parts are found as far as the package promises.
func TestParts(t *testing.T) {
	watching(t, password, token)
	for _, part := range []string{password[:14], password[14:], password[7:21], token[:40], token[len(token)-50:]} {
		if got := Text(Frame, "| "+part+" |"); got != "| *** |" {
			t.Errorf("%q comes out as %q", part, got)
		}
	}
}

func TestOrdinary(t *testing.T) {
	watching(t, "Delegate365", "2short", "Dear all,\nhttps://contoso.delegate365.com/setup", "")
	for _, text := range []string{
		"Delegate365 onboarding", "2short", "https://contoso.delegate365.com/setup", "", "\x1b", "\x1b[", "\x1b]0;unfinished",
	} {
		if got := Text(Frame, text); got != text {
			t.Errorf("%q comes out as %q", text, got)
		}
	}
}

func TestForget(t *testing.T) {
	forget := Watch(password)
	if Text(Output, password) != mask {
		t.Error("it is not found")
	}
	forget()
	if Text(Output, password) != password {
		t.Error("it is found after it was forgotten")
	}
	forget()
}

// A line of JSON stays one.
// Two secrets may have a part in common: it is looked for until both are forgotten.
func TestForgetOneOfTwo(t *testing.T) {
	const common = "Tr4vel-by-night-and-rest-by-day"
	one, two := Watch(common+"-first"), Watch(common+"-second")
	one()
	if Text(Frame, common) == common {
		t.Error("the part of the second is no longer watched")
	}
	two()
	if Text(Frame, common) != common {
		t.Error("the part is still watched")
	}
	if n := len(live.table.parts); n > 0 {
		t.Errorf("%d hashes are left", n)
	}
}

func TestJSON(t *testing.T) {
	secret := `a"b\c<d>&e'f` + password
	watching(t, secret, password)
	for _, value := range []any{secret, "see " + secret + " there", map[string]string{"x": `{"y":"` + password + `"}`}} {
		line, err := json.Marshal(map[string]any{"a": 1, "value": value, "z": "end"})
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ Z string }
		got := Text(Journal, string(line))
		if err := json.Unmarshal([]byte(got), &back); err != nil || back.Z != "end" || !strings.Contains(got, mask) {
			t.Errorf("%s comes out as %s: %v", line, got, err)
		}
	}
}

func TestWriter(t *testing.T) {
	watching(t, password)
	_, before := Found()
	told := 0
	OnFind(func(Place) { told++ })
	t.Cleanup(func() { OnFind(nil) })
	var out bytes.Buffer
	w := Writer("a test", &out)
	for _, text := range []string{"nothing\n", "is " + password + "\n", "is " + password + "\n"} {
		if n, err := fmt.Fprint(w, text); n != len(text) || err != nil {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
	if out.String() != "nothing\nis ***\nis ***\n" {
		t.Errorf("%q was written", out.String())
	}
	if _, times := Found(); times != before+2 || told != 1 {
		t.Errorf("%d were counted, %d told", times-before, told)
	}
}

// Of what passes the newest are watched: a run that renews its sign-in without end forgets the first tokens, and nothing that somebody holds.
func TestMost(t *testing.T) {
	defer func(before *registry) { live = before }(live)
	live = newRegistry()
	forget := Watch("held-secret-001")
	for i := range mostPassed + 1 {
		Passed(fmt.Sprintf("passed-secret-%03d", i))
	}
	if first := "passed-secret-000"; Text(Frame, first) != first {
		t.Error("the first that passed is still watched")
	}
	for _, kept := range []string{"passed-secret-001", fmt.Sprintf("passed-secret-%03d", mostPassed), "held-secret-001"} {
		if Text(Frame, kept) != mask {
			t.Errorf("%s is not watched", kept)
		}
	}
	if forget(); Text(Frame, "held-secret-001") == mask {
		t.Error("what nobody holds any more is watched")
	}
	both := Watch("passed-secret-002")
	if both(); Text(Frame, "passed-secret-002") != mask {
		t.Error("what passed is forgotten with its holder")
	}
}

// A secret is looked for from the moment that Watch returns, whatever else is looked at meanwhile.
func TestAtOnce(t *testing.T) {
	done := make(chan struct{})
	var lookers sync.WaitGroup
	for range 4 {
		lookers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					Holds([]byte("nothing in particular"))
				}
			}
		})
	}
	missed := 0
	times := 2000
	if testing.Short() {
		times = 200
	}
	for i := range times {
		text := fmt.Sprintf("%s-%05d", password, i)
		forget := Watch(text)
		if !Holds([]byte(text)) {
			missed++
		}
		forget()
	}
	close(done)
	lookers.Wait()
	if missed > 0 {
		t.Errorf("%d were not found at once", missed)
	}
}

// What a frame, and what a log of all a run asked, costs where no secret is in it.
func BenchmarkText(b *testing.B) {
	watching(b, token, token[9:], token[18:], token[27:], password, password[1:], appPassword, short)
	for name, text := range map[string]string{
		"frame": strings.Repeat("\x1b[38;5;240m│\x1b[m the service account is Global Administrator\n", 40),
		"line":  strings.Repeat("GET /v1.0/users/service.delegate365@contoso.com 200 ", 4),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_ = Text(Frame, text)
			}
		})
	}
}

func BenchmarkWatch(b *testing.B) {
	for b.Loop() {
		forget := Watch(token)
		_ = Holds([]byte("nothing in particular"))
		forget()
	}
}

func FuzzText(f *testing.F) {
	for _, form := range written(password) {
		f.Add("before ", form[:len(form)/2], form)
	}
	f.Add("\x1b[31", "m\x1b]8;;", "\x1b\\")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		watching(t, password)
		for _, text := range []string{a + password + b, a + b + c, a + reversed(password) + c} {
			if got := Text(Frame, text); strings.Contains(got, password) || strings.Contains(got, reversed(password)) {
				t.Errorf("%q comes out as %q", text, got)
			}
		}
	})
}
