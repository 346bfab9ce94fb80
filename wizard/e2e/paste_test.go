package e2e_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// unseen is a password that may stand nowhere but in the mail.
const unseen = "Tn4kQ9wZrLeak"

var closingLine = regexp.MustCompile(`Then type this on a line of its own: (end \d+)`)

// plainMail brings the plain lines, in a terminal, to the question for the welcome mail, and returns the line that ends it.
func plainMail(t *testing.T, o *servedTenant) (*screen, string) {
	t.Helper()
	s := openScreen(t, nil, "demo", "--connect", o.file, "--accessible")
	for s.raw.next(t, "Your choice [1]:", "]:", "or an empty line to keep it:", "p to play this part", "Step 4 of 10") != "Step 4 of 10" {
		time.Sleep(100 * time.Millisecond) // nobody answers before the question was asked
		if strings.HasSuffix(strings.TrimSpace(s.raw.String()), "p to play this part (rehearsal).") {
			s.key("p")
		}
		s.key(enter)
	}
	s.raw.next(t, "to look again:", "to fill it in:")
	time.Sleep(100 * time.Millisecond)
	s.key("e", enter)
	s.raw.next(t, "Then type this on a line of its own: ")
	time.Sleep(100 * time.Millisecond)
	return s, closingLine.FindStringSubmatch(s.raw.String())[1]
}

// A mail with a line that is a single full stop, and one that begins with an address, arrive in two packets: no line of
// them is shown, and none is taken for an answer, be it q. Answers of the terminal that come late are no part of it.
func TestPlainPaste(t *testing.T) {
	t.Parallel()
	o := serve(t, "fresh")
	for name, packets := range map[string][]string{
		"full stop": {"Welcome to Delegate365\rhttps://contoso.delegate365.com/setup\r.\r", "q\rConfiguration password: " + unseen + "\r1\r"},
		"address":   {"https://contoso.delegate365.com/setup\r", "q\rConfiguration password: " + unseen + "\r\x1b]11;rgb:1e", "1e/1e1e/1e1e\x1b\\"},
	} {
		t.Run(name, func(t *testing.T) {
			s, end := plainMail(t, o)
			before := len(s.raw.String())
			for _, packet := range packets {
				s.key(packet)
				time.Sleep(300 * time.Millisecond)
			}
			if said := s.raw.String()[before:]; said != "" {
				t.Errorf("while it arrives, the terminal shows %q", said)
			}
			s.key(end, enter)
			s.raw.next(t, "Your choice")
			text := s.raw.String()[before:]
			if strings.Contains(text, unseen) || strings.Contains(text, "rgb:") || strings.Contains(text, "Stay") {
				t.Errorf("the terminal shows %q", text)
			}
			s.key("\x03")
			if code := s.endWithin(time.Minute); code != exitLeft {
				t.Errorf("exit code %d", code)
			}
			if strings.Contains(s.raw.String(), unseen) {
				t.Error("the password is on the terminal")
			}
		})
	}
}

// A mail that is pasted where a number is asked for answers nothing, and is not shown.
func TestPlainPasteElsewhere(t *testing.T) {
	t.Parallel()
	s := openScreen(t, nil, "demo", "--accessible")
	s.raw.next(t, "Your choice [1]:")
	time.Sleep(100 * time.Millisecond)
	s.key("Hello,\rq\rConfiguration password: " + unseen + "\r")
	s.raw.next(t, "that is a paste")
	s.key("q", enter)
	s.raw.next(t, "Stay")
	if strings.Contains(s.raw.String(), unseen) {
		t.Errorf("the password is on the terminal:\n%s", s.raw)
	}
}

// In the wizard, a terminal that marks no paste, one line alone, and an answer of the terminal in three parts: no letter is
// a key, and nothing of them is drawn.
func TestWizardPaste(t *testing.T) {
	t.Parallel()
	s := openScreen(t, nil, "demo", "--profile", "fresh")
	s.wait("Sign in in the browser")
	for _, part := range []string{"\x1b]11;rgb:1e1e", "/1e1e/q", "d1e\x1b\\", "\x1b[24", ";80R"} {
		s.key(part)
		time.Sleep(120 * time.Millisecond)
	}
	s.key("quit? Configuration password: " + unseen + "\r")
	time.Sleep(300 * time.Millisecond)
	s.key("q\r")
	time.Sleep(1500 * time.Millisecond)
	if text := s.term.String(); !strings.Contains(text, "Sign in in the browser") || strings.Contains(text, "Stay") {
		t.Errorf("what was pasted acted as keys:\n%s", text)
	}
	if strings.Contains(s.raw.String(), unseen) || strings.Contains(s.frames.String(), "1e1e") {
		t.Errorf("what arrived is on the terminal:\n%s", s.term)
	}
	s.key("q")
	s.wait("Stay")
}
